// What can be explored, by name: a core with its programs. Packages list theirs in a catalog.
import type { Core } from "./core.ts";
import { compileCore, type SourceCore } from "./cores.ts";
import type { CrashProgram } from "./crashes.ts";
import type { Program } from "./explore.ts";
import { type Edit, type Mutant, Patch } from "./mutants/mutant.ts";
import type { Generator } from "./sketches/generator.ts";

/** A core with its catalog of programs. */
export interface Target {
  /** Unique among all targets of the workspace. */
  readonly name: string;
  /** What its core is compiled from. */
  readonly core: Omit<SourceCore, "replace">;
  /**
   * Compiles the core; with other sources, if `replace` gives any: see `CompileOptions`.
   *
   * @param isQuick whether to compile it quickly, and not as it is shipped; by default if there is `replace`
   */
  compile(replace?: SourceCore["replace"], isQuick?: boolean): Promise<Core>;
  programs(): Program[];
  readonly mutants: readonly Mutant[];
  /** Programs in which threads die. */
  crashes(): CrashProgram[];
  /** Draws programs besides those. */
  readonly generator: Generator | undefined;
}

/** A target whose core is compiled from sources. */
export interface TargetOptions {
  readonly name: string;
  readonly core: Omit<SourceCore, "replace">;
  /** Programs whose threads all live. */
  readonly programs?: () => Program[];
  /** Mistakes that these programs have to find. */
  readonly mutants?: readonly Mutant[];
  /** Programs in which threads die. */
  readonly crashes?: () => CrashProgram[];
  /** Draws programs besides those. */
  readonly generator?: Generator;
}

export function defineTarget({
  name,
  core,
  programs = () => [],
  mutants = [],
  crashes = () => [],
  generator,
}: TargetOptions): Target {
  const compile: Target["compile"] = (replace, isQuick = replace !== undefined) =>
    compileCore({ ...core, isQuick, ...(replace && { replace }) });
  return { name, core, compile, programs, mutants, crashes, generator };
}

/**
 * The core of a target with a mistake.
 *
 * @param isQuick whether to compile it quickly, and not as it is shipped
 * @throws Error if the text of an edit is not there once, or its file is not compiled
 */
export async function coreWith(
  target: Pick<Target, "compile">,
  edits: readonly Edit[],
  isQuick = true,
): Promise<Core> {
  const patch = new Patch(edits);
  const core = await target.compile(patch.replace, isQuick);
  patch.finish();
  return core;
}

const cores = new WeakMap<Target, Promise<Core>>();

/**
 * The core of a target, for tests. Compiled once in a process, whichever of them is the first to ask; and quickly, because
 * they explore for seconds. The command line explores what is compiled as it is shipped.
 */
export function coreOf(target: Target): Promise<Core> {
  const core = cores.get(target) ?? target.compile(undefined, true);
  cores.set(target, core);
  return core;
}
