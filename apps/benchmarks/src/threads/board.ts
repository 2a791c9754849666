// Shared memory through which the threads of a run synchronise without messages.
//
//   word 0        arrived     threads waiting at the barrier
//   word 1        generation  increases when the barrier opens; threads wait on it
//   word 2        finished    writers that have finished the step
//   word 16(t+1)  progress    operations that thread t has completed in this step
//
// Words are i32. Each thread's progress has its own cache line, because it is written often.
const ARRIVED = 0;
const GENERATION = 1;
const FINISHED = 2;
const LINE = 16;

/** Checks before a thread sleeps: a few tens of microseconds, the skew of a warm start. */
const SPINS = 20_000;

export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly #words: Int32Array;

  /** @param buffer of another thread's board; without it, the board is new */
  constructor(threads: number, buffer?: SharedArrayBuffer) {
    this.threads = threads;
    this.buffer = buffer ?? new SharedArrayBuffer((threads + 1) * LINE * 4);
    this.#words = new Int32Array(this.buffer);
  }

  /** Prepares the board for the next step. Call it only while no thread is in a step. */
  reset(): void {
    Atomics.store(this.#words, ARRIVED, 0);
    Atomics.store(this.#words, FINISHED, 0);
    for (let thread = 0; thread < this.threads; thread++) this.publish(thread, 0);
  }

  /** Waits until `count` threads have called this. Can be called again at once. */
  meet(count: number): void {
    const generation = Atomics.load(this.#words, GENERATION);
    if (Atomics.add(this.#words, ARRIVED, 1) === count - 1) {
      Atomics.store(this.#words, ARRIVED, 0);
      Atomics.add(this.#words, GENERATION, 1);
      Atomics.notify(this.#words, GENERATION);
      return;
    }
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(this.#words, GENERATION) !== generation) return;
    }
    while (Atomics.load(this.#words, GENERATION) === generation) {
      Atomics.wait(this.#words, GENERATION, generation);
    }
  }

  /** Publishes that the first `count` operations of `thread` are done. Other threads rely on it. */
  publish(thread: number, count: number): void {
    Atomics.store(this.#words, (thread + 1) * LINE, count);
  }

  published(thread: number): number {
    return Atomics.load(this.#words, (thread + 1) * LINE);
  }

  /** The total of operations by the first `threads` threads in this step. */
  total(threads: number): number {
    let total = 0;
    for (let thread = 0; thread < threads; thread++) total += this.published(thread);
    return total;
  }

  /** Counts one more writer that has finished. */
  finish(): void {
    Atomics.add(this.#words, FINISHED, 1);
  }

  finished(): number {
    return Atomics.load(this.#words, FINISHED);
  }
}
