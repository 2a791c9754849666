// Runs jobs in worker threads, a few at a time. A worker takes one job after the other: to start one, and
// to give it the core, costs more than many a job.
import { Worker } from "node:worker_threads";
import type { CoreData } from "../core.ts";
import type { Explored } from "./progress.ts";
import type { Job, ResultOf } from "./worker.ts";

/** What became of a job. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: string };

export interface PoolOptions {
  /** How many threads. */
  readonly lanes: number;
  /** The core of all jobs that do not compile one of their own. */
  readonly core?: CoreData;
  /** Told of each program that a job has explored, before the job ends. */
  readonly onExplored?: (explored: Explored) => void;
}

/** Runs `jobs`, at most `lanes` at once, and tells of each as it ends, in the order in which they end. */
export async function runJobs<J extends Job>(
  jobs: readonly J[],
  { lanes, core, onExplored }: PoolOptions,
  onOutcome: (outcome: Outcome<ResultOf<J>>, job: J) => void,
): Promise<void> {
  const queue = [...jobs];
  const lane = async (): Promise<void> => {
    let worker: Worker | undefined;
    try {
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
        worker ??= new Worker(new URL("./worker.js", import.meta.url), { workerData: core });
        const { outcome, ended } = await runJob<ResultOf<J>>(worker, job, onExplored);
        if (ended) worker = undefined;
        onOutcome(outcome, job);
      }
    } finally {
      await worker?.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
}

interface Answer<Result> {
  readonly outcome: Outcome<Result>;
  /** Whether the worker is no more, and the next job needs another. */
  readonly ended: boolean;
}

function runJob<Result>(
  worker: Worker,
  job: Job,
  onExplored: PoolOptions["onExplored"],
): Promise<Answer<Result>> {
  return new Promise((resolve) => {
    const settle = (answer: Answer<Result>): void => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      resolve(answer);
    };
    const onMessage = (message: Outcome<Result> | { readonly explored: Explored }) => {
      if ("explored" in message) onExplored?.(message.explored);
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
