// Programs over the tree: a map with some contents, and a few threads with a few calls each.
import type { BlockHook } from "../checkers/blocks.ts";
import type { RaceRule } from "../checkers/rules.ts";
import type { Program } from "../explore.ts";
import type { MapOutput } from "../linearizability/map-model.ts";
import type { Machine } from "../machine/machine.ts";
import type { Run, ThreadProgram } from "../machine/program.ts";
import {
  checkHistory,
  get,
  learnScratch,
  remove,
  set,
  type TreeOperation,
} from "./tree-operations.ts";

/** The functions of the allocator and the epochs that a tree's core watches; see `blockHooks`. */
export const watch: readonly string[] = [
  "cache/allocate",
  "cache/free",
  "retire/retire?",
  "cache/spillAll",
  "verify/verifyMemory",
];

/** What they mean; as many and in the same order. */
export const blockHooks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 1 },
  { function: "free", does: "free", block: 1 },
  { function: "retire", does: "retire", block: 1, bytes: 2 },
  { function: "spillAll", does: "allocator" },
  { function: "verifyMemory", does: "allocator" },
];

/** Pages of 64 KiB that a participant's descriptor needs, with its scratch areas. */
const participantPages = 5;

export interface TreeProgramOptions {
  readonly name: string;
  /** Keys of the map before the threads begin, in the order in which they are set. */
  readonly keys: readonly string[];
  /** Keys that are removed again before the threads begin. */
  readonly removed?: readonly string[];
  readonly threads: readonly (readonly TreeOperation[])[];
  readonly after?: readonly (readonly number[])[];
  readonly rules?: readonly RaceRule[];
  readonly maxSteps?: number;
  /** False where threads die: a block whose `allocate` never returned is not known to the block checker. */
  readonly watchBlocks?: boolean;
  /** Run on the observer before `verify`, to settle what dead threads left, for instance. */
  finish?(machine: Machine, run: Run): void;
}

/** A program with the checks that every tree program has: `verify`, and the history. */
export function treeProgram(options: TreeProgramOptions): Program {
  const { name, keys, removed = [], threads, rules = [] } = options;
  const before = new Map(keys.map((key, index) => [key, firstValue(index)]));
  for (const key of removed) before.delete(key);
  const programs: ThreadProgram[] = threads.map((operations, thread) => ({
    operations,
    ...(options.after?.[thread] && { after: options.after[thread] }),
  }));
  const touched = new Set(keys);
  for (const { input } of threads.flat()) if (input !== undefined) touched.add(input.key);
  const reads = [...touched].map(get);
  return {
    name,
    threads: programs,
    machine: {
      initialPages: 2,
      limitPages: participantPages * (threads.length + 1) + 24,
      maxSteps: options.maxSteps ?? 20_000,
      races: rules,
      ...(options.watchBlocks !== false && { blocks: blockHooks }),
    },
    setup(machine) {
      const { observer } = machine;
      expectOk(machine, "create", machine.region.limit / 65536, 0, 0);
      for (const thread of [observer, ...machine.threads]) {
        expectOk(machine, "attach", 1, thread);
      }
      learnScratch(machine);
      for (const [index, key] of keys.entries()) {
        perform(machine, set(key, BigInt(firstValue(index))));
      }
      for (const key of removed) {
        perform(machine, remove(key));
      }
    },
    check(machine, run) {
      options.finish?.(machine, run);
      const code = Number(machine.call(machine.observer, "verify"));
      if (code !== 0) return `verify gives ${code}`;
      const now = new Map<string, string>();
      for (const read of reads) {
        const { value } = perform(machine, read) as MapOutput;
        if (value !== undefined) now.set(read.input!.key, value);
      }
      return checkHistory(before, run, now);
    },
  };
}

function firstValue(index: number): string {
  return String(100 + index);
}

/** Calls an operation on the observer, outside any schedule. */
export function perform(machine: Machine, operation: TreeOperation): unknown {
  const { observer } = machine;
  operation.before?.(machine, observer.id);
  const result = machine.call(observer, operation.call, ...(operation.args ?? []));
  return operation.after?.(machine, result, observer.id);
}

function expectOk(machine: Machine, call: string, ...rest: unknown[]): void {
  const last = rest.at(-1);
  const thread = typeof last === "object" ? (last as Machine["observer"]) : machine.observer;
  const args = rest.filter((value): value is number => typeof value === "number");
  const status = machine.call(thread, call, ...args);
  if (status !== 0) throw new Error(`${call} gives ${status}`);
}
