// Makes calls at random, and writes down each before it is made and once it has returned: so it is known
// what a thread was at that was terminated in the middle.
import {
  ANSWER,
  CALLED,
  DELETE,
  ENTRIES,
  EXCHANGE,
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
  VALUE,
} from "./history-plan.ts";
import type { Recorded } from "./plants.ts";
import { below } from "./random.ts";
import { numberOf, type Value, valueFor } from "./values.ts";

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
      this.#call(log, GET, () => numberOf(map.get(key)));
    } else if (choice < 0.35) {
      this.#call(log, HAS, () => (map.has(key) ? 1 : 0));
    } else if (choice < 0.68) {
      const number = 1 + thread + threads * ++this.#writes;
      words[log + VALUE] = number;
      this.#write(log, choice, key, valueFor(number));
    } else if (choice < 0.78) {
      this.#call(log, DELETE, () => (map.delete(key) ? 1 : 0));
    } else if (choice < 0.85) {
      this.#call(log, TAKE, () => numberOf(map.take(key)));
    } else {
      this.#scan(log, keys, prefix, random() < 0.5);
    }
  }

  #write(log: number, choice: number, key: string, value: Value): void {
    const { map } = this.#options;
    if (choice < 0.48) {
      this.#call(log, SET, () => {
        map.set(key, value);
        return 0;
      });
    } else if (choice < 0.53) {
      this.#call(log, REPLACE, () => numberOf(map.replace(key, value)));
    } else if (choice < 0.58) {
      this.#call(log, EXCHANGE, () => numberOf(map.exchange(key, value)));
    } else if (choice < 0.63) {
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
