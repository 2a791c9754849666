// Threads that end in a browser, which tells of it by Web Locks: who is taken over from, and who never.
import { Origin } from "@tooling/browsers/origin";
import { isFull, random, runs } from "@tooling/vitest/random";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { BrowserThread } from "./support/browser-thread.ts";
import type { WordMap } from "./word-map.ts";

const draw = random();
const upTo = (count: number) => Math.floor(draw() * count);
/** From one write that a thread dies before to the next one. */
const steps = isFull ? 1 : 4;

let origin: Origin;
const start = (globals?: object) => BrowserThread.start(origin, globals);

beforeEach(() => {
  origin = new Origin(draw);
});

/** The numbers of those that have the map open, as one of them sees it. */
const participants = (map: WordMap) => map.stats().participants.map(({ number }) => number);
const threadLocks = () => {
  const { held = [], pending = [] } = origin.snapshot();
  return { held: held.length, pending: pending.length };
};

/** A page with a map, and workers that have it open, all of whom had time to hear of each other. */
async function pageAndWorkers(count: number) {
  const page = await start();
  const map = page.create();
  const workers: { thread: BrowserThread; map: WordMap }[] = [];
  for (let i = 0; i < count; i++) {
    const thread = await start();
    workers.push({ thread, map: thread.attach(map.handle) });
  }
  await origin.settle();
  return { page, map, workers };
}

describe("a thread that ended", () => {
  test("is taken over from, whichever of its writes it was before", async () => {
    for (let writes = upTo(steps); writes < 60; writes += steps) {
      const { map, workers } = await pageAndWorkers(1);
      const [worker] = workers;
      // One more splits the leaf.
      for (let i = 0; i < 15; i++) map.set(`key ${i}`, BigInt(i));
      worker!.thread.dieIn(worker!.map, writes, () => worker!.map.set("key 55", 55n));
      await origin.settle();
      expect(participants(map)).toEqual([1]);
      expect([55n, undefined]).toContain(map.get("key 55"));
      map.set("key 55", 56n).set("key 56", 57n);
      expect(map.size).toBe(17);
      map.verify();
    }
  });

  test("is taken over from though what that takes is held by another that ended with it", async () => {
    // Whose end is heard of first is left to chance.
    for (let writes = upTo(steps); writes < 60; writes += steps) {
      const { map, workers } = await pageAndWorkers(2);
      const [idle, writing] = workers;
      for (let i = 0; i < 15; i++) map.set(`key ${i}`, BigInt(i));
      writing!.thread.dieIn(writing!.map, writes, () => writing!.map.set("key 55", 55n));
      idle!.thread.agent.die();
      await origin.settle();
      await vi.waitFor(() => expect(participants(map)).toEqual([1]), 10_000);
      map.verify();
    }
  });

  test("is taken over from by threads that came after it", async () => {
    const { map, workers } = await pageAndWorkers(1);
    const late = await start();
    const lateMap = late.attach(map.handle);
    await origin.settle();
    map.close();
    workers[0]!.thread.agent.die();
    await origin.settle();
    expect(participants(lateMap)).toEqual([3]);
    lateMap.verify();
  });

  test("is taken over from in every map that it had open", async () => {
    const { page, map, workers } = await pageAndWorkers(1);
    const second = page.create();
    workers[0]!.thread.attach(second.handle);
    workers[0]!.thread.agent.die();
    await origin.settle();
    expect([participants(map), participants(second)]).toEqual([[1], [1]]);
  });

  test("is heard of by a thread that shares only a later map with it", async () => {
    const { workers } = await pageAndWorkers(1);
    const other = await start();
    const map = other.create();
    await origin.settle();
    workers[0]!.thread.attach(map.handle);
    await origin.settle();
    workers[0]!.thread.agent.die();
    await origin.settle();
    expect(participants(map)).toEqual([1]);
  });

  test("is heard of where it had told before it came back to its event loop", async () => {
    const { workers } = await pageAndWorkers(1);
    const other = await start();
    const map = other.create();
    await origin.settle();
    const { thread } = workers[0]!;
    thread.dieIn(thread.attach(map.handle), 0, () => {});
    await origin.settle();
    expect(participants(map)).toEqual([1]);
  });

  test("is heard of by the others while one of them stands still", async () => {
    // Whose request is the first in the queue is left to chance.
    for (let round = 0; round < 10; round++) {
      const { page, map, workers } = await pageAndWorkers(2);
      page.agent.standsStill = true;
      workers[0]!.thread.agent.die();
      await origin.settle();
      expect(participants(workers[1]!.map)).toEqual([1, 3]);
      page.agent.standsStill = false;
      await origin.settle();
      expect(participants(map)).toEqual([1, 3]);
    }
  });

  test("leaves nothing locked, not even all of the memory", async () => {
    const { map, workers } = await pageAndWorkers(1);
    // What the word at byte 128 says right after thread 2 has locked the region.
    new BigUint64Array(map.handle.memory.buffer)[128 / 8] = 2n;
    workers[0]!.thread.agent.die();
    await origin.settle();
    for (let i = 0; i < 1000; i++) map.set(`key ${i}`, BigInt(i));
    expect(map.size).toBe(1000);
    map.verify();
  });
});

describe("a thread that lives", () => {
  test("is never taken over from, however long it stands still", async () => {
    const { map, workers } = await pageAndWorkers(2);
    workers[0]!.thread.agent.standsStill = true;
    for (let i = 0; i < 5; i++) {
      const other = await start();
      other.attach(map.handle);
      await origin.settle();
      other.agent.die();
      await origin.settle();
    }
    expect(participants(map)).toEqual([1, 2, 3]);
    expect(workers[0]!.map.set("a", 1n).get("a")).toBe(1n);
  });

  test("is never taken over from before it has its lock", async () => {
    const { map } = await pageAndWorkers(0);
    const worker = await start();
    worker.agent.standsStill = true;
    worker.attach(map.handle);
    for (let i = 0; i < 3; i++) {
      (await start()).attach(map.handle);
      await origin.settle();
    }
    expect(participants(map)).toEqual([1, 2, 3, 4, 5]);
    // It is, from then on.
    worker.agent.standsStill = false;
    await origin.settle();
    worker.agent.die();
    await origin.settle();
    expect(participants(map)).toEqual([1, 3, 4, 5]);
  });

  test("is refused by 'release' once its lock was seen to be held", async () => {
    const { map, workers } = await pageAndWorkers(1);
    const refused = expect.objectContaining({ code: "MASSTREE_BAD_OPTION" });
    expect(() => map.release(2)).toThrow(refused);
    expect(() => workers[0]!.map.release(1)).toThrow(refused);
    expect(participants(map)).toEqual([1, 2]);
  });

  test("is refused by 'release' when it is the thread that calls it", async () => {
    const { page, map } = await pageAndWorkers(0);
    const second = page.attach(map.handle);
    expect(() => map.release(second.participant)).toThrow(/still runs/);
  });
});

test("a thread that died before it had its lock waits for 'release'", async () => {
  const { map } = await pageAndWorkers(0);
  const worker = await start();
  worker.attach(map.handle);
  worker.agent.die();
  await origin.settle();
  expect(participants(map)).toEqual([1, 2]);
  expect(map.release(2)).toBe(true);
  expect(participants(map)).toEqual([1]);
  map.verify();
});

describe("closing", () => {
  test("the last map gives up the lock, and all that was asked for", async () => {
    const { map, workers } = await pageAndWorkers(2);
    expect(threadLocks()).toEqual({ held: 3, pending: 6 });
    workers[0]!.map.close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 2, pending: 2 });
    expect(participants(map)).toEqual([1, 3]);
    workers[1]!.map.close();
    map.close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 0, pending: 0 });
    expect(origin.openChannels).toBe(0);
  });

  test("one of two maps gives up nothing", async () => {
    const { page, map } = await pageAndWorkers(0);
    page.create().close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 1, pending: 0 });
    map.close();
  });

  test("before the lock was granted leaves none", async () => {
    const thread = await start();
    thread.create().close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 0, pending: 0 });
  });

  test("while the lock is on its way leaves none", async () => {
    const thread = await start();
    const map = thread.create();
    while (threadLocks().held === 0) await origin.step();
    expect(thread.agent.hasLock).toBe(false);
    map.close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 0, pending: 0 });
  });

  test("and opening any number of times in one job takes one lock", async () => {
    const thread = await start();
    const { handle } = thread.create();
    for (let i = 0; i < 50; i++) thread.attach(handle).close();
    await origin.settle();
    expect(threadLocks()).toEqual({ held: 1, pending: 0 });
  });

  test("leaves the number to another, who is not taken for the one before", async () => {
    const { map, workers } = await pageAndWorkers(2);
    const [first, second] = workers;
    first!.map.close();
    // In the same job, and before anybody can have heard: number 2 is another thread's.
    const other = await start();
    const otherMap = other.attach(map.handle);
    expect(otherMap.participant).toBe(2);
    await origin.settle();
    // The thread that had it ends; so does one whose number is not taken again.
    first!.thread.agent.die();
    second!.thread.agent.die();
    await origin.settle();
    expect(participants(map)).toEqual([1, 2]);
    expect(otherMap.set("a", 1n).get("a")).toBe(1n);
    other.agent.die();
    await origin.settle();
    expect(participants(map)).toEqual([1]);
  });

  test("and attaching again makes a thread one that can be missed again", async () => {
    const { map, workers } = await pageAndWorkers(1);
    const [worker] = workers;
    worker!.map.close();
    await origin.settle();
    const again = worker!.thread.attach(map.handle);
    await origin.settle();
    expect(participants(map)).toEqual([1, 2]);
    expect(again.set("a", 1n).get("a")).toBe(1n);
    worker!.thread.agent.die();
    await origin.settle();
    expect(participants(map)).toEqual([1]);
  });
});

test("attaching that fails leaves no lock", async () => {
  const { map } = await pageAndWorkers(0);
  const thread = await start();
  const others = Array.from({ length: 247 }, () => thread.attach(map.handle));
  for (const other of others) other.close();
  await origin.settle();
  const filler = await start();
  for (let i = 0; i < 247; i++) filler.attach(map.handle);
  await origin.settle();
  expect(() => thread.attach(map.handle)).toThrow(/Too many participants are attached/);
  await origin.settle();
  expect(threadLocks()).toEqual({ held: 2, pending: 2 });
});

test("pages of one origin that share no map ask for nothing of each other", async () => {
  await pageAndWorkers(1);
  await pageAndWorkers(1);
  expect(threadLocks()).toEqual({ held: 4, pending: 4 });
});

describe("a platform", () => {
  const refused = { request: () => Promise.reject(new Error("SecurityError")) };
  test.each<[string, object]>([
    ["without locks", { navigator: {} }],
    ["without a navigator", { navigator: undefined }],
    ["without channels", { BroadcastChannel: undefined }],
    ["that refuses locks, as to opaque origins", { navigator: { locks: refused } }],
  ])("%s has 'release'", async (_, globals) => {
    const page = await start(globals);
    const map = page.create();
    const worker = await start(globals);
    const workerMap = worker.attach(map.handle);
    await origin.settle();
    worker.dieIn(workerMap, 3, () => workerMap.set("a", 1n));
    await origin.settle();
    expect(participants(map)).toEqual([1, 2]);
    expect(map.release(2)).toBe(true);
    expect(participants(map)).toEqual([1]);
    map.set("a", 1n).verify();
  });
});

test("whatever order things happen in, the living are left alone and the dead taken over from", async () => {
  interface Other {
    readonly thread: BrowserThread;
    map?: WordMap | undefined;
  }
  let missed = 0;
  for (let run = 0; run < runs(20); run++) {
    origin = new Origin(draw);
    const page = await start();
    const map = page.create();
    let others: Other[] = [];
    for (let i = 0; i < 6; i++) others.push({ thread: await start() });
    const open = () => others.map((one) => one.map?.participant).filter((n) => n !== undefined);
    /** Participants of the dead, and whether their threads had had their locks. */
    const dead = new Map<number, boolean>();
    for (let step = 0; step < 60; step++) {
      const one = others[upTo(others.length)]!;
      const action = upTo(8);
      if (action === 0) one.map ??= one.thread.attach(map.handle);
      else if (action === 1) one.map = void one.map?.close();
      else if (action === 2) one.thread.agent.standsStill = upTo(2) === 0;
      else if (action === 3 && others.length > 1 && upTo(3) === 0) {
        if (one.map) dead.set(one.map.participant, one.thread.agent.hasLock);
        one.thread.agent.die();
        others = others.filter((other) => other !== one);
      } else for (let i = upTo(6); i > 0; i--) await origin.step();
      for (const number of open()) dead.delete(number); // taken over from, and used again
      expect(participants(map)).toEqual(expect.arrayContaining([1, ...open()]));
    }
    for (const { thread } of others) thread.agent.standsStill = false;
    await origin.settle();
    for (const number of participants(map)) {
      if (number === 1 || open().includes(number)) continue;
      expect([number, dead.get(number)]).toEqual([number, false]);
      expect(map.release(number)).toBe(true);
      missed++;
    }
    for (const one of others) one.map?.set("alive", 1n);
    expect(participants(map)).toEqual([1, ...open()].sort((a, b) => a - b));
    map.verify();
  }
  // Threads do die before they have their lock, but that is not what happens to most.
  expect(missed).toBeLessThan(runs(20));
});
