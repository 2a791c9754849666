/*
 * Workers that end without having closed their map, in the middle of a write or of nothing.
 *
 * While a worker may be dead that is not taken over from, the page does not touch the map: it would wait
 * for what that one holds, and so never hear of its end. `stats` takes no lock.
 */
import { MassTree } from "masstree";
import { check, type Entry } from "./plan.ts";
import { acquainted, assert, numbers, sleep, Thread, until } from "./thread.ts";

const shared = () => new SharedArrayBuffer(8);
const gone = (map: MassTree<Entry>, participant: number) =>
  until(`${participant} is taken over from`, () => !numbers(map).includes(participant));

/**
 * Terminates `count` workers in the middle of writes, three at a time, while two others go on writing.
 *
 * To terminate is not to stop: Chromium lets a worker that does not come back to its event loop run on
 * for two seconds. The count of steps tells when it has stopped.
 */
export async function terminated(count: number): Promise<string> {
  const map = new MassTree<Entry>();
  const others = await Promise.all([0, 1].map(() => Thread.attached(map.handle)));
  const stop = shared();
  const waits = others.map(({ thread }, i) => thread.call("write", `other${i}`, stop));
  let slowest = 0;
  let steps = 0;
  let left = count;
  while (left > 0) {
    const names = ["a", "b", "c"].slice(0, left);
    const started = Promise.all(names.map(() => Thread.attached(map.handle)));
    const doomed = (await started).map((one, i) => ({ ...one, name: names[i]!, done: shared() }));
    await acquainted(3 + doomed.length);
    const ends = doomed.map(async ({ thread, participant, name, done }) => {
      const counter = new Int32Array(done);
      thread.call("flood", name, done).catch(() => {});
      // Each key's turn has come: none is as the worker of that name before this one left it.
      await until("writes", () => Atomics.load(counter, 0) > 1000);
      await sleep(50 * Math.random());
      thread.terminate();
      let last = 0;
      let changed = 0;
      await until(`${participant} is taken over from`, () => {
        const now = Atomics.load(counter, 0);
        if (now !== last) changed = performance.now();
        last = now;
        return !numbers(map).includes(participant);
      });
      slowest = Math.max(slowest, performance.now() - changed);
      return { name, counter, last };
    });
    const stopped = await Promise.all(ends);
    await sleep(20);
    for (const { name, counter, last } of stopped) {
      // The lock was given up by a thread that had stopped, not by one that was going to.
      assert(Atomics.load(counter, 0) === last, "it went on after it was taken over from");
      check(map, name, last);
      steps += last;
    }
    left -= names.length;
  }
  Atomics.store(new Int32Array(stop), 0, 1);
  const longest = Math.max(...(await Promise.all(waits)));
  map.verify();
  for (const { thread } of others) thread.terminate();
  for (const { participant } of others) await gone(map, participant);
  map.verify();
  map.close();
  return `${count} workers after ${steps} steps; taken over from within ${slowest.toFixed(1)} ms of the last; the others waited ${longest.toFixed(1)} ms at most`;
}

export async function endsByItself(): Promise<void> {
  const map = new MassTree<Entry>();
  const { thread, participant } = await Thread.attached(map.handle);
  await acquainted(2);
  thread.call("end").catch(() => {});
  await gone(map, participant);
  map.verify();
  map.close();
}

export async function endsWithItsParent(): Promise<void> {
  const map = new MassTree<Entry>();
  const { thread } = await Thread.attached(map.handle);
  const done = shared();
  const counter = new Int32Array(done);
  await thread.call("nest", map.handle);
  await acquainted(3);
  await thread.call("floodNested", "nested", done);
  await until("the worker's worker writes", () => Atomics.load(counter, 0) > 1000);
  thread.terminate();
  await until("both are taken over from", () => String(numbers(map)) === "1");
  check(map, "nested", Atomics.load(counter, 0));
  map.verify();
  map.close();
}

/** One that stands still is not one that has ended, and cannot be released. */
export async function standsStill(): Promise<void> {
  const map = new MassTree<Entry>();
  const { thread, participant } = await Thread.attached(map.handle);
  await acquainted(2);
  const still = thread.call("standStill", 1500);
  for (let i = 0; i < 5; i++) {
    const other = await Thread.attached(map.handle);
    await until("its lock", async () => {
      const { held = [] } = await navigator.locks.query();
      return held.filter(({ name }) => name?.startsWith("masstree thread ")).length === 3;
    });
    await sleep(50);
    other.thread.terminate();
    await gone(map, other.participant);
    let code: unknown;
    try {
      map.release(participant);
    } catch (error) {
      code = (error as { code?: string }).code;
    }
    assert(code === "MASSTREE_BAD_OPTION", "'release' took a thread that runs");
  }
  assert(numbers(map).includes(participant), "it was taken over from");
  await still;
  assert((await thread.call("fill", "alive", 1000)) === 1000, "its entries are lost");
  await thread.call("close");
  thread.terminate();
  map.verify();
  map.close();
}

/** One that never came back to its event loop may have no lock: then 'release' is needed, and works. */
export async function neverCameBack(): Promise<string> {
  const map = new MassTree<Entry>();
  const thread = new Thread();
  const done = shared();
  const counter = new Int32Array(done);
  thread.call("attachAndFlood", map.handle, "flood", done).catch(() => {});
  await until("writes", () => Atomics.load(counter, 0) > 1000);
  thread.terminate();
  let count = -1;
  await until("it has stopped", async () => {
    const before = count;
    count = Atomics.load(counter, 0);
    await sleep(300);
    return count === before && Atomics.load(counter, 0) === count;
  });
  const participant = Atomics.load(counter, 1);
  const found = !numbers(map).includes(participant);
  if (!found) assert(map.release(participant), "'release' found nothing to take over");
  check(map, "flood", count);
  map.verify();
  map.close();
  return found ? "found out by its lock" : "released";
}
