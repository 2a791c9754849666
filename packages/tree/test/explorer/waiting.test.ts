// Threads that wait for keys, within the time of a test run: that no wake-up is lost, also when threads die.
// waiting.stress.ts plants mistakes; `npm run explore`, `npm run crashes` and `npm run mutants` look further.
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  Explorer,
  exploreCrashes,
  hunt,
  shareOf,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { waitMutants } from "./mutants.ts";
import { targetNamed } from "./named.ts";

const target = targetNamed("waiting-3");
const crashes = target.crashes();
const draw = random(5);

test("no wake-up is lost, in every schedule of one preemption and in random ones", async () => {
  const programs = shareOf(target.programs(), 5, draw);
  const budget = budgetOfTests(seed, runs(10), runs(1, 4));
  const { findings, schedules } = hunt(await coreOf(target), programs, { budget });
  expect(findings).toEqual([]);
  expect(schedules).toBeGreaterThan(programs.length);
}, 240_000);

test("a write that is whole wakes who waits, wherever its thread dies, and a waiter's death leaves nothing", async () => {
  const core = await coreOf(target);
  const outcomes = crashes.map(({ program, victims }) => {
    const deadline = performance.now() + 100;
    return exploreCrashes(new Explorer(core, program), victims, { deadline, random: draw });
  });
  expect(outcomes.map(({ finding }) => finding).filter(Boolean)).toEqual([]);
  expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(50);
}, 240_000);

test.each(waitMutants)(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);
