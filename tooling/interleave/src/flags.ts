// The flags of every module of this repository, from the one place that has them: what is explored is
// compiled like what is shipped.
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The explorer's own directory: `src` and `dist` are both below it. */
export const packageDirectory: string = findPackage();

function findPackage(): string {
  const here = fileURLToPath(import.meta.url);
  const name = "/interleave/";
  return here.slice(0, here.replaceAll("\\", "/").lastIndexOf(name) + name.length);
}

const dependency = join(packageDirectory, "node_modules", "@tooling", "assemblyscript");
const file = pathToFileURL(join(dependency, "src", "flags.js")).href;
const { compilerFlags: flagsFor, quickly } = (await import(file)) as {
  compilerFlags(use: Record<string, number>, level?: string): string[];
  quickly: string;
};

/** Compiler flags without constants. */
export const compilerFlags: readonly string[] = flagsFor({});

/** Those of modules for tests, which are optimised less, and compiled in a third of the time. */
export const quickCompilerFlags: readonly string[] = flagsFor({}, quickly);
