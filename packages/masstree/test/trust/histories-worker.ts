// A thread that runs rounds and writes down what it did. See history-plan.ts.
import { workerData } from "node:worker_threads";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import {
  ANSWER,
  CALLED,
  callWords,
  DELETE,
  ENTRIES,
  FIRST_ENTRY,
  GET,
  HAS,
  HistoryBoard,
  type HistoryStart,
  KEY,
  KIND,
  keysOf,
  prefixOf,
  RETURNED,
  SCAN,
  SCAN_REVERSE,
  SET,
  UNKNOWN,
  VALUE,
} from "./history-plan.ts";
import { plant } from "./plants.ts";
import { below, randomOf } from "./random.ts";
import { numberOf, type Value, valueFor } from "./values.ts";

const start = workerData as HistoryStart;
const { handle, builds, thread, threads, rounds, calls, keys: keyCount, seed } = start;
useBuilds(builds);
const board = new HistoryBoard(start.board, start);
const { words } = board;
const random = randomOf(seed, thread);
const map = plant(MassTree.attach<Value>(handle), start.plant);
/** Values are never used twice, so that an answer names the write that it comes from. */
let writes = 0;

try {
  for (let round = 0; round < rounds && board.gather(round, threads); round++) run(round);
  map.close();
} catch (error) {
  board.stop();
  throw error;
}

function run(round: number): void {
  const keys = keysOf(round, keyCount);
  const old = round > 0 && round % threads === thread ? keysOf(round - 1, keyCount) : [];
  // In some rounds the threads meet at one key, in others all read what one writes.
  const few = random() < 0.3 ? 1 : keyCount;
  for (let call = 0; call < calls; call++) {
    const log = board.logOf(thread, round) + call * callWords(keyCount);
    perform(log, below(random, few), keys, prefixOf(round));
    const gone = old.pop();
    if (gone !== undefined) map.delete(gone);
  }
  for (const gone of old) map.delete(gone);
}

function perform(log: number, key: number, keys: readonly string[], prefix: string): void {
  const choice = random();
  words[log + KEY] = key;
  if (choice < 0.25) {
    const called = board.stamp();
    const value = map.get(keys[key]!);
    record(log, GET, called, numberOf(value));
  } else if (choice < 0.35) {
    const called = board.stamp();
    const found = map.has(keys[key]!);
    record(log, HAS, called, found ? 1 : 0);
  } else if (choice < 0.65) {
    const number = 1 + thread + threads * ++writes;
    words[log + VALUE] = number;
    const value = valueFor(number);
    const called = board.stamp();
    map.set(keys[key]!, value);
    record(log, SET, called, 0);
  } else if (choice < 0.85) {
    const called = board.stamp();
    const found = map.delete(keys[key]!);
    record(log, DELETE, called, found ? 1 : 0);
  } else {
    scan(log, keys, prefix, random() < 0.5);
  }
}

function record(log: number, kind: number, called: number, answer: number): void {
  words[log + RETURNED] = board.stamp();
  words[log + CALLED] = called;
  words[log + ANSWER] = answer;
  words[log + KIND] = kind;
}

function scan(log: number, keys: readonly string[], prefix: string, reverse: boolean): void {
  const called = board.stamp();
  const found = [...map.entries({ prefix, reverse })];
  record(log, reverse ? SCAN_REVERSE : SCAN, called, 0);
  const kept = found.slice(0, 2 * keys.length);
  words[log + ENTRIES] = kept.length;
  for (const [i, [key, value]] of kept.entries()) {
    const index = keys.indexOf(key);
    words[log + FIRST_ENTRY + 2 * i] = index < 0 ? UNKNOWN : index;
    words[log + FIRST_ENTRY + 2 * i + 1] = numberOf(value);
  }
}
