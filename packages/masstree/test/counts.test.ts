// Threads that count at once, in maps of numbers and of boxed values: no count is lost.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { runs } from "@tooling/vitest/random";
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
