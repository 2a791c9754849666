// Threads that die in the tree, within the time of a test run. `pnpm crashes` looks at every program.
import {
  type Core,
  type CrashProgram,
  coreOf,
  Explorer,
  exploreCrashes,
  parseSchedule,
} from "@tooling/interleave";
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { targetNamed } from "./named.ts";
import { clear, remove, set, type TreeOperation } from "./operations.ts";
import { treeProgram } from "./program.ts";
import { shapes } from "./shapes.ts";

const target = targetNamed("tree-3");
const programs = target.crashes();

const named = (name: string): CrashProgram =>
  programs.find(({ program }) => program.name === name)!;

/** What is wrong, with the options of `pnpm explore` that replay it. */
function crash(core: Core, { program, victims }: CrashProgram, milliseconds = Infinity) {
  const options = { deadline: performance.now() + milliseconds, random: draw };
  const { finding, points } = exploreCrashes(new Explorer(core, program), victims, options);
  const complaint =
    finding &&
    `${finding.failure.kind}: ${finding.failure.message}\n` +
      `--target ${target.name} --program '${finding.program}' --replay '${finding.schedule}'`;
  return { complaint, points };
}

// One in so many, of which the seed chooses the first: all of them take a minute, and many processes test
// at the same time.
const draw = random(4);
function someOf(deaths: string, oneIn: number): CrashProgram[] {
  const step = Math.max(1, Math.round(oneIn / runs(1, 4)));
  const first = Math.floor(draw() * step);
  const all = programs.filter(({ program }) => program.name.startsWith(deaths));
  return all.filter((_, index) => index % step === first);
}

test("a thread that dies before any of its writes is recovered", async () => {
  const core = await coreOf(target);
  const outcomes = someOf("one death", 100).map((program) => crash(core, program));
  expect(outcomes.map(({ complaint }) => complaint).filter(Boolean)).toEqual([]);
  expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(300);
}, 240_000);

test("a recoverer that dies is recovered as well", async () => {
  const core = await coreOf(target);
  const outcomes = someOf("two deaths", 600).map((each) => crash(core, each, 400));
  expect(outcomes.map(({ complaint }) => complaint).filter(Boolean)).toEqual([]);
}, 240_000);

test("a recovery does not wait for a thread that died at the same time, unknown to anyone", async () => {
  const core = await coreOf(target);
  const outcomes = someOf("deaths at once", 120).map((each) => crash(core, each, 1000));
  expect(outcomes.map(({ complaint }) => complaint).filter(Boolean)).toEqual([]);
}, 240_000);

test("a thread that dies among others is recovered as soon as they allow it", async () => {
  const core = await coreOf(target);
  const outcomes = someOf("a death among others", 200).map((each) => crash(core, each, 500));
  expect(outcomes.map(({ complaint }) => complaint).filter(Boolean)).toEqual([]);
  expect(outcomes.reduce((sum, { points }) => sum + points, 0)).toBeGreaterThan(30);
}, 240_000);

test("an empty layer that the route of its dead unlinker leads to is sound", async () => {
  const removals =
    "remove sharedpfh, remove sharedpfb, and remove sharedpfh, tryAdvance, tryAdvance";
  const { program } = named(`deaths at once: a layer of two leaves: ${removals}, remove sharedpfb`);
  const explorer = new Explorer(await coreOf(target), program);
  const { failure } = explorer.replay(parseSchedule("0@587! 1@408!"));
  expect(failure).toBeUndefined();
  // At last, the route was followed: the layer has gone.
  expect(Number(explorer.machine.call(explorer.machine.observer, "leaves"))).toBe(1);
});

// A program is for nothing when its calls do not do what it was written for.
describe("a shape's calls do what they are for:", () => {
  const counts = ["height", "leaves", "internodes", "layers", "retiredBlocks"] as const;

  async function effectOf(shapeName: string, ...calls: TreeOperation[]) {
    const shape = shapes(3).find(({ name }) => name === shapeName)!;
    const offered = [...shape.calls.map((call) => [call]), ...(shape.sequences ?? [])];
    const names = calls.map(({ name }) => name);
    expect(offered.map((list) => list.map(({ name }) => name))).toContainEqual(names);
    const program = treeProgram({ ...shape, name: shapeName, threads: [calls] });
    const { machine } = new Explorer(await coreOf(target), program);
    const now = () => counts.map((name) => Number(machine.call(machine.observer, name)));
    machine.restore();
    const before = now();
    const { size } = machine.region;
    for (const { before: prepare, call, args = [] } of calls) {
      prepare?.(machine, 0);
      machine.call(machine.threads[0]!, call, ...args);
    }
    const after = now();
    const changes: Record<string, number> = { grown: machine.region.size - size };
    for (const [index, name] of counts.entries()) changes[name] = after[index]! - before[index]!;
    return changes;
  }

  const p = "sharedpf";
  const advance: TreeOperation = { name: "tryAdvance", call: "tryAdvance" };

  test("the root splits", async () => {
    const effect = await effectOf("full internode", set("c", 2n));
    expect(effect).toMatchObject({ height: 1, internodes: 2, leaves: 1 });
  });

  test("the role of root moves down", async () => {
    const effect = await effectOf("a root that moves down", remove("130"));
    expect(effect).toMatchObject({ height: -1, internodes: -2, leaves: -1 });
  });

  test("a leaf between two others is unlinked", async () => {
    const name = "three leaves, the middle one nearly empty";
    expect(await effectOf(name, remove("h"))).toMatchObject({ leaves: -1 });
  });

  test("a chain of layers is created, and collapses", async () => {
    const made = set(`${p}${p}y`, 1n);
    expect(await effectOf("a chain of layers", made)).toMatchObject({ layers: 2 });
    const gone = [set(`${p}${p}y`, 3n), remove(`${p}${p}y`), remove(`${p}${p}x`)];
    expect(await effectOf("a chain of layers", ...gone)).toMatchObject({ layers: 0 });
    expect(await effectOf("layer of one", remove(`${p}x`))).toMatchObject({ layers: -1 });
  });

  test("everything is removed", async () => {
    const effect = await effectOf("everything goes", clear);
    expect(effect).toMatchObject({ layers: -1, leaves: -2 });
  });

  test("the memory grows", async () => {
    const { grown } = await effectOf("memory grows", { name: "churn", call: "churn" });
    expect(grown).toBeGreaterThan(0);
  });

  test("a retired block finds the retire list of two epochs ago full", async () => {
    const name = "a layer of two leaves";
    const [first, last] = [remove(`${p}h`), remove(`${p}b`)];
    const kept = await effectOf(name, first, last);
    const emptied = await effectOf(name, first, advance, advance, last);
    expect(emptied.retiredBlocks).toBeGreaterThan(0);
    expect(emptied.retiredBlocks).toBeLessThan(kept.retiredBlocks!);
  });
});
