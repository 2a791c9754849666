// What the threads of a run tell each other without messages.
//
//   word 0        arrived     threads waiting at the barrier
//   word 1        generation  steps when the barrier opens; waited on
//   word 2        finished    writers that are through with the step
//   word 16(t+1)  progress    operations that thread t has completed in this step
//
// Words are i32. Each thread's progress has a cache line of its own: it is written often.
const ARRIVED = 0;
const GENERATION = 1;
const FINISHED = 2;
const LINE = 16;

/** Looks this often before it sleeps: some tens of microseconds, the skew of a warm start. */
const SPINS = 20_000;

export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly #words: Int32Array;

  /** @param buffer another thread's board; a new one without it */
  constructor(threads: number, buffer?: SharedArrayBuffer) {
    this.threads = threads;
    this.buffer = buffer ?? new SharedArrayBuffer((threads + 1) * LINE * 4);
    this.#words = new Int32Array(this.buffer);
  }

  /** Makes the board ready for the next step. Only while no thread is in one. */
  reset(): void {
    Atomics.store(this.#words, ARRIVED, 0);
    Atomics.store(this.#words, FINISHED, 0);
    for (let thread = 0; thread < this.threads; thread++) this.publish(thread, 0);
  }

  /** Waits until `count` threads have come here. Usable again at once. */
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

  /** Says that the first `count` operations of `thread` are done, for any thread to rely on. */
  publish(thread: number, count: number): void {
    Atomics.store(this.#words, (thread + 1) * LINE, count);
  }

  published(thread: number): number {
    return Atomics.load(this.#words, (thread + 1) * LINE);
  }

  /** Operations of the first `threads` threads in this step. */
  total(threads: number): number {
    let total = 0;
    for (let thread = 0; thread < threads; thread++) total += this.published(thread);
    return total;
  }

  /** Says that one more writer is through. */
  finish(): void {
    Atomics.add(this.#words, FINISHED, 1);
  }

  finished(): number {
    return Atomics.load(this.#words, FINISHED);
  }
}
