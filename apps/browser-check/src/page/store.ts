/* Checks stores in OPFS: in workers of this page, which are terminated, and in another page. */
import type { StoreHandle } from "@masstree/btree-store";
import { inSecondPage } from "./second.ts";
import type { StoreOrders } from "./store-worker.ts";
import { acquainted, assert, OrderedWorker, sleep, until } from "./thread.ts";

const FOLDER = "browser-check";
/** For what has to wait until a worker has stopped: that may take seconds. */
const patient = { timeout: 20_000 };

class StoreThread extends OrderedWorker<StoreOrders> {
  constructor() {
    super("/store-worker.js");
  }
}

const startedWith = async (path: string, options?: { timeout: number }) => {
  const thread = new StoreThread();
  return { thread, handle: await thread.call("open", path, options) };
};

/** Closes a thread's store, and ends the thread. */
async function end(thread: StoreThread): Promise<void> {
  await thread.call("close");
  thread.terminate();
}

/** Removes what an earlier visit has left. */
async function cleared(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(FOLDER, { recursive: true }).catch((error: DOMException) => {
    if (error.name !== "NotFoundError") throw error;
  });
}

export async function keepsItsContents(): Promise<string> {
  await cleared();
  const path = `${FOLDER}/kept.db`;
  const { thread } = await startedWith(path);
  const start = performance.now();
  await thread.call("commit", "first", 1, 100, "sync");
  const each = (performance.now() - start) / 100;
  await thread.call("close");
  // The same thread, and another one.
  await thread.call("open", path);
  assert((await thread.call("check", "first")) === 100, "the same thread has lost commits");
  await thread.call("commit", "first", 101, 150, "batch");
  await end(thread);
  const { thread: other } = await startedWith(path);
  assert((await other.call("check", "first")) === 150, "another thread has lost commits");
  await end(other);
  return `${each.toFixed(1)} ms for a commit with "sync"`;
}

export async function isCopied(): Promise<void> {
  const { thread } = await startedWith(`${FOLDER}/copied.db`);
  await thread.call("commit", "first", 1, 30, "none");
  const code = await thread.call("backup", `${FOLDER}/copy.db`);
  assert(code === "MASSTREE_BAD_OPTION", `a path that was not prepared gave ${code}`);
  await end(thread);
  const { thread: other } = await startedWith(`${FOLDER}/copy.db`);
  assert((await other.call("check", "first")) === 30, "the copy is another one");
  await end(other);
}

const alone = "this browser gives a file to one thread only";

export async function isShared(): Promise<string> {
  const path = `${FOLDER}/shared.db`;
  const { thread: first, handle } = await startedWith(path);
  const second = new StoreThread();
  const refused = async () => {
    const third = new StoreThread();
    const code = await third.call("refusal", path, { timeout: 0 });
    assert(code === "STORE_LOCKED", `a thread that does not attach got ${code}`);
    third.terminate();
  };
  await refused();
  if (handle === undefined) {
    await end(first);
    second.terminate();
    return alone;
  }
  await second.call("attach", handle);
  const times = 300;
  await Promise.all([
    first.call("commit", "first", 1, 60, "sync").then(() => first.call("count", times)),
    second.call("count", times).then(() => second.call("commit", "second", 1, 60, "sync")),
  ]);
  for (const thread of [first, second]) {
    const counted = await thread.call("counted");
    assert(counted === 2 * times, `${counted} of ${2 * times} were counted`);
    for (const name of ["first", "second"]) {
      assert((await thread.call("check", name)) === 60, "a thread does not see all commits");
    }
  }
  await end(first);
  await refused();
  await second.call("commit", "second", 61, 70, "sync");
  await end(second);
  const { thread: last } = await startedWith(path);
  assert((await last.call("check", "second")) === 70, "commits were lost");
  await end(last);
  const late = new StoreThread();
  const code = await late.call("refusal", handle);
  assert(code === "MASSTREE_CLOSED", `attaching to a store that was closed gave ${code}`);
  late.terminate();
  return `${2 * times} updates and 130 commits of two threads`;
}

/**
 * Lets a worker commit until it is terminated at any moment. It runs on for a while: Chromium lets it for two seconds.
 *
 * @returns reads which step was acknowledged last
 */
async function floodAndTerminate(
  thread: StoreThread,
  name: string,
  first: number,
): Promise<() => number> {
  const done = new SharedArrayBuffer(8);
  const words = new Int32Array(done);
  const acknowledged = () => Atomics.load(words, 0);
  thread.call("flood", name, first, done).catch(() => {});
  await until("commits", () => acknowledged() > first + 3);
  await sleep(50 * Math.random());
  thread.terminate();
  return acknowledged;
}

function checkLast(last: number, acknowledged: number): void {
  const isWhole = last === acknowledged || last === acknowledged + 1;
  assert(isWhole, `the last commit is ${last}, and ${acknowledged} was acknowledged`);
}

/** Terminates workers in the middle of commits, three at a time, and opens what they leave. */
export async function survivesItsThreads(count: number): Promise<string> {
  let whole = 0;
  let steps = 0;
  const terminateSome = async (name: string, times: number) => {
    const path = `${FOLDER}/deaths-${name}.db`;
    let last = 0;
    for (let i = 0; i < times; i++) {
      const { thread } = await startedWith(path, patient);
      const acknowledged = await floodAndTerminate(thread, name, last + 1);
      // It gets the lock once the other one has stopped.
      const { thread: next } = await startedWith(path, patient);
      last = await next.call("check", name);
      checkLast(last, acknowledged());
      if (last > acknowledged()) whole++;
      await end(next);
    }
    steps += last;
  };
  const each = [0, 1, 2].map((i) => Math.floor((count + i) / 3));
  await Promise.all(["a", "b", "c"].map((name, i) => terminateSome(name, each[i]!)));
  return `${count} workers after ${steps} commits; ${whole} commits were in flight and whole`;
}

/** Terminates workers beside another one that has the same store open and goes on. */
export async function outlivesOthers(count: number): Promise<string> {
  const path = `${FOLDER}/others.db`;
  const { thread, handle } = await startedWith(path);
  if (handle === undefined) {
    await end(thread);
    return alone;
  }
  let last = 0;
  let own = 0;
  let busy = 0;
  for (let i = 0; i < count; i++) {
    const other = new StoreThread();
    await other.call("attach", handle);
    await acquainted(2); // Without a lock of its own, nobody would hear of its end.
    const acknowledged = await floodAndTerminate(other, "other", last + 1);
    let seen = -1;
    await until("the worker has stopped", async () => {
      const before = seen;
      seen = acknowledged();
      await sleep(500);
      return before === seen && acknowledged() === seen;
    });
    busy += await thread.call("commit", "own", own + 1, own + 10, "sync");
    own += 10;
    last = await thread.call("check", "other");
    checkLast(last, seen);
    assert((await thread.call("check", "own")) === own, "its own commits are lost");
  }
  await end(thread);
  return `${count} workers after ${last} commits; the other one found the store busy ${busy} times`;
}

export async function keepsOtherPagesOut(): Promise<string> {
  const path = `${FOLDER}/pages.db`;
  const { thread: first, handle } = await startedWith(path);
  await first.call("commit", "first", 1, 5, "sync");
  const threads = [first];
  if (handle !== undefined) {
    const second = new StoreThread();
    await second.call("attach", handle as StoreHandle);
    threads.push(second);
  }
  let where = "";
  for (const thread of threads) {
    const { answer, place } = await inSecondPage("refused", path);
    assert(answer === "STORE_LOCKED", `another page got ${answer}`);
    where = place;
    // The first one dies, which leaves the second.
    if (thread === first && threads.length > 1) first.terminate();
    else await end(thread);
  }
  const { answer } = await inSecondPage("refused", path);
  assert(answer === "none", `another page got ${answer} once all had closed the store`);
  return where;
}

export async function survivesAReload(): Promise<string> {
  const { answer, place } = await inSecondPage("reloaded", `${FOLDER}/reloaded.db`);
  const { acknowledged, found, error } = JSON.parse(answer) as {
    acknowledged: number;
    found: number;
    error?: string;
  };
  assert(error === undefined, `${error}`);
  assert(
    found >= acknowledged && acknowledged > 0,
    `${found} of ${acknowledged} commits are there`,
  );
  return `${place}; ${acknowledged} commits before, ${found} found behind it`;
}

/** What a second page does: see `inSecondPage`. */
export const roles: Record<string, (path: string) => Promise<string | undefined>> = {
  /** The code with which a store is refused here. */
  async refused(path) {
    const thread = new StoreThread();
    const code = await thread.call("refusal", path, { timeout: 1000 });
    thread.terminate();
    return code;
  },
  /** Reloads itself while a worker commits, and then looks what there is. */
  async reloaded(path) {
    const item = `reloaded ${location.search}`;
    const known = sessionStorage.getItem(item);
    try {
      const { thread } = await startedWith(path, patient);
      if (known !== null) {
        const found = await thread.call("check", "page");
        await end(thread);
        return JSON.stringify({ acknowledged: Number(known), found });
      }
      const done = new SharedArrayBuffer(8);
      const acknowledged = new Int32Array(done);
      thread.call("flood", "page", 1, done).catch(() => {});
      await until("commits", () => Atomics.load(acknowledged, 0) > 10);
      sessionStorage.setItem(item, String(Atomics.load(acknowledged, 0)));
      location.reload();
      return undefined;
    } catch (error) {
      return JSON.stringify({ acknowledged: 0, found: 0, error: String(error) });
    }
  },
};
