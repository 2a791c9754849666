// Threads that wait for each other to write: one that may not sleep, many that compete, and some that die as they attach.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { BTreeStore } from "../src/index.ts";
import { inFolder } from "./support/processes.ts";
import { Thread } from "./support/threads.ts";

/** Runs something with a store, and ends the threads that it gives back. */
function scene(
  run: (store: BTreeStore, file: string, threads: Thread[]) => Promise<void>,
): Promise<void> {
  return inFolder(async (folder) => {
    const file = join(folder, "data.db");
    const store = BTreeStore.open(file, { durability: "none" });
    const threads: Thread[] = [];
    try {
      await run(store, file, threads);
    } finally {
      await Promise.all(threads.map((thread) => thread.terminate()));
      if (!store.closed) store.close();
    }
  });
}

const add = (store: BTreeStore, times: number) => {
  for (let i = 0; i < times; i++) {
    store.write<number>("a", (txn) => txn.update("n", (n = 0) => n + 1));
  }
};

test(
  "a thread without Atomics.wait reads and writes beside others that sleep",
  () =>
    scene(async (store, _file, threads) => {
      threads.push(await Thread.startWithoutWait(store.handle), await Thread.start(store.handle));
      const others = threads.map((thread) => thread.run(add, 300));
      add(store, 200);
      await Promise.all(others);
      expect(store.read("a", (txn) => txn.get("n"))).toBe(800);
      store.check();
    }),
  60_000,
);

test(
  "a thread without Atomics.wait gives up after its timeout, and names who writes",
  () =>
    scene(async (store, _file, threads) => {
      const spinning = await Thread.startWithoutWait(store.handle);
      const holder = await Thread.start(store.handle);
      threads.push(spinning, holder);
      const gate = new Int32Array(new SharedArrayBuffer(8));
      const writing = holder.run((store, gate) => {
        store.write("a", () => {
          Atomics.store(gate, 0, 1);
          Atomics.notify(gate, 0);
          Atomics.wait(gate, 1, 0);
        });
      }, gate);
      await Atomics.waitAsync(gate, 0, 0).value;
      const refused = await spinning
        .run((store) => store.write("a", () => 1, { timeout: 30 }))
        .catch((error: { code: string; threadId: number }) => error);
      expect(refused).toMatchObject({ code: "STORE_BUSY", threadId: holder.id });
      Atomics.store(gate, 1, 1);
      Atomics.notify(gate, 1);
      await writing;
      expect(await spinning.run((store) => store.write("a", () => 1))).toBe(1);
    }),
  60_000,
);

test(
  "of writers that compete all the time, none waits much longer than its timeout",
  () =>
    scene(async (store, _file, threads) => {
      const started = await Promise.all(
        Array.from({ length: 6 }, () => Thread.start(store.handle)),
      );
      threads.push(...started);
      const timeout = 100;
      const compete = (
        store: BTreeStore,
        { times, timeout }: { times: number; timeout: number },
      ) => {
        let longest = 0;
        let done = 0;
        for (let i = 0; i < times; i++) {
          const from = performance.now();
          let began = 0;
          try {
            store.write<number>(
              "a",
              (txn) => {
                began = performance.now();
                txn.update("n", (n = 0) => n + 1);
                // Long enough that others sleep.
                while (performance.now() < began + 2);
              },
              { timeout },
            );
            done++;
          } catch (error) {
            if ((error as { code?: string }).code !== "STORE_BUSY") throw error;
            began = performance.now();
          }
          longest = Math.max(longest, began - from);
        }
        return { longest, done };
      };
      const found = await Promise.all(
        started.map((thread) => thread.run(compete, { times: runs(60), timeout })),
      );
      const done = found.reduce((sum, { done }) => sum + done, 0);
      expect(store.read("a", (txn) => txn.get("n"))).toBe(done);
      // A step is 40 ms at most; the rest is for a machine with much else to do.
      for (const { longest } of found) expect(longest).toBeLessThan(timeout + 3000);
      store.check();
    }),
  120_000,
);

test.each(["identify", "adoptLock", "open"] as const)(
  "a thread that dies as it attaches, in '%s', is not waited for when the store is closed",
  (stopsIn) =>
    scene(async (store, file, threads) => {
      const dying = await Thread.startStopping(store.handle, stopsIn);
      threads.push(dying);
      add(store, 10);
      await dying.terminate();
      add(store, 10);
      const after = await Thread.start(store.handle);
      threads.push(after);
      await after.run(add, 10);
      expect(store.read("a", (txn) => txn.get("n"))).toBe(30);
      store.check();
      await after.run((store) => store.close());
      store.close();
      expect(readFileSync(`${file}.lock-1`, "utf8")).toBe('{"free":true}\n');
    }),
  60_000,
);

test(
  "threads that are terminated at any moment of their attaching leave nothing",
  () =>
    scene(async (store, file) => {
      const draw = random(1);
      for (let round = 0; round < runs(15); round++) {
        const dying = Thread.startUnheard(store.handle);
        await sleep(draw() * 250);
        await dying.terminate();
        add(store, 1);
      }
      expect(store.read("a", (txn) => txn.get("n"))).toBe(runs(15));
      expect(store.stats().snapshots).toEqual([]);
      store.check();
      store.close();
      expect(readFileSync(`${file}.lock-1`, "utf8")).toBe('{"free":true}\n');
    }),
  60_000,
);
