// Cores that are compiled from the AssemblyScript sources of a package.
import { type Compiled, compile } from "./compile.ts";
import type { Core } from "./core.ts";
import { compilerFlags, quickCompilerFlags } from "./flags.ts";
import type { CoreOptions } from "./prepare.ts";

/** What a core is compiled from. */
export interface SourceCore extends Omit<CoreOptions, "sourceMap"> {
  /** The package's directory. Its AssemblyScript may import the package by its own name. */
  readonly directory: string;
  /** The entry's path in the directory: `test/explorer/assembly/tree.ts`. */
  readonly entry: string;
  /** Compile-time constants. */
  readonly use?: Readonly<Record<string, number>>;
  /**
   * Whether to compile it quickly, and optimise it less than what is shipped: for what is explored for seconds, to optimise
   * takes longer than it saves.
   */
  readonly isQuick?: boolean;
  /** See `CompileOptions`. */
  readonly replace?: (path: string, text: string) => string | undefined;
}

/** Compiles and instruments an entry, with the flags of what is shipped unless it is to be quick. */
export async function compileCore(source: SourceCore): Promise<Core> {
  return prepareSource(source, await compileSource(source));
}

/** Only compiles it. */
export function compileSource({
  directory,
  entry,
  use = {},
  isQuick = false,
  replace,
}: SourceCore): Promise<Compiled> {
  const flags = isQuick ? quickCompilerFlags : compilerFlags;
  return compile({ directory, entry, use, flags, ...(replace && { replace }) });
}

/** Instruments what `compileSource` has compiled. */
export async function prepareSource(
  { watch, hints, optimize, isQuick = false }: SourceCore,
  { binary, sourceMap }: Compiled,
): Promise<Core> {
  const { prepareCore } = await import("./prepare.ts");
  return prepareCore(binary, {
    sourceMap,
    ...(watch && { watch }),
    ...(hints && { hints }),
    ...(isQuick ? { optimize: 0 } : optimize !== undefined && { optimize }),
  });
}
