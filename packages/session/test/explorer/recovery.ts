// Deaths in the region, the allocator and the epochs: one thread dies at any step of its calls, another
// recovers what it left, and may die as well, whereupon a third recovers both.

import type { CrashProgram, Machine, Operation, Program, Run } from "@tooling/interleave/catalog";

const pages = 5;

function op(call: string, ...args: bigint[]): Operation {
  return { name: call, call, args };
}

/** Recovers those of `threads` that have died, in this order. */
function recoverAll(threads: readonly number[]): Operation {
  return {
    name: "recoverAll",
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

/**
 * Recovers a participant whose call was interrupted, such as by a timeout, and one that was interrupted while it
 * recovered the former. JavaScript reports an interruption by the instance itself.
 */
function recoverAbandoned(recoverer: number, victim: number): Operation {
  const all = recoverAll([recoverer, victim]);
  return {
    name: "recoverMarked",
    call: "recoverMarked",
    before(machine, thread) {
      all.before!(machine, thread);
      for (const other of [victim, recoverer]) {
        if (machine.isDead(other)) machine.threads[other]!.function("abandon")();
      }
    },
  };
}

/** What says which thread a visitor is. */
const firstVisitor = 77;

/** Recovers those of `threads` that have died, for a thread that is no participant. */
function visit(threads: readonly number[]): Operation {
  return {
    name: "recoverAsVisitor",
    call: "recoverAsVisitor",
    args: [firstVisitor],
    before(machine) {
      for (const other of threads) {
        if (machine.isDead(other)) machine.threads[other]!.function("abandon")();
      }
    },
  };
}

/** Recovers the first visitor if it has died, but not those that it was recovering. */
const recoverVisitor: Operation = {
  name: "recoverThreadAsVisitor",
  call: "recoverThreadAsVisitor",
  args: [firstVisitor],
};

const known = new WeakMap<Machine, { descriptors: number[]; scratch: number }>();

function program(
  name: string,
  victim: Operation[],
  recoverers = [recoverAll([0]), recoverAll([1, 0])],
  strangers = 0,
): Program {
  return {
    name,
    threads: [
      { operations: victim },
      ...recoverers.map((recoverer, before) => ({ operations: [recoverer], after: [before] })),
    ],
    machine: { initialPages: 2, limitPages: pages * 4 + 32, maxSteps: 200_000 },
    setup(machine) {
      const { observer, threads, region } = machine;
      must(machine.call(observer, "createRegion", region.limit / 65536), 0);
      const members = [observer, ...threads.slice(0, threads.length - strangers)];
      for (const thread of members) must(machine.call(thread, "join"), 1);
      const descriptors = threads.map((thread) => Number(machine.call(thread, "self")));
      const scratch = Number((observer.exports.scratch as WebAssembly.Global).value);
      known.set(machine, { descriptors, scratch });
      machine.call(observer, "replace", 1n);
    },
    check,
  };
}

function must(result: number | bigint, expected: number): void {
  if (Number(result) !== expected) throw new Error(`a call of the setup gives ${result}`);
}

function check(machine: Machine, { history }: Run): string | undefined {
  const { observer, threads } = machine;
  for (const { operation, returned, result } of history) {
    if (operation.call === "read" && returned < Infinity && result !== 0) return "a read was torn";
  }
  const verify = () =>
    ["verifyMemory", "verifyEpochs"].find((call) => Number(machine.call(observer, call)) !== 0);
  const first = verify();
  if (first !== undefined) return `${first} finds something`;
  // Everyone else leaves; then all but the published block is free.
  for (const thread of threads) if (!machine.isDead(thread.id)) machine.call(thread, "part");
  for (let times = 3; times > 0; times--) machine.call(observer, "collectNow");
  const retired = Number(machine.call(observer, "retiredBlocks"));
  if (retired !== 0) return `${retired} blocks stay retired`;
  const live = Number(machine.call(observer, "liveBlocks"));
  if (live !== 1) return `${live} blocks are live, not 1`;
  const last = verify();
  if (last !== undefined) return `${last} finds something in the end`;
  return Number(machine.call(observer, "read")) === 0 ? undefined : "the block is torn in the end";
}

/** Every call, and some in a row, with one death and with two. */
export function recoveryPrograms(): CrashProgram[] {
  const replace = op("replace", 2n);
  const collect = op("collectNow");
  const cycle = op("cycle");
  const victims: [string, Operation[]][] = [
    ["read", [op("read")]],
    ["replace", [replace]],
    ["collect", [replace, collect, collect]],
    ["churn small blocks", [op("churnSmall")]],
    ["churn large blocks", [op("churnLarge")]],
    ["churn page runs", [op("churnHuge")]],
    ["leave and join", [cycle]],
    ["replace, leave and join", [replace, cycle]],
    ["replace until garbage is collected", [replace, replace, replace, replace, replace]],
  ];
  return victims.flatMap(([name, operations]) => [
    { program: program(`one death: ${name}`, operations), victims: [0] },
    { program: program(`two deaths: ${name}`, operations), victims: [0, 1] },
    {
      program: program(`two interruptions: ${name}`, operations, [
        recoverAll([0]),
        recoverAbandoned(1, 0),
      ]),
      victims: [0, 1],
    },
    {
      program: program(`one death, visited: ${name}`, operations, [visit([0]), visit([1, 0])], 2),
      victims: [0],
    },
    {
      program: program(`two deaths, visited: ${name}`, operations, [visit([0]), visit([1, 0])], 2),
      victims: [0, 1],
    },
    {
      program: program(
        `two deaths, the visitor recovered first: ${name}`,
        operations,
        [visit([0]), recoverVisitor, visit([0])],
        3,
      ),
      victims: [0, 1],
    },
  ]);
}
