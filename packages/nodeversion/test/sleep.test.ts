// One thread waits for another: it sleeps, and is woken when its time has come.
import { setTimeout } from "node:timers/promises";
import { runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { compile, instantiate, sharedMemory, word } from "./modules.ts";
import { runThreads, type Task } from "./threads.ts";

const node = 64;
// Sleeps after four looks, for up to two seconds: much longer than any of these tests holds a lock.
const module = compile("contend-debug");

/** How many such sleeps can have ended by themselves since then: none, unless the machine is busy. */
const sleepsSince = (start: number) => Math.floor((performance.now() - start) / 2000);

function setup(start = 0n) {
  const memory = sharedMemory();
  const words = new BigUint64Array(memory.buffer);
  words[node / 8] = start;
  const exports = instantiate("nodeversion-debug", memory);
  const now = () => Atomics.load(words, node / 8);
  const until = async (done: () => boolean) => {
    for (const end = performance.now() + 100_000; !done(); await setTimeout(1)) {
      if (performance.now() > end) throw new Error(`timed out at ${now().toString(16)}`);
    }
  };
  return {
    memory,
    exports,
    now,
    until,
    run: (...tasks: Task[]) => runThreads(module, memory, tasks),
  };
}

test("a thread that waits for the lock says so in the word, sleeps, and is woken by the unlock", async () => {
  const { exports, now, until, run } = setup(word({ leaf: true }));
  const start = performance.now();
  exports.lock(node, 1);
  const waiting = run(["lock", node, 2]);
  await until(() => now() === word({ leaf: true, owner: 1, sleepers: true }));
  // It has set the bit; give it the time to fall asleep.
  await setTimeout(50);
  expect(now()).toBe(word({ leaf: true, owner: 1, sleepers: true }));
  const late = sleepsSince(start);
  exports.unlock(node);
  const [outcome] = await waiting;
  expect(outcome!.result).toBe(undefined);
  expect(outcome!.timeouts).toBeLessThanOrEqual(late);
  // Taken with SLEEPERS, for it cannot know whether it was the last one.
  expect(now()).toBe(word({ leaf: true, owner: 2, sleepers: true }));
});

test("a reader that waits for the end of a marked section sleeps, and is woken", async () => {
  const { exports, now, until, run } = setup();
  const start = performance.now();
  exports.lock(node, 1);
  exports.markSplitting(node);
  const waiting = run(["stable", node]);
  await until(() => now() === word({ owner: 1, splitting: true, sleepers: true }));
  await setTimeout(50);
  const late = sleepsSince(start);
  exports.unlock(node);
  const [outcome] = await waiting;
  expect(outcome!.result).toBe(word({ splits: 1 }));
  expect(outcome!.timeouts).toBeLessThanOrEqual(late);
  expect(now()).toBe(word({ splits: 1 }));
});

test("a mark while others sleep does not lose them", async () => {
  const { exports, now, until, run } = setup();
  const start = performance.now();
  exports.lock(node, 1);
  const waiting = run(["count", node, 2, 1]);
  await until(() => (now() & exports.SLEEPERS.value) !== 0n);
  await setTimeout(50);
  exports.markInserting(node);
  exports.setRoot(node);
  exports.clearRoot(node);
  exports.markDeleted(node);
  expect(now()).toBe(
    word({ owner: 1, sleepers: true, inserting: true, splitting: true, deleted: true }),
  );
  const late = sleepsSince(start);
  exports.unlock(node);
  const [outcome] = await waiting;
  expect(outcome!.result).toBe(undefined);
  expect(outcome!.timeouts).toBeLessThanOrEqual(late);
});

test.each([
  ["markInserting", word({ inserts: 1 })],
  ["markSplitting", word({ splits: 1 })],
  ["markDeleted", word({ splits: 1 })],
  ["setRoot", 0n],
  ["clearRoot", 0n],
])(
  "%s never overwrites the bit of a thread that falls asleep at that moment",
  async (name, step) => {
    const { now, run } = setup();
    const times = runs(1_000);
    const kind = ["markInserting", "markSplitting", "markDeleted", "setRoot", "clearRoot"].indexOf(
      name,
    );
    // Sections that take longer than falling asleep, and one sleeper, for whom no other sets the bit.
    const marking: Task = ["mark", node, 1, times, 1_000, kind];
    const counting: Task = ["count", node, 2, times];
    const outcomes = await run(marking, counting);
    expect(outcomes.map(({ timeouts }) => timeouts)).toEqual([0, 0]);
    const counters = (now() >> 16n) << 16n;
    expect(counters).toBe(step * BigInt(times));
  },
);

test("one unlock wakes one thread after the other, readers and writers mixed, until all had their turn", async () => {
  const { exports, memory, now, until, run } = setup();
  const start = performance.now();
  exports.lock(node, 1);
  exports.markInserting(node);
  const tasks = Array.from({ length: 8 }, (_, i): Task => {
    return i % 2 ? ["stable", node] : ["count", node, i + 2, 1];
  });
  const waiting = run(...tasks);
  await until(() => (now() & exports.SLEEPERS.value) !== 0n);
  await setTimeout(300);
  const late = sleepsSince(start);
  exports.unlock(node);
  const outcomes = await waiting;
  for (const { timeouts } of outcomes) expect(timeouts).toBeLessThanOrEqual(late);
  expect(now()).toBe(word({ inserts: 1 }));
  expect(new BigUint64Array(memory.buffer)[node / 8 + 1]).toBe(4n);
});

test("a thread that may not wait spins until the lock is free, and never sets SLEEPERS", async () => {
  const { exports, memory, now } = setup();
  exports.lock(node, 1);
  const spinning = runThreads(module, memory, [["count", node, 2, 1]], () => false);
  await setTimeout(200);
  expect(now()).toBe(word({ owner: 1 }));
  exports.unlock(node);
  expect(await spinning).toEqual([{ result: undefined, timeouts: 0 }]);
});

test("a sleeper whose lock is never given back wakes by itself now and then, and sleeps again", async () => {
  let timeouts = 0;
  // On a busy machine it may not get to wake before the unlock does it.
  for (let milliseconds = 2_300; timeouts === 0; milliseconds *= 2) {
    expect(milliseconds).toBeLessThan(40_000);
    const { exports, now, until, run } = setup();
    exports.lock(node, 1);
    const waiting = run(["lock", node, 2]);
    await until(() => (now() & exports.SLEEPERS.value) !== 0n);
    await setTimeout(milliseconds);
    exports.unlock(node);
    const [outcome] = await waiting;
    ({ timeouts } = outcome!);
    expect(exports.isHeldBy(node, 2)).toBe(1);
  }
});
