// What one entry of wasm.config.mjs comes to: its module, and the description of its boundary.
import { boundarySource } from "./boundary/boundary-source.js";
import { compile } from "./compile.js";
import { isForTests } from "./config.js";
import { compilerFlags, quickly } from "./flags.js";

/**
 * @param {object} job
 * @param {string} job.directory the package's
 * @param {import("@tooling/assemblyscript").WasmEntry} job.entry
 * @param {string} job.stem of the files in `build`
 * @param {boolean} [job.wat] whether to make the text form as well
 * @param {boolean} [job.debug] whether to make names and a source map, and no boundary
 * @returns {Promise<Record<string, string | Uint8Array>>} the files to be written, by path
 */
export async function compileEntry({ directory, entry, stem, wat, debug }) {
  const flags = compilerFlags(entry.use ?? {}, isForTests(entry.name) ? quickly : undefined);
  const output = `build/${stem}.wasm`;
  const outputs = ["--outFile", output];
  if (wat) outputs.push("--textFile", `build/${stem}.wat`);
  if (debug) outputs.push("--debug", "--sourceMap");
  const { files, program } = await compile(directory, entry.entry, [...flags, ...outputs]);
  const { boundary } = entry;
  if (boundary === undefined || debug) return files;

  const compiled = { program, binary: files[output] };
  const constants = boundary.constants && (await compileConstants(directory, boundary, flags));
  const text = boundarySource(entry, compiled, constants);
  return { ...files, [`src/generated/${boundary.file}.ts`]: text };
}

// A module of its own: the entry need not export the constants, nor even reach them.
async function compileConstants(directory, { constants }, flags) {
  const output = "constants.wasm";
  // Unoptimised, for only its globals are looked at. The last level that is given counts.
  const { files, program } = await compile(directory, constants, [
    ...flags,
    "-O0",
    "--outFile",
    output,
  ]);
  return { program, binary: files[output] };
}
