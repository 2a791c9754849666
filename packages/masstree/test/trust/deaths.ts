// Threads that die at any moment while others go on: what they acknowledged stays, what they were at is
// whole or absent, what they held comes back.
import { Worker } from "node:worker_threads";
import { treeOf, verify } from "@masstree/tree";
import { MassTree } from "../../src/index.ts";
import { type Builds, useBuilds } from "./builds.ts";
import { Board, DELIBERATE, type DeathStart, type Ending, keyOf } from "./death-plan.ts";
import { below, randomOf } from "./random.ts";
import { numberOf, type Value, valueFor } from "./values.ts";
import { Watchdog } from "./watchdog.ts";

export interface DeathOptions {
  /** How many threads are ended while others go on. */
  readonly kills: number;
  readonly seed: number;
  /** The compiled deaths-worker.ts. */
  readonly program: URL;
  readonly width?: number;
  /** Debug builds, whose threads learn of an end only by the exit event: main then works between kills. */
  readonly builds?: Builds;
  readonly threads?: number;
  readonly keys?: number;
  readonly maxBytes?: number;
  /** After how many kills all threads are ended at once and every invariant is checked. */
  readonly batch?: number;
  /** Asked after each kill: whether to end early. */
  readonly stop?: () => boolean;
  /** A fault on purpose, before every check at rest: to see that it is found. */
  readonly plant?: (map: MassTree<Value>) => void;
}

export interface DeathReport {
  /** Threads that ended while others went on, and those that all ended at once before a check. */
  readonly kills: number;
  readonly endings: Readonly<Record<Ending, number>>;
  readonly operations: number;
  /** The longest that an operation of the main thread took, in milliseconds. */
  readonly longestWait: number;
  readonly checks: number;
}

interface Running {
  readonly worker: Worker;
  readonly ending: Ending;
  readonly ended: Promise<void>;
}

const endings: readonly Ending[] = ["exit", "exit-in-value", "throw", "return"];

/** Ends threads one after the other, and then asks for everything back. */
export async function runDeaths(options: DeathOptions): Promise<DeathReport> {
  const { seed, width = 15 } = options;
  const watchdog = new Watchdog(`deaths, seed ${seed}, width ${width}`);
  const run = new Deaths(options, () => watchdog.beat());
  try {
    return await run.run();
  } catch (error) {
    const message = `deaths, seed ${seed}, width ${width}, after ${run.kills} of ${options.kills} kills`;
    throw new Error(`${message}: ${error instanceof Error ? error.message : error}`, {
      cause: error,
    });
  } finally {
    await run.end();
    await watchdog.stop();
  }
}

class Deaths {
  kills = 0;
  readonly #options: DeathOptions;
  readonly #beat: () => void;
  readonly #random: () => number;
  readonly #threads: number;
  readonly #keys: number;
  readonly #map: MassTree<Value>;
  readonly #board: Board;
  readonly #running: Running[] = [];
  readonly #endings = { terminate: 0, exit: 0, "exit-in-value": 0, throw: 0, return: 0 };
  #failure: unknown;
  #longest = 0;
  #operations = 0;
  #checks = 0;
  #mainKey = 0;

  constructor(options: DeathOptions, beat: () => void) {
    this.#beat = beat;
    const { seed, width = 15, builds, threads = 3, keys = 120 * threads } = options;
    useBuilds(builds);
    this.#options = options;
    this.#random = randomOf(seed);
    this.#threads = threads;
    this.#keys = keys;
    const { maxBytes = 2 ** 28 } = options;
    this.#map = new MassTree<Value>({ width: width as 15, maxBytes });
    const buffer = new SharedArrayBuffer(Board.bytes(keys, threads));
    this.#board = new Board(buffer, keys, threads);
  }

  async run(): Promise<DeathReport> {
    const { kills, batch = 10, stop } = this.#options;
    for (let thread = 0; thread < this.#threads; thread++) this.#start(thread);
    await this.#untilAllWork();
    while (this.kills < kills && !stop?.()) {
      this.#beat();
      await this.#killOne();
      if (this.kills % batch === 0) await this.#checkAtRest();
    }
    await this.#checkAtRest(false);
    this.#checkThatAllIsBack();
    const operations = this.#operations;
    return {
      kills: this.kills,
      endings: this.#endings,
      operations,
      longestWait: this.#longest,
      checks: this.#checks,
    };
  }

  async end(): Promise<void> {
    await Promise.all(this.#running.map(({ worker }) => worker.terminate()));
    this.#map.close();
  }

  #start(thread: number): void {
    const random = this.#random;
    const ending = random() < 0.7 ? "terminate" : endings[below(random, endings.length)]!;
    const workerData: DeathStart = {
      handle: this.#map.handle,
      builds: this.#options.builds,
      board: this.#board.buffer,
      keys: this.#keys,
      thread,
      threads: this.#threads,
      seed: below(random, 2 ** 31),
      ending,
      after: below(random, 3000),
    };
    const worker = new Worker(this.#options.program, { workerData, stderr: false });
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    worker.on("error", (error) => {
      if (error.message !== DELIBERATE) this.#failure ??= error;
    });
    this.#running[thread] = { worker, ending, ended };
  }

  /** Waits until every thread has done something since `before`, or has ended. */
  async #untilAllWork(): Promise<void> {
    const before = [...this.#board.operations];
    const gone = this.#running.map(() => false);
    for (const [thread, { ended }] of this.#running.entries()) {
      void ended.then(() => {
        gone[thread] = true;
      });
    }
    for (let waited = 0; waited < 30_000; waited += 2) {
      this.#throwFailure();
      const operations = [...this.#board.operations];
      if (operations.every((count, thread) => gone[thread] || count > before[thread]!)) return;
      await sleep(2);
    }
    throw new Error("a thread did not begin within 30 s");
  }

  async #killOne(): Promise<void> {
    const thread = below(this.#random, this.#threads);
    const { worker, ending, ended } = this.#running[thread]!;
    await sleep(this.#random() * 15);
    this.#work(20);
    if (ending === "terminate") void worker.terminate();
    // Between the order and its execution, and while the dead one's locks are held.
    if (this.#options.builds === undefined) this.#work(200);
    await within(ended, `thread ${thread} ended (${ending})`);
    this.#throwFailure();
    this.#endings[ending]++;
    this.kills++;
    this.#work(20);
    this.#checkAcknowledged(thread);
    this.#start(thread);
  }

  /** Operations of the main thread, which are not to wait for the dead. */
  #work(count: number): void {
    const map = this.#map;
    for (let i = 0; i < count; i++) {
      const key = keyOf(below(this.#random, this.#keys));
      const choice = this.#random();
      const before = performance.now();
      if (choice < 0.4) map.get(key);
      else if (choice < 0.9) this.#setOwn();
      else for (const _ of map.keys({ gte: key, limit: 10 }));
      this.#longest = Math.max(this.#longest, performance.now() - before);
    }
    this.#operations += count;
  }

  /** Keys of the main thread lie between those of the others. */
  #setOwn(): void {
    const i = ++this.#mainKey;
    const key = `${keyOf((i * 7) % 100)}+`;
    try {
      if (i % 3 === 0) this.#map.delete(key);
      else this.#map.set(key, valueFor(i));
    } catch (error) {
      if ((error as { code?: string }).code !== "MASSTREE_FULL") throw error;
    }
  }

  /** What the thread that ended had acknowledged is there, and what it was at is whole or absent. */
  #checkAcknowledged(thread: number): void {
    const { acknowledged, pending } = this.#board;
    for (let i = thread; i < this.#keys; i += this.#threads) {
      const got = numberOf(this.#map.get(keyOf(i)));
      if (got !== acknowledged[i] && got !== pending[i]) {
        const noted = `acknowledged ${acknowledged[i]}, pending ${pending[i]}`;
        throw new Error(`${keyOf(i)} holds ${got}: ${noted}`);
      }
      acknowledged[i] = got;
      pending[i] = got;
    }
  }

  /** Ends all threads at once, checks everything, and starts them again. */
  async #checkAtRest(startAgain: boolean = true): Promise<void> {
    const all = this.#running.map(({ worker, ending, ended }) => {
      // Node 20 aborts the process when a thread is terminated while its uncaught error is being reported.
      if (ending !== "throw") void worker.terminate();
      return ended;
    });
    await within(Promise.all(all), "all threads ended");
    this.#throwFailure();
    this.#options.plant?.(this.#map);
    for (let thread = 0; thread < this.#threads; thread++) this.#checkAcknowledged(thread);
    verify(this.#map);
    let entries = 0;
    for (const _ of this.#map.keys()) entries++;
    if (this.#map.size !== entries) throw new Error(`size ${this.#map.size}, entries ${entries}`);
    this.#checks++;
    if (!startAgain) return;
    for (let thread = 0; thread < this.#threads; thread++) this.#start(thread);
    await this.#untilAllWork();
  }

  #checkThatAllIsBack(): void {
    const map = this.#map;
    for (const count of this.#board.operations) this.#operations += count;
    const exports = treeOf(map).exports as unknown as {
      quiesce(): number;
      liveBlocks(): number;
      retiredBlocks(): number;
    };
    map.clear();
    exports.quiesce();
    verify(map);
    const left = { live: exports.liveBlocks(), retired: exports.retiredBlocks() };
    if (left.live !== 1 || left.retired !== 0 || map.size !== 0) {
      throw new Error(`memory did not come back: ${JSON.stringify({ ...left, size: map.size })}`);
    }
    if (this.#options.maxBytes === undefined) checkThatNumbersAreFree(map);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** All 248 participant numbers but that of this map itself can be taken, and no more. */
export function checkThatNumbersAreFree(map: MassTree<Value>): void {
  const attached: MassTree<Value>[] = [];
  try {
    for (let i = 1; i < 248; i++) attached.push(MassTree.attach<Value>(map.handle));
    let code: string | undefined;
    try {
      attached.push(MassTree.attach<Value>(map.handle));
    } catch (error) {
      code = (error as { code?: string }).code;
    }
    if (code !== "MASSTREE_TOO_MANY_PARTICIPANTS") throw new Error(`the 249th got ${code}`);
  } finally {
    for (const other of attached) other.close();
  }
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Fails when something that has to happen does not. */
export async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within 200 s: ${what}`)), 200_000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
