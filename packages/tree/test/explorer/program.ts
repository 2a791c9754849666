// Programs over the tree: a map with some contents, and a few threads with a few calls each.
import {
  type BlockHook,
  checkMapHistory,
  type Machine,
  type MapOutput,
  type Program,
  perform,
  type RaceRule,
  type ScanResult,
  type ThreadProgram,
  watchPins,
} from "@tooling/interleave/catalog";
import { calling, get, learnScratch, remove, scan, set, type TreeOperation } from "./operations.ts";

/**
 * The functions of the allocator and the epochs that a tree's core watches; see `blockHooks`. A mutant may
 * have no `retire`: then no block is ever retired, and the first that should be is a finding.
 */
export const watch: readonly string[] = [
  "cache/allocate",
  "cache/free",
  "retire/retire?",
  "cache/spillAll",
  "verify/verifyMemory",
];

/** What they mean; as many and in the same order. */
const blockHooks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 1 },
  { function: "free", does: "free", block: 1 },
  { function: "retire", does: "retire", block: 1, bytes: 2 },
  { function: "spillAll", does: "allocator" },
  { function: "verifyMemory", does: "allocator" },
];

/** The limit of a scan of the whole map. */
const everything = 10_000;

/** Pages of 64 KiB that a participant's descriptor needs, with its scratch areas. */
const participantPages = 5;

/** The map before the threads begin. */
export interface Contents {
  /** Calls that configure the region before anyone joins it. */
  readonly options?: readonly TreeOperation[];
  /** Its keys, in the order in which they are set. */
  readonly keys: readonly string[];
  /** Those that are removed again. */
  readonly removed?: readonly string[];
  /** What is done to it then: a key that is set, or `-` and a key that is removed, or `!` and a call. */
  readonly steps?: readonly string[];
  /** Whether the memory has to grow for the next run of pages. */
  readonly isFull?: boolean;
  /**
   * For a map whose values are no plain words: the call that does the same there. The calls of the threads are
   * translated already; this is for those that fill the map, and look at it.
   */
  readonly translate?: (operation: TreeOperation) => TreeOperation;
}

export interface TreeProgramOptions extends Contents {
  readonly name: string;
  readonly threads: readonly (readonly TreeOperation[])[];
  readonly after?: readonly (readonly number[])[];
  /** How many of the threads, from the end, have yet to join the map. */
  readonly strangers?: number;
  readonly rules?: readonly RaceRule[];
  readonly maxSteps?: number;
  /** Pages of 64 KiB for all but the participants. */
  readonly heapPages?: number;
  /**
   * Whether threads die. Then whoever waits for the dead needs the end of a sleep, and
   * blocks are not watched: one whose `allocate` never returned is not known to the block checker.
   */
  readonly hasDeaths?: boolean;
  /** See `Program`. */
  readonly overlaps?: number;
}

/**
 * A program with the checks that every tree program has: `verify`, and the history. Then everyone leaves, and nothing
 * may be pinned, retired or pending any more.
 */
export function treeProgram(options: TreeProgramOptions): Program {
  const { name, keys, removed = [], threads, rules = [], strangers = 0, isFull = false } = options;
  const { hasDeaths = false, overlaps } = options;
  const asHere = options.translate ?? ((operation: TreeOperation) => operation);
  const steps = [...keys, ...removed.map((key) => `-${key}`), ...(options.steps ?? [])];
  const before = new Map<string, string>();
  for (const [index, step] of steps.entries()) {
    if (step.startsWith("-")) before.delete(step.slice(1));
    else if (!step.startsWith("!")) before.set(step, firstValue(index));
  }
  const programs: ThreadProgram[] = threads.map((operations, thread) => ({
    operations,
    ...(options.after?.[thread] && { after: options.after[thread] }),
  }));
  const prefetched = new Set(
    steps.filter((step) => !step.startsWith("!")).map((step) => step.replace(/^-/, "")),
  );
  for (const { input, inputs = [] } of threads.flat()) {
    for (const { key } of input === undefined ? inputs : [input]) prefetched.add(key);
  }
  const reads = [...prefetched].map((key) => asHere(get(key)));
  return {
    name,
    threads: programs,
    ...(overlaps !== undefined && { overlaps }),
    machine: {
      initialPages: 2,
      limitPages: participantPages * (threads.length + 1) + (options.heapPages ?? 24),
      maxSteps: options.maxSteps ?? 20_000,
      races: rules,
      // Only who waits for the dead needs the end of a sleep.
      timeouts: hasDeaths ? "allowed" : "early",
      ...(!hasDeaths && { blocks: blockHooks }),
    },
    setup(machine) {
      const { observer, region } = machine;
      expectOk(machine, "create", region.limit / 65536, 0, 0);
      for (const option of options.options ?? []) perform(machine, option);
      const known = machine.threads.slice(0, threads.length - strangers);
      for (const thread of [observer, ...known]) {
        expectOk(machine, "attach", 1, thread);
      }
      learnScratch(machine);
      watchPins(machine, [observer, ...known]);
      for (const [index, step] of steps.entries()) perform(machine, asHere(callOf(step, index)));
      if (isFull) {
        region.mayGrow = false;
        machine.call(observer, "fill");
        region.mayGrow = true;
      }
    },
    check(machine, run) {
      if (isFull) machine.call(machine.observer, "unfill");
      const code = Number(machine.call(machine.observer, "verify"));
      if (code !== 0) return `verify gives ${code}`;
      const now = new Map<string, string>();
      for (const read of reads) {
        const { value } = perform(machine, read) as MapOutput;
        if (value !== undefined) now.set(read.input!.key, value);
      }
      const { entries } = perform(machine, asHere(scan({ limit: everything }))) as ScanResult;
      const stray = entries.filter(([key, value]) => now.get(key) !== value);
      const missed = [...now.keys()].filter((key) => entries.every(([scanned]) => scanned !== key));
      if (stray.length + missed.length > 0) {
        return `a scan gives ${stray.join("; ")} where get gives something else, and misses ${missed}`;
      }
      return (
        checkMapHistory(before, run, now) ??
        checkThatNothingIsHeld(machine, machine.threads.slice(0, threads.length - strangers))
      );
    },
  };
}

/** Everyone leaves: then nobody is pinned, and the observer can free all that was retired. */
function checkThatNothingIsHeld(machine: Machine, threads: Machine["threads"]): string | undefined {
  const { observer } = machine;
  for (const thread of threads) if (!machine.isDead(thread.id)) machine.call(thread, "detach");
  // Who is pinned lets the epoch advance once.
  const advances = [1, 2].map(() => Number(machine.call(observer, "tryAdvance")));
  if (advances.includes(0)) return "somebody is pinned for good";
  if (Number(machine.call(observer, "quiesce")) !== 1) {
    return `${machine.call(observer, "retiredBlocks")} blocks stay retired, or a leaf stays pending`;
  }
  const code = Number(machine.call(observer, "verify"));
  return code === 0 ? undefined : `verify gives ${code} when everyone has left`;
}

/** The call that a step stands for. */
function callOf(step: string, index: number): TreeOperation {
  if (step.startsWith("!")) return calling(step.slice(1));
  return step.startsWith("-") ? remove(step.slice(1)) : set(step, BigInt(firstValue(index)));
}

export function firstValue(index: number): string {
  return String(100 + index);
}

function expectOk(machine: Machine, call: string, ...rest: unknown[]): void {
  const last = rest.at(-1);
  const thread = typeof last === "object" ? (last as Machine["observer"]) : machine.observer;
  const args = rest.filter((value): value is number => typeof value === "number");
  const status = machine.call(thread, call, ...args);
  if (status !== 0) throw new Error(`${call} gives ${status}`);
}
