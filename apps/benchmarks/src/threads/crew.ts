// Starts workers, calls functions in them by name, and stops them.
//
// Every heavy step runs in a worker, so that this thread stays free to show progress and to react to
// Ctrl-C. If a worker dies, its pending calls fail, so that no step waits forever.
import { Worker } from "node:worker_threads";
import { fromPlain } from "../failure.ts";
import { portsIn } from "./ports.ts";
import type { Call, Handlers, Reply } from "./serve.ts";

type Step<H extends Handlers> = keyof H & string;
type Result<H extends Handlers, S extends Step<H>> = Awaited<ReturnType<H[S]>>;

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** Megabytes of heap per worker. Large inputs need more than Node's default. */
const HEAP_MEGABYTES = 8192;

export class Crew<H extends Handlers> {
  readonly #workers: Worker[] = [];
  readonly #waiting: Map<number, Waiting>[] = [];
  /** Why a worker no longer answers, by its number. */
  readonly #ended: (Error | undefined)[] = [];
  #nextId = 0;

  /**
   * @param script the worker's module, which calls `serve`
   * @param count the number of workers
   * @param data returns the data for each worker, given its number
   */
  constructor(script: URL, count: number, data: (thread: number) => unknown) {
    for (let thread = 0; thread < count; thread++) {
      const waiting = new Map<number, Waiting>();
      const worker = new Worker(script, {
        workerData: data(thread),
        name: `thread ${thread}`,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
      });
      worker.on("message", (reply: Reply) => {
        const call = waiting.get(reply.id);
        waiting.delete(reply.id);
        if ("failure" in reply) call?.reject(fromPlain(reply.failure));
        else call?.resolve(reply.result as never);
      });
      const fail = (error: Error): void => {
        this.#ended[thread] ??= error;
        for (const call of waiting.values()) call.reject(error);
        waiting.clear();
      };
      worker.on("error", fail);
      worker.on("exit", (status) => {
        fail(new Error(`thread ${thread} ended with status ${status}`));
      });
      this.#workers.push(worker);
      this.#waiting.push(waiting);
    }
  }

  get size(): number {
    return this.#workers.length;
  }

  /** Runs a step in one worker. */
  call<S extends Step<H>>(
    thread: number,
    step: S,
    ...args: Parameters<H[S]>
  ): Promise<Result<H, S>> {
    const ended = this.#ended[thread];
    if (ended !== undefined) return Promise.reject(ended);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      this.#waiting[thread]!.set(id, { resolve, reject });
      const call: Call = { id, step, args };
      this.#workers[thread]!.postMessage(call, portsIn(args));
    });
  }

  /** Runs a step in the first `count` workers at once. Fails as soon as one of them fails. */
  together<S extends Step<H>>(
    count: number,
    step: S,
    ...args: Parameters<H[S]>
  ): Promise<Result<H, S>[]> {
    return Promise.all(
      Array.from({ length: count }, (_, thread) => this.call(thread, step, ...args)),
    );
  }

  /** Terminates all workers, whatever they are doing. */
  async stop(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
