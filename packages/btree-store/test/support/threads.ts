// Threads that have a store open, and do what a test tells them.
import { Worker } from "node:worker_threads";
import type { BTreeStore, Snapshot, StoreHandle } from "../../src/index.ts";

const program = new URL("../programs/thread.mjs", import.meta.url);
const packageUrl = new URL("../../dist/index.js", import.meta.url).href;

/** What the calls of a thread keep for each other. */
export interface Kept {
  snapshot?: Snapshot;
}

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly code: string; readonly message: string; readonly threadId: number };
}

/** What is unusual about a thread. */
interface How {
  readonly step?: number | undefined;
  readonly stopsIn?: string;
  readonly mayNotWait?: boolean;
}

export class Thread {
  readonly #worker: Worker;
  readonly #answers: ((answer: Answer) => void)[] = [];
  readonly #ended: Promise<void>;
  readonly #flag: Int32Array;
  /** Its id. */
  id = -1;

  private constructor(handle: StoreHandle, url: string, how: How) {
    this.#flag = new Int32Array(new SharedArrayBuffer(8));
    this.#worker = new Worker(program, { workerData: { url, handle, flag: this.#flag, ...how } });
    this.#worker.on("message", (answer: Answer) => this.#answers.shift()!(answer));
    this.#worker.on("error", (error) => {
      throw error;
    });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
  }

  /**
   * Starts a thread that attaches to a store.
   *
   * @param step the call of its file, once `kept.armed` is set, that never returns
   */
  static async start(
    handle: StoreHandle,
    step?: number,
    url: string = packageUrl,
  ): Promise<Thread> {
    const thread = new Thread(handle, url, { step });
    thread.id = (await thread.#answer()) as number;
    return thread;
  }

  /** Starts a thread in which `Atomics.wait` throws. */
  static async startWithoutWait(handle: StoreHandle): Promise<Thread> {
    const thread = new Thread(handle, packageUrl, { mayNotWait: true });
    thread.id = (await thread.#answer()) as number;
    return thread;
  }

  /** Starts a thread that never returns from a call of its Vfs, while it attaches. */
  static async startStopping(
    handle: StoreHandle,
    stopsIn: "open" | "adoptLock" | "identify",
  ): Promise<Thread> {
    const thread = new Thread(handle, packageUrl, { stopsIn });
    await thread.stopped(new Promise(() => {}));
    return thread;
  }

  /** Starts one that is ended at any moment: nobody hears of it. */
  static startUnheard(handle: StoreHandle): Thread {
    const thread = new Thread(handle, packageUrl, {});
    thread.#answer().catch(() => {});
    return thread;
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#answers.push(({ value, error }) => {
        if (error === undefined) resolve(value);
        else reject(Object.assign(new Error(error.message), error));
      });
    });
  }

  /** Runs a function in the thread: its text. It sees nothing of this file but its arguments. */
  run<R, A = undefined>(
    call: (store: BTreeStore, argument: A, kept: Kept) => R,
    argument?: A,
  ): Promise<Awaited<R>> {
    return this.runText(call.toString(), argument) as Promise<Awaited<R>>;
  }

  /** The same, with the text of the function. */
  runText(code: string, argument: unknown): Promise<unknown> {
    this.#worker.postMessage({ code, argument });
    return this.#answer();
  }

  /** Waits until the call of its file that never returns has begun; false if `other` comes first. */
  async stopped(other: Promise<unknown>): Promise<boolean> {
    const wait = Atomics.waitAsync(this.#flag, 0, 0);
    if (!wait.async) return true;
    return Promise.race([wait.value.then(() => true), other.then(() => false)]);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
    await this.#ended;
  }
}

/** Runs something, and ends its threads. */
export async function withThreads<R>(
  run: (start: (handle: StoreHandle, step?: number) => Promise<Thread>) => Promise<R>,
): Promise<R> {
  const threads: Thread[] = [];
  try {
    return await run(async (handle, step) => {
      const thread = await Thread.start(handle, step);
      threads.push(thread);
      return thread;
    });
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}
