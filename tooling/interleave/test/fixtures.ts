// The fixtures of `assembly/fixtures.ts`, compiled with one planted bug or none, and the programs
// that bring each bug out.
import { fileURLToPath } from "node:url";
import { compile } from "../src/compile.ts";
import type { Core } from "../src/core.ts";
import type { Program } from "../src/explore.ts";
import { compilerFlags } from "../src/flags.ts";
import type { Machine } from "../src/machine/machine.ts";
import type { Operation } from "../src/machine/program.ts";
import { prepareCore } from "../src/prepare.ts";

export const directory: string = fileURLToPath(new URL("..", import.meta.url));

const cores = new Map<string, Promise<Core>>();

export const watch: readonly string[] = ["allocate", "free"];

/** A core of the fixtures with bug number `BUG`; 0 is correct. Compiled once in a test process. */
export function fixtureCore(BUG = 0, hints: readonly string[] = []): Promise<Core> {
  const key = [BUG, ...hints].join();
  let core = cores.get(key);
  if (core === undefined) {
    core = (async () => {
      const entry = "assembly/fixtures.ts";
      const { binary, sourceMap } = await compile({
        directory,
        entry,
        use: { BUG },
        flags: compilerFlags,
      });
      return prepareCore(binary, { sourceMap, watch, hints });
    })();
    cores.set(key, core);
  }
  return core;
}

export const machine = { initialPages: 1, limitPages: 1, maxSteps: 2000 };

export function op(call: string, ...args: (number | bigint)[]): Operation {
  return { name: `${call}(${args.join(", ")})`, call, args };
}

export function threads(...operations: Operation[][]): Program["threads"] {
  return operations.map((list) => ({ operations: list }));
}

function expectValue(call: string, expected: number) {
  return (machine: Machine): string | undefined => {
    const value = machine.call(machine.observer, call);
    return value === expected ? undefined : `${call} is ${value}, not ${expected}`;
  };
}

const increment = op("increment");
const lockedIncrement = op("lockedIncrement");

/** A planted bug: the program, the number of the bug, and what finding it looks like. */
export interface Planted {
  readonly bug: number;
  readonly program: Program;
  readonly failures: readonly string[];
}

export const lostUpdate: Program = {
  name: "lost update",
  threads: threads([increment, increment], [increment, increment]),
  machine,
  check: expectValue("counter", 4),
};

export const sequenceLock: Program = {
  name: "sequence lock",
  threads: threads([op("writePair", 1n), op("writePair", 2n)], [op("readPair")]),
  machine,
  check: (_, { history }) =>
    history.every(({ operation, result }) => operation.call !== "readPair" || result === 0n)
      ? undefined
      : "a reader saw two different values",
};

export const lockHandOff: Program = {
  name: "lock hand-off",
  threads: threads([lockedIncrement], [lockedIncrement], [lockedIncrement]),
  machine,
  check: expectValue("lockedValue", 3),
};

export const publication: Program = {
  name: "publication",
  threads: threads([op("publish", 7)], [op("readPublished"), op("readPublished")]),
  machine,
};

export const stack: Program = {
  name: "stack",
  threads: threads([op("pop")], [op("popPopPush")]),
  machine,
  setup: (machine) => {
    machine.call(machine.observer, "stackReset", 3);
  },
  check: (machine, { history }) => {
    // Three nodes: who popped which, and what is left, together name each exactly once.
    const seen = history.map(({ result }) => Number(result));
    for (let node = 1; node !== 0 && seen.length < 10; ) {
      node = Number(machine.call(machine.observer, "pop"));
      if (node !== 0) seen.push(node);
    }
    const distinct = new Set(seen.filter((node) => node !== 0));
    return distinct.size === 3 && seen.filter((node) => node !== 0).length === 3
      ? undefined
      : `nodes seen: ${seen.join(", ")}`;
  },
};

export const reclamation: Program = {
  name: "reclamation",
  threads: threads([op("readGuarded")], [op("retract")]),
  machine: {
    ...machine,
    blocks: [
      { function: "allocate", does: "allocate", bytes: 0 },
      { function: "free", does: "free", block: 0, bytes: 1 },
    ],
  },
  setup: (machine) => {
    machine.call(machine.observer, "install");
  },
};

/** Every program with the bugs that it must bring out. */
export const planted: readonly Planted[] = [
  { bug: 1, program: lostUpdate, failures: ["check"] },
  { bug: 2, program: sequenceLock, failures: ["check"] },
  { bug: 3, program: lockHandOff, failures: ["deadlock"] },
  { bug: 9, program: lockHandOff, failures: ["deadlock"] },
  { bug: 4, program: publication, failures: ["race"] },
  { bug: 5, program: publication, failures: ["race"] },
  { bug: 6, program: stack, failures: ["check"] },
  { bug: 7, program: reclamation, failures: ["race", "use-after-free"] },
  { bug: 8, program: reclamation, failures: ["race", "use-after-free"] },
];

export const correct: readonly Program[] = [
  lostUpdate,
  sequenceLock,
  lockHandOff,
  publication,
  stack,
  reclamation,
];
