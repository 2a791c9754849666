// The cores that are explored, compiled from the sources of the packages.
import { compile } from "../compile.ts";
import { type Core, prepareCore } from "../core.ts";
import { compilerFlags, packageDirectory } from "./flags.ts";
import { watch } from "./tree.ts";

export interface TreeCoreOptions {
  readonly width: number;
  /** 1 to check preconditions and to shrink limits; else 0. */
  readonly debug?: 0 | 1;
  readonly replace?: (path: string, text: string) => string | undefined;
}

/** Compiles and instruments the tree. */
export async function treeCore({ width, debug = 1, replace }: TreeCoreOptions): Promise<Core> {
  const { binary, sourceMap } = await compile({
    directory: packageDirectory,
    entry: "assembly/tree.ts",
    use: { WIDTH: width, DEBUG: debug },
    flags: compilerFlags,
    ...(replace && { replace }),
  });
  return prepareCore(binary, { sourceMap, watch });
}
