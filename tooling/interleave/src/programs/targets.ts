// What can be explored, by name.
import type { Core } from "../core.ts";
import type { Program } from "../explore.ts";
import type { Mutant } from "../mutants/mutant.ts";
import { compileCore, type SourceCore } from "./cores.ts";
import { reclaimPrograms, reclaimWatch } from "./reclaim.ts";
import { type CrashProgram, recoveryPrograms } from "./recovery.ts";
import { watch } from "./tree.ts";
import { treePrograms } from "./tree-catalog.ts";
import { treeCrashes } from "./tree-crashes.ts";
import { treeMutants } from "./tree-mutants.ts";
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
  const compile = (replace?: SourceCore["replace"]) =>
    compileCore(replace === undefined ? core : { ...core, replace });
  return { name, compile, programs, mutants, crashes };
}

function tree(width: number, mutants: readonly Mutant[] = []): Target {
  const use = { WIDTH: width, DEBUG: 1 };
  const core = { entry: "tree", use, watch };
  const crashes = () => treeCrashes(width);
  return target(`tree-${width}`, core, () => treePrograms(width), mutants, crashes);
}

export const targets: readonly Target[] = [
  target("version", { entry: "version", use: { DEBUG: 1 } }, versionPrograms),
  target("reclaim", { entry: "reclaim", use: { DEBUG: 1 }, watch: reclaimWatch }, reclaimPrograms),
  target("recovery", { entry: "recovery", use: { DEBUG: 1 } }, () => [], [], recoveryPrograms),
  tree(3, treeMutants),
  tree(4),
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
