// Who goes on, and what a read returns.
import { placeOf, type Schedule } from "../schedule.ts";

/** What a scheduler can ask about the machine while it chooses. */
export interface Situation {
  /** Steps taken in this schedule, by all threads. */
  readonly clock: number;
  /** Whether the pending step of the current thread touches what another thread touches too. */
  readonly contended: boolean;
  /** Threads that wait with a timeout: to choose one is to let it time out. */
  readonly waiting: number;
  stepsOf(thread: number): number;
}

/** Decides, step by step, a schedule. */
export interface Scheduler {
  /** A new schedule of so many threads begins. */
  begin(threads: number): void;
  /**
   * The thread to go on: one whose bit is in `ready` or in `situation.waiting`. `forced` says that
   * `current` cannot go on (it is -1 at the beginning); else its bit is in `ready` too.
   */
  choose(current: number, ready: number, forced: boolean, situation: Situation): number;
  /** Which of two or more threads that sleep at an address wakes, when step `step` of `current` notifies it. */
  wake(current: number, step: number, sleepers: number): number;
  /** Which of so many older values step `step` of a thread reads: from 1, or 0 for the last value. */
  read(thread: number, step: number, alternatives: number): number;
}

/** The thread that goes on when nothing else is decided. */
export function defaultChoice(current: number, ready: number, forced: boolean): number {
  return forced ? lowest(ready) : current;
}

/** The lowest-numbered of some threads, which are bits. */
export function lowest(threads: number): number {
  return 31 - Math.clz32(threads & -threads);
}

/** Follows a schedule. Where a decision cannot be followed, the default is taken. */
export class ReplayScheduler implements Scheduler {
  readonly #next = new Map<number, number>();
  readonly #woken = new Map<number, number>();
  readonly #stale = new Map<number, number>();

  constructor({ decisions }: Schedule) {
    for (const decision of decisions) {
      const place = placeOf(decision.thread, decision.step);
      if ("wakes" in decision) {
        this.#woken.set(place, (this.#woken.get(place) ?? 0) | (1 << decision.wakes));
      } else if ("stale" in decision) this.#stale.set(place, decision.stale);
      else this.#next.set(place, decision.next);
    }
  }

  begin(): void {}

  choose(current: number, ready: number, forced: boolean, situation: Situation): number {
    const step = current < 0 ? 0 : situation.stepsOf(current);
    const next = this.#next.get(placeOf(current, step));
    if (next !== undefined && ((ready | situation.waiting) & (1 << next)) !== 0) return next;
    return defaultChoice(current, ready, forced);
  }

  wake(current: number, step: number, sleepers: number): number {
    const chosen = (this.#woken.get(placeOf(current, step)) ?? 0) & sleepers;
    return lowest(chosen === 0 ? sleepers : chosen);
  }

  read(thread: number, step: number, alternatives: number): number {
    const stale = this.#stale.get(placeOf(thread, step)) ?? 0;
    return stale <= alternatives ? stale : 0;
  }
}
