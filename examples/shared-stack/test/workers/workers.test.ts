// Real threads: nothing is lost and nothing comes twice, also when threads are terminated in the middle.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { random, runs } from "@tooling/vitest/random";
import { workerProgram } from "@tooling/vitest/worker";
import { afterEach, expect, test } from "vitest";
import { SharedStack } from "../../src/index.ts";
import { numberOf } from "../numbers.ts";
import { Log } from "./log.ts";
import type { WorkerStart } from "./worker.ts";

const program = workerProgram(
  new URL("worker.ts", import.meta.url),
  new URL("../../reports/workers/", import.meta.url),
);

const running = new Set<Worker>();

afterEach(async () => {
  await Promise.all([...running].map((worker) => worker.terminate()));
});

function start(workerData: WorkerStart): { worker: Worker; ended: Promise<unknown> } {
  const worker = new Worker(program, { workerData });
  running.add(worker);
  const ended = once(worker, "exit").then(() => running.delete(worker));
  return { worker, ended };
}

test("what several workers push, somebody pops, once", async () => {
  const workers = 3;
  const count = 5000;
  using stack = SharedStack.create();
  const buffer = Log.buffer(workers * count);
  const { handle } = stack;
  const log = new Log(buffer);
  const starts = Array.from({ length: workers }, (_, row) =>
    start({ handle, log: buffer, first: row * count, count, row }),
  );
  await Promise.all(starts.map(({ ended }) => ended));
  stack.verify();
  expect(stack.size).toBe([...stack].length);
  for (let left = stack.pop(); left !== undefined; left = stack.pop()) log.popped(numberOf(left));
  const wrong = Array.from({ length: workers * count }, (_, n) => n).filter(
    (n) => log.timesPopped(n) !== 1,
  );
  expect(wrong).toEqual([]);
  expect(stack.participants()).toHaveLength(1);
});

test("a worker that is terminated leaves its push whole or absent, and the others go on", async () => {
  const kills = runs(100);
  const count = 30_000;
  const draw = random(1);
  using stack = SharedStack.create({ maxBytes: 2 ** 28 });
  const { handle } = stack;
  const buffer = Log.buffer((kills + 3) * count);
  const log = new Log(buffer);
  let rows = 0;
  const startNext = () => {
    const row = rows++;
    return { row, ...start({ handle, log: buffer, first: row * count, count, row }) };
  };
  const popSome = () => {
    for (let left = 1000; left > 0; left--) {
      const popped = stack.pop();
      if (popped === undefined) return;
      log.popped(numberOf(popped));
    }
  };
  const alive = [startNext(), startNext(), startNext()];
  for (let killed = 0; killed < kills; killed++) {
    const victim = alive.shift()!;
    alive.push(startNext());
    while (log.attempted(victim.row) === 0) await new Promise(setImmediate);
    const until = performance.now() + draw() * 3;
    while (performance.now() < until) popSome();
    void victim.worker.terminate();
    popSome(); // It may hold the lock.
    await victim.ended;
  }
  await Promise.all(alive.map(({ worker }) => worker.terminate()));
  stack.verify();
  while (stack.size > 0) popSome();
  let missing = 0;
  for (let row = 0; row < rows; row++) {
    for (let n = 0; n < log.attempted(row); n++) {
      const times = log.timesPopped(row * count + n);
      if (times > 1) expect.fail(`number ${n} of worker ${row} was popped ${times} times`);
      if (times === 0 && n < log.pushed(row)) missing++;
    }
  }
  // A worker that had popped a value and did not live to note it takes it along: one at most.
  expect(missing).toBeLessThanOrEqual(rows);
  stack.verify();
  expect(stack.stats()).toEqual({ size: 0, bytes: 0 });
  expect(stack.participants()).toMatchObject([{ self: true }]);
});
