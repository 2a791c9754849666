// The real cores, within the time of a test run. `pnpm explore` and `pnpm mutants` look further.

import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { exploreCrashes } from "../src/crashes.ts";
import { Explorer } from "../src/explore.ts";
import { type Budget, hunt } from "../src/hunt.ts";
import { Patch } from "../src/mutants/mutant.ts";
import { boxedShapes } from "../src/programs/boxed-shapes.ts";
import { type Target, targetOf, targets } from "../src/programs/targets.ts";
import { treeProgram } from "../src/programs/tree.ts";
import { failing, set } from "../src/programs/tree-operations.ts";
import type { Shape } from "../src/programs/tree-shape.ts";
import { shapes } from "../src/programs/tree-shapes.ts";
import { coreOf } from "./cores.ts";
import { missingMeetings } from "./meetings.ts";

// One in seven, of which the seed chooses the first: many processes test at the same time.
const share = 7;
const draw = random(3);
const programsOf = (target: Target) => {
  const first = Math.floor(draw() * share);
  return target.programs().filter((_, index) => index % share === first);
};

const budget: Budget = {
  rounds: [
    { kind: "exhaustive", preemptions: 1, schedules: 500 },
    { kind: "pct", seed, schedules: runs(10), depth: 3 },
  ],
  seconds: 6,
};

// Boxes are boxes at any width, and what is shipped has no other source: of each, the seed chooses one.
const leftOut = [["boxed-3", "boxed-4"] as const, ["tree-15", "boxed-15"] as const].map(
  ([one, other]) => (draw() < 0.5 ? one : other) as string,
);
const tested = targets.filter(
  ({ name, programs }) => !leftOut.includes(name) && programs().length > 0,
);

describe.each(tested)("$name", (target) => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const core = await coreOf(target.name);
    const programs = programsOf(target);
    // What these have in common with the other trees is explored there.
    const seconds = /boxed|15/.test(target.name) ? 3 : budget.seconds!;
    const { findings, schedules } = hunt(core, programs, { budget: { ...budget, seconds } });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(programs.length);
  }, 240_000);
});

describe("a mutant of the tree is found:", () => {
  const target = targetOf("tree-3");
  const cheap = [
    "drops the version check after a leaf was read",
    "unlocks the left leaf before the rest of a split is applied",
  ];

  test.each(cheap)(
    "%s",
    async (name) => {
      const { edits } = target.mutants.find((mutant) => mutant.name === name)!;
      const patch = new Patch(edits);
      const core = await target.compile(patch.replace);
      patch.finish();
      const { findings } = hunt(core, target.programs(), { budget });
      expect(findings).toHaveLength(1);
    },
    240_000,
  );
});

describe("what a thread leaves that dies before any of its writes is put right", () => {
  const target = targetOf("recovery");
  const programs = target.crashes();

  test.each(programs.filter(({ victims }) => victims.length === 1))(
    "$program.name",
    async ({ program, victims }) => {
      const explorer = new Explorer(await coreOf(target.name), program);
      const { finding, complete } = exploreCrashes(explorer, victims);
      expect(finding).toBeUndefined();
      expect(complete).toBe(true);
    },
    120_000,
  );
});

test.each([
  "reclaim",
  ...tested.map(({ name }) => name).filter((name) => /tree-3|boxed|15/.test(name)),
])("what the block checker has to see is there to see: %s", async (name) => {
  const { watched } = await coreOf(name);
  expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
});

test.each([3, 4])(
  "each kind of call meets each in some program, at width %i",
  async (width) => {
    const core = await coreOf(`tree-${width}`);
    expect(missingMeetings(core, shapes(width))).toEqual([]);
  },
  240_000,
);

test("that two kinds of calls never meet is noticed", async () => {
  const some = shapes(3).filter(({ name }) => name !== "everything meets");
  const missing = missingMeetings(await coreOf("tree-3"), some);
  expect(missing).toContain("split of an internode | remove with unlinking");
  expect(missing).not.toContain("get | insert");
});

// What the programs about calls that are short of memory rest on.
describe("a call that is short of memory", () => {
  const shapesOf = (name: string): readonly Shape[] => {
    const width = Number(name.at(-1));
    return name.startsWith("tree") ? shapes(width) : boxedShapes(width);
  };
  // What is shipped cannot be told to fail.
  const names = tested.map(({ name }) => name).filter((name) => /^(tree|boxed)-[34]/.test(name));

  test.each(names)("is refused every block that it needs: %s", async (name) => {
    const core = await coreOf(name);
    const refused: string[] = [];
    for (const shape of shapesOf(name)) {
      for (const [call, blocks] of shape.scarce ?? []) {
        const missing = (nth: number) => {
          const short = failing(call, nth);
          const { machine } = new Explorer(core, treeProgram({ ...shape, threads: [[short]] }));
          machine.restore();
          short.before?.(machine, 0);
          const [thread] = machine.threads;
          const result = machine.call(thread!, short.call, ...(short.args ?? []));
          const { value } = thread!.exports.failAfter as WebAssembly.Global;
          return { wasMissed: value === -1, result };
        };
        expect(missing(0).wasMissed, `${shape.name}: ${call.name} needs a block`).toBe(true);
        expect(missing(blocks).wasMissed, `${shape.name}: ${call.name} needs no more`).toBe(false);
        if (call.input?.does === "set" && missing(0).result === 2) refused.push(shape.name);
      }
    }
    expect(refused).toContain("full leaf");
    expect(refused).toContain(name.startsWith("tree") ? "a chain of layers" : "a value in a box");
  });

  test("is found out when it is refused without need", async () => {
    const short = failing(set("a", 1n), 7);
    const program = treeProgram({ name: "refused", keys: [], threads: [[short]] });
    const { machine } = new Explorer(await coreOf("tree-3"), program);
    short.before?.(machine, 0);
    expect(() => short.after?.(machine, 2, 0)).toThrow("refused though it got all its blocks");
  });
});
