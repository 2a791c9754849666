// What the main thread notices while the index is being filled: whether it can ask, how old the answers
// are, and for how long it was not free.
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { Difference } from "../failure.ts";
import { excerpt } from "../format.ts";
import { type Entry, EVERYTHING, filesOf, mostFrequent, occurrencesOf, saidOf } from "./counts.ts";
import type { Index } from "./way.ts";

/** Milliseconds from one answer to the next question. */
const PAUSE = 20;
/** Milliseconds between two looks at whether the thread is free. */
const RESOLUTION = 1;

export interface Noticed {
  /** How many questions were answered before the index was complete. */
  readonly answered: number;
  /** Why none could be asked, if so. */
  readonly closed: string | undefined;
  /** Milliseconds that half of the answers took at most. */
  readonly median: number | undefined;
  /** Milliseconds that all answers took. */
  readonly spent: number;
  /** The most files that had been taken when a question was asked and were not in the answer. */
  readonly behind: number;
  /** The longest time in milliseconds in which the main thread could do nothing else. */
  readonly stall: number;
}

interface Answer {
  readonly prefix: string;
  readonly entries: Entry[];
}

export class Probe {
  readonly #prefixes: readonly string[];
  readonly #filesTaken: () => number;
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  readonly #answers: Answer[] = [];
  readonly #took: number[] = [];
  #behind = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param filesTaken how many files have been taken now */
  constructor(prefixes: readonly string[], filesTaken: () => number) {
    this.#prefixes = prefixes;
    this.#filesTaken = filesTaken;
  }

  /** Begins to look at the main thread. */
  async begin(): Promise<void> {
    this.#loop.enable();
    // The first looks come late, because the process has just been started.
    await delay(20);
    this.#loop.reset();
    // It measures from one look to the next, so there has to be one before anything happens.
    await delay(2 * RESOLUTION);
  }

  /** Begins to ask. */
  ask(index: Index): void {
    if (index.closedUntilDone !== undefined || this.#prefixes.length === 0) return;
    this.#timer = setTimeout(() => {
      const prefix = this.#prefixes[this.#answers.length % this.#prefixes.length]!;
      const filesTaken = this.#filesTaken();
      const start = performance.now();
      const entries = mostFrequent(index.startingWith(prefix));
      this.#took.push(performance.now() - start);
      this.#answers.push({ prefix, entries });
      const filesKnown = filesOf(index.get(EVERYTHING) ?? 0);
      this.#behind = Math.max(this.#behind, filesTaken - filesKnown);
      this.ask(index);
    }, PAUSE);
  }

  /**
   * Ends both.
   *
   * @throws Difference if an answer was wrong at any time, given the complete index
   */
  async end(index: Index): Promise<Noticed> {
    clearTimeout(this.#timer);
    // What holds the thread up now is noticed only when it is over.
    await delay(2 * RESOLUTION);
    this.#loop.disable();
    for (const answer of this.#answers) check(answer, index);
    const sorted = this.#took.toSorted((a, b) => a - b);
    return {
      answered: this.#answers.length,
      closed: index.closedUntilDone,
      median: sorted[sorted.length >> 1],
      spent: sorted.reduce((sum, one) => sum + one, 0),
      behind: this.#behind,
      stall: Math.max(0, this.#loop.max / 1e6 - RESOLUTION),
    };
  }
}

/** Counts only grow. So whatever was answered earlier is at most what is there in the end. */
function check({ prefix, entries }: Answer, index: Index): void {
  let before: Entry | undefined;
  for (const entry of entries) {
    const [word, number] = entry;
    const final = index.get(word) ?? 0;
    const what = `while the files were read, the answer for ${excerpt(prefix)} had ${excerpt(word)}`;
    if (!word.startsWith(prefix)) throw new Difference(what);
    if (before?.[0] === word) throw new Difference(`${what} twice`);
    if (occurrencesOf(number) > occurrencesOf(final) || filesOf(number) > filesOf(final)) {
      throw new Difference(
        `${what} ${saidOf(number)}, but in the end it was there ${saidOf(final)}`,
      );
    }
    before = entry;
  }
}
