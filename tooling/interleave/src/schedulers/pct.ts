// Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, 'A randomized
// scheduler with probabilistic guarantees of finding bugs' (ASPLOS 2010), section 3.
//
// Threads get random priorities; the highest that can go on does. At d - 1 steps, chosen at random
// among the n steps of a schedule, the running thread's priority falls below all others. A bug that
// needs d ordering constraints among k threads is hit with probability of at least 1 / (k * n^(d-1))
// in each schedule.
import { randomNumbers } from "../random.ts";
import type { Scheduler, Situation } from "./scheduler.ts";

/** Draws an endless sequence of schedules of a given depth from one seed. */
export class PctScheduler implements Scheduler {
  readonly #random: () => number;
  readonly #depth: number;
  readonly #priorities: number[] = [];
  readonly #changes: number[] = [];
  // The longest schedule so far: where changes may fall.
  #length = 16;
  #lastClock = 0;

  /** `depth` is the number of ordering constraints: 1 for none but the order of the threads. */
  constructor(seed: number, depth: number) {
    this.#random = randomNumbers(seed);
    this.#depth = depth;
  }

  begin(threads: number): void {
    this.#length = Math.max(this.#length, this.#lastClock);
    this.#priorities.length = 0;
    for (let thread = 0; thread < threads; thread++) {
      this.#priorities.push(this.#depth + this.#random());
    }
    this.#changes.length = 0;
    for (let change = 1; change < this.#depth; change++) {
      this.#changes.push(1 + Math.floor(this.#random() * this.#length));
    }
    this.#changes.sort((a, b) => b - a);
  }

  choose(current: number, ready: number, _forced: boolean, situation: Situation): number {
    this.#lastClock = situation.clock;
    const { waiting } = situation;
    while (this.#changes.length > 0 && situation.clock >= this.#changes.at(-1)!) {
      this.#changes.pop();
      if (current >= 0) this.#priorities[current] = this.#changes.length;
    }
    // A wait times out early now and then, if it waits for less important threads.
    const candidates = waiting !== 0 && this.#random() < 1 / 64 ? ready | waiting : ready;
    let best = -1;
    for (let rest = candidates; rest !== 0; rest &= rest - 1) {
      const thread = 31 - Math.clz32(rest & -rest);
      if (best < 0 || this.#priorities[thread]! > this.#priorities[best]!) best = thread;
    }
    return best;
  }
}
