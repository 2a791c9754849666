// A thread that runs rounds and writes down what it did. See history-plan.ts.
import { workerData } from "node:worker_threads";
import { MassTree } from "../../src/index.ts";
import { useBuilds } from "./builds.ts";
import { callWords, HistoryBoard, type HistoryStart, keysOf, prefixOf } from "./history-plan.ts";
import { Recorder } from "./history-recorder.ts";
import { plant } from "./plants.ts";
import { randomOf } from "./random.ts";
import type { Value } from "./values.ts";

const start = workerData as HistoryStart;
const { handle, builds, thread, threads, rounds, calls, keys: keyCount, seed } = start;
useBuilds(builds);
const board = new HistoryBoard(start.board, start);
const random = randomOf(seed, thread);
const map = plant(MassTree.attach<Value>(handle), start.plant);
const recorder = new Recorder({ board, map, random, thread, threads });

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
    recorder.perform(log, few, keys, prefixOf(round));
    const gone = old.pop();
    if (gone !== undefined) map.delete(gone);
  }
  for (const gone of old) map.delete(gone);
}
