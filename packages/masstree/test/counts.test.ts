// Threads that count at once, in maps of numbers and of boxed values: no count is lost.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { MassTree, MassTreeInline } from "../src/index.ts";

const THREADS = 4;
/** In one leaf, in a layer, and in leaves that split. */
const keys = ["a", "b", "bbbbbbbb and more", "bbbbbbbb and other", "z"];

test("four threads that add and update make exactly as many as they made calls", async () => {
  const rounds = runs(5000);
  const plain = new MassTreeInline();
  const boxed = new MassTree<{ n: number; pad: string }>();
  const program = new URL("programs/count.js", import.meta.url);
  const common = { plain: plain.handle, boxed: boxed.handle, rounds, keys };
  const ends = Array.from({ length: THREADS }, async (_, thread) => {
    const worker = new Worker(program, { workerData: { ...common, thread } });
    const [code] = await once(worker, "exit");
    expect(code).toBe(0);
  });
  await Promise.all(ends);
  for (const [i, key] of keys.entries()) {
    const wanted = THREADS * Math.ceil((rounds - i) / keys.length);
    expect(plain.get(key), `added to ${key}`).toBe(wanted);
    expect(plain.get(`updated ${key}`), `updated ${key}`).toBe(wanted);
    expect(boxed.get(key)!.n, `updated ${key}, boxed`).toBe(wanted);
  }
  expect(plain.get("greatest")).toBe(THREADS * rounds - 1);
  expect(plain.get("least")).toBe(-(THREADS * rounds - 1));
  plain.verify();
  boxed.verify();
  plain.close();
  boxed.close();
}, 60_000);

test("a thread that is terminated has counted what it said, and at most one more", async () => {
  const plain = new MassTreeInline();
  const boxed = new MassTree<{ n: number }>();
  const program = new URL("programs/count-until-killed.js", import.meta.url);
  const draw = random(1);
  const totals = [0, 0, 0];
  let killed = 0;
  for (let round = 0; round < runs(4); round++) {
    const board = new SharedArrayBuffer(4 * 3 * THREADS);
    const counted = new Int32Array(board);
    const common = { plain: plain.handle, boxed: boxed.handle, board };
    const workers = Array.from(
      { length: THREADS },
      (_, thread) => new Worker(program, { workerData: { ...common, thread } }),
    );
    while (!workers.every((_, thread) => Atomics.load(counted, 3 * thread + 2) > 50)) {
      await new Promise((resolve) => setTimeout(resolve, 1 + 5 * draw()));
    }
    for (const worker of workers) {
      await new Promise((resolve) => setTimeout(resolve, 5 * draw()));
      await worker.terminate();
      killed++;
    }
    for (const i of totals.keys()) {
      for (let thread = 0; thread < THREADS; thread++) totals[i]! += counted[3 * thread + i]!;
    }
    const found = [plain.get("added")!, plain.get("updated")!, boxed.get("boxed")!.n];
    for (const [i, total] of totals.entries()) {
      expect(found[i]).toBeGreaterThanOrEqual(total);
      // Each of the dead may have died between a count and saying so.
      expect(found[i]).toBeLessThanOrEqual(total + killed);
    }
    plain.verify();
    boxed.verify();
  }
  plain.close();
  boxed.close();
}, 60_000);
