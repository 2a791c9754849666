// Watching for changes: between threads, with threads that end, with little memory, without Atomics.waitAsync. The
// conformance suite has what every class does; assembly/changes.ts of @masstree/tree has the protocol.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { Worker } from "node:worker_threads";
import { treeOf } from "@masstree/tree";
import { runs, seed } from "@tooling/vitest/random";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Changes, keyCodec, MassTree, MassTreeInline, type OrderedMap } from "../src/index.ts";

const program = new URL("programs/watches.mjs", import.meta.url);
const timeout = 20_000;

const classes = {
  MassTree: () => new MassTree<number>(),
  MassTreeInline: () => new MassTreeInline<number>({ value: "f64" }),
};

/** Keeps a copy of a map, as a cache would: whatever a watch fails to tell stays wrong in it. */
class Copy {
  readonly entries = new Map<string, number>();
  readonly #map: OrderedMap<string, number>;
  readonly #end = new AbortController();
  readonly #done: Promise<void>;
  missed = 0;
  keys = 0;

  /** @param pause in milliseconds, after each batch */
  constructor(map: OrderedMap<string, number>, pause = 0) {
    this.#map = map;
    const changes = map.watch({}, { signal: this.#end.signal });
    this.#reload();
    this.#done = this.#follow(changes, pause);
  }

  #reload(): void {
    this.entries.clear();
    for (const [key, value] of this.#map) this.entries.set(key, value);
  }

  async #follow(changes: AsyncIterable<Changes<string>>, pause: number): Promise<void> {
    for await (const { keys, missed } of changes) {
      this.keys += keys.length;
      if (missed) {
        this.missed++;
        this.#reload();
      }
      for (const key of keys) {
        const value = this.#map.get(key);
        if (value === undefined) this.entries.delete(key);
        else this.entries.set(key, value);
      }
      if (pause > 0) await sleep(pause);
    }
  }

  /** Waits until the copy is right. */
  async settled(): Promise<void> {
    const sorted = () => [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1));
    await expect.poll(sorted, { timeout, message: `SEED=${seed}` }).toEqual([...this.#map]);
  }

  async end(): Promise<void> {
    const reason = new Error("enough");
    this.#end.abort(reason);
    await expect(this.#done).rejects.toBe(reason);
  }
}

describe.each(Object.entries(classes))("%s", (_name, make) => {
  let map: OrderedMap<string, number>;
  const workers: Worker[] = [];

  function start(role: string, more: object = {}): Worker {
    const number = workers.length;
    const workerData = { role, handle: map.handle, seed, number, ...more };
    const worker = new Worker(program, { workerData });
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

  test("copies that follow what other threads write end up right, also those that are slow", async () => {
    const copies = [new Copy(map), new Copy(map, 20)];
    const writers = [0, 1].map(() => start("churn", { steps: runs(2000, 10_000) }));
    await Promise.all(writers.map((writer) => once(writer, "exit")));
    for (const copy of copies) await copy.settled();
    expect(copies[0]!.keys).toBeGreaterThan(0);
    for (const copy of copies) await copy.end();
  }, 40_000);

  test("threads that are ended in the middle of their writes leave no copy wrong", async () => {
    const copy = new Copy(map);
    for (let round = 0; round < runs(3, 10); round++) {
      const writer = start("endless");
      const other = once(start("churn", { steps: 200 }), "exit");
      await once(writer, "message");
      await Promise.all([other, sleep(round % 4)]);
      await writer.terminate();
      await copy.settled();
    }
    await copy.end();
  }, 40_000);

  test("a thread that is ended while it watches leaves nothing that costs writers", async () => {
    const watcher = start("watch");
    await once(watcher, "message");
    const before = map.stats().liveBytes;
    map.set("a", 1);
    expect(map.stats().liveBytes).toBeGreaterThan(before + 65_000);
    await watcher.terminate();
    expect(map.stats().participants).toHaveLength(1);
    map.delete("a");
    // Nobody watches any more, so the ring goes.
    expect(map.maintain()).toBe(false);
    expect(map.stats().liveBytes).toBe(before);
  }, 40_000);

  test("a thread that writes keeps its ring as long as somebody watches, and what it told if it leaves", async () => {
    const before = map.stats().liveBytes;
    const changes = map.watch({ prefix: "written/" });
    const writer = start("write");
    await once(writer, "message");
    writer.postMessage("maintain");
    await once(writer, "message");
    expect(map.stats().liveBytes).toBeGreaterThan(before + 65_000);
    writer.postMessage("leave");
    await once(writer, "exit");
    const { value } = await changes.next();
    expect(value).toEqual({ keys: [...map.keys()], missed: false });
    await changes.return!();
  }, 40_000);

  test("other jobs of the thread have their turn while others write without end", async () => {
    const copy = new Copy(map);
    await once(start("flood"), "message");
    const begun = copy.keys;
    for (let i = 0; i < 20; i++) await turn();
    await expect.poll(() => copy.keys, { timeout }).toBeGreaterThan(begun);
    await copy.end();
  }, 40_000);

  test("without Atomics.waitAsync, changes are told as well", async () => {
    const { waitAsync } = Atomics as { waitAsync?: unknown };
    Object.defineProperty(Atomics, "waitAsync", { value: undefined, configurable: true });
    try {
      const copy = new Copy(map);
      await once(start("churn", { steps: 500 }), "exit");
      await copy.settled();
      await copy.end();
    } finally {
      Object.defineProperty(Atomics, "waitAsync", {
        value: waitAsync,
        configurable: true,
        writable: true,
      });
    }
  }, 40_000);

  test("a watch goes on after a call of the thread was interrupted, and has missed something", async () => {
    const changes = map.watch();
    const forever = () => {
      for (let i = 0; ; i++) map.set(`key/${i % 100}`, i);
    };
    const tree = treeOf(map);
    const { exports } = tree;
    for (let tries = 0; tries < 100 && tree.exports === exports; tries++) {
      expect(() => runInNewContext("forever()", { forever }, { timeout: 5 })).toThrow();
      map.get("key/0");
    }
    expect(tree.exports).not.toBe(exports);
    expect((await changes.next()).value.missed).toBe(true);
    const later = changes.next();
    map.set("later", 1);
    expect((await later).value).toEqual({ keys: ["later"], missed: false });
    await changes.return!();
  }, 40_000);

  test("who is overtaken has missed something, and nothing that comes later", async () => {
    const changes = map.watch();
    for (let i = 0; i < 20_000; i++) map.set(`key/${i % 50}`, i);
    const { value } = await changes.next();
    expect(value.missed).toBe(true);
    map.set("a", 1).set("b", 2).set("a", 3);
    expect((await changes.next()).value).toEqual({ keys: ["a", "b"], missed: false });
    await changes.return!();
  });

  test("a key too long to be told counts as missed, and one that just fits is told", async () => {
    const changes = map.watch();
    const [fits, isTooLong] = ["f".repeat(32_760), "t".repeat(32_761)];
    map.set(fits, 1);
    expect((await changes.next()).value).toEqual({ keys: [fits], missed: false });
    map.set(isTooLong, 1);
    expect((await changes.next()).value).toEqual({ keys: [], missed: true });
    map.delete(fits);
    map.clear();
    expect((await changes.next()).value.missed).toBe(true);
    await changes.return!();
  });

  test("'clear' of a leaf of long keys, more than a ring takes, counts as missed", async () => {
    for (let i = 0; i < 5; i++) map.set(`${i}`.repeat(20_000), i);
    const changes = map.watch();
    map.clear();
    expect((await changes.next()).value.missed).toBe(true);
    map.set("a", 1);
    expect((await changes.next()).value).toEqual({ keys: ["a"], missed: false });
    await changes.return!();
  });
});

test("a key codec that throws ends the watch with what it throws, and may close the map", async () => {
  let act = () => {};
  const key = keyCodec<string>({
    name: "text",
    encode: (text, target, offset) =>
      new TextEncoder().encodeInto(text, target.subarray(offset)).written,
    decode(bytes) {
      act();
      return new TextDecoder().decode(bytes);
    },
  });
  const map = new MassTree<number, string>({ key });
  const changes = map.watch();
  const step = changes.next();
  const thrown = new Error("decode");
  act = () => {
    throw thrown;
  };
  map.set("a", 1);
  await expect(step).rejects.toBe(thrown);
  expect(await changes.next()).toEqual({ done: true, value: undefined });

  const others = [map.watch(), map.watch()];
  const steps = others.map((other) => other.next());
  act = () => map.close();
  map.set("b", 2);
  expect(await steps[0]).toEqual({ done: false, value: { keys: ["b"], missed: false } });
  await expect(steps[1]).rejects.toMatchObject({ code: "MASSTREE_CLOSED" });
});

test("without memory for a ring, changes count as missed until there is some", async () => {
  const map = new MassTreeInline<number>({ value: "u32", maxBytes: 2 ** 20 });
  const full = () => {
    for (let i = 0; ; i++) map.set(`key/${i}`, i);
  };
  expect(full).toThrow(expect.objectContaining({ code: "MASSTREE_FULL" }));
  const changes = map.watch();
  map.add("key/0", 1);
  expect((await changes.next()).value).toEqual({ keys: [], missed: true });
  map.clear();
  expect(map.maintain()).toBe(false);
  // It asks again now and then.
  let told: readonly string[] = [];
  for (let i = 0; i < 5000 && told.length === 0; i++) {
    map.add("key/0", 1);
    told = (await changes.next()).value.keys;
  }
  expect(told).toEqual(["key/0"]);
  await changes.return!();
  map.verify();
  map.close();
});

test("a watch that nobody refers to ends by itself", async () => {
  const path = fileURLToPath(new URL("programs/forgotten-watches.js", import.meta.url));
  const node = promisify(execFile)(process.execPath, ["--expose-gc", path]);
  expect((await node).stdout).toBe("done");
}, 40_000);
