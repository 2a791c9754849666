// Main uses its maps in its own listener of the exit of a worker, which it has added right after it started it.
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

if (!isMainThread) {
  const { handles, words } = workerData;
  rounds.writeUntilEnded(handles.map(WordMap.attach), words);
}

const lanes = [0, 1].map(() => Array.from({ length: 6 }, () => new WordMap()));
rounds.checkThatProcIsAway(lanes[0][0]);

async function endOne(maps) {
  const words = rounds.sharedWords(1);
  const handles = maps.map(({ handle }) => handle);
  const worker = new Worker(new URL(import.meta.url), { workerData: { handles, words } });
  const exited = new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve(maps.map((map) => rounds.timeOfWork(map))));
  });
  await rounds.untilItWrites(words, maps, (map) => rounds.participants(map)[1]);
  void worker.terminate();
  const times = await exited;
  for (const map of maps) assert.equal(rounds.participants(map).length, 1);
  return times;
}

const result = await rounds.run(lanes.length, (lane) => endOne(lanes[lane]));
for (const map of lanes.flat()) map.verify();
rounds.report(result);
