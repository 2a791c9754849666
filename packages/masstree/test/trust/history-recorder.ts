// Makes calls at random, and writes down each before it is made and once it has returned: so it is known
// what a thread was at that was terminated in the middle.
import {
  ANSWER,
  CALLED,
  COMPARE_AND_REMOVE,
  COMPARE_AND_SET,
  DELETE,
  ENTRIES,
  EXCHANGE,
  EXPECTED,
  FIRST_ENTRY,
  GET,
  GET_OR_INSERT,
  HAS,
  type HistoryBoard,
  KEY,
  KIND,
  REPLACE,
  RETURNED,
  SCAN,
  SCAN_REVERSE,
  SET,
  SET_IF_ABSENT,
  TAKE,
  UNKNOWN,
  UPDATE,
  VALUE,
} from "./history-plan.ts";
import type { Recorded } from "./plants.ts";
import { below } from "./random.ts";
import { numberOf, valueFor } from "./values.ts";

export interface RecorderOptions {
  readonly board: HistoryBoard;
  readonly map: Recorded;
  readonly random: () => number;
  readonly thread: number;
  /** Numbers of threads are below. */
  readonly threads: number;
}

export class Recorder {
  readonly #options: RecorderOptions;
  /** Values are never used twice, so that an answer names the write that it comes from. */
  #writes = 0;
  /** What each key had when this thread last saw it, by number. */
  readonly #seen = new Map<string, number>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** Makes a call on one of the first `few` keys, or over all that begin with `prefix`. */
  perform(log: number, few: number, keys: readonly string[], prefix: string): void {
    const { board, map, random, thread, threads } = this.#options;
    const { words } = board;
    const index = below(random, few);
    const key = keys[index]!;
    words[log + KEY] = index;
    const choice = random();
    if (choice < 0.25) {
      this.#call(log, GET, () => this.#see(key, numberOf(map.get(key))));
    } else if (choice < 0.32) {
      this.#call(log, HAS, () => (map.has(key) ? 1 : 0));
    } else if (choice < 0.66) {
      const number = 1 + thread + threads * ++this.#writes;
      words[log + VALUE] = number;
      this.#write(log, choice, key, number);
    } else if (choice < 0.7) {
      const expected = this.#seen.get(key) ?? 0;
      words[log + EXPECTED] = expected;
      const value = expected === 0 ? undefined : valueFor(expected);
      this.#call(log, COMPARE_AND_REMOVE, () => {
        return map.compareAndSet(key, value, undefined) ? 1 : 0;
      });
    } else if (choice < 0.78) {
      this.#call(log, DELETE, () => (map.delete(key) ? 1 : 0));
    } else if (choice < 0.85) {
      this.#call(log, TAKE, () => numberOf(map.take(key)));
    } else {
      this.#scan(log, keys, prefix, random() < 0.5);
    }
  }

  #see(key: string, number: number): number {
    this.#seen.set(key, number);
    return number;
  }

  #write(log: number, choice: number, key: string, number: number): void {
    const { map, board } = this.#options;
    const value = valueFor(number);
    if (choice < 0.37) {
      const expected = this.#seen.get(key) ?? 0;
      board.words[log + EXPECTED] = expected;
      const wanted = expected === 0 ? undefined : valueFor(expected);
      this.#call(log, COMPARE_AND_SET, () => {
        const done = map.compareAndSet(key, wanted, value);
        if (done) this.#see(key, number);
        return done ? 1 : 0;
      });
    } else if (choice < 0.4) {
      this.#call(log, UPDATE, () => {
        let seen = 0;
        map.update(key, (old) => {
          seen = numberOf(old);
          return value;
        });
        return seen;
      });
    } else if (choice < 0.5) {
      this.#call(log, SET, () => {
        map.set(key, value);
        this.#see(key, number);
        return 0;
      });
    } else if (choice < 0.54) {
      this.#call(log, REPLACE, () => numberOf(map.replace(key, value)));
    } else if (choice < 0.58) {
      this.#call(log, EXCHANGE, () => numberOf(map.exchange(key, value)));
    } else if (choice < 0.62) {
      this.#call(log, SET_IF_ABSENT, () => (map.setIfAbsent(key, value) ? 1 : 0));
    } else {
      this.#call(log, GET_OR_INSERT, () => numberOf(map.getOrInsert(key, value)));
    }
  }

  #call(log: number, kind: number, call: () => number): void {
    const { board } = this.#options;
    this.#begin(log, kind);
    const answer = call();
    const returned = board.stamp();
    board.words[log + ANSWER] = answer;
    board.words[log + RETURNED] = returned;
  }

  #scan(log: number, keys: readonly string[], prefix: string, reverse: boolean): void {
    const { board, map } = this.#options;
    const { words } = board;
    this.#begin(log, reverse ? SCAN_REVERSE : SCAN);
    const found = [...map.entries({ prefix, reverse })];
    const returned = board.stamp();
    const kept = found.slice(0, 2 * keys.length);
    words[log + ENTRIES] = kept.length;
    for (const [i, [key, value]] of kept.entries()) {
      const index = keys.indexOf(key);
      words[log + FIRST_ENTRY + 2 * i] = index < 0 ? UNKNOWN : index;
      words[log + FIRST_ENTRY + 2 * i + 1] = numberOf(value);
    }
    words[log + RETURNED] = returned;
  }

  #begin(log: number, kind: number): void {
    const { board } = this.#options;
    board.words[log + CALLED] = board.stamp();
    board.words[log + KIND] = kind;
  }
}
