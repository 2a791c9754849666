// The index under the explorer, longer than a test run has time for: all programs, a share of the deaths in each, and every
// mutant. `npm run explore`, `npm run crashes` and `npm run mutants` look further still.
import { budgetOfTests, coreOf, hunt } from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { boxMutants, boxRecoveryMutants } from "./box-mutants.ts";
import { targets } from "./catalog.ts";
import { learnedMutants, recoveryMutants } from "./mutants.ts";
import { crash, huntMutant, huntRecoveryMutant, targetNamed } from "./named.ts";

test.each(targets)("all programs of $name pass", async (each) => {
  const budget = budgetOfTests(seed, runs(20), 60);
  const { findings, schedules } = hunt(await coreOf(each), each.programs(), { budget });
  expect(findings).toEqual([]);
  expect(schedules).toBeGreaterThan(0);
});

test.each(["learned", "learned-boxed"])(
  "wherever threads die in %s, they are recovered",
  async (name) => {
    const target = targetNamed(name);
    const { complaints, points } = await crash(target, target.crashes(), runs(100), random(4));
    expect(complaints).toEqual([]);
    expect(points).toBeGreaterThan(0);
  },
);

test.each([...learnedMutants, ...boxMutants])("a mutant is found: $name", async ({ name }) => {
  const { findings } = await huntMutant(name);
  expect(findings).toHaveLength(1);
});

test.each([...recoveryMutants, ...boxRecoveryMutants])(
  "a mistake of the recovery is found out: $name",
  async ({ name }) => {
    const { finding } = await huntRecoveryMutant(name);
    expect(finding).toBeDefined();
  },
);
