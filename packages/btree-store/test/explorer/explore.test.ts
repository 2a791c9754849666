// The page cache, compiled, within the time of a test run. `npm run explore` and `npm run crashes` look further.
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  coreWith,
  Explorer,
  exploreCrashes,
  hunt,
  shareOf,
} from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets } from "./catalog.ts";
import { cacheMutants } from "./mutants.ts";

const [target] = targets;

describe("the page cache", () => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const programs = shareOf(target!.programs(), 7, random(3));
    const budget = budgetOfTests(seed, runs(10), runs(2, 6));
    const { findings, schedules, reached } = hunt(await coreOf(target!), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  }, 240_000);

  test("has what the block checker has to see", async () => {
    const { watched } = await coreOf(target!);
    expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
  });

  test.each(shareOf(target!.crashes(), 4, random(4)))(
    "survives $program.name",
    async ({ program, victims }) => {
      const explorer = new Explorer(await coreOf(target!), program);
      // As far as it gets, from all parts of the calls.
      const deadline = performance.now() + runs(1000, 10_000);
      const { finding } = exploreCrashes(explorer, victims, { deadline, random: random(5) });
      expect(finding).toBeUndefined();
    },
    120_000,
  );
});

/** Mistakes that show when a thread dies, and in which program. */
const deadly = [
  ["a dead writer's lock is not given back", "one death: rollBack"],
  ["nobody is told that a writer has died", "one death: rollBack"],
  ["a dead reader's snapshots stay", "one death: snapshot"],
] as const;

test.each(deadly)(
  "a death shows: %s",
  async (name, programName) => {
    const { edits } = cacheMutants.find((mutant) => mutant.name === name)!;
    const core = await coreWith(target!, edits);
    const { program, victims } = target!
      .crashes()
      .find(({ program }) => program.name === programName)!;
    const { finding } = exploreCrashes(new Explorer(core, program), victims);
    expect(finding).toBeDefined();
  },
  120_000,
);

test.each(cacheMutants)(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);
