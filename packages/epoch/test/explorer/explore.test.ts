// Region, allocator and epochs, compiled, within the time of a test run. `npm run explore` looks further.

import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  hunt,
  shareOf,
  type Target,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets } from "./catalog.ts";
import { reclaimMutants } from "./mutants.ts";

const named = (name: string): Target => targets.find((target) => target.name === name)!;

describe("reclaim", () => {
  const target = named("reclaim");

  test("passes in every schedule of one preemption, and in random ones", async () => {
    const programs = shareOf(target.programs(), 7, random(3));
    const budget = budgetOfTests(seed, runs(10), runs(2, 6));
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  }, 240_000);

  test("has what the block checker has to see", async () => {
    const { watched } = await coreOf(target);
    expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
  });
});

test.each(reclaimMutants)(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);
