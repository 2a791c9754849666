// Random schedules: at every step a thread gives way with some probability.
//
// The probability is drawn anew for each schedule, from "at almost every step" to "hardly ever":
// some bugs need many switches in a few steps, others one at the right place.
import { randomNumbers } from "../random.ts";
import { defaultChoice, lowest, type Scheduler, type Situation } from "./scheduler.ts";
import { StaleCoin } from "./stale-coin.ts";

const probabilities = [1, 1 / 4, 1 / 16, 1 / 64];

/** Draws an endless sequence of schedules from one seed. */
export class RandomScheduler implements Scheduler {
  readonly #random: () => number;
  readonly #coin: StaleCoin;
  #probability = 1;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    this.#coin = new StaleCoin(this.#random);
  }

  begin(): void {
    this.#coin.begin();
    this.#probability = probabilities[Math.floor(this.#random() * probabilities.length)]!;
  }

  choose(current: number, ready: number, forced: boolean, situation: Situation): number {
    const random = this.#random;
    if (!forced && random() >= this.#probability) return defaultChoice(current, ready, forced);
    let candidates = ready;
    // A wait times out early now and then, not as often as threads are switched.
    if (situation.waiting !== 0 && random() < 1 / 16) candidates |= situation.waiting;
    return oneOf(candidates, random);
  }

  wake(_current: number, _step: number, sleepers: number): number {
    return oneOf(sleepers, this.#random);
  }

  read(_thread: number, _step: number, alternatives: number): number {
    return this.#coin.toss(alternatives);
  }
}

/** One of some threads, which are bits. */
export function oneOf(threads: number, random: () => number): number {
  let rest = threads;
  for (let skip = Math.floor(random() * bitCount(threads)); skip > 0; skip--) rest &= rest - 1;
  return lowest(rest);
}

function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}
