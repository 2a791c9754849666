// Programs: a stack with some values, a few threads with a few calls each, and what has to be true after.
import {
  type BlockHook,
  type Call,
  type CrashProgram,
  findViolation,
  type Machine,
  type Program,
  perform,
  type Run,
  watchPins,
} from "@tooling/interleave/catalog";
import {
  calling,
  learnScratch,
  mark,
  measure,
  modelOf,
  peek,
  pop,
  push,
  pushWithoutMemory,
  recover,
  recoverAtLast,
  type StackInput,
  type StackOperation,
  walk,
} from "./operations.ts";

/** The functions that the block checker watches, and below, what each means. */
export const watch: readonly string[] = [
  "cache/allocate",
  "cache/free",
  "retire/retire?",
  "cache/spillAll",
  "memory/assembly/verify/verifyMemory",
];

const blocks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 1 },
  { function: "free", does: "free", block: 1 },
  { function: "retire", does: "retire", block: 1, bytes: 2 },
  { function: "spillAll", does: "allocator" },
  { function: "verifyMemory", does: "allocator" },
];

/** Pages of 64 KiB that a participant's descriptor needs. */
const participantPages = 6;

type Calls = readonly StackOperation[];

interface StackProgram {
  readonly name?: string;
  /** The values on the stack before, the newest first. */
  readonly values: readonly number[];
  readonly threads: readonly Calls[];
  readonly after?: readonly (readonly number[])[];
  /** Blocks are not watched then: one whose `allocate` never returned is not known. */
  readonly hasDeaths?: boolean;
  readonly overlaps?: number;
}

function stackProgram(options: StackProgram): Program {
  const { values, threads, after = [], hasDeaths = false, overlaps } = options;
  const calls = threads.map((list) => list.map(({ name }) => name).join(", ")).join(" | ");
  return {
    name: `${options.name ?? ""}[${values}] ${calls}`,
    threads: threads.map((operations, thread) => ({ operations, after: after[thread] ?? [] })),
    ...(overlaps !== undefined && { overlaps }),
    machine: {
      initialPages: 2,
      limitPages: participantPages * (threads.length + 1) + 24,
      maxSteps: hasDeaths ? 200_000 : 20_000,
      ...(!hasDeaths && { blocks }),
    },
    setup(machine) {
      const { observer, region } = machine;
      must(machine.call(observer, "create", region.limit / 65536), 0);
      const all = [observer, ...machine.threads];
      for (const thread of all) must(machine.call(thread, "attach", 1, 0, 0), 0);
      learnScratch(machine);
      watchPins(machine, all);
      for (const value of values.toReversed()) perform(machine, push(value));
    },
    check: (machine, run) =>
      complaintAbout(machine, run, values) ?? (hasDeaths ? leftovers(machine) : undefined),
  };
}

function must(result: unknown, expected: number): void {
  if (Number(result) !== expected) throw new Error(`a call of the setup gives ${result}`);
}

/** The invariants hold, and some order of the calls explains their answers and what is left. */
function complaintAbout(
  machine: Machine,
  { history }: Run,
  before: readonly number[],
): string | undefined {
  const code = Number(machine.call(machine.observer, "verify"));
  if (code !== 0) return `verify gives ${code}`;
  const calls = history.flatMap(({ operation, thread, called, returned, result }) => {
    const { input } = operation as StackOperation;
    if (input === undefined) return [];
    return [{ thread, input, output: result as string | undefined, called, returned }];
  });
  const end = Number.MAX_SAFE_INTEGER;
  const last: Call<StackInput, string> = {
    thread: -1,
    input: { does: "walk" },
    output: perform(machine, walk) as string,
    called: end - 1,
    returned: end,
  };
  const violation = findViolation(modelOf(before), [...calls, last]);
  if (violation === undefined) return undefined;
  const answers = violation.calls.map(
    ({ thread, input, output }) =>
      `${thread < 0 ? "in the end" : `thread ${thread}`}: ${input.does} = ${output}`,
  );
  return `no order of the calls explains their answers: ${answers.join("; ")}`;
}

/** Everyone leaves: then nothing that the dead held may be left. */
function leftovers(machine: Machine): string | undefined {
  const { observer, threads } = machine;
  for (const thread of threads) if (!machine.isDead(thread.id)) machine.call(thread, "detach");
  // Whoever is pinned lets the epoch advance once.
  const advances = [1, 2].map(() => Number(machine.call(observer, "tryAdvance")));
  if (advances.includes(0)) return "somebody is pinned for good";
  if (Number(machine.call(observer, "reclaim")) !== 1) return "blocks stay retired";
  const code = Number(machine.call(observer, "verify"));
  return code === 0 ? undefined : `verify gives ${code} when everyone has left`;
}

const stacks: readonly (readonly number[])[] = [[], [3], [1, 2, 3]];
const writes: Calls = [push(4), pushWithoutMemory(5), pop];
const calls: Calls = [...writes, peek, measure, walk];

const reclaim = calling("reclaim");

/** Every call beside every call, and chosen ones in which a block is freed, and used again, while another reads. */
export function stackPrograms(): Program[] {
  const pairs = stacks.flatMap((values) =>
    calls.flatMap((one, index) =>
      calls.slice(index).map((other) => stackProgram({ values, threads: [[one], [other]] })),
    ),
  );
  const values = [1, 2, 3];
  const chosen: readonly (readonly Calls[])[] = [
    [[pop, push(3), pop, push(3)], [walk]],
    [[pop, push(3)], [pop, push(2)], [walk]],
    [[pop, pop, reclaim, push(3)], [walk]],
    [
      [pop, pop, reclaim, push(1)],
      [peek, peek],
    ],
    [[pop, reclaim], [pop, reclaim], [peek]],
    [[push(4), pop], [push(5), pop], [measure]],
    [[pop], [pop], [push(4), pop]],
    [
      [pop, calling("detach")],
      [peek, walk],
    ],
  ];
  return [...pairs, ...chosen.map((threads) => stackProgram({ values, threads }))];
}

const recovery: readonly Calls[] = [[recover(0)], [recover(1, 0)]];
const others: Calls = [pop, push(6), walk];

/**
 * Each call, stopped for good before each of its writes. Others recover from that: one that does nothing else, and
 * may die as well; one that waits for the dead one's lock; one that does not know yet of a second death; and one
 * beside a thread that goes on.
 */
export function stackCrashes(): CrashProgram[] {
  const dying = (
    name: string,
    victims: readonly number[],
    options: Omit<StackProgram, "name">,
  ): CrashProgram => ({
    victims,
    program: stackProgram({ ...options, name: `${name}: `, hasDeaths: true }),
  });
  return stacks.flatMap((values) => [
    ...[...calls.map((call) => [call]), [pop, push(4), reclaim]].flatMap((victim) => {
      const alone = { values, threads: [victim, ...recovery], after: [[], [0], [1]] };
      return [dying("one death", [0], alone), dying("two deaths", [0, 1], alone)];
    }),
    ...writes.flatMap((write) => {
      const meeting = [[write], [mark(0), ...others], [recover(1, 0)]];
      const unknown = [[write], [push(6)], [recover(0)], [recover(1, 0)]];
      return [
        dying("met", [0], { values, threads: meeting, after: [[], [0], [1]] }),
        dying("both met", [0, 1], { values, threads: meeting, after: [[], [0], [1]] }),
        dying("at once", [0, 1], { values, threads: unknown, after: [[], [0], [0], [1, 2]] }),
        dying("among others", [0], {
          values,
          threads: [[write], others, [recoverAtLast(0)]],
          after: [[], [], [0]],
          overlaps: 4,
        }),
      ];
    }),
  ]);
}
