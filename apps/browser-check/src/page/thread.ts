/* The page's side of a worker, and ways to wait for what the browser reports about threads. */
import type { MapHandle, MassTree } from "masstree";
import type { AnyOrders } from "./obey.ts";
import type { Orders } from "./worker.ts";

/** A worker that carries out orders. */
export class OrderedWorker<Orders extends AnyOrders<Orders>> {
  readonly #worker: Worker;
  #settle: { resolve(answer: unknown): void; reject(error: Error): void } | undefined;

  constructor(script: string) {
    this.#worker = new Worker(script, { type: "module" });
    this.#worker.onmessage = ({ data: { answer, error } }) => {
      if (error === undefined) this.#settle?.resolve(answer);
      else this.#settle?.reject(new Error(`in a worker: ${error}`));
    };
    this.#worker.onerror = ({ message }) => this.#settle?.reject(new Error(`a worker: ${message}`));
  }

  /** Sends the worker an order and waits for the answer. Only one order at a time. */
  call<Order extends keyof Orders>(
    order: Order,
    ...given: Parameters<Orders[Order]>
  ): Promise<Awaited<ReturnType<Orders[Order]>>> {
    this.#worker.postMessage({ order, given });
    return new Promise((resolve, reject) => {
      this.#settle = { resolve: resolve as (answer: unknown) => void, reject };
    });
  }

  terminate(): void {
    this.#worker.terminate();
  }
}

/** A worker that works on a map. */
export class Thread extends OrderedWorker<Orders> {
  constructor() {
    super("/worker.js");
  }

  /** Starts a worker that attaches the map. Returns the worker and its participant number. */
  static async attached(handle: MapHandle): Promise<{ thread: Thread; participant: number }> {
    const thread = new Thread();
    return { thread, participant: await thread.call("attach", handle) };
  }
}

export const sleep = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Waits until a condition holds. Returns how long that took, in milliseconds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  milliseconds = 10_000,
): Promise<number> {
  const start = performance.now();
  while (!(await holds())) {
    if (performance.now() - start > milliseconds)
      throw new Error(`timed out waiting until: ${what}`);
    await sleep(1);
  }
  return performance.now() - start;
}

export const numbers = <V>(map: MassTree<V>): number[] =>
  map.stats().participants.map(({ number }) => number);

/** How many of the map's locks threads hold, and how many requests for such locks are waiting. */
export async function threadLocks(): Promise<{ held: number; awaited: number }> {
  const { held = [], pending = [] } = await navigator.locks.query();
  const count = (locks: LockInfo[]) =>
    locks.filter(({ name }) => name?.startsWith("masstree thread ")).length;
  return { held: count(held), awaited: count(pending) };
}

/** Waits until `threads` threads hold their locks and each waits for the locks of all others. */
export async function acquainted(threads: number): Promise<void> {
  await until(`${threads} threads know each other`, async () => {
    const { held, awaited } = await threadLocks();
    return held === threads && awaited === threads * (threads - 1);
  });
}

export function assert(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(what);
}
