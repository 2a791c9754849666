// Which cells a run measures, and why a peer cannot do some of them.
import { type ChoiceName, choiceNames } from "./choice.ts";
import type { Capability, MapFacts, Peer } from "./peers/peer.ts";
import type { Cell } from "./result.ts";
import type { Task } from "./thread/held-map.ts";
import { EVERY_KEY, type Workload, workloadOf } from "./workloads.ts";

export interface PlanOptions {
  readonly workloads: readonly string[];
  readonly threads: readonly number[];
  /** Empty: the usual choice of each workload. */
  readonly choices: readonly ChoiceName[];
}

/** The tasks for one set of keys, in the order in which they run. */
export function tasksOf(options: PlanOptions): Task[] {
  const tasks: Task[] = [];
  for (const name of options.workloads) {
    const workload = workloadOf(name);
    const fixed = workload.threads;
    const counts = fixed === undefined ? options.threads : [fixed];
    for (const threads of counts) {
      for (const choice of choicesOf(workload, options.choices))
        tasks.push({ workload: name, threads, choice });
    }
  }
  return tasks;
}

function choicesOf(workload: Workload, wanted: readonly ChoiceName[]): (ChoiceName | undefined)[] {
  if (workload.choices.length === 0) return [undefined];
  const both = choiceNames.filter(
    (choice) => wanted.includes(choice) && workload.choices.includes(choice),
  );
  // A workload that knows none of the wanted choices, such as YCSB D, has a definition to keep to.
  return both.length > 0 ? both : [workload.choices[0]!];
}

export function cellOf(task: Task, set: { kind: string; size: number }, peer: Peer): Cell {
  return {
    workload: task.workload,
    keys: set.kind,
    size: set.size,
    threads: task.threads,
    choice: task.choice ?? EVERY_KEY,
    peer: peer.name,
  };
}

/** Why the peer cannot do the task with such keys; `undefined` if it can. */
export function reasonAgainst(peer: Peer, task: Task, facts: MapFacts): string | undefined {
  const workload = workloadOf(task.workload);
  const refused = peer.refuses?.(facts);
  if (refused !== undefined) return refused;
  for (const needed of workload.needs) {
    const reason = peer.cannot[needed];
    if (reason !== undefined) return reason;
  }
  if (task.threads > 1) {
    const sharing: Capability = workload.writes ? "share" : "shareReading";
    if (peer.cannot[sharing] !== undefined) return peer.cannot[sharing];
  }
  return workload.onlyStrings && facts.type !== "string" ? "these keys are no text" : undefined;
}
