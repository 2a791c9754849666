// What the form offers, and what was chosen in it.
import { type KeyKind, keyKinds } from "../../bench/keys/kinds.ts";
import { type Workload, workloads } from "../../bench/workloads.ts";

export interface Chosen {
  readonly workloads: readonly string[];
  readonly peers: readonly string[];
  readonly keys: readonly string[];
  readonly sizes: readonly number[];
  readonly threads: readonly number[];
  readonly rounds: number;
  readonly interval: number;
  readonly baseline: string;
}

/** A page cannot ask the engine for its heap or its collections, which these need. */
const onlyInNode = ["memory", "fill", "churn"];

export const possibleWorkloads: readonly Workload[] = workloads.filter(
  ({ shape }) => shape.kind !== "special" || !onlyInNode.includes(shape.what),
);

/** A page has no files. */
export const possibleKeys: readonly KeyKind[] = keyKinds.filter(({ key }) => key !== undefined);

/** Peers that run in a browser, of those that the registry has. */
export const possiblePeers = [
  "MassTreeInline",
  "MassTree (json)",
  "MassTree (utf8)",
  "LocalMassTree",
  "sorted-btree",
  "js-sdsl",
  "Map",
  "Map + sort",
  "messages",
] as const;

export const possibleSizes = [1000, 10_000, 100_000, 1_000_000] as const;

/** Up to twice the cores. */
export function possibleThreads(cores: number): number[] {
  const counts: number[] = [];
  for (let count = 1; count < 2 * cores && count < 32; count *= 2) counts.push(count);
  return [...new Set([...counts, Math.min(32, cores), Math.min(32, 2 * cores)])].sort(
    (a, b) => a - b,
  );
}

/** What is chosen when the page opens: a minute or two. */
export function usual(cores: number): Chosen {
  return {
    workloads: ["insert", "get", "update", "mixed-95-5", "scan", "scan-100", "remove"],
    peers: ["MassTreeInline", "MassTree (json)", "sorted-btree", "js-sdsl", "Map", "messages"],
    keys: ["hex16"],
    sizes: [10_000],
    threads: cores === 1 ? [1] : [1, 2],
    rounds: 5,
    interval: 100,
    baseline: "sorted-btree",
  };
}
