// How the total of gets grows with the threads: one map, every thread looking up all keys.
//
// The threads are started and warm before the first measurement; in each, they meet at a barrier
// and then work for the same time, so that all are at work from the first to the last moment.
import { Difference } from "../failure.ts";
import type { Board } from "../threads/board.ts";
import { now, type Timed } from "../threads/clock.ts";
import type { BenchKeys } from "./kinds.ts";
import type { MapLike } from "./subjects.ts";

/** Looks at the clock this often. */
const BLOCK = 512;

export class ScalingThread {
  readonly #map: MapLike;
  readonly #keys: BenchKeys;
  readonly #board: Board;
  readonly #thread: number;

  constructor(map: MapLike, keys: BenchKeys, board: Board, thread: number) {
    this.#map = map;
    this.#keys = keys;
    this.#board = board;
    this.#thread = thread;
  }

  /** Gets keys for `milliseconds`, begun together with the other threads. */
  get(threads: number, milliseconds: number): Timed {
    const { probes } = this.#keys;
    const map = this.#map;
    // Threads begin apart, so that they do not warm the cache for each other.
    let next = Math.floor((probes.length * this.#thread) / threads);
    let operations = 0;
    let found = 0;
    this.#board.meet(threads);
    const start = now();
    let end = start;
    for (const stop = start + milliseconds; end < stop; end = now()) {
      for (let n = 0; n < BLOCK; n++) {
        if (map.get(probes[next]!) !== undefined) found++;
        if (++next === probes.length) next = 0;
      }
      operations += BLOCK;
    }
    if (found !== operations) {
      throw new Difference(
        `thread ${this.#thread} of ${threads} missed ${operations - found} of ${operations} keys`,
      );
    }
    return { start, end, operations };
  }
}
