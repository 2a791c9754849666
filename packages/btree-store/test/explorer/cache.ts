// Programs over the page cache: threads that look for pages, evict them, write, and read states; and that die.
import {
  type BlockHook,
  type CrashProgram,
  type Machine,
  type Operation,
  type Program,
  type Run,
  watchPins,
} from "@tooling/interleave/catalog";

/** Pages of 64 KiB that a participant's descriptor and its stage need. */
const participantPages = 6;

/** The functions that the core watches; see `hooks`. */
export const cacheWatch: readonly string[] = [
  "cache/allocate",
  "cache/free",
  "retire/retire?",
  "cache/spillAll",
  "verify/verifyMemory",
];

const hooks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 1 },
  { function: "free", does: "free", block: 1 },
  { function: "retire", does: "retire", block: 1, bytes: 2 },
  { function: "spillAll", does: "allocator" },
  { function: "verifyMemory", does: "allocator" },
];

/** A call of an export. */
function op(call: string, ...args: number[]): Operation {
  return { name: args.length === 0 ? call : `${call} ${args.join()}`, call, args };
}

/** Recovers those of `threads` that have died. */
function bury(threads: readonly number[]): Operation {
  return {
    name: "bury",
    call: "recoverAll",
    before(machine, thread) {
      const dead = threads.filter((other) => machine.isDead(other));
      const { descriptors, scratch } = known.get(machine)!;
      const words = [dead.length, ...dead.map((other) => descriptors[other]!)];
      const bytes = new Uint8Array(Uint32Array.from(words).buffer);
      machine.region.write(descriptors[thread]! + scratch, bytes);
    },
  };
}

interface Known {
  readonly descriptors: readonly number[];
  readonly scratch: number;
  /** Blocks that are there whatever happens. */
  readonly live: number;
}

const known = new WeakMap<Machine, Known>();

function must(machine: Machine, thread: Machine["observer"], call: string, ...args: number[]) {
  const result = Number(machine.call(thread, call, ...args));
  if (result !== 0) throw new Error(`${call} gives ${result} in the setup`);
}

interface Options {
  readonly after?: readonly (readonly number[])[];
  readonly hasDeaths?: boolean;
  /** Pages that are in memory from the start. */
  readonly cached?: readonly number[];
}

function program(name: string, threads: readonly Operation[][], options: Options = {}): Program {
  const { after, hasDeaths = false, cached = [1, 2] } = options;
  return {
    name,
    threads: threads.map((operations, thread) => ({
      operations,
      ...(after?.[thread] && { after: after[thread] }),
    })),
    machine: {
      initialPages: 2,
      limitPages: participantPages * (threads.length + 1) + 32,
      maxSteps: hasDeaths ? 200_000 : 20_000,
      timeouts: hasDeaths ? "allowed" : "early",
      ...(!hasDeaths && { blocks: hooks }),
    },
    setup(machine) {
      const { observer, region } = machine;
      must(machine, observer, "create", region.limit / 65536);
      const members = [observer, ...machine.threads];
      for (const thread of members) must(machine, thread, "join");
      watchPins(machine, members);
      const live = Number(machine.call(observer, "liveBlocks"));
      const descriptors = machine.threads.map((thread) => Number(machine.call(thread, "self")));
      const scratch = Number((observer.exports.scratch as WebAssembly.Global).value);
      known.set(machine, { descriptors, scratch, live });
      for (const number of cached) must(machine, observer, "look", number);
    },
    check,
  };
}

function check(machine: Machine, { history }: Run): string | undefined {
  const { observer, threads } = machine;
  for (const { operation, returned, result } of history) {
    if (returned < Infinity && result !== undefined && Number(result) !== 0) {
      return `${operation.name} gives ${result}`;
    }
  }
  if (Number(machine.call(observer, "isKeptLost")) !== 0)
    return "pages are taken that somebody reads";
  // A transaction puts right what is left of a dead one.
  if (Number(machine.call(observer, "rollBack", 50)) !== 0) return "a rollback finds other pages";
  for (const call of ["verifyTable", "verifyMemory", "verifyEpochs"]) {
    const found = Number(machine.call(observer, call));
    if (found !== 0) return `${call} gives ${found}`;
  }
  for (const thread of threads) if (!machine.isDead(thread.id)) machine.call(thread, "part");
  // Twice around, for the clock.
  for (let times = 6; times > 0; times--) machine.call(observer, "evictAll");
  for (let times = 4; times > 0; times--) machine.call(observer, "collectNow");
  const retired = Number(machine.call(observer, "retiredBlocks"));
  if (retired !== 0) return `${retired} blocks stay retired`;
  const live = Number(machine.call(observer, "liveBlocks"));
  const wanted = known.get(machine)!.live;
  return live === wanted ? undefined : `${live} blocks are live, not ${wanted}`;
}

const calls: readonly Operation[] = [
  op("look", 1),
  op("look", 5),
  op("evict", 1),
  op("evictAll"),
  op("write", 7),
  op("rollBack", 7),
  op("read"),
  op("snapshot"),
];

/** Every pair of calls, and chosen ones. */
export function cachePrograms(): Program[] {
  const named = (threads: Operation[][], options?: Options) =>
    program(
      threads.map((calls) => calls.map(({ name }) => name).join(", ")).join(" | "),
      threads,
      options,
    );
  const pairs = calls.flatMap((first, index) =>
    calls.slice(index).map((second) => named([[first], [second]])),
  );
  const looks = [10, 11, 12, 13, 14, 15, 16].map((number) => op("look", number));
  return [
    ...pairs,
    // A page that two read at once is added once.
    named([[op("look", 5), op("evict", 5)], [op("look", 5)], [op("look", 5)]]),
    // The table grows twice under a transaction that looks for its pages, which share a bucket at first and then do not;
    // and under one that reads.
    named([[op("write", 21)], looks]),
    named([[op("look", 1), op("look", 2)], looks]),
    named([[op("rollBack", 7)], looks.slice(0, 4), [op("evictAll")]]),
    // Pages of a number that is taken again.
    named([
      [op("write", 7), op("write", 7)],
      [op("look", 8), op("evictAll")],
    ]),
    // States that come while one begins to read.
    named([
      [op("write", 7), op("write", 8)],
      [op("read"), op("snapshot")],
    ]),
    named([[op("write", 7)], [op("write", 8)], [op("read")]]),
    named([[op("write", 7), op("write", 8)], [op("readAgain")]]),
    named([[op("snapshot"), op("snapshot")], [op("write", 7)], [op("write", 8)]]),
  ];
}

/** Each call, stopped for good at every step; then another thread goes on, or recovers it first. */
export function cacheCrashes(): CrashProgram[] {
  const looks = [10, 11, 12].map((number) => op("look", number));
  const victims: [string, Operation[]][] = [
    ["look", [op("look", 5)]],
    ["look until the table grows", looks],
    ["evict", [op("evict", 1)]],
    ["evictAll", [op("evictAll"), op("evictAll")]],
    ["write", [op("write", 7)]],
    ["write twice", [op("write", 7), op("write", 7)]],
    ["rollBack", [op("rollBack", 7)]],
    ["read", [op("read")]],
    ["snapshot", [op("snapshot")]],
  ];
  // Another number: what is left of the dead one is not replaced by chance.
  const next = [op("write", 8), op("look", 5), op("read")];
  return victims.flatMap(([name, victim]) => [
    {
      program: program(`one death: ${name}`, [victim, [bury([0]), ...next]], {
        after: [[], [0]],
        hasDeaths: true,
      }),
      victims: [0],
    },
    {
      program: program(`two deaths: ${name}`, [victim, [bury([0])], [bury([1, 0]), ...next]], {
        after: [[], [0], [1]],
        hasDeaths: true,
      }),
      victims: [0, 1],
    },
  ]);
}
