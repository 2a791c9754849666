import { Worker } from "node:worker_threads";
import { expect } from "vitest";
import { type Build, compile, type Raw } from "./module.ts";

export interface Crowd {
  task: "pass" | "come" | "squeeze";
  threads: number;
  rounds: number;
  seed: number;
}

/**
 * Runs a task of worker.mjs in threads of their own, all at once, and resolves when every one has
 * ended well, with the blocks that they left in the exchange.
 */
export async function crowd(
  build: Build,
  { memory }: Raw,
  { task, threads, rounds, seed }: Crowd,
): Promise<number[]> {
  const shared = new Int32Array(new SharedArrayBuffer((2 + 257 + 512) * 4));
  shared[0] = threads;
  const module = compile(build);
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const workerData = { module, memory, shared, task, thread, rounds, seed };
      const worker = new Worker(new URL("./worker.mjs", import.meta.url), { workerData });
      return new Promise<void>((resolve, reject) => {
        let done = false;
        worker.once("message", () => {
          done = true;
        });
        worker.once("error", reject);
        worker.once("exit", (code) => {
          if (done) resolve();
          else reject(new Error(`a thread exited with ${code}`));
        });
      });
    }),
  );
  expect(shared[1], "checks that failed").toBe(0);
  return [...shared.subarray(2 + 257)].filter((block) => block !== 0).map((block) => block >>> 0);
}
