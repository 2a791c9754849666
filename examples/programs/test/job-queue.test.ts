// Every state that a worker of the job queue can leave when it ends, and what becomes of the job.
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { MassTree, MassTreeInline } from "masstree";
import { expect, test } from "vitest";
import { JobQueue } from "../job-queue/queue.mjs";

/** Runs `callback` with a queue of one job, as two threads see it. */
function withJob(callback: (queue: JobQueue, other: JobQueue, id: number) => void): void {
  const queue = new JobQueue();
  const other = new JobQueue(queue.handles);
  callback(queue, other, queue.put("task"));
  other.close();
  queue.close();
}

test("a job that was popped and not claimed is found again", () => {
  withJob((queue, other, id) => {
    // The worker ends right before it claims the job.
    const claim = new Error("ended");
    expect(() => endingBefore("compareAndSet", claim, () => queue.take(1))).toThrow(claim);
    expect(other.take(2)).toBeUndefined();
    other.rescue(1);
    expect(other.take(2)).toEqual({ id, task: "task" });
  });
});

test("a job that was claimed is done by another worker", () => {
  withJob((queue, other, id) => {
    queue.take(1);
    expect(other.take(2)).toBeUndefined();
    expect(other.rescue(1)).toBe(1);
    expect(other.take(2)).toEqual({ id, task: "task" });
  });
});

test("a job whose result is there is not done again", () => {
  withJob((queue, other, id) => {
    queue.take(1);
    const ended = new Error("ended");
    expect(() => endingBefore("delete", ended, () => queue.finish(id, { value: 1 }))).toThrow(
      ended,
    );
    expect(other.rescue(1)).toBe(0);
    expect(other.take(2)).toBeUndefined();
    expect(other.open).toBe(0);
    expect([...other.results()]).toEqual([[id, { value: 1 }]]);
  });
});

test("the jobs of others are left alone, and an entry too many does no harm", () => {
  withJob((queue, other) => {
    queue.take(1);
    expect(other.rescue(3)).toBe(0);
    expect(other.take(2)).toBeUndefined();
    const second = queue.put("second");
    other.rescue(3); // enters the waiting job once more
    expect(other.take(2)).toEqual({ id: second, task: "second" });
    expect(queue.take(1)).toBeUndefined();
  });
});

test("of two results, the first one stays; after three tries, a job is given up", () => {
  withJob((queue, other, id) => {
    for (let worker = 1; worker <= 3; worker++) {
      expect(queue.take(worker)?.id).toBe(id);
      other.rescue(worker);
    }
    expect(queue.take(4)).toBeUndefined();
    queue.finish(id, { value: "late" });
    expect([...queue.results()]).toEqual([[id, { error: "given up after 3 tries" }]]);
  });
});

test("urgent jobs come first, then the oldest", () => {
  withJob((queue) => {
    queue.put("later", 9);
    queue.put("urgent", 1);
    queue.put("second");
    const order = [1, 2, 3, 4, 5].map((worker) => queue.take(worker)?.task);
    expect(order).toEqual(["urgent", "task", "second", "later", undefined]);
  });
});

test("a worker that sleeps wakes up for a new job, for a job of a dead worker, and for the end", async () => {
  const queue = new JobQueue();
  queue.put({ text: "of a dead worker", rounds: 1 });
  queue.take(1);
  const worker = new Worker(new URL("../job-queue/worker.mjs", import.meta.url), {
    workerData: { queue: queue.handles, worker: 2 },
  });
  const ended = once(worker, "exit");

  queue.put({ text: "new", rounds: 1 });
  await queue.untilOpen(1);
  await fallsAsleep();
  queue.put({ text: "newer", rounds: 1 });
  await queue.untilOpen(1);
  await fallsAsleep();
  expect(queue.rescue(1)).toBe(1);
  await queue.untilOpen(0);
  expect([...queue.results()].map(([id]) => id)).toEqual([1, 2, 3]);
  await fallsAsleep();
  queue.end();
  expect(await ended).toEqual([0]);
  queue.close();
});

test("a result that its worker could not count any more is counted by rescue", async () => {
  const queue = new JobQueue();
  const counts = MassTreeInline.attach(queue.handles.counts);
  const id = queue.put("task");
  const isDone = queue.untilOpen(0);
  queue.take(1);
  const ended = new Error("ended");
  expect(() => endingBefore("delete", ended, () => queue.finish(id, { value: 1 }))).toThrow(ended);
  // Those who wait look again when this is written.
  expect(counts.get("finishes")).toBe(0);
  queue.rescue(1);
  expect(counts.get("finishes")).toBe(1);
  await isDone;
  counts.close();
  queue.close();
});

/** Time for a worker without a job to fall asleep. If it takes longer, the test sees less, but does not fail. */
function fallsAsleep(): Promise<void> {
  return sleep(20);
}

/** Runs `callback` up to the first call of a method of `MassTree`, which throws `error` instead. */
function endingBefore(
  method: "compareAndSet" | "delete",
  error: Error,
  callback: () => void,
): void {
  const prototype = Object.getPrototypeOf(MassTree.prototype);
  const original = prototype[method];
  prototype[method] = () => {
    throw error;
  };
  try {
    callback();
  } finally {
    prototype[method] = original;
  }
}
