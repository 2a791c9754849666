// What threads have to survive, short: also for stores with a mistake, which must not.
import { join } from "node:path";
import type { BTreeStore } from "../../src/index.ts";
import type { StoreClass } from "./crashes.ts";
import { dieAtEachStep } from "./dying-writers.ts";
import { checkHistories, type History, live, liveSource } from "./histories.ts";
import { inFolder } from "./processes.ts";
import { Thread } from "./threads.ts";

export interface HistoryOptions {
  readonly threads: number;
  readonly steps: number;
  readonly random: () => number;
  readonly keys?: number;
  readonly durability?: "sync" | "batch" | "none";
  readonly snapshots?: boolean;
}

/** Runs threads with a store, and ends them. */
async function inThreads<R>(
  url: string | undefined,
  run: (start: (handle: BTreeStore["handle"], step?: number) => Promise<Thread>) => Promise<R>,
): Promise<R> {
  const threads: Thread[] = [];
  try {
    return await run(async (handle, step) => {
      const thread = await Thread.start(handle, step, url);
      threads.push(thread);
      return thread;
    });
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

/**
 * Lets threads read and write, and this one with them; then checks what they saw, and the file.
 *
 * @param url of the module with the class, for the threads; the built package if undefined
 * @returns how many reads and writes there were
 */
export function exploreHistories(
  StoreOf: StoreClass,
  url: string | undefined,
  options: HistoryOptions,
): Promise<{ reads: number; writes: number }> {
  const { threads: count, steps, random, keys = 600, durability = "none" } = options;
  const { snapshots = true } = options;
  return inFolder((folder) =>
    inThreads(url, async (start) => {
      const file = join(folder, "data.db");
      const store = StoreOf.open(file, { cacheBytes: 0, timeout: 60_000 });
      try {
        const marks = new Int32Array(new SharedArrayBuffer(8));
        const planOf = (thread: number) => ({
          thread,
          seed: Math.floor(random() * 2 ** 32),
          steps,
          keys,
          writing: thread % 2 === 0 ? 0.7 : 0.1,
          durability,
          snapshots,
          marks,
        });
        const threads = await Promise.all(
          Array.from({ length: count - 1 }, () => start(store.handle)),
        );
        const others = threads.map((thread, i) => thread.runText(liveSource, planOf(i + 1)));
        for (const other of others) other.catch(() => {});
        const own = live(store, planOf(0));
        const histories = [own, ...((await Promise.all(others)) as History[])];
        const last = new Map(
          store.read<unknown, string, [string, string][]>("a", (txn) =>
            [...txn.entries()].filter(([key]) => key !== "n").map(([k, v]) => [k, v as string]),
          ),
        );
        checkHistories(histories, last);
        store.check();
        await Promise.all(threads.map((thread) => thread.run((store) => store.close())));
        store.close();
        const again = StoreOf.open(file);
        try {
          again.check();
          if (again.stats().recovery !== undefined) throw new Error("A commit was given up.");
        } finally {
          again.close();
        }
        return {
          reads: histories.reduce((sum, { reads }) => sum + reads.length, 0),
          writes: histories.reduce((sum, { writes }) => sum + writes.length, 0),
        };
      } finally {
        if (!store.closed) store.close();
      }
    }),
  );
}

/** Terminates writers at the calls of a commit. */
export function exploreDeaths(
  StoreOf: StoreClass,
  url: string | undefined,
  durability: "sync" | "none",
): Promise<number> {
  return inFolder((folder) =>
    inThreads(url, async (start) => {
      const store = StoreOf.open(join(folder, "data.db"), { timeout: 2000 });
      try {
        return await dieAtEachStep(StoreOf, store, start, durability);
      } finally {
        store.close();
      }
    }),
  );
}

/** Commits while another thread is in the middle of a transaction that reads. */
export function exploreReading(StoreOf: StoreClass, url: string | undefined): Promise<void> {
  return inFolder((folder) =>
    inThreads(url, async (start) => {
      const store = StoreOf.open(join(folder, "data.db"));
      const fill = (value: number) =>
        store.write("a", (txn) => {
          for (let i = 0; i < 400; i++) txn.set(`key ${i}`, `${value} `.padEnd(200, "v"));
        });
      try {
        fill(0);
        const other = await start(store.handle);
        const gate = new Int32Array(new SharedArrayBuffer(8));
        const reading = other.run((store, gate) => {
          return store.read<string, string, number>("a", (txn) => {
            Atomics.store(gate, 0, 1);
            Atomics.notify(gate, 0);
            Atomics.wait(gate, 1, 0);
            return [...txn.values()].filter((value) => value.startsWith("0 ")).length;
          });
        }, gate);
        const wait = Atomics.waitAsync(gate, 0, 0);
        if (wait.async) await wait.value;
        for (let n = 1; n < 12; n++) fill(n);
        Atomics.store(gate, 1, 1);
        Atomics.notify(gate, 1);
        if ((await reading) !== 400) throw new Error("A transaction has read another state.");
        for (let n = 0; n < 3; n++) fill(n);
        if (store.stats().pendingPages > 200) throw new Error("Pages are kept that nobody reads.");
        store.check();
      } finally {
        store.close();
      }
    }),
  );
}
