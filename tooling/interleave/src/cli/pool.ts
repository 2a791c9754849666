// Runs jobs in worker threads, a few at a time. A worker takes one job after the other: to start one, and
// to give it the core, costs more than many a job.
import { Worker } from "node:worker_threads";
import type { CoreData } from "../core.ts";
import type { Job, ProgressOf, ResultOf } from "./worker.ts";

/** What became of a job. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: string };

export interface PoolOptions<J extends Job> {
  /** How many threads. */
  readonly lanes: number;
  /** The core of all jobs that do not compile one of their own. */
  readonly core?: CoreData;
  /** Told of each program that a job has explored, before the job ends. */
  readonly onProgress?: (progress: ProgressOf<J>, job: J) => void;
}

/** Runs `jobs`, at most `lanes` at once, and tells of each as it ends, in the order in which they end. */
export async function runJobs<J extends Job>(
  jobs: readonly J[],
  { lanes, core, onProgress }: PoolOptions<J>,
  onOutcome: (outcome: Outcome<ResultOf<J>>, job: J) => void,
): Promise<void> {
  const queue = [...jobs];
  const work = async (): Promise<void> => {
    const lane = new Lane(core);
    try {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
        onOutcome(await lane.run(job, onProgress), job);
      }
    } finally {
      await lane.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, work));
}

/** The error of a job that did not end in time. */
export const HANGS = "does not end";

/** One worker thread at a time: another takes its place when it ends. */
export class Lane {
  readonly #core: CoreData | undefined;
  #worker: Worker | undefined;

  constructor(core?: CoreData) {
    this.#core = core;
  }

  /** Does a job. After so many milliseconds, its worker is ended, and the error is `HANGS`. */
  async run<J extends Job>(
    job: J,
    onProgress?: PoolOptions<J>["onProgress"],
    milliseconds?: number,
  ): Promise<Outcome<ResultOf<J>>> {
    const workerData = this.#core;
    this.#worker ??= new Worker(new URL("./worker.js", import.meta.url), { workerData });
    const worker = this.#worker;
    let hangs = false;
    const timer =
      milliseconds === undefined
        ? undefined
        : setTimeout(() => {
            hangs = true;
            void worker.terminate();
          }, milliseconds);
    const { outcome, ended } = await runJob(worker, job, onProgress);
    clearTimeout(timer);
    if (ended) this.#worker = undefined;
    return hangs ? { error: HANGS } : outcome;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}

interface Answer<Result> {
  readonly outcome: Outcome<Result>;
  /** Whether the worker is no more, and the next job needs another. */
  readonly ended: boolean;
}

function runJob<J extends Job>(
  worker: Worker,
  job: J,
  onProgress: PoolOptions<J>["onProgress"],
): Promise<Answer<ResultOf<J>>> {
  return new Promise((resolve) => {
    const settle = (answer: Answer<ResultOf<J>>): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(answer);
    };
    const onMessage = (message: Outcome<ResultOf<J>> | { readonly progress: ProgressOf<J> }) => {
      if ("progress" in message) onProgress?.(message.progress, job);
      else settle({ outcome: message, ended: false });
    };
    const fail = (error: string) => settle({ outcome: { error }, ended: true });
    const onError = ({ message }: Error) => fail(message);
    const onExit = (code: number) => fail(`the worker exited with ${code}`);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    worker.postMessage(job);
  });
}

/** Tells of jobs in their own order, each as soon as all before it have ended. */
export class InOrder<Item, Value> {
  readonly #items: readonly Item[];
  readonly #tell: (value: Value, item: Item) => void;
  readonly #ended = new Map<Item, Value>();
  #next = 0;

  constructor(items: readonly Item[], tell: (value: Value, item: Item) => void) {
    this.#items = items;
    this.#tell = tell;
  }

  end(value: Value, item: Item): void {
    this.#ended.set(item, value);
    for (let first = this.#items[this.#next]; first !== undefined; ) {
      const ready = this.#ended.get(first);
      if (ready === undefined) return;
      this.#tell(ready, first);
      first = this.#items[++this.#next];
    }
  }
}
