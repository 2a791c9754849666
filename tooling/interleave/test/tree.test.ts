// The real cores, within the time of a test run. `pnpm explore` and `pnpm mutants` look further.

import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { type Budget, hunt } from "../src/hunt.ts";
import { Patch } from "../src/mutants/mutant.ts";
import { type Target, targetOf, targets } from "../src/programs/targets.ts";

// A share of the programs that the seed chooses: many processes test at the same time.
const share = 0.25;
const draw = random(3);
const programsOf = (target: Target) => target.programs().filter(() => draw() < share);

const budget: Budget = {
  rounds: [
    { kind: "exhaustive", preemptions: 1, schedules: 500 },
    { kind: "pct", seed, schedules: runs(10), depth: 3 },
  ],
  seconds: 60,
};

describe.each(targets)("$name", (target) => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const core = await target.compile();
    const { findings, schedules } = hunt(core, programsOf(target), { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(100);
  }, 240_000);
});

describe("a mutant of the tree is found:", () => {
  const target = targetOf("tree-3");
  const cheap = [
    "drops the version check after a leaf was read",
    "locks with a load and a store",
    "unlocks the left leaf before the rest of a split is applied",
    "applies the log with plain stores",
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
