// What worker threads did, in memory that outlives them.

/** Rows for as many workers as there ever are. */
const rows = 1024;

export class Log {
  readonly #words: Uint32Array;

  static buffer(numbers: number): SharedArrayBuffer {
    return new SharedArrayBuffer((2 * rows + numbers) * 4);
  }

  constructor(buffer: SharedArrayBuffer) {
    this.#words = new Uint32Array(buffer);
  }

  /** How many pushes a worker has begun. */
  attempted(row: number, count?: number): number {
    return this.#word(2 * row, count);
  }

  /** How many of them have returned. */
  pushed(row: number, count?: number): number {
    return this.#word(2 * row + 1, count);
  }

  /** Counts that a number was popped. */
  popped(number: number): void {
    Atomics.add(this.#words, 2 * rows + number, 1);
  }

  timesPopped(number: number): number {
    return Atomics.load(this.#words, 2 * rows + number);
  }

  #word(index: number, value: number | undefined): number {
    if (value !== undefined) Atomics.store(this.#words, index, value);
    return Atomics.load(this.#words, index);
  }
}
