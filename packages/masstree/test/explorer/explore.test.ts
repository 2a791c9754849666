// The compiled tree with boxes, and what is shipped, within the time of a test run. `npm run explore` looks further.
import { fileURLToPath } from "node:url";
import { budgetOfTests, checkPlaces, coreOf, hunt, shareOf } from "@tooling/interleave";
import { random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targets as treeTargets } from "../../../tree/test/explorer/catalog.ts";
import { refuse } from "../../../tree/test/explorer/short-of-memory.ts";
import { targets as boxedTargets } from "./catalog.ts";
import { boxedMutants } from "./mutants.ts";
import { boxedShapes } from "./shapes.ts";

const draw = random(3);
// What these have in common with the small trees is explored there.
const budget = budgetOfTests(seed, runs(10), runs(2, 6));

// Boxes are boxes at any width, and what is shipped has no other source: of each, the seed chooses one.
const chosen = [["boxed-3", "boxed-4"] as const, ["tree-15", "boxed-15"] as const].map(
  ([one, other]) => (draw() < 0.5 ? other : one) as string,
);
const tested = [...treeTargets, ...boxedTargets].filter(({ name }) => chosen.includes(name));

test("both kinds of targets are tested", () => expect(tested).toHaveLength(2));

describe.each(tested)("$name", (target) => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const programs = shareOf(target.programs(), 7, draw);
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  }, 240_000);

  test("shows the block checker what it has to see", async () => {
    const { watched } = await coreOf(target);
    expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
  });
});

// What is shipped cannot be told to fail.
test.each(tested.filter(({ name }) => !name.endsWith("15")))(
  "a call that is short of memory is refused every block that it needs: $name",
  async (target) => {
    const refused = refuse(await coreOf(target), boxedShapes(Number(target.name.at(-1))));
    expect(refused).toContain("full leaf");
    expect(refused).toContain("a value in a box");
  },
);

test.each(boxedMutants)(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);
