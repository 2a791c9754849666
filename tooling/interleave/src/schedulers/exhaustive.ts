// Every schedule with at most so many preemptions.
//
// A preemption is a switch away from a thread that could have gone on; a switch when it has ended,
// waits or spins is free. Most bugs need few preemptions, and the number of schedules is exponential
// in their number only: Musuvathi, Qadeer, 'Iterative context bounding for systematic testing of
// multithreaded programs' (PLDI 2007). Which of several sleepers a notification wakes is free as well.
//
// Depth first, by replay: `path` holds the choices at which there was more than one; the last one
// that has an untried alternative advances, and the next schedule follows the path up to there.
// A read that may return older values is a choice, too; how many of these a schedule has is bounded by who asks.
// Only steps at contended words are choices (see Contention): the caller repeats the search until
// no new word was seen.
import { defaultChoice, lowest, type Scheduler, type Situation } from "./scheduler.ts";

interface Choice {
  readonly alternatives: readonly number[];
  index: number;
  readonly current: number;
  /** A switch that has to be, one that need not, who is woken, or what a read returns. */
  readonly kind: "forced" | "free" | "wake" | "read";
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
    const next = this.#branch(current, forced ? "forced" : "free", first, others);
    const timesOut = (ready & (1 << next)) === 0;
    if ((!forced && next !== current) || timesOut) this.#spent++;
    return next;
  }

  wake(current: number, _step: number, sleepers: number): number {
    const first = lowest(sleepers);
    return this.#branch(current, "wake", first, sleepers & ~(1 << first));
  }

  /** One of some threads: `first`, or one of `others`, which are bits. */
  #branch(current: number, kind: Choice["kind"], first: number, others: number): number {
    if (others === 0) return first;
    return this.#take(current, kind, () => {
      const alternatives = [first];
      for (let rest = others; rest !== 0; rest &= rest - 1) alternatives.push(lowest(rest));
      return alternatives;
    });
  }

  read(thread: number, _step: number, alternatives: number): number {
    return this.#take(thread, "read", () => Array.from({ length: alternatives + 1 }, (_, n) => n));
  }

  /** The choice at this place of the path, which begins here if it ended. */
  #take(current: number, kind: Choice["kind"], alternativesOf: () => readonly number[]): number {
    let choice = this.#path[this.#position];
    if (choice === undefined) {
      choice = { alternatives: alternativesOf(), index: 0, current, kind };
      this.#path.push(choice);
    } else if (choice.current !== current || choice.kind !== kind) {
      throw new Error("the program does not replay: something outside the schedule decides");
    }
    this.#position++;
    return choice.alternatives[choice.index]!;
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
