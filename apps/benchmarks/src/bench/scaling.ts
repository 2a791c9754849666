// Measures how the total number of gets grows with the threads: one map, with every thread looking up
// all keys.
//
// The threads are started and warm before the first measurement. In each measurement, they meet at a
// barrier and then work for the same time, so that all of them are busy from the first to the last
// moment.
import { Difference } from "../failure.ts";
import type { Board } from "../threads/board.ts";
import { now, type Timed } from "../threads/clock.ts";
import type { BenchKeys } from "./kinds.ts";
import type { MapLike } from "./subjects.ts";

/** A thread reads the clock once per this many gets. */
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

  /** Gets keys for `milliseconds`, starting together with the other threads. */
  get(threads: number, milliseconds: number): Timed {
    const { probes } = this.#keys;
    const map = this.#map;
    // Threads start at different keys, so that they do not warm the cache for each other.
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
