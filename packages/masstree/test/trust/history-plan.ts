// What the threads that record histories and the one that checks them know in common.
//
// A round is one short history: a few keys of its own, at first absent, and a few calls of every
// thread on them. The threads run many rounds in one go, with a barrier between, and write what they
// did to a log that only they write. Meanwhile the keys of the round before are removed again, by
// whom it concerns: so nodes come and go around the keys that are recorded.
//
//   log[thread][round][call]: kind, key, value, answer, called, returned, entries or expected, (key, value) ...
import type { MapHandle } from "@masstree/tree";
import type { Builds } from "./builds.ts";

/** Faults that a wrapper around one thread's map makes, to see that they are found. */
export type Plant =
  | "stale get"
  | "lost in scan"
  | "twice in scan"
  | "torn value"
  | "forgotten set"
  | "taken twice"
  | "inserted over another"
  | "lost update";

export interface HistoryStart {
  readonly handle: MapHandle;
  readonly builds: Builds;
  readonly board: SharedArrayBuffer;
  readonly thread: number;
  readonly threads: number;
  readonly rounds: number;
  readonly calls: number;
  readonly keys: number;
  readonly seed: number;
  readonly plant: Plant | undefined;
}

/** What a call is; 0 is none: a thread that died did not come to it. */
export const GET = 1;
export const HAS = 2;
export const SET = 3;
export const DELETE = 4;
export const SCAN = 5;
export const SCAN_REVERSE = 6;
export const REPLACE = 7;
export const EXCHANGE = 8;
export const SET_IF_ABSENT = 9;
export const GET_OR_INSERT = 10;
export const TAKE = 11;
export const COMPARE_AND_SET = 12;
export const COMPARE_AND_REMOVE = 13;
export const UPDATE = 14;

/** Places of a call in the log, in words. RETURNED is 0 when it never did; all else is written before. */
export const KIND = 0;
export const KEY = 1;
export const VALUE = 2;
export const ANSWER = 3;
export const CALLED = 4;
export const RETURNED = 5;
export const ENTRIES = 6;
/** What a call compares with, or gave its callback last. No scan is such a call. */
export const EXPECTED: typeof ENTRIES = ENTRIES;
export const FIRST_ENTRY = 7;

/** A key of a scan that is none of the round's. */
export const UNKNOWN = -1;

/** Every entry of a scan may come twice before the log of the call is full. */
export function callWords(keys: number): number {
  return FIRST_ENTRY + 4 * keys;
}

/** What all keys of a round begin with; no other round's keys do. */
export function prefixOf(round: number): string {
  switch (round % 4) {
    case 0:
      return `${round}/`;
    case 1:
      return `/a/prefix/that/reaches/down/through/many/layers/${round}/`;
    case 2:
      return `${String(round).padStart(6, "0")}/`;
    default:
      return `${round}/${"deep/".repeat(round % 7)}`;
  }
}

/** The keys of a round, in order: close together, some in one leaf, some in layers below. */
export function keysOf(round: number, count: number): string[] {
  const prefix = prefixOf(round);
  const tails = round % 2 === 0 ? ["", "a", "b", "c", "d", "e"] : longTails;
  return tails.slice(0, count).map((tail) => prefix + tail);
}

const longTails = [
  "",
  "same eight",
  "same eight, and",
  "same eight, and more",
  "t",
  "u".repeat(30),
];

/** The words that the threads share: stamps, a barrier, and the logs. */
export class HistoryBoard {
  readonly buffer: SharedArrayBuffer;
  /** 0: the stamps; 16: arrived at the barrier; 32: the round that is on; 48: stop; 49: begun. */
  readonly words: Int32Array;
  readonly #roundWords: number;
  readonly #rounds: number;

  static create(
    start: Pick<HistoryStart, "threads" | "rounds" | "calls" | "keys">,
  ): SharedArrayBuffer {
    const { threads, rounds, calls, keys } = start;
    return new SharedArrayBuffer(4 * (64 + threads * rounds * calls * callWords(keys)));
  }

  constructor(
    buffer: SharedArrayBuffer,
    { rounds, calls, keys }: Pick<HistoryStart, "rounds" | "calls" | "keys">,
  ) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.#rounds = rounds;
    this.#roundWords = calls * callWords(keys);
  }

  /** A stamp that is later than all that were drawn before. */
  stamp(): number {
    return Atomics.add(this.words, 0, 1);
  }

  /** Where the log of a thread's round begins, in `words`. */
  logOf(thread: number, round: number): number {
    return 64 + (thread * this.#rounds + round) * this.#roundWords;
  }

  /** Waits until all threads are at this round. False when they are told to stop. */
  gather(round: number, threads: number): boolean {
    const { words } = this;
    if (Atomics.add(words, 16, 1) === threads - 1) {
      Atomics.store(words, 16, 0);
      Atomics.store(words, 32, round + 1);
      Atomics.notify(words, 32);
    }
    // Threads that wake one after the other would not meet: those with a core spin for a while.
    for (let spins = 0; Atomics.load(words, 32) <= round; spins++) {
      if (Atomics.load(words, 48) !== 0) return false;
      if (spins > 20_000) Atomics.wait(words, 32, round, 100);
    }
    this.#meet(round, threads);
    return Atomics.load(words, 48) === 0;
  }

  /** Waits a moment for those that have to wake up first: for all, and longer for one. */
  #meet(round: number, threads: number): void {
    const { words } = this;
    Atomics.add(words, 49, 1);
    const before = round * threads;
    for (let spins = 0; spins < 100_000; spins++) {
      const begun = Atomics.load(words, 49) - before;
      if (begun === threads || (begun > 1 && spins > 5000)) return;
    }
  }

  stop(): void {
    Atomics.store(this.words, 48, 1);
  }
}
