import type { Core } from "../src/core.ts";
import { targetOf } from "../src/programs/targets.ts";

const cores = new Map<string, Promise<Core>>();

/** The core of a target. Compiled once in a test process, whichever of its files are the first to ask. */
export function coreOf(target: string): Promise<Core> {
  const core = cores.get(target) ?? targetOf(target).compile();
  cores.set(target, core);
  return core;
}
