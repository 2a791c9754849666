// Threads that swap the blocks behind shared slots and retire the old ones, whose contents are
// poisoned when they are freed.
import { Worker } from "node:worker_threads";
import { random } from "@tooling/vitest/random";
import { expect } from "vitest";
import { compiled, createRegion, must, type Region } from "./module.ts";

export interface Swap {
  threads: number;
  /** Reads and replacements of each thread. */
  rounds: number;
  /** After how many of them a thread leaves and joins again. */
  roundsPerStay: number;
  /** A reader stalls for a millisecond once in so many reads. */
  stallEvery: number;
  /** Readers do not pin: to see that the test would notice. */
  careless?: boolean;
}

export interface Outcome {
  freed: number;
  retired: number;
  reads: number;
  /** What a reader saw that it must not see. */
  found: string | undefined;
}

const SLOTS = 8;

/** Runs the threads, then takes the slots apart. Returns what the threads saw. */
export async function swap(options: Swap): Promise<{ region: Region; outcomes: Outcome[] }> {
  let freedHere = 0;
  const region = createRegion(() => freedHere++);
  const { memory, module } = region;
  const main = must(module.register());
  const slots = must(module.allocate(main, 4 * SLOTS));
  const view = new Int32Array(memory.buffer);
  for (let slot = 0; slot < SLOTS; slot++) {
    const block = must(module.allocate(main, 32));
    view.fill(block, block >>> 2, (block + 24) >>> 2);
    view[block >>> 2] = 32;
    Atomics.store(view, (slots >>> 2) + slot, block);
  }
  const draw = random();
  const shared = { compiled, memory, slots, slotCount: SLOTS, ...options };
  const outcomes = await Promise.all(
    Array.from({ length: options.threads }, () =>
      run({ ...shared, seed: Math.floor(draw() * 2 ** 32) | 0 }),
    ),
  );
  const now = new Int32Array(memory.buffer);
  for (let slot = 0; slot < SLOTS; slot++) {
    const block = Atomics.exchange(now, (slots >>> 2) + slot, 0) >>> 0;
    module.retire(main, block, now[block >>> 2]!);
  }
  const drained = module.drain(main);
  module.free(main, slots, 4 * SLOTS);
  module.leave(main);
  module.unregister(main);
  outcomes.push({
    freed: freedHere,
    retired: SLOTS,
    reads: 0,
    found: drained ? undefined : "rest",
  });
  return { region, outcomes };
}

function run(workerData: unknown): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./swap-worker.mjs", import.meta.url), { workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}

/** Runs the threads; no reader may have seen a freed block, and nothing may be left at the end. */
export async function expectNoHarm(options: Swap): Promise<void> {
  const { region, outcomes } = await swap(options);
  for (const { found } of outcomes) expect(found).toBeUndefined();
  const sum = (of: "freed" | "retired" | "reads") =>
    outcomes.reduce((total, outcome) => total + outcome[of], 0);
  expect(sum("reads")).toBeGreaterThan(0);
  expect(sum("freed")).toBe(sum("retired"));
  const { module } = region;
  expect(module.retiredBlocks()).toBe(0);
  expect(module.retiredBytes()).toBe(0);
  expect(module.verifyEpochs()).toBe(0);
  expect(module.liveBlocks()).toBe(0);
  expect(module.liveBytes()).toBe(0);
  expect(module.verifyMemory()).toBe(0);
}
