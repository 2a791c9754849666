// Every schedule with at most so many preemptions.
//
// A preemption is a switch away from a thread that could have gone on; a switch when it has ended,
// waits or spins is free. Most bugs need few preemptions, and the number of schedules is exponential
// in their number only: Musuvathi, Qadeer, 'Iterative context bounding for systematic testing of
// multithreaded programs' (PLDI 2007).
//
// Depth first, by replay: `path` holds the choices at which there was more than one; the last one
// that has an untried alternative advances, and the next schedule follows the path up to there.
// Only steps at contended words are choices (see Contention): the caller repeats the search until
// no new word was seen.
import { defaultChoice, type Scheduler, type Situation } from "./scheduler.ts";

interface Choice {
  readonly alternatives: readonly number[];
  index: number;
  /** Preemptions and early timeouts before it. */
  readonly spent: number;
  readonly current: number;
  readonly forced: boolean;
}

/** Walks through all schedules within `bound`; `advance` says whether there is another one. */
export class ExhaustiveScheduler implements Scheduler {
  readonly #bound: number;
  readonly #path: Choice[] = [];
  #position = 0;
  #spent = 0;

  constructor(bound: number) {
    this.#bound = bound;
  }

  begin(): void {
    this.#position = 0;
    this.#spent = 0;
  }

  choose(current: number, ready: number, forced: boolean, situation: Situation): number {
    if (!forced && (!situation.contended || this.#spent >= this.#bound)) return current;
    const first = defaultChoice(current, ready, forced);
    const others = (this.#spent < this.#bound ? ready | situation.waiting : ready) & ~(1 << first);
    if (others === 0) return first;
    let choice = this.#path[this.#position];
    if (choice === undefined) {
      const alternatives = [first];
      for (let rest = others; rest !== 0; rest &= rest - 1) {
        alternatives.push(31 - Math.clz32(rest & -rest));
      }
      choice = { alternatives, index: 0, spent: this.#spent, current, forced };
      this.#path.push(choice);
    } else if (choice.current !== current || choice.forced !== forced) {
      throw new Error("the program does not replay: something outside the schedule decides");
    }
    this.#position++;
    const next = choice.alternatives[choice.index]!;
    const timesOut = (ready & (1 << next)) === 0;
    if ((!forced && next !== current) || timesOut) this.#spent++;
    return next;
  }

  /** Moves on to the next schedule. False when there is none. */
  advance(): boolean {
    // A schedule that ended early leaves choices that it never reached: they are stale.
    this.#path.length = Math.min(this.#path.length, this.#position);
    for (let last = this.#path.at(-1); last !== undefined; last = this.#path.at(-1)) {
      if (last.index + 1 < last.alternatives.length) {
        last.index++;
        return true;
      }
      this.#path.pop();
    }
    return false;
  }
}
