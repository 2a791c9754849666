// Whether each kind of call meets each in some program: computed from the catalog, by making every call alone
// and looking at what it does.
import { type Core, Explorer, type Machine } from "@tooling/interleave";
import { refused, type TreeOperation } from "./operations.ts";
import { treeProgram } from "./program.ts";
import { threadsOf } from "./programs.ts";
import type { Shape } from "./shape.ts";

/** The kinds of calls. */
const kinds = [
  "get",
  "insert",
  "update",
  "replace",
  "insert if absent",
  "insert refused",
  "compare and set",
  "compare and remove",
  "add",
  "split of a leaf",
  "split of an internode",
  "layer creation",
  "remove to empty",
  "remove with unlinking",
  "remove with collapse",
  "scan up",
  "scan down",
  "coalescing",
  "allocation",
  "epoch advance",
] as const;

type Kind = (typeof kinds)[number];

const callKinds: Readonly<Record<string, Kind>> = {
  get: "get",
  quiesce: "coalescing",
  maintain: "coalescing",
  churn: "allocation",
  tryAdvance: "epoch advance",
};

const counts = ["leaves", "internodes", "layers", "emptyLeaves"] as const;

/** What a call is, by what it did; undefined for one that is none of the kinds. */
function kindOf(
  { call, input, scans }: TreeOperation,
  result: unknown,
  changed: Readonly<Record<(typeof counts)[number], number>>,
): Kind | undefined {
  if (scans !== undefined) return scans.reverse ? "scan down" : "scan up";
  // Many keys in one call do not say what became of each.
  if (call === "putMany") return undefined;
  if (input?.does === "set") {
    if (Number(result) === 1) return "update";
    if (Number(result) === 2) return undefined;
    if (changed.layers > 0) return "layer creation";
    // One internode more may be a new root over a leaf that was one.
    if (changed.internodes > 1) return "split of an internode";
    return changed.leaves > 0 ? "split of a leaf" : "insert";
  }
  if (input?.does === "replace") return Number(result) === 1 ? "replace" : undefined;
  if (input?.does === "insert") {
    return Number(result) === refused ? "insert refused" : "insert if absent";
  }
  if (input?.does === "compare") {
    if (Number(result) !== 1) return undefined;
    return input.value === undefined ? "compare and remove" : "compare and set";
  }
  if (input?.does === "add") return Number(result) === 1 ? "add" : undefined;
  if (input?.does === "remove") {
    if (changed.layers < 0) return "remove with collapse";
    if (changed.leaves < 0) return "remove with unlinking";
    return changed.emptyLeaves > 0 ? "remove to empty" : undefined;
  }
  return callKinds[call];
}

/** The kinds of a thread's calls, made one after the other while nobody else does anything. */
function kindsOf(machine: Machine, calls: readonly TreeOperation[]): Kind[] {
  machine.restore();
  const [thread] = machine.threads;
  const now = () => counts.map((name) => Number(machine.call(machine.observer, name)));
  return calls.flatMap((operation) => {
    const before = now();
    operation.before?.(machine, 0);
    const result = machine.call(thread!, operation.call, ...(operation.args ?? []));
    const after = now();
    const changes = counts.map((name, index) => [name, after[index]! - before[index]!]);
    return kindOf(operation, result, Object.fromEntries(changes)) ?? [];
  });
}

function meetingsOf(core: Core, shape: Shape): string[] {
  const { machine } = new Explorer(core, treeProgram({ ...shape, threads: [shape.calls] }));
  const known = new Map<string, Kind[]>();
  const kindsOfThread = (calls: readonly TreeOperation[]): Kind[] => {
    const name = calls.map((call) => call.name).join();
    const found = known.get(name) ?? kindsOf(machine, calls);
    known.set(name, found);
    return found;
  };
  const meetings: string[] = [];
  for (const threads of threadsOf(shape)) {
    for (const [index, first] of threads.entries()) {
      for (const second of threads.slice(index + 1)) {
        for (const one of kindsOfThread(first)) {
          for (const other of kindsOfThread(second)) meetings.push(pair(one, other));
        }
      }
    }
  }
  return meetings;
}

const pair = (one: Kind, other: Kind): string =>
  [one, other].sort((a, b) => kinds.indexOf(a) - kinds.indexOf(b)).join(" | ");

/** Pairs of kinds of which no program of these shapes makes one call beside the other. */
export function missingMeetings(core: Core, shapes: readonly Shape[]): string[] {
  const met = new Set(shapes.flatMap((shape) => meetingsOf(core, shape)));
  return kinds.flatMap((one, index) =>
    kinds.slice(index).flatMap((other) => (met.has(pair(one, other)) ? [] : pair(one, other))),
  );
}
