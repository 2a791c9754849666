// Threads that are terminated in their commits: at every call of the file, or at any moment.
import { copyFileSync, rmSync } from "node:fs";
import type { BTreeStore, StoreHandle } from "../../src/index.ts";
import type { StoreClass } from "./crashes.ts";
import type { Thread } from "./threads.ts";

/** How many rows there are. */
export const ROWS = 40;

/** Row and text of a commit: texts of some commits need chains. */
function textOf(n: number): string {
  return `${n} `.padEnd(n % 3 === 0 ? 9000 : 30 + (n % 200), "x");
}

/** Commits a number, in all rows and in the count: so a state is whole if all have the same number. */
export function writeNumber(store: BTreeStore, n: number, durability: "sync" | "none"): void {
  store.writeMany(
    (buckets) => {
      buckets.bucket<number>("count").set("n", n);
      const rows = buckets.bucket<string>("rows");
      for (let i = 0; i < ROWS; i++) rows.set(`row ${i}`, textOf(n + i));
      for (let i = 0; i < 5; i++) rows.delete(`more ${(n * 7 + i) % 50}`);
      for (let i = 0; i < 5; i++) rows.set(`more ${(n * 11 + i) % 50}`, textOf(n));
    },
    { durability },
  );
}

/** The number of a state. @throws if it is not whole */
export function readNumber(store: BTreeStore): number {
  return store.readMany((buckets) => {
    const n = buckets.bucket<number>("count").get("n") ?? 0;
    const rows = buckets.bucket<string>("rows");
    for (let i = 0; i < ROWS && n > 0; i++) {
      if (rows.get(`row ${i}`) !== textOf(n + i)) throw new Error(`row ${i} is not that of ${n}`);
    }
    return n;
  });
}

/** What a thread gets as text: it has no imports. */
export const threadSource: string = `(store, { n, durability }, kept) => {
  const ROWS = ${ROWS};
  ${textOf.toString()}
  ${writeNumber.toString()}
  kept.armed = true;
  writeNumber(store, n, durability);
  kept.armed = false;
}`;

/** Writes a number in a thread. */
export function writeInThread(
  thread: Thread,
  n: number,
  durability: "sync" | "none",
): Promise<unknown> {
  return thread.runText(threadSource, { n, durability });
}

/** Opens a copy of the file as it is: what a process that ends now leaves. */
function numberInCopy(StoreOf: StoreClass, file: string): number {
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  const store = StoreOf.open(copy);
  try {
    store.check();
    if (store.stats().recovery !== undefined) throw new Error("a commit was given up");
    return readNumber(store);
  } finally {
    store.close();
    rmSync(copy);
  }
}

/**
 * Terminates a writer at each call of its file in turn, and looks at what is left, in the store and in the file.
 *
 * @returns how many calls there are
 */
export async function dieAtEachStep(
  StoreOf: StoreClass,
  store: BTreeStore,
  start: (handle: StoreHandle, step?: number) => Promise<Thread>,
  durability: "sync" | "none",
): Promise<number> {
  const file = store.handle.path;
  writeNumber(store, 1, "sync");
  for (let step = 1; ; step++) {
    const before = readNumber(store);
    using snapshot = store.snapshot();
    const thread = await start(store.handle, step);
    const writing = writeInThread(thread, before + 1, durability);
    writing.catch(() => {});
    const isStopped = await thread.stopped(writing);
    await thread.terminate();
    const require = (holds: boolean, what: string) => {
      if (!holds) throw new Error(`step ${step}: ${what}`);
    };
    // Before anyone has taken over: readers see the state before, and the file has that or the whole commit.
    require(!isStopped || readNumber(store) === before, "the commit is seen too early");
    const isAllowed = (n: number) => n === before || n === before + 1;
    require(isAllowed(numberInCopy(StoreOf, file)), "the file has another state");
    // A transaction that changes nothing takes over. The commit is there as a whole, or not at all.
    store.write("count", (txn) => txn.get("n"));
    const after = readNumber(store);
    require(isAllowed(after), `${after} is there`);
    store.check();
    require(snapshot.bucket<number>("count").get("n") === before, "a snapshot has changed");
    snapshot.dispose();
    for (let i = 1; i <= 3; i++) {
      writeNumber(store, after + i, i === 2 ? "none" : "sync");
      if (i !== 2) require(numberInCopy(StoreOf, file) === after + i, "a later commit is lost");
    }
    store.check();
    if (!isStopped) return step - 1;
  }
}
