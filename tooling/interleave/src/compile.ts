// Compiles AssemblyScript in memory, so that a mutant needs no copy of the sources.
import { readFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";

/** One compilation. */
export interface CompileOptions {
  /**
   * Directory that the entry, and everything relative in it, belongs to. Where it is a package's, sources may
   * import the package by its own name, as they do in TypeScript: the compiler itself knows no such thing.
   */
  readonly directory: string;
  /** The module's source, relative to the directory. */
  readonly entry: string;
  /** Compile-time constants. */
  readonly use?: Readonly<Record<string, number | string>>;
  /** Compiler flags besides those for constants, names and the source map. */
  readonly flags: readonly string[];
  /** Files that are not there, by their path relative to the directory. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Gives another text for a source file (by absolute path), or undefined to leave it alone. */
  readonly replace?: (path: string, text: string) => string | undefined;
}

export interface Compiled {
  readonly binary: Uint8Array;
  readonly sourceMap: string;
}

/** Compiles, with names and a source map. Throws with the compiler's diagnostics. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const { directory, entry, use = {}, flags, sources = {}, replace } = options;
  const given = new Map(
    Object.entries(sources).map(([name, text]) => [resolve(directory, name), text]),
  );
  const files: Record<string, string | Uint8Array> = {};
  const itself = await findItself(directory);
  const argv = [entry, "--baseDir", directory, ...flags, "--debug", "--sourceMap"];
  for (const [name, value] of Object.entries(use)) argv.push("--use", `${name}=${value}`);
  argv.push("--outFile", "out.wasm");
  // Only now: it takes half a second to load, and many who import this file compile nothing.
  const { default: asc } = await import("assemblyscript/asc");
  const { error, stderr } = await asc.main(argv, {
    readFile: async (name: string, base: string) => {
      const path = itself(resolve(base, name));
      const text = given.get(path) ?? (await readFile(path, "utf8").catch(() => null));
      return text === null ? null : (replace?.(path, text) ?? text);
    },
    writeFile: (name: string, contents: string | Uint8Array) => {
      files[name] = contents;
    },
  });
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  const binary = files["out.wasm"];
  const sourceMap = files["out.wasm.map"];
  if (!(binary instanceof Uint8Array) || typeof sourceMap !== "string") {
    throw new Error(`the compiler wrote ${Object.keys(files).join(", ")}`);
  }
  return { binary, sourceMap };
}

/** Turns a path of the package in its own dependencies into the path of the package. */
async function findItself(directory: string): Promise<(path: string) => string> {
  const manifest = await readFile(join(directory, "package.json"), "utf8").catch(() => undefined);
  if (manifest === undefined) return (path) => path;
  const { name } = JSON.parse(manifest) as { name: string };
  const dependency = resolve(directory, "node_modules", name) + sep;
  return (path) =>
    path.startsWith(dependency) ? resolve(directory, path.slice(dependency.length)) : path;
}
