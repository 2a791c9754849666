// One store in several threads.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  BTreeStore,
  nodeVfs,
  type StoreHandle,
  type StoreOptions,
  type Vfs,
} from "../src/index.ts";
import { firstLine, inFolder, kill, start as startProcess } from "./support/processes.ts";
import { exploreReading } from "./support/thread-gauntlet.ts";
import { type Thread, withThreads } from "./support/threads.ts";

const withCode = (code: string) => expect.objectContaining({ code });

interface Scene {
  readonly file: string;
  readonly store: BTreeStore;
  start(handle?: StoreHandle): Promise<Thread>;
}

/** Runs something with a store, and threads that have it open. */
function scene<R>(run: (scene: Scene) => Promise<R>, options: StoreOptions = {}): Promise<R> {
  return inFolder((folder) =>
    withThreads(async (start) => {
      const file = join(folder, "data.db");
      const store = BTreeStore.open(file, options);
      try {
        return await run({ file, store, start: (handle = store.handle) => start(handle) });
      } finally {
        if (!store.closed) store.close();
      }
    }),
  );
}

test("a commit of one thread is what the next transaction of another one sees", () =>
  scene(async ({ store, start }) => {
    const other = await start();
    for (let i = 0; i < 20; i++) {
      store.write("a", (txn) => txn.set("n", i));
      const seen = await other.run((store) => {
        const n = store.read("a", (txn) => txn.get("n")) as number;
        store.write("a", (txn) => txn.set("n", n + 0.5));
        return n;
      });
      expect(seen).toBe(i);
      expect(store.read("a", (txn) => txn.get("n"))).toBe(i + 0.5);
    }
    store.check();
  }));

test("threads share the pages in memory", () =>
  scene(async ({ store, start }) => {
    store.write("a", (txn) => {
      for (let i = 0; i < 2000; i++) txn.set(`key ${i}`, "v".repeat(50));
    });
    const { cachedPages } = store.stats();
    const other = await start();
    const found = await other.run((store) => {
      const sum = store.read<string>("a", (txn) => [...txn.values()].length);
      return [sum, store.stats().cachedPages];
    });
    expect(found).toEqual([2000, cachedPages]);
  }));

test("each thread waits for the one that writes, and begins with what that has committed", () =>
  scene(async ({ store, start }) => {
    const threads = await Promise.all([start(), start(), start()]);
    const add = (store: BTreeStore, times: number) => {
      for (let i = 0; i < times; i++) {
        store.write<number>("a", (txn) => txn.update("n", (n = 0) => n + 1), {
          durability: "none",
        });
      }
    };
    const others = threads.map((thread) => thread.run(add, 400));
    add(store, 100);
    await Promise.all(others);
    expect(store.read("a", (txn) => txn.get("n"))).toBe(1300);
    store.check();
  }));

test("one that waits for too long is told for whom, and has begun nothing", () =>
  scene(async ({ store, start }) => {
    const other = await start();
    const gate = new Int32Array(new SharedArrayBuffer(8));
    const writing = other.run((store, gate) => {
      store.write("a", (txn) => {
        txn.set("k", "other");
        Atomics.store(gate, 0, 1);
        Atomics.notify(gate, 0);
        Atomics.wait(gate, 1, 0);
      });
    }, gate);
    await Atomics.waitAsync(gate, 0, 0).value;
    let ran = false;
    const write = () =>
      store.write(
        "a",
        () => {
          ran = true;
        },
        { timeout: 30 },
      );
    expect(write).toThrow(withCode("STORE_BUSY"));
    expect(write).toThrow(`Worker ${other.id} is writing`);
    expect(ran).toBe(false);
    // Readers do not wait.
    expect(store.read("a", (txn) => txn.get("k"))).toBeUndefined();
    Atomics.store(gate, 1, 1);
    Atomics.notify(gate, 1);
    await writing;
    expect(store.read("a", (txn) => txn.get("k"))).toBe("other");
  }));

test("a transaction that reads keeps its state while others commit", () =>
  exploreReading(BTreeStore, undefined));

describe("a snapshot", () => {
  test("of one thread stays while others commit, and stats say who has it", () =>
    scene(async ({ store, start }) => {
      store.write("a", (txn) => {
        for (let i = 0; i < 300; i++) txn.set(`key ${i}`, 0);
      });
      const other = await start();
      await other.run((store, _, kept) => {
        kept.snapshot = store.snapshot({ name: "a réport" });
      });
      for (let n = 1; n < 30; n++) {
        store.write("a", (txn) => {
          for (let i = 0; i < 300; i += 7) txn.set(`key ${(i + n) % 300}`, n);
        });
      }
      const { snapshots, pendingPages } = store.stats();
      expect(snapshots).toMatchObject([
        { name: "a réport", commit: 1, threadId: other.id, self: false },
      ]);
      expect(pendingPages).toBeGreaterThan(20);
      const sum = await other.run((_store, _, kept) => {
        let sum = 0;
        for (const value of kept.snapshot!.bucket<number>("a").values()) sum += value;
        return sum;
      });
      expect(sum).toBe(0);
      await other.run((_store, _, kept) => kept.snapshot!.dispose());
      expect(store.stats()).toMatchObject({ snapshots: [] });
      store.write("a", (txn) => txn.set("more", 1));
      expect(store.stats().pendingPages).toBeLessThan(20);
    }));

  test("of a thread that is terminated keeps no pages", () =>
    scene(async ({ store, start }) => {
      store.write("a", (txn) => txn.set("k", 0));
      const other = await start();
      await other.run((store) => void store.snapshot({ name: "forgotten" }));
      for (let n = 0; n < 50; n++) store.write("a", (txn) => txn.set("k", n));
      expect(store.stats().pendingPages).toBeGreaterThan(50);
      await other.terminate();
      for (let n = 0; n < 3; n++) store.write("a", (txn) => txn.set("k", n));
      expect(store.stats().pendingPages).toBeLessThan(10);
      expect(store.stats().snapshots).toEqual([]);
      store.check();
    }));
});

describe("a thread that is terminated in a transaction", () => {
  test("leaves nothing of it, and gives the lock back", () =>
    scene(async ({ store, start }) => {
      store.write("a", (txn) => {
        for (let i = 0; i < 500; i++) txn.set(`key ${i}`, "first");
      });
      const { usedPages, fileBytes } = store.stats();
      for (let round = 0; round < 3; round++) {
        const other = await start();
        const gate = new Int32Array(new SharedArrayBuffer(8));
        void other
          .run((store, gate) => {
            store.write("a", (txn) => {
              for (let i = 0; i < 500; i++) txn.set(`key ${i}`, "second");
              txn.set("long", "x".repeat(30_000));
              Atomics.store(gate, 0, 1);
              Atomics.notify(gate, 0);
              Atomics.wait(gate, 1, 0);
            });
          }, gate)
          .catch(() => {});
        await Atomics.waitAsync(gate, 0, 0).value;
        await other.terminate();
        store.write("a", (txn) => txn.set("key 7", "third"));
        store.check();
        store.read("a", (txn) => {
          expect(txn.size).toBe(500);
          for (const [key, value] of txn) expect(value).toBe(key === "key 7" ? "third" : "first");
        });
        expect(store.stats().usedPages).toBe(usedPages);
      }
      expect(store.stats().fileBytes).toBeLessThan(fileBytes + 2 ** 20);
    }));
});

describe("closing", () => {
  test("in the thread that has opened the store leaves it open in others; the last one gives the lock back", () =>
    scene(async ({ file, store, start }) => {
      const other = await start();
      store.write("a", (txn) => txn.set("k", 1), { durability: "none" });
      const { handle } = store;
      store.close();
      expect(() => store.stats()).toThrow(withCode("MASSTREE_CLOSED"));
      expect(await firstLine(startProcess("holder", file))).toBe("STORE_LOCKED");
      await other.run((store) =>
        store.write<number>("a", (txn) => txn.update("k", (k = 0) => k + 1)),
      );
      // Attached again, while the other has it.
      const again = BTreeStore.attach(handle);
      expect(again.read("a", (txn) => txn.get("k"))).toBe(2);
      again.close();
      await other.run((store) => store.close());
      expect(readFileSync(`${file}.lock-1`, "utf8")).toBe('{"free":true}\n');
      expect(() => BTreeStore.attach(handle)).toThrow(withCode("MASSTREE_CLOSED"));
      const process = startProcess("holder", file);
      expect(await firstLine(process)).toBe("open");
      await kill(process);
    }));

  test("of all threads at once gives the lock back once", () =>
    scene(async ({ file, store, start }) => {
      for (let round = 0; round < 5; round++) {
        using own = BTreeStore.open(file);
        expect(own === store).toBe(round === 0);
        const threads = await Promise.all([
          start(own.handle),
          start(own.handle),
          start(own.handle),
        ]);
        if (round === 0) store.close();
        await Promise.all(threads.map((thread) => thread.run((store) => store.close())));
        own.close();
        expect(own.closed).toBe(true);
        await Promise.all(threads.map((thread) => thread.terminate()));
      }
    }));

  test("a store whose threads were all terminated can be attached to, for who has kept the handle", () =>
    inFolder((folder) =>
      withThreads(async (start) => {
        const file = join(folder, "data.db");
        const store = BTreeStore.open(file);
        const { handle } = store;
        const other = await start(handle);
        store.close();
        await other.run((store) =>
          store.write("a", (txn) => txn.set("k", "v"), { durability: "none" }),
        );
        await other.terminate();
        const again = BTreeStore.attach(handle);
        expect(again.read("a", (txn) => txn.get("k"))).toBe("v");
        again.close();
        BTreeStore.open(file).close();
      }),
    ));
});

test("attaching in a thread that has the store open gives the same object, closed as often", () =>
  scene(async ({ store }) => {
    const same = BTreeStore.attach(store.handle);
    expect(same).toBe(store);
    same.close();
    expect(store.closed).toBe(false);
    expect(() =>
      store.write("a", () => BTreeStore.attach(structuredClone(store.handle)).write("a", () => 1)),
    ).toThrow(withCode("STORE_NESTED"));
  }));

test("what is no handle of a store is refused", () =>
  scene(async ({ store }) => {
    const { handle } = store;
    const attach = (handle: unknown) => () => BTreeStore.attach(handle as StoreHandle);
    for (const wrong of [
      undefined,
      null,
      7,
      "data.db",
      {},
      store,
      { ...handle, masstree: "MassTree" },
      { ...handle, layout: "1" },
      { ...handle, path: "" },
      { ...handle, lock: 7 },
      { ...handle, timeout: Number.NaN },
      { ...handle, memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }) },
    ]) {
      expect(attach(wrong), String(wrong)).toThrow(withCode("MASSTREE_BAD_HANDLE"));
    }
    // A lock of something else, as another opening of the file has it.
    const other = { ...handle, opening: "another", lock: `${handle.path}.lock-99` };
    expect(attach(other)).toThrow(withCode("STORE_LOCKED"));
    store.write("a", (txn) => txn.set("k", 1));
    store.check();
  }));

describe("a store that is attached twice in one thread, through two copies of a Vfs", () => {
  test("waits for itself no longer than the timeout", () =>
    scene(async ({ store }) => {
      using copy = BTreeStore.attach(store.handle, { vfs: nodeVfs() });
      store.write("a", (txn) => {
        txn.set("k", 1);
        expect(() => copy.write("a", () => 1, { timeout: 20 })).toThrow(withCode("STORE_BUSY"));
        expect(copy.read("a", (txn) => txn.get("k"))).toBeUndefined();
      });
      expect(copy.read("a", (txn) => txn.get("k"))).toBe(1);
    }));
});

test("a sync that fails in one thread ends the use of the store in all, until all have closed it", () =>
  scene(async ({ file, store }) => {
    store.write("a", (txn) => txn.set("k", "before"));
    const vfs = nodeVfs();
    const broken: Vfs = {
      ...vfs,
      open: (path, mode) => ({
        ...vfs.open(path, mode),
        sync: () => {
          throw new Error("the test's disk is broken");
        },
      }),
    };
    const copy = BTreeStore.attach(store.handle, { vfs: broken });
    expect(() => copy.write("a", (txn) => txn.set("k", "after"))).toThrow(withCode("STORE_FAILED"));
    for (const call of [
      () => store.read("a", (txn) => txn.get("k")),
      () => store.write("a", (txn) => txn.set("k", "more")),
      () => store.snapshot(),
      () => store.stats(),
    ]) {
      expect(call).toThrow(withCode("STORE_FAILED"));
      expect(call).toThrow("in another thread");
    }
    copy.close();
    expect(() => BTreeStore.open(file).stats()).toThrow(withCode("STORE_FAILED"));
    store.close();
    store.close();
    using again = BTreeStore.open(file);
    again.check();
    expect(["before", "after"]).toContain(again.read("a", (txn) => txn.get("k")));
  }));

test("read-only stores are shared as well", () =>
  inFolder((folder) =>
    withThreads(async (start) => {
      const file = join(folder, "data.db");
      const writer = BTreeStore.open(file);
      writer.write("a", (txn) => txn.set("k", "v"));
      writer.close();
      const store = BTreeStore.open(file, { readOnly: true });
      const other = await start(store.handle);
      store.close();
      expect(await other.run((store) => store.read("a", (txn) => txn.get("k")))).toBe("v");
      await expect(other.run((store) => store.write("a", () => 1))).rejects.toMatchObject({
        code: "STORE_READ_ONLY",
      });
      await other.run((store) => store.close());
      BTreeStore.open(file).close();
    }),
  ));

describe("durability", () => {
  test("'batch' and 'none' reach the disk by the flush of any thread", () =>
    scene(async ({ store, start }) => {
      const other = await start();
      store.write("a", (txn) => txn.set("k", 1), { durability: "none" });
      const { commit } = store.stats();
      await other.run((store) => store.flush());
      expect(store.stats().durableCommit).toBe(commit);
      await other.run((store) => {
        store.write("a", (txn) => txn.set("k", 2), { durability: "batch" });
        store.write("a", (txn) => txn.set("k", 3), { durability: "none" });
      });
      await store.flush();
      expect(store.stats()).toMatchObject({ commit: commit + 2, durableCommit: commit + 2 });
    }));

  test("flushes of several threads go on beside their commits", () =>
    scene(async ({ file, store, start }) => {
      const threads = await Promise.all([start(), start()]);
      const work = async (store: BTreeStore, name: string) => {
        for (let i = 0; i < 60; i++) {
          const durability = (["batch", "none", "sync", "batch"] as const)[i % 4];
          store.write("a", (txn) => txn.set(`${name} ${i}`, i), { durability });
          const { commit } = store.stats();
          if (i % 5 === 0) await store.flush();
          if (i % 5 === 0 && store.stats().durableCommit < commit) throw new Error("not flushed");
          if (i % 7 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
        }
      };
      const others = threads.map((thread, i) => thread.run(work, `thread ${i}`));
      await work(store, "own");
      await Promise.all(others);
      await store.flush();
      store.check();
      store.close();
      await Promise.all(threads.map((thread) => thread.run((store) => store.close())));
      using again = BTreeStore.open(file);
      expect(again.read("a", (txn) => txn.size)).toBe(180);
      expect(again.stats().recovery).toBeUndefined();
    }));
});
