// The compiled index, within the time of a test run. `npm run explore` and `npm run mutants` look further.
import { fileURLToPath } from "node:url";
import { budgetOfTests, checkPlaces, coreOf, Explorer, hunt, shareOf } from "@tooling/interleave";
import { isFull, random, runs, seed } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import type { TreeOperation } from "../../../tree/test/explorer/operations.ts";
import { treeProgram } from "../../../tree/test/explorer/program.ts";
import { refuse } from "../../../tree/test/explorer/short-of-memory.ts";
import { boxMutants, boxRecoveryMutants } from "./box-mutants.ts";
import { learnedMutants, recoveryMutants } from "./mutants.ts";
import { huntMutant, targetNamed } from "./named.ts";
import { clear, load, rebuild, remove, set } from "./operations.ts";
import { shapes } from "./shapes.ts";

const draw = random(3);
const budget = budgetOfTests(seed, runs(10), runs(1, 6));

// What is shipped has no other source, and learned.stress.ts explores that as well.
const target = targetNamed("learned");

test.each([
  ["learned", 60],
  ["learned-boxed", 90],
])(
  "%s passes in every schedule of one preemption, and in random ones",
  async (name, oneIn) => {
    const target = targetNamed(name);
    const programs = shareOf(target.programs(), isFull ? 7 : oneIn, draw);
    const { findings, schedules, reached } = hunt(await coreOf(target), programs, { budget });
    expect(findings).toEqual([]);
    expect(schedules).toBeGreaterThan(reached);
  },
  240_000,
);

test("the block checker sees what it has to see", async () => {
  const { watched } = await coreOf(target);
  expect(watched.filter((found) => found.startsWith("no "))).toEqual([]);
});

test.each([...learnedMutants, ...recoveryMutants, ...boxMutants, ...boxRecoveryMutants])(
  "a mutant finds its place in the sources as they are now: $name",
  (mutant) => {
    checkPlaces(mutant, fileURLToPath(new URL("../../..", import.meta.url)));
  },
);

test("there is a program for each mutant", () => {
  for (const [target, mutants, recoveries] of [
    [targetNamed("learned"), learnedMutants, recoveryMutants],
    [targetNamed("learned-boxed"), boxMutants, boxRecoveryMutants],
  ] as const) {
    const programs = target.programs();
    const isIn = (part: string) => programs.some(({ name }) => name.includes(part));
    expect(mutants.filter(({ program }) => !isIn(program))).toEqual([]);
    const deaths = new Set(target.crashes().map(({ program }) => program.name));
    expect(recoveries.filter(({ program }) => !deaths.has(program))).toEqual([]);
  }
});

test("a call that is short of memory is refused every block that it needs", async () => {
  const refused = refuse(await coreOf(target), shapes);
  expect(refused).toContain("a full line above all nodes");
});

// A program is for nothing when its calls do not do what it was written for.
describe("a shape's calls do what they are for:", () => {
  const counts = ["size", "internodes", "rebuildCount", "retiredBlocks", "splitCount"] as const;

  async function effectOf(shapeName: string, ...calls: TreeOperation[]) {
    const shape = shapes.find(({ name }) => name === shapeName)!;
    const offered = [...shape.calls.map((call) => [call]), ...(shape.sequences ?? [])];
    const names = calls.map(({ name }) => name);
    expect(offered.map((list) => list.map(({ name }) => name))).toContainEqual(names);
    const program = treeProgram({ ...shape, name: shapeName, threads: [calls] });
    const { machine } = new Explorer(await coreOf(target), program);
    const now = () => counts.map((name) => Number(machine.call(machine.observer, name)));
    machine.restore();
    const before = now();
    for (const { before: prepare, call, args = [] } of calls) {
      prepare?.(machine, 0);
      machine.call(machine.threads[0]!, call, ...args);
    }
    const after = now();
    return Object.fromEntries(counts.map((name, index) => [name, after[index]! - before[index]!]));
  }

  test("a fourth key makes the first node", async () => {
    const effect = await effectOf("a full line above all nodes", set("a", 1n));
    expect(effect).toMatchObject({ internodes: 1, splitCount: 1, rebuildCount: 0 });
  });

  test("a node becomes a line of entries again", async () => {
    const name = "a removal that is one too many";
    expect(await effectOf(name, remove("d"))).toMatchObject({ internodes: -1, rebuildCount: 1 });
    const all = [set("e", 8n), remove("b"), remove("d")];
    const effect = await effectOf("a full line above all nodes", ...all);
    expect(effect).toMatchObject({ internodes: 0, splitCount: 1, rebuildCount: 1 });
  });

  test("a line of a node gets a child", async () => {
    const effect = await effectOf("a line of a node gets a child", set("a", 1n));
    expect(effect).toMatchObject({ internodes: 1, rebuildCount: 0 });
  });

  test("a conflict that is too deep, or one too many, rebuilds", async () => {
    const one = await effectOf("a conflict that is too deep", set("a", 1n));
    expect(one).toMatchObject({ internodes: 0, rebuildCount: 1, retiredBlocks: 2 });
    const other = await effectOf("a conflict that is one too many", set("i", 1n));
    expect(other).toMatchObject({ internodes: 0, rebuildCount: 1, retiredBlocks: 3 });
  });

  test("a child is rebuilt, and then everything", async () => {
    const name = "a rebuild within a rebuild";
    expect(await effectOf(name, set("k", 1n))).toMatchObject({ rebuildCount: 1, retiredBlocks: 2 });
    const both = await effectOf(name, set("k", 4n), set("s", 5n));
    expect(both.rebuildCount).toBe(2);
    expect(both.retiredBlocks).toBeGreaterThan(4);
  });

  test("an empty node goes, and the one above that it has left empty", async () => {
    const one = await effectOf("the last entry of a node", remove("h"));
    expect(one).toMatchObject({ size: -1, internodes: -1, rebuildCount: 1 });
    const two = await effectOf("the last entry of two nodes", remove("a"));
    expect(two).toMatchObject({ size: -1, internodes: -2, rebuildCount: 2 });
  });

  test("everything goes, and everything is loaded", async () => {
    const gone = await effectOf("everything goes", clear);
    expect(gone).toMatchObject({ size: -7, internodes: -2 });
    const loaded = await effectOf("entries are loaded", load("bdfhj", 20n));
    expect(loaded).toMatchObject({ size: 2, internodes: 1 });
    const built = await effectOf("a conflict that is one too many", rebuild);
    expect(built).toMatchObject({ size: 0, rebuildCount: 1, retiredBlocks: 2 });
  });
});

test("a mutant of the index is found", async () => {
  const { findings } = await huntMutant("reads a line before it has locked it to freeze it");
  expect(findings).toHaveLength(1);
}, 240_000);
