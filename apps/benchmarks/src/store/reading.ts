// Several threads that read one store.
import { Worker } from "node:worker_threads";
import { fromPlain, type PlainFailure } from "../failure.ts";
import type { OpenStore } from "./peer.ts";
import type { Scene } from "./workloads.ts";

/** What a thread is told. */
export interface ReaderPlan {
  readonly peer: string;
  readonly directory: string;
  readonly handle: unknown;
  readonly size: number;
  readonly valueBytes: number;
  readonly seed: number;
  readonly round: number;
  readonly gets: number;
  /** 1 once all may begin. */
  readonly gate: Int32Array;
}

/** What it answers: first that it is ready, then when it has begun and ended, in milliseconds since 1970. */
export type ReaderAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "done"; readonly from: number; readonly to: number }
  | { readonly kind: "failed"; readonly failure: PlainFailure };

/** Gets per second of all threads together, from when the first begins to when the last has ended. */
export async function readInThreads(scene: Scene, store: OpenStore): Promise<number> {
  const { threads, gets, peer, directory, contents, valueBytes, seed, workerScript } = scene;
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const plan = {
    peer: peer.name,
    directory,
    handle: store.handle?.(),
    valueBytes,
    seed,
    gets,
    gate,
  };
  const size = contents.entries.length;
  const readers = Array.from(
    { length: threads },
    (_, i) => new Reader(workerScript, { ...plan, size, round: 10 + i }),
  );
  try {
    await Promise.all(readers.map(({ ready }) => ready));
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
    const spans = await Promise.all(readers.map(({ done }) => done));
    const from = Math.min(...spans.map((span) => span.from));
    const to = Math.max(...spans.map((span) => span.to));
    return (1000 * threads * gets) / (to - from);
  } finally {
    await Promise.all(readers.map((reader) => reader.end()));
  }
}

class Reader {
  readonly ready: Promise<unknown>;
  readonly done: Promise<{ readonly from: number; readonly to: number }>;
  readonly #worker: Worker;

  constructor(script: URL, plan: ReaderPlan) {
    this.#worker = new Worker(script, { workerData: plan });
    this.ready = this.#answer("ready");
    this.done = this.#answer("done");
    // 'ready' is awaited first, and fails with it.
    this.done.catch(() => {});
  }

  #answer<K extends ReaderAnswer["kind"]>(
    kind: K,
  ): Promise<Extract<ReaderAnswer, { readonly kind: K }>> {
    return new Promise((resolve, reject) => {
      this.#worker.on("error", reject);
      this.#worker.on("message", (answer: ReaderAnswer) => {
        if (answer.kind === kind) resolve(answer as Extract<ReaderAnswer, { readonly kind: K }>);
        else if (answer.kind === "failed") reject(fromPlain(answer.failure));
      });
    });
  }

  end(): Promise<unknown> {
    return this.#worker.terminate();
  }
}
