// Probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi, Nagarakatte, 'A randomized
// scheduler with probabilistic guarantees of finding bugs' (ASPLOS 2010), section 3.
//
// Threads get random priorities; the highest that can go on does. At d - 1 steps, chosen at random
// among the n steps of a schedule, the running thread's priority falls below those that the threads
// began with; which of these steps gives the lowest is random, too. A bug that
// needs d ordering constraints among k threads is hit with probability of at least 1 / (k * n^(d-1))
// in each schedule. If the contended words are known, n counts only the steps at these.
import { randomNumbers } from "../random.ts";
import { oneOf } from "./random.ts";
import type { Scheduler, Situation } from "./scheduler.ts";
import { StaleCoin } from "./stale-coin.ts";

/** Draws an endless sequence of schedules of a given depth from one seed. */
export class PctScheduler implements Scheduler {
  readonly #random: () => number;
  readonly #coin: StaleCoin;
  readonly #depth: number;
  readonly #priorities: number[] = [];
  /** The next one last. */
  readonly #changes: { at: number; priority: number }[] = [];
  // The longest schedule so far: where changes may fall.
  #length = 16;
  // Contended steps so far in this schedule.
  #clock = 0;

  /** `depth` is the number of ordering constraints: 1 for none but the order of the threads. */
  constructor(seed: number, depth: number) {
    this.#random = randomNumbers(seed);
    this.#depth = depth;
    this.#coin = new StaleCoin(this.#random);
  }

  begin(threads: number): void {
    this.#coin.begin();
    this.#length = Math.max(this.#length, this.#clock);
    this.#clock = 0;
    this.#priorities.length = 0;
    for (let thread = 0; thread < threads; thread++) {
      this.#priorities.push(this.#depth + this.#random());
    }
    this.#changes.length = 0;
    for (let priority = 1; priority < this.#depth; priority++) {
      this.#changes.push({ at: 1 + Math.floor(this.#random() * this.#length), priority });
    }
    this.#changes.sort((a, b) => b.at - a.at);
  }

  choose(current: number, ready: number, forced: boolean, situation: Situation): number {
    const { waiting } = situation;
    if (!forced && situation.contended) this.#clock++;
    while (this.#changes.length > 0 && this.#clock >= this.#changes.at(-1)!.at) {
      const { priority } = this.#changes.pop()!;
      if (current >= 0) this.#priorities[current] = priority;
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

  // Whom a notification wakes has nothing to do with priorities: the queue of sleepers does not know them.
  wake(_current: number, _step: number, sleepers: number): number {
    return oneOf(sleepers, this.#random);
  }

  read(_thread: number, _step: number, alternatives: number): number {
    return this.#coin.toss(alternatives);
  }
}
