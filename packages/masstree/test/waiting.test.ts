// Waiting for keys: between threads, with threads that end, without Atomics.waitAsync, and with the caller's code in
// the middle. assembly/events.ts of @masstree/tree is explored there; this is how the classes use it.
import { once } from "node:events";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { treeOf } from "@masstree/tree";
import { random, runs, seed } from "@tooling/vitest/random";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MassTree, MassTreeInline, type OrderedMap } from "../src/index.ts";

const program = new URL("programs/waits.mjs", import.meta.url);
const throws = (code: string) => expect.objectContaining({ code });
const timeout = 20_000;
const draw = random(6);

const classes = {
  MassTree: () => new MassTree<number>(),
  MassTreeInline: () => new MassTreeInline<number>({ value: "f64" }),
};

describe.each(Object.entries(classes))("%s", (_name, make) => {
  let map: OrderedMap<string, number>;
  const workers: Worker[] = [];

  function start(role: string, more: object = {}): Worker {
    const worker = new Worker(program, { workerData: { role, handle: map.handle, ...more } });
    workers.push(worker);
    return worker;
  }

  beforeEach(() => {
    map = make();
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
    map.verify();
    map.close();
  });

  test("threads that wake each other lose no wake-up", async () => {
    const rounds = runs(300);
    const size = 3;
    const ring = Array.from({ length: size }, (_, number) =>
      start("ring", { number, next: (number + 1) % size, rounds, isSync: number % 2 === 0 }),
    );
    const done = Promise.all(ring.map((worker) => once(worker, "message")));
    map.set("token/0", 1);
    await done;
    expect(map.get("token/0")).toBe(rounds + 1);
  }, 40_000);

  test("what a thread wrote before it was ended wakes those who wait", async () => {
    for (let round = 0; round < runs(6); round++) {
      const writer = start("count");
      const least = 1 + Math.floor(draw() * 300);
      const until = (value: number) => value >= least;
      const heir = start("heir", { least });
      const heard = once(heir, "exit");
      // In the middle of its writes.
      await map.waitFor("count", { until, timeout });
      await writer.terminate();
      const last = map.get("count")!;
      // Nobody writes any more.
      expect(await map.waitFor("count", { until: (value) => value === last, timeout })).toBe(last);
      await map.waitFor("heard", { until, timeout });
      await heard;
      map.clear();
    }
  }, 40_000);

  test("threads that are ended while they wait leave nothing behind", async () => {
    const sleeper = start("sleep");
    await map.waitFor("asleep", { timeout });
    await sleeper.terminate();
    expect(map.stats().participants).toHaveLength(1);
    // `verify` compares what writers know of waits with what participants wait for.
    map.verify();
  }, 40_000);

  test("thousands of waits of one thread are each settled by their own key", async () => {
    const count = runs(3000);
    const waits = Array.from({ length: count }, (_, i) => map.waitFor(`key/${i}`, { timeout }));
    for (let i = count - 1; i >= 0; i--) map.set(`key/${i}`, i);
    const found = await Promise.all(waits);
    expect(found.every((value, i) => value === i)).toBe(true);
  }, 40_000);

  test("a wait is settled if and only if its value was there to be seen, whatever happens", async () => {
    for (let round = 0; round < runs(20); round++) {
      const waits: { key: string; least: number; got: number | undefined }[] = [];
      const pending: Promise<void>[] = [];
      const signals: AbortController[] = [];
      const model = new Map<string, number>();
      for (let step = 0; step < 60; step++) {
        const key = `k${Math.floor(draw() * 6)}`;
        const value = Math.floor(draw() * 10);
        const what = draw();
        if (what < 0.3) {
          const controller = new AbortController();
          signals.push(controller);
          const wait = { key, least: value, got: undefined as number | undefined };
          waits.push(wait);
          const until = (found: number) => found >= value;
          const promise = map.waitFor(key, { until, signal: controller.signal }).then(
            (found) => {
              wait.got = found;
            },
            () => {},
          );
          pending.push(promise);
        } else if (what < 0.8) {
          map.set(key, value);
          model.set(key, value);
        } else if (what < 0.9) {
          map.delete(key);
          model.delete(key);
        } else {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      // Whoever waits for what is there now has to get it.
      await expect
        .poll(
          () =>
            waits.filter(
              ({ key, least, got }) => got === undefined && (model.get(key) ?? -1) >= least,
            ),
          { timeout },
        )
        .toEqual([]);
      for (const controller of signals) controller.abort();
      await Promise.all(pending);
      for (const { least, got } of waits) {
        if (got !== undefined) expect(got, `SEED=${seed}`).toBeGreaterThanOrEqual(least);
      }
      map.clear();
    }
  }, 40_000);

  test("'until' cannot be asynchronous: a promise says nothing at once", async () => {
    const map = new MassTree<number>().set("a", 1);
    const until = (async () => false) as never;
    const refused = { code: "MASSTREE_BAD_OPTION", message: expect.stringContaining("promise") };
    await expect(map.waitFor("a", { until })).rejects.toMatchObject(refused);
    expect(() => map.waitForSync("a", { until })).toThrow(expect.objectContaining(refused));
    map.verify();
    map.close();
  });

  test("'until' runs while the thread is not pinned, and may use, wait on and close the map", async () => {
    const pins: boolean[] = [];
    const until = () => {
      pins.push(map.stats().participants.some(({ pinned }) => pinned));
      return true;
    };
    map.set("a", 1);
    await map.waitFor("a", { until });
    map.waitForSync("a", { until });
    expect(pins).toEqual([false, false]);

    let inner: Promise<number> | undefined;
    const outer = map.waitFor("b", {
      until(value) {
        inner ??= map.waitFor("b", { until: (found) => found === 2, timeout });
        return value === 2;
      },
      timeout,
    });
    map.set("b", 1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    map.set("b", 2);
    expect(await Promise.all([outer, inner])).toEqual([2, 2]);

    const other = map;
    map = make();
    const closes = () => {
      other.close();
      return false;
    };
    await expect(other.waitFor("a", { until: closes })).rejects.toEqual(throws("MASSTREE_CLOSED"));
    const third = make();
    third.set("a", 1);
    const closesThird = () => {
      third.close();
      return false;
    };
    expect(() => third.waitForSync("a", { until: closesThird })).toThrow(throws("MASSTREE_CLOSED"));
  });

  test("waits go on after a call of the thread was interrupted, and its participant is another", async () => {
    const first = map.waitFor("first", { timeout });
    const forever = () => {
      for (let i = 0; ; i++) map.set(`key/${i % 100}`, i);
    };
    // A timeout may fall between two calls.
    const tree = treeOf(map);
    const { exports } = tree;
    for (let tries = 0; tries < 100 && tree.exports === exports; tries++) {
      expect(() => runInNewContext("forever()", { forever }, { timeout: 5 })).toThrow();
      map.get("key/0");
    }
    expect(tree.exports).not.toBe(exports);
    const second = map.waitFor("second", { timeout });
    map.set("first", 1).set("second", 2);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
  }, 40_000);

  test("without Atomics.waitAsync, a wait ends as well", async () => {
    const { waitAsync } = Atomics as { waitAsync?: unknown };
    Object.defineProperty(Atomics, "waitAsync", { value: undefined, configurable: true });
    try {
      const waits = [map.waitFor("a", { timeout }), map.waitFor("b", { timeout })];
      const ring = once(start("ring", { number: 1, next: 0, rounds: 1, isSync: true }), "exit");
      map.set("a", 1).set("token/1", 1);
      expect(await waits[0]).toBe(1);
      expect(await map.waitFor("token/0", { timeout })).toBe(2);
      await ring;
      map.set("b", 2);
      expect(await waits[1]).toBe(2);
    } finally {
      Object.defineProperty(Atomics, "waitAsync", {
        value: waitAsync,
        configurable: true,
        writable: true,
      });
    }
  });
});

test("a key that the caller changes while it waits is the one that it was", async () => {
  const map = new MassTree<number, Uint8Array>({ key: "bytes" });
  const key = Uint8Array.of(1);
  const wait = map.waitFor(key, { timeout });
  key[0] = 2;
  map.set(Uint8Array.of(2), 2).set(Uint8Array.of(1), 1);
  expect(await wait).toBe(1);
  map.verify();
  map.close();
});

test("a codec that throws while a value is decoded ends that wait, and no other", async () => {
  let throwsNow = false;
  const map = new MassTree<string>({
    value: {
      encode: (value: string) => new TextEncoder().encode(value),
      decode(bytes) {
        if (throwsNow) throw new Error("decode");
        return new TextDecoder().decode(bytes);
      },
    },
  });
  const [first, second] = [map.waitFor("a", { timeout }), map.waitFor("b", { timeout })];
  throwsNow = true;
  map.set("a", "1");
  await expect(first).rejects.toThrow("decode");
  throwsNow = false;
  map.set("b", "2");
  expect(await second).toBe("2");
  map.verify();
  map.close();
});
