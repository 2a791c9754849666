// Threads over two maps, as users have them: through the public classes of the built package.
import { Worker } from "node:worker_threads";
import { treeOf, verify } from "@masstree/tree";
import { runs } from "@tooling/vitest/random";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type KeyType, MassTree, MassTreeInline, type OrderedMap } from "../src/index.ts";

const workers = 4;
const control = new Int32Array(new SharedArrayBuffer(4));

interface Item {
  i: number;
  text: string;
}

let map: MassTree<Item>;
let counts: MassTreeInline<number, number>;

function leave<K extends KeyType, V>(one: OrderedMap<K, V>, other: OrderedMap<K, V>): void {
  expect(treeOf(other).exports.participantNumber()).toBe(2);
  other.close();
  verify(one);
  one.clear();
  expect(treeOf(one).exports.quiesce()).toBe(1);
  verify(one);
  one.close();
}

function run(task: string, worker: number, keys: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const workerData = { task, worker, workers, keys, control };
    const thread = new Worker(new URL("programs/worker.js", import.meta.url), {
      workerData: { ...workerData, handle: map.handle, counts: counts.handle },
    });
    let answer: number;
    thread.once("message", (message) => {
      answer = message;
    });
    thread.once("error", reject);
    thread.once("exit", () => resolve(answer));
  });
}

const all = (task: string, keys: number) =>
  Promise.all(Array.from({ length: workers }, (_, worker) => run(task, worker, keys)));

/**
 * Registers the tests.
 *
 * @param scale how many times as many keys as in the short run
 */
export function testWorkers(scale: number): void {
  beforeEach(() => {
    control[0] = 0;
    map = new MassTree<Item>();
    counts = new MassTreeInline({ key: "number" });
  });

  // All workers have gone, one way or another, and left nothing behind.
  afterEach(() => {
    leave(map, MassTree.attach<Item>(map.handle));
    leave(counts, MassTreeInline.attach<number, number>(counts.handle));
  });

  test("workers fill one map at once, and everybody finds everything", async () => {
    const keys = runs(8000 * scale);
    await all("fill", keys);
    expect(map.size).toBe(keys);
    for (let i = 0; i < keys; i++) {
      expect(map.get(`key/${i}`)).toEqual({ i, text: "x".repeat(i % 100) });
    }
    const sorted = Array.from({ length: keys }, (_, i) => `key/${i}`).sort();
    expect([...map.keys()]).toEqual(sorted);
    expect([...counts]).toEqual(Array.from({ length: keys }, (_, i) => [i, i]));

    const removed = await all("drain", 0);
    expect(removed.reduce((a, b) => a + b)).toBe(keys);
    expect(map.size).toBe(0);
  });

  test("workers that write the same keys never read a torn value", async () => {
    await all("contend", runs(3000 * scale));
    for (const [, { text }] of map) expect(text).toBe((text[0] ?? "").repeat(text.length));
    expect(map.size).toBeLessThanOrEqual(10);
  });

  test("a scan in one worker sees what stays, while others insert and remove", async () => {
    const keys = runs(3000 * scale);
    for (let i = 0; i < keys; i++) counts.set(3 * i, i);
    const scans = [run("scan", 0, keys), run("scan", 1, keys)];
    const churns = Array.from({ length: 2 }, (_, worker) => run("churn", worker * 2, keys));
    try {
      await Promise.all(churns);
    } finally {
      control[0] = 1;
    }
    await Promise.all(scans);
    expect(counts.size).toBe(keys);
  });
}
