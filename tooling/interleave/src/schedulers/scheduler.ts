// Who goes on.
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
}

/** The thread that goes on when nothing else is decided. */
export function defaultChoice(current: number, ready: number, forced: boolean): number {
  return forced ? 31 - Math.clz32(ready & -ready) : current;
}

/** Follows a schedule. Where a decision cannot be followed, the default is taken. */
export class ReplayScheduler implements Scheduler {
  readonly #next = new Map<number, number>();

  constructor({ decisions }: Schedule) {
    for (const { thread, step, next } of decisions) this.#next.set(placeOf(thread, step), next);
  }

  begin(): void {}

  choose(current: number, ready: number, forced: boolean, situation: Situation): number {
    const step = current < 0 ? 0 : situation.stepsOf(current);
    const next = this.#next.get(placeOf(current, step));
    if (next !== undefined && ((ready | situation.waiting) & (1 << next)) !== 0) return next;
    return defaultChoice(current, ready, forced);
  }
}
