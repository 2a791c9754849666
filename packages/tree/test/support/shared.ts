// What the threads of one scenario know of each other: a few words of shared memory beside the map's.
//
//     0  how many have arrived      1  1: stop, something went wrong      2  how many have ended
//     3  (unused)                   4  words that the roles use as they like

const ARRIVED = 0;
const STOPPED = 1;
const ENDED = 2;
const OWN = 4;

export class Shared {
  readonly #words: Int32Array;

  constructor(words: Int32Array) {
    this.#words = words;
  }

  static words(): Int32Array {
    return new Int32Array(new SharedArrayBuffer(4 * 1024));
  }

  /** Waits for the others, so that all start at one moment. */
  gather(threads: number): void {
    Atomics.add(this.#words, ARRIVED, 1);
    Atomics.notify(this.#words, ARRIVED);
    while (!this.stopped) {
      const arrived = Atomics.load(this.#words, ARRIVED);
      if (arrived >= threads) return;
      Atomics.wait(this.#words, ARRIVED, arrived, 100);
    }
  }

  stop(): void {
    Atomics.store(this.#words, STOPPED, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, STOPPED) !== 0;
  }

  done(): void {
    Atomics.add(this.#words, ENDED, 1);
  }

  /** How many threads have ended. */
  get ended(): number {
    return Atomics.load(this.#words, ENDED);
  }

  load(index: number): number {
    return Atomics.load(this.#words, OWN + index);
  }

  store(index: number, value: number): void {
    Atomics.store(this.#words, OWN + index, value);
  }

  /** The value before. */
  add(index: number, value: number): number {
    return Atomics.add(this.#words, OWN + index, value);
  }
}
