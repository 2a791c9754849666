// What threads do to all keys once: fill a map, empty it, race for its keys, replay a file.

import { spread } from "../choice.ts";
import type { Answer, Key, PeerMap } from "../peers/peer.ts";
import type { Trace } from "../trace/trace.ts";
import { DELETE, GET, INCREMENT, SCAN, SET } from "../trace/trace.ts";
import type { Pass } from "../workloads.ts";
import type { Contents } from "./contents.ts";
import { IN_FLIGHT } from "./loops.ts";

/** A thread's share of a pass, decided before the clock runs. */
export interface Share {
  readonly length: number;
  /** Runs steps `from` up to `to`. Tells for how many of them something was there, or was won. */
  run(map: PeerMap, from: number, to: number): Answer<number>;
}

export interface ShareParts {
  readonly pass: Pass;
  readonly contents: Contents;
  readonly thread: number;
  readonly threads: number;
  readonly async: boolean;
  readonly trace: Trace | undefined;
  /** Takes part of the keys only, to warm up. */
  readonly most?: number;
}

export function shareOf(parts: ShareParts): Share {
  const { pass, contents, async, trace } = parts;
  if (pass === "replay") return replayOf(trace!, parts);
  const numbers = numbersOf(parts);
  const keys = Array.from(numbers, (number) => contents.keys[number]!);
  const values = pass === "remove" ? [] : Array.from(numbers, (number) => contents.values[number]);
  const step = steps[pass as keyof typeof steps];
  return { length: keys.length, run: (async ? step.promises : step.loop)(keys, values) };
}

/** Of threads that share the work, each takes a part of the keys. Threads that race take all. */
function numbersOf({ pass, contents, thread, threads, most = Infinity }: ShareParts): Uint32Array {
  const size = Math.min(contents.set.size, most);
  const from = pass === "insert if absent" ? 0 : Math.floor((size * thread) / threads);
  const to = pass === "insert if absent" ? size : Math.floor((size * (thread + 1)) / threads);
  const numbers = new Uint32Array(to - from);
  // Keys are removed neither in the order in which they came nor in their own. A part of the keys are the first ones
  // that came.
  const place = most < contents.set.size ? (i: number) => contents.order[i]! : spread(size);
  for (let i = from; i < to; i++) {
    numbers[i - from] =
      pass === "insert sorted" ? i : pass === "remove" ? place(i) : contents.order[i]!;
  }
  return numbers;
}

type Run = (keys: readonly Key[], values: readonly unknown[]) => Share["run"];

const insert: Run = (keys, values) => (map, from, to) => {
  for (let i = from; i < to; i++) map.set(keys[i]!, values[i]);
  return to - from;
};

const remove: Run = (keys) => (map, from, to) => {
  for (let i = from; i < to; i++) map.delete(keys[i]!);
  return to - from;
};

const race: Run = (keys, values) => (map, from, to) => {
  let won = 0;
  for (let i = from; i < to; i++) if (map.setIfAbsent!(keys[i]!, values[i])) won++;
  return won;
};

const later =
  (call: (map: PeerMap, key: Key, value: unknown) => unknown, wins: boolean): Run =>
  (keys, values) =>
  async (map, from, to) => {
    let won = 0;
    for (let at = from; at < to; at += IN_FLIGHT) {
      const waiting: unknown[] = [];
      const end = Math.min(to, at + IN_FLIGHT);
      for (let i = at; i < end; i++) waiting.push(call(map, keys[i]!, values[i]));
      for (const answer of await Promise.all(waiting)) if (!wins || answer === true) won++;
    }
    return won;
  };

const inserts = { loop: insert, promises: later((map, key, value) => map.set(key, value), false) };
const steps = {
  insert: inserts,
  "insert sorted": inserts,
  remove: { loop: remove, promises: later((map, key) => map.delete(key), false) },
  "insert if absent": {
    loop: race,
    promises: later((map, key, value) => map.setIfAbsent!(key, value), true),
  },
};

/** The operations of this thread's keys, in the order of the file. */
function replayOf(trace: Trace, { contents, thread, threads, async }: ShareParts): Share {
  const codes = new Uint8Array(trace.codes);
  const numbers = new Uint32Array(trace.keys);
  const counts = new Uint32Array(trace.counts);
  const mine = [...codes.keys()].filter((i) => numbers[i]! % threads === thread);
  const one = (map: PeerMap, i: number): unknown => {
    const number = numbers[i]!;
    const key = contents.keys[number]!;
    switch (codes[i]) {
      case GET:
        return map.get(key);
      case SET:
        return map.set(key, contents.values[number]);
      case DELETE:
        return map.delete(key);
      case INCREMENT:
        return map.increment!(key);
      default:
        return map.range!({ from: key, limit: counts[i]! });
    }
  };
  // Only what is found by gets is told: it has to be the same whoever replays the file.
  const found = (i: number, answer: unknown): number =>
    codes[i] === GET && answer !== undefined ? 1 : 0;
  const drain = (i: number, answer: unknown): void => {
    if (codes[i] !== SCAN) return;
    let left = counts[i]!;
    for (const _ of answer as Iterable<unknown>) if (--left === 0) break;
  };
  return {
    length: mine.length,
    run: async
      ? async (map, from, to) => {
          let met = 0;
          for (let n = from; n < to; n++) {
            // One after the other: an operation may depend on the one before.
            const answer = await one(map, mine[n]!);
            met += found(mine[n]!, answer);
            if (codes[mine[n]!] === SCAN) for await (const _ of answer as AsyncIterable<unknown>);
          }
          return met;
        }
      : (map, from, to) => {
          let met = 0;
          for (let n = from; n < to; n++) {
            const answer = one(map, mine[n]!);
            met += found(mine[n]!, answer);
            drain(mine[n]!, answer);
          }
          return met;
        },
  };
}
