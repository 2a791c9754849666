// The real cores, within the time of a test run. `pnpm explore` and `pnpm mutants` look further.

import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import type { Core } from "../src/core.ts";
import { exploreCrashes } from "../src/crashes.ts";
import { Explorer } from "../src/explore.ts";
import { type Budget, hunt } from "../src/hunt.ts";
import { Patch } from "../src/mutants/mutant.ts";
import { type Target, targetOf, targets } from "../src/programs/targets.ts";

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
  seconds: 12,
};

describe.each(targets.filter((target) => target.programs().length > 0))("$name", (target) => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const core = await target.compile();
    const programs = programsOf(target);
    const { findings, schedules } = hunt(core, programs, { budget });
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
      const explorer = new Explorer(await recoveryCore(), program);
      const { finding, complete } = exploreCrashes(explorer, victims);
      expect(finding).toBeUndefined();
      expect(complete).toBe(true);
    },
    120_000,
  );

  let core: Promise<Core> | undefined;
  const recoveryCore = () => {
    core ??= target.compile();
    return core;
  };
});
