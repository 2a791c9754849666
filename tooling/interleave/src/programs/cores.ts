// The cores that are explored, compiled from the sources of the packages.
import { compile } from "../compile.ts";
import type { Core } from "../core.ts";
import type { CoreOptions } from "../prepare.ts";
import { compilerFlags, packageDirectory } from "./flags.ts";

export interface SourceCore extends Omit<CoreOptions, "sourceMap"> {
  /** A file of `assembly/`, without its extension. */
  readonly entry: string;
  readonly use: Readonly<Record<string, number>>;
  /** See `CompileOptions`. */
  readonly replace?: (path: string, text: string) => string | undefined;
}

/** Compiles and instruments one of this package's entries, with the flags of what is shipped. */
export async function compileCore({ entry, use, replace, ...options }: SourceCore): Promise<Core> {
  const { binary, sourceMap } = await compile({
    directory: packageDirectory,
    entry: `assembly/${entry}.ts`,
    use,
    flags: compilerFlags,
    ...(replace && { replace }),
  });
  const { prepareCore } = await import("../prepare.ts");
  return prepareCore(binary, { ...options, sourceMap });
}
