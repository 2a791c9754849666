// A thread that waits inside the map for one that will never come cannot complain, nor can the test
// runner in its stead: another thread watches it, and ends the process.
import { Worker } from "node:worker_threads";

const program = `
const { workerData: { words, patience, what } } = require("node:worker_threads");
for (let seen = Atomics.load(words, 0); Atomics.load(words, 1) === 0; seen = Atomics.load(words, 0)) {
  if (Atomics.wait(words, 0, seen, patience) !== "timed-out" || Atomics.load(words, 1) !== 0) continue;
  require("node:fs").writeSync(2, "STUCK for " + patience + " ms: " + what + "\\n");
  process.kill(process.pid, "SIGKILL");
}`;

/** Longer than anything that this thread waits for by itself. */
const PATIENCE = 100_000;

export class Watchdog {
  readonly #words = new Int32Array(new SharedArrayBuffer(8));
  readonly #worker: Worker;

  /** @param what is said when this thread stands still */
  constructor(what: string) {
    const workerData = { words: this.#words, patience: PATIENCE, what };
    this.#worker = new Worker(program, { eval: true, workerData });
    this.#worker.unref();
  }

  /** This thread goes on. */
  beat(): void {
    Atomics.add(this.#words, 0, 1);
    Atomics.notify(this.#words, 0);
  }

  async stop(): Promise<void> {
    Atomics.store(this.#words, 1, 1);
    this.beat();
    await this.#worker.terminate();
  }
}
