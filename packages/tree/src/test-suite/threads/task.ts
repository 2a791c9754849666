// What a file of this folder says: what each thread does, and what must have come of it.
import type { Bench } from "../bench.ts";
import type { AnyMap } from "../map.ts";
import type { Capability } from "../subject.ts";
import type { ThreadJob } from "./job.ts";

/** What one thread does. Throws what it finds wrong; returns what is structured-cloneable. */
export type Task = (map: AnyMap, job: ThreadJob) => unknown;

/** Starts threads with a task each, and gives what they returned. All have ended then. */
export type Play = (
  map: AnyMap,
  tasks: readonly string[],
  samples: Pick<ThreadJob, "keys" | "values">,
) => Promise<unknown[]>;

/** A check with several threads. */
export interface Scene {
  /** What must hold: the name of the check, without "threads". */
  readonly name: string;
  readonly needs?: readonly Capability[];
  /** By name, which must be the scene's own. */
  readonly tasks: Readonly<Record<string, Task>>;
  check(bench: Bench, play: Play): Promise<void>;
}

export const THREADS = 4;

/** The same task for every thread. */
export function everyone(task: string): string[] {
  return Array.from({ length: THREADS }, () => task);
}
