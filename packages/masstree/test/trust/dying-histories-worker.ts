// A thread that takes part in rounds until it is terminated in one. See dying-histories-plan.ts.
import { workerData } from "node:worker_threads";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import {
  ARRIVED,
  CALLS_AFTER,
  CALLS_BEFORE,
  DEATHS,
  type DyingStart,
  membersOf,
  PROGRESS,
  READY,
  ROUND,
  STOP,
  victimOf,
} from "./dying-histories-plan.ts";
import { callWords, HistoryBoard, keysOf, prefixOf } from "./history-plan.ts";
import { Recorder } from "./history-recorder.ts";
import { randomOf } from "./random.ts";
import type { Value } from "./values.ts";

const start = workerData as DyingStart;
const { handle, builds, thread, threads, rounds, calls, keys: keyCount, seed } = start;
useBuilds(builds);
const control = new Int32Array(start.control);
const board = new HistoryBoard(start.board, start);
const random = randomOf(seed, thread);
const map = MassTree.attach<Value>(handle);
const recorder = new Recorder({ board, map, random, thread, threads });

Atomics.add(control, READY, 1);
for (let round = 0; round < rounds && waitFor(ROUND, round); round++) {
  if ((Atomics.load(control, membersOf(round)) >>> thread) & 1) run(round);
}
map.close();

/** Waits until the word is above `value`. False when all are told to stop. */
function waitFor(word: number, value: number): boolean {
  while (Atomics.load(control, word) <= value) {
    if (Atomics.load(control, STOP) !== 0) return false;
    Atomics.wait(control, word, value, 100);
  }
  return Atomics.load(control, STOP) === 0;
}

function run(round: number): void {
  const isVictim = Atomics.load(control, victimOf(round)) === thread;
  const keys = keysOf(round, keyCount);
  const old = round > 0 ? keysOf(round - 1, keyCount) : [];
  const few = random() < 0.3 ? 1 : keyCount;
  const perform = (call: number) => {
    const log = board.logOf(thread, round) + call * callWords(keyCount);
    recorder.perform(log, few, keys, prefixOf(round));
    // So nodes come and go around the keys that are recorded.
    const gone = old.pop();
    if (gone !== undefined) map.delete(gone);
  };
  const first = isVictim ? calls : CALLS_BEFORE;
  for (let call = 0; call < first; call++) {
    if (isVictim) {
      Atomics.add(control, PROGRESS, 1);
      Atomics.notify(control, PROGRESS);
    }
    perform(call);
  }
  if (!waitFor(DEATHS, round) || isVictim) return;
  for (let call = first; call < first + CALLS_AFTER; call++) perform(call);
  Atomics.add(control, ARRIVED, 1);
}
