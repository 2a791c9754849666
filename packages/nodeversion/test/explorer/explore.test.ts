// The compiled version word, within the time of a test run. `npm run explore` looks further.
import { budgetOfTests, coreOf, hunt, shareOf } from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { targets } from "./catalog.ts";

const budget = budgetOfTests(seed, runs(10), runs(2, 6));
const draw = random(3);

test.each(targets)(
  "$name passes in every schedule of one preemption, and in random ones",
  async (target) => {
    const programs = shareOf(target.programs(), 7, draw);
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  },
  240_000,
);
