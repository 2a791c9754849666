// Runs the AssemblyScript compiler, once.
import asc from "assemblyscript/asc";

/**
 * Compiles one file. Warnings go to standard error.
 *
 * @param {string} directory the package's
 * @param {string} entry relative to it
 * @param {string[]} flags
 * @returns {Promise<{ files: Record<string, string | Uint8Array>, program: import("assemblyscript").Program }>}
 *   the files that the compiler wrote, by path, and what it knows of the sources
 * @throws Error with the compiler's diagnostics
 */
export async function compile(directory, entry, flags) {
  const files = {};
  let program;
  const { error, stderr } = await asc.main([entry, "--baseDir", directory, ...flags], {
    writeFile: (name, contents) => {
      files[name] = contents;
    },
    transforms: [
      {
        afterInitialize: (initialized) => {
          program = initialized;
        },
      },
    ],
  });
  const diagnostics = stderr.toString().trim();
  if (error) throw new Error(`${error.message}\n${diagnostics}`);
  if (diagnostics) process.stderr.write(`${diagnostics}\n`);
  return { files, program };
}
