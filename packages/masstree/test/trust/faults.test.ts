// What goes wrong beside death: too many threads, one that is in the way, too little memory.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { treeOf, verify } from "@masstree/tree";
import { withLateness } from "@tooling/vitest/lateness";
import { runs, seed } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import { checkThatNumbersAreFree } from "./deaths.ts";
import { type FaultStart, fillKey } from "./fault-plan.ts";
import { checkHistories } from "./histories.ts";
import { countLow, setCounters } from "./near-wrap.ts";
import { debugBuilds, programOf } from "./programs.ts";
import { numberOf, type Value, valueFor } from "./values.ts";

const program = programOf("faults-worker");
const full = expect.objectContaining({ code: "MASSTREE_FULL" });
const tooMany = expect.objectContaining({ code: "MASSTREE_TOO_MANY_PARTICIPANTS" });

interface Statistics {
  quiesce(): number;
  liveBlocks(): number;
  retiredBlocks(): number;
  retiredBytes(): number;
}

function statistics(map: MassTree<Value>): Statistics {
  return treeOf(map).exports as unknown as Statistics;
}

function begin(workerData: FaultStart): Worker {
  return new Worker(program, { workerData });
}

/** Runs to the end of the thread; what it said last. */
function run(workerData: FaultStart): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const worker = begin(workerData);
    let said: unknown;
    worker.on("message", (message) => {
      said = message;
    });
    worker.once("error", reject);
    worker.once("exit", () => resolve(said));
  });
}

function expectAllBack(map: MassTree<Value>): void {
  map.clear();
  const { quiesce, liveBlocks, retiredBlocks } = statistics(map);
  quiesce();
  verify(map);
  expect({ live: liveBlocks(), retired: retiredBlocks() }).toEqual({ live: 1, retired: 0 });
}

test.each([
  { width: 15, builds: undefined },
  { width: 3, builds: debugBuilds },
])("16 threads on whatever cores: width $width", async ({ width, builds }) => {
  const rounds = runs(150);
  const program = programOf("histories-worker");
  const report = await checkHistories({ rounds, threads: 16, seed, width, builds, program });
  expect(report.complaints).toEqual([]);
});

test("a thread that stays pinned delays only the freeing of garbage", async () => {
  useBuilds(undefined);
  const map = new MassTree<Value>({ maxBytes: 2 ** 28 });
  const pinned = begin({ task: "pin", handle: map.handle });
  await once(pinned, "message");
  const retired: number[] = [];
  let longest = 0;
  const { lateness } = await withLateness(() => {
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 5000; i++) {
        const before = performance.now();
        map.set(`key ${i % 100}`, { v: 2 * i, pad: "x".repeat(100) });
        longest = Math.max(longest, performance.now() - before);
      }
      retired.push(statistics(map).retiredBytes());
      expect(map.size).toBe(100);
    }
  });
  // Nothing bounds it: docs/decisions/0004-epochs.md. What is retired says so.
  for (let round = 1; round < 4; round++) {
    expect(retired[round]! - retired[round - 1]!).toBeGreaterThan(4000 * 100);
  }
  expect(longest).toBeLessThan(2000 + 10 * lateness);
  await pinned.terminate();
  statistics(map).quiesce();
  expect(statistics(map).retiredBlocks()).toBe(0);
  expectAllBack(map);
  map.close();
});

test("if all participants are taken, the next is refused until a thread with some dies", async () => {
  useBuilds(undefined);
  const map = new MassTree<Value>({ maxBytes: 2 ** 28 });
  map.set("there", 1);
  const taker = begin({ task: "take", handle: map.handle, count: 200 });
  expect(await once(taker, "message")).toEqual([200]);
  const taken = Array.from({ length: 47 }, () => MassTree.attach<Value>(map.handle));
  for (let i = 0; i < 3; i++) expect(() => MassTree.attach(map.handle)).toThrow(tooMany);
  expect(map.get("there")).toBe(1);
  map.set("there", 3);
  await taker.terminate();
  const next = MassTree.attach<Value>(map.handle);
  expect(next.get("there")).toBe(3);
  for (const other of [next, ...taken]) other.close();
  checkThatNumbersAreFree(map);
  expectAllBack(map);
  map.close();
});

test("closing a map makes room for another participant, too", () => {
  const map = new MassTree<Value>({ maxBytes: 2 ** 28 });
  const taken = Array.from({ length: 247 }, () => MassTree.attach<Value>(map.handle));
  expect(() => MassTree.attach(map.handle)).toThrow(tooMany);
  taken.pop()!.close();
  taken.push(MassTree.attach(map.handle));
  expect(() => MassTree.attach(map.handle)).toThrow(tooMany);
  for (const other of taken) other.close();
  map.close();
});

test.each([
  { width: 15, builds: undefined },
  { width: 3, builds: debugBuilds },
])("version counters wrap under everybody's feet: width $width", async ({ width, builds }) => {
  useBuilds(builds);
  const map = new MassTree<Value>({ width: width as 15 });
  // In the first layer, so that its nodes are what the threads meet at.
  for (let i = 0; i < 40; i++) map.set(`${i % 4}/${i} stays`, 1);
  for (const left of [0, 1, 5, 50, 65_535 + 3]) {
    expect(setCounters(map, width, left)).toBeGreaterThan(1);
    expect(countLow(map, width)).toBe(0);
    const { handle } = map;
    const threads = Array.from({ length: 4 }, (_, thread) =>
      run({ task: "churn", handle, builds, thread, rounds: runs(1500) }),
    );
    await Promise.all(threads);
    verify(map);
    expect(map.size).toBe(40);
    if (left < 10) expect(countLow(map, width)).toBeGreaterThan(0);
  }
  for (let i = 0; i < 40; i++) expect(map.get(`${i % 4}/${i} stays`)).toBe(1);
  expectAllBack(map);
  map.close();
});

test.each([1, 2, 4])("a map at its last byte loses nothing: filled by %i", async (threads) => {
  useBuilds(undefined);
  const maxBytes = 4 * 2 ** 20;
  const map = new MassTree<Value>({ maxBytes });
  for (let round = 0; round < 2; round++) {
    const { handle } = map;
    const ready = new SharedArrayBuffer(4);
    const filling = Array.from({ length: threads }, (_, thread) =>
      run({ task: "fill", handle, thread, threads, ready }),
    );
    const filled = (await Promise.all(filling)) as number[];
    expect(map.handle.memory.buffer.byteLength).toBe(maxBytes);
    // Unless others gave something back, there is no room for large values; small ones may fit.
    expect(() => map.set("large", valueFor(502))).toThrow(full);
    verify(map);
    const expected = filled.reduce((sum, each) => sum + each, 0);
    expect(map.size).toBe(expected);
    for (const [thread, each] of filled.entries()) {
      for (let i = 0; i < each; i++) {
        expect(numberOf(map.get(fillKey(thread, i)))).toBe(1 + i);
      }
    }
    expectAllBack(map);
  }
  map.close();
});
