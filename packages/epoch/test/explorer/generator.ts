// Draws short programs of threads that pin themselves, read, replace, collect, join and leave.
import type { Generator, Operation, Random } from "@tooling/interleave/catalog";
import { op, reclaimProgram } from "./reclaim.ts";

/** How often each is drawn. */
const calls: Readonly<Record<string, number>> = {
  read: 6,
  readNested: 1,
  replace: 6,
  collectNow: 5,
  tryAdvance: 5,
  cycle: 1,
  churnSmall: 0.3,
  churnLarge: 0.3,
  churnOther: 0.3,
  dropAllPrivate: 0.5,
  takeOver: 0.5,
  statistics: 0.3,
};

const steps: Readonly<Record<string, number>> = { replace: 3, collectNow: 2, crowd: 1 };

function oneOf(weights: Readonly<Record<string, number>>, random: Random): string {
  const all = Object.entries(weights);
  let left = random() * all.reduce((sum, [, weight]) => sum + weight, 0);
  return (all.find(([, weight]) => {
    left -= weight;
    return left < 0;
  }) ?? all[0]!)[0];
}

/** What a text calls. A value that is stored is the number of its place. */
function parse(known: Readonly<Record<string, number>>, call: string, value: bigint): Operation {
  if (!(call in known)) throw new Error(`'${call}' is no call on the epochs`);
  return call === "replace" ? op(call, value) : op(call);
}

export const reclaimGenerator: Generator = {
  draw(random) {
    const listOf = (weights: Readonly<Record<string, number>>, count: number) =>
      Array.from({ length: count }, () => oneOf(weights, random));
    const few = (most: number) => 1 + Math.floor(random() * random() * most);
    // What was replaced is often freed by the one who replaced it.
    const freed = (list: string[]) =>
      list.at(-1) === "replace" && random() < 0.5 ? [...list, "collectNow"] : list;
    const threads = Array.from({ length: random() < 0.4 ? 2 : 3 }, () =>
      freed(listOf(calls, few(3))),
    );
    return { setup: random() < 0.7 ? [] : listOf(steps, few(3)), threads };
  },
  call: (_, random) => oneOf(calls, random),
  step: (_, random) => oneOf(steps, random),
  program({ setup, threads }) {
    let value = 1n;
    const before = setup.map((step) => parse(steps, step, ++value));
    const program = reclaimProgram(
      ...threads.map((list) => list.map((call) => parse(calls, call, ++value))),
    );
    return {
      ...program,
      setup(machine) {
        program.setup!(machine);
        for (const { call, args = [] } of before) machine.call(machine.observer, call, ...args);
      },
    };
  },
};
