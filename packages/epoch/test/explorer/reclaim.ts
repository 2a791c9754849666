// Programs over the region, the allocator and the epochs.
import {
  type BlockHook,
  type Machine,
  type Operation,
  type Program,
  type Run,
  watchPins,
} from "@tooling/interleave/catalog";

const pages = 5;

/** A call of an export. */
export function op(call: string, ...args: bigint[]): Operation {
  return { name: args.length === 0 ? call : `${call} ${args.join()}`, call, args };
}

/** The functions that the core watches; see `hooks`. */
export const reclaimWatch: readonly string[] = [
  "cache/allocate",
  "cache/free",
  "reclaim/retireBlock",
  "cache/spillAll",
  "verify/verifyMemory",
];

const hooks: readonly BlockHook[] = [
  { function: "allocate", does: "allocate", bytes: 1 },
  { function: "free", does: "free", block: 1 },
  { function: "retireBlock", does: "retire", block: 0, bytes: 1 },
  { function: "spillAll", does: "allocator" },
  { function: "verifyMemory", does: "allocator" },
];

/** As `program`, in a region that is full, but for blocks that are larger than those asked for. */
function crowdedProgram(...threads: Operation[][]): Program {
  const plain = reclaimProgram(...threads);
  return {
    ...plain,
    name: `full: ${plain.name}`,
    setup(machine) {
      plain.setup?.(machine);
      machine.call(machine.observer, "crowd");
    },
  };
}

function crowded(): Program[] {
  const other = op("churnOther");
  return [
    crowdedProgram([other], [other]),
    crowdedProgram([other], [op("churnLarge")]),
    crowdedProgram([other], [op("dropAllPrivate")], [op("takeOver")]),
    crowdedProgram([other], [op("statistics")]),
    crowdedProgram([other, op("cycle")], [op("replace", 3n), op("collectNow")]),
  ];
}

/** A program with the checks that all have. */
export function reclaimProgram(...threads: Operation[][]): Program {
  return {
    name: threads.map((calls) => calls.map(({ name }) => name).join(", ")).join(" | "),
    threads: threads.map((operations) => ({ operations })),
    machine: {
      initialPages: 2,
      limitPages: pages * (threads.length + 1) + 24,
      maxSteps: 20_000,
      blocks: hooks,
    },
    setup(machine) {
      expect(machine, machine.observer, "createRegion", 0, machine.region.limit / 65536);
      for (const thread of [machine.observer, ...machine.threads])
        expect(machine, thread, "join", 1);
      watchPins(machine, [machine.observer, ...machine.threads]);
      machine.call(machine.observer, "replace", 1n);
    },
    check,
  };
}

function expect(
  machine: Machine,
  thread: Machine["observer"],
  call: string,
  value: number,
  ...args: number[]
): void {
  const result = Number(machine.call(thread, call, ...args));
  if (result !== value) throw new Error(`${call} gives ${result}, not ${value}`);
}

function check(machine: Machine, { history }: Run): string | undefined {
  for (const { operation, result } of history) {
    const { call } = operation;
    if ((call.startsWith("read") || call === "takeOver") && result !== 0) return `${call} was torn`;
    if (call === "cycle" && result !== 1) return "could not join again";
  }
  for (const call of ["verifyMemory", "verifyEpochs"]) {
    const code = Number(machine.call(machine.observer, call));
    if (code !== 0) return `${call} gives ${code}`;
  }
  // Everyone leaves: then nothing is left but what is published.
  for (const thread of machine.threads) machine.call(thread, "part");
  machine.call(machine.observer, "collectNow");
  machine.call(machine.observer, "collectNow");
  machine.call(machine.observer, "collectNow");
  const retired = Number(machine.call(machine.observer, "retiredBlocks"));
  if (retired !== 0) return `${retired} blocks stay retired`;
  const [live, used] = ["liveBlocks", "blocksInUse"].map((call) =>
    Number(machine.call(machine.observer, call)),
  );
  return live === used ? undefined : `${live} blocks are live, but only ${used} are in use`;
}

const calls = [
  op("read"),
  op("readNested"),
  op("replace", 2n),
  op("collectNow"),
  op("churnSmall"),
  op("churnLarge"),
  op("churnHuge"),
  op("dropAllPrivate"),
  op("takeOver"),
  op("cycle"),
];

/** Every pair of calls, and chosen ones in which a block is freed while another thread reads. */
export function reclaimPrograms(): Program[] {
  const programs: Program[] = [];
  for (const [index, first] of calls.entries()) {
    for (const second of calls.slice(index)) programs.push(reclaimProgram([first], [second]));
  }
  const read = op("read");
  const replace = op("replace", 3n);
  const collect = op("collectNow");
  const cycle = op("cycle");
  programs.push(
    reclaimProgram([replace, collect, collect], [read]),
    reclaimProgram([replace, collect, collect], [op("readNested")]),
    reclaimProgram([replace, collect, collect], [collect, read]),
    reclaimProgram([replace, cycle], [read]),
    reclaimProgram([replace, cycle], [collect, read]),
    reclaimProgram([replace], [collect, collect], [read]),
    // An advancer that is overtaken, and a reader that pins itself meanwhile.
    { ...reclaimProgram([replace, collect], [op("tryAdvance")], [read]), preemptions: 2 },
    reclaimProgram([replace, cycle], [collect, collect], [read]),
    reclaimProgram([replace, collect], [replace, collect], [read]),
    reclaimProgram([op("dropAllPrivate")], [op("takeOver")], [op("churnLarge")]),
    reclaimProgram([cycle], [cycle], [cycle]),
    reclaimProgram([op("statistics")], [op("churnSmall")]),
    reclaimProgram([op("statistics")], [replace, collect, collect]),
    reclaimProgram([op("statistics")], [cycle]),
    ...crowded(),
    reclaimProgram([replace, cycle], [replace, cycle], [collect]),
  );
  return programs;
}
