// What can be explored, by name.
import type { Core } from "../core.ts";
import type { Program } from "../explore.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { boxedMutants } from "./boxed-mutants.ts";
import { boxedShapes } from "./boxed-shapes.ts";
import { compileCore, type SourceCore } from "./cores.ts";
import { reclaimPrograms, reclaimWatch } from "./reclaim.ts";
import { type CrashProgram, recoveryPrograms } from "./recovery.ts";
import { watch } from "./tree.ts";
import { treePrograms } from "./tree-catalog.ts";
import { joinCrashes, treeCrashes } from "./tree-crashes.ts";
import { treeMutants } from "./tree-mutants.ts";
import type { Shape } from "./tree-shape.ts";
import { shapes } from "./tree-shapes.ts";
import { versionPrograms } from "./version.ts";

/** A core with its catalog of programs. */
export interface Target {
  readonly name: string;
  compile(replace?: SourceCore["replace"]): Promise<Core>;
  programs(): Program[];
  readonly mutants: readonly Mutant[];
  /** Programs in which threads die. */
  crashes(): CrashProgram[];
}

function target(
  name: string,
  core: Omit<SourceCore, "replace">,
  programs: () => Program[],
  mutants: readonly Mutant[] = [],
  crashes: () => CrashProgram[] = () => [],
): Target {
  // A mutant is found soon: to optimise it takes longer than it saves.
  const compile = (replace?: SourceCore["replace"]) =>
    compileCore(replace === undefined ? core : { ...core, replace, optimize: 0 });
  return { name, compile, programs, mutants, crashes };
}

function tree(width: number, mutants: readonly Mutant[] = []): Target {
  const all = shapes(width);
  const crashes = () => [...treeCrashes(all), ...joinCrashes()];
  return shaped(`tree-${width}`, "tree", width, all, mutants, crashes);
}

/** A tree whose values are in boxes. */
function boxed(width: number, mutants: readonly Mutant[] = []): Target {
  const all = boxedShapes(width);
  return shaped(`boxed-${width}`, "boxed", width, all, mutants, () => treeCrashes(all));
}

/**
 * Tiny leaves, in which the rare is common, are built with preconditions checked. Width 15 is what is
 * shipped: without checks, without allocations that fail when told to, and with loads that only bring a
 * node's lines into the cache (touch.ts, O1): of words that may be torn, stale or another block's, and that
 * nobody uses. In leaves that large, some calls do less than their shape is for.
 */
function shaped(
  name: string,
  entry: string,
  width: number,
  all: readonly Shape[],
  mutants: readonly Mutant[],
  crashes: () => CrashProgram[],
): Target {
  const isShipped = width === shippedWidth;
  const use = { WIDTH: width, DEBUG: isShipped ? 0 : 1 };
  const core = { entry, use, watch, hints: ["/tree/assembly/touch.ts"] };
  const possible = isShipped ? all.map((shape) => ({ ...shape, scarce: [] })) : all;
  return target(name, core, () => treePrograms(possible), mutants, crashes);
}

const shippedWidth = 15;

export const targets: readonly Target[] = [
  target("version", { entry: "version", use: { DEBUG: 1 } }, versionPrograms),
  target("reclaim", { entry: "reclaim", use: { DEBUG: 1 }, watch: reclaimWatch }, reclaimPrograms),
  target("recovery", { entry: "recovery", use: { DEBUG: 1 } }, () => [], [], recoveryPrograms),
  tree(3, treeMutants),
  tree(4),
  boxed(3, boxedMutants),
  boxed(4),
  tree(shippedWidth),
  boxed(shippedWidth),
];

/** The target of that name. Throws when there is none. */
export function targetOf(name: string): Target {
  const found = targets.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const names = targets.map((candidate) => candidate.name).join(", ");
    throw new Error(`no target is called '${name}': there are ${names}`);
  }
  return found;
}
