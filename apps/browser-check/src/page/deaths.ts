/*
 * Checks what happens when workers end without closing their map, in the middle of a write or idle.
 *
 * As long as a dead worker may not have been recovered, the page does not touch the map: it would wait
 * for a lock that the dead worker holds, and so never learn that it has ended. `stats` takes no lock.
 */
import { MassTree } from "masstree";
import { check, type Entry } from "./plan.ts";
import { acquainted, assert, numbers, sleep, Thread, until } from "./thread.ts";

const shared = () => new SharedArrayBuffer(8);
const gone = (map: MassTree<Entry>, participant: number) =>
  until(`participant ${participant} is recovered`, () => !numbers(map).includes(participant));

/**
 * Terminates `count` workers in the middle of writes, three at a time, while two others keep writing.
 *
 * A terminated worker does not stop at once: Chromium lets a worker that does not return to its event
 * loop run for two more seconds. The count of its steps shows when it has stopped.
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
      // By now it has written every key, so none is still as the previous worker of that name left it.
      await until("writes", () => Atomics.load(counter, 0) > 1000);
      await sleep(50 * Math.random());
      thread.terminate();
      let last = 0;
      let changed = 0;
      await until(`participant ${participant} is recovered`, () => {
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
      // The browser must free the lock only after the thread has stopped.
      assert(Atomics.load(counter, 0) === last, "it kept writing after it was recovered");
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
  return `${count} workers after ${steps} steps; each was recovered within ${slowest.toFixed(1)} ms of its last step; the others waited at most ${longest.toFixed(1)} ms`;
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
  await until("both are recovered", () => String(numbers(map)) === "1");
  check(map, "nested", Atomics.load(counter, 0));
  map.verify();
  map.close();
}

/** A worker that blocks has not ended: it is not recovered, and `release` refuses it. */
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
    assert(code === "MASSTREE_BAD_OPTION", "'release' accepted a thread that is running");
  }
  assert(numbers(map).includes(participant), "it was recovered although it is running");
  await still;
  assert((await thread.call("fill", "alive", 1000)) === 1000, "its entries are lost");
  await thread.call("close");
  thread.terminate();
  map.verify();
  map.close();
}

/** A worker that never returned to its event loop may hold no lock. Then `release` recovers it. */
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
  if (!found) assert(map.release(participant), "'release' found nothing to recover");
  check(map, "flood", count);
  map.verify();
  map.close();
  return found ? "recovered through its lock" : "recovered by release";
}
