// A run's result from what was measured and the words for it. Runs in Node and in a browser.
import { type ChoiceName, choices } from "./choice.ts";
import { keyKind } from "./keys/kinds.ts";
import type { Peer } from "./peers/peer.ts";
import {
  type BenchResult,
  type Measurement,
  type NamedEntry,
  type PeerEntry,
  RESULT_FORMAT,
  type WorkloadEntry,
} from "./result.ts";
import { EVERY_KEY, workloadOf } from "./workloads.ts";

export type Assembled = Omit<
  BenchResult,
  "format" | "workloads" | "keys" | "choices" | "measurements"
> & { readonly measurements: readonly Measurement[] };

export function assemble({ measurements, ...rest }: Assembled): BenchResult {
  const named = (name: "workload" | "keys" | "choice"): string[] => [
    ...new Set(measurements.map((measurement) => measurement[name])),
  ];
  const { trace } = rest.settings;
  return {
    format: RESULT_FORMAT,
    ...rest,
    workloads: named("workload").map(workloadEntry),
    keys: named("keys").map((name) => ({ name, description: describeKeys(name, trace) })),
    choices: named("choice").map(choiceEntry),
    measurements,
  };
}

export function peerEntry(
  { name, description, own, memory, async }: Peer,
  why?: string,
): PeerEntry {
  return { name, description, own, memory, async, ...(why !== undefined && { missing: why }) };
}

function workloadEntry(name: string): WorkloadEntry {
  const { description, unit } = workloadOf(name);
  return { name, description, unit };
}

function choiceEntry(name: string): NamedEntry {
  if (name === EVERY_KEY) return { name, description: "every key once, or as the workload says" };
  const { description } = choices.find((choice) => choice.name === (name as ChoiceName))!;
  return { name, description };
}

function describeKeys(name: string, trace: string | undefined): string {
  return trace !== undefined ? `the keys of ${trace}` : (keyKind(name)?.description ?? name);
}
