// The compiled tree, within the time of a test run. `npm run explore` and `npm run mutants` look further.
import { fileURLToPath } from "node:url";
import {
  budgetOfTests,
  checkPlaces,
  coreOf,
  coreWith,
  Explorer,
  hunt,
  shareOf,
} from "@tooling/interleave";
import { isFull, random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { missingMeetings } from "./meetings.ts";
import { mergeMutants } from "./merge-mutants.ts";
import { treeMutants, wideMutants } from "./mutants.ts";
import { coreNamed, targetNamed } from "./named.ts";
import { failing, set } from "./operations.ts";
import { treeProgram } from "./program.ts";
import { shapes } from "./shapes.ts";
import { sharingMutants } from "./sharing-mutants.ts";
import { refuse } from "./short-of-memory.ts";

const draw = random(3);
const budget = budgetOfTests(seed, runs(10), runs(2, 6));

// What is shipped, with boxes or without, is explored by the tests of masstree.
describe.each(["tree-3", "tree-4"].map(targetNamed))("$name", (target) => {
  test("passes in every schedule of one preemption, and in random ones", async () => {
    const programs = shareOf(target.programs(), 7, draw);
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  }, 240_000);
});

describe("a mutant of the tree is found:", () => {
  const target = targetNamed("tree-3");
  // With a program that shows it.
  const cheap = [
    ["drops the version check after a leaf was read", "full leaf: get d | set a=1"],
    [
      "unlocks the left leaf before the rest of a split is applied",
      "replaced only if it is there: replace d=2 | replace d=2",
    ],
  ] as const;

  // A core takes seconds to compile.
  test.each(isFull ? cheap : shareOf(cheap, cheap.length, draw))(
    "%s",
    async (name, program) => {
      const { edits } = target.mutants.find((mutant) => mutant.name === name)!;
      const core = await coreWith(target, edits);
      const programs = target.programs().filter((each) => each.name === program);
      const { rounds } = budget; // However long it takes: the machine may be busy.
      const { findings } = hunt(core, programs, { budget: { rounds } });
      expect(findings).toHaveLength(1);
    },
    240_000,
  );
});

test.each([...treeMutants, ...sharingMutants, ...mergeMutants, ...wideMutants])(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);

test("the block checker sees what it has to see", async () => {
  const { watched } = await coreNamed("tree-3");
  expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
});

test.each([3, 4])(
  "each kind of call meets each in some program, at width %i",
  async (width) => {
    const core = await coreNamed(`tree-${width}`);
    expect(missingMeetings(core, shapes(width))).toEqual([]);
  },
  240_000,
);

test("two kinds of calls that never meet are reported", async () => {
  const some = shapes(3).filter(({ name }) => name !== "everything meets");
  const missing = missingMeetings(await coreNamed("tree-3"), some);
  expect(missing).toContain("split of an internode | remove with unlinking");
  expect(missing).not.toContain("get | insert");
});

describe("a call that is short of memory", () => {
  test.each([3, 4])("is refused every block that it needs, at width %i", async (width) => {
    const refused = refuse(await coreNamed(`tree-${width}`), shapes(width));
    expect(refused).toContain("full leaf");
    expect(refused).toContain("a chain of layers");
  });

  test("is reported if it is refused without need", async () => {
    const short = failing(set("a", 1n), 7);
    const program = treeProgram({ name: "refused", keys: [], threads: [[short]] });
    const { machine } = new Explorer(await coreNamed("tree-3"), program);
    short.before?.(machine, 0);
    expect(() => short.after?.(machine, 2, 0)).toThrow("refused though it got all its blocks");
  });
});
