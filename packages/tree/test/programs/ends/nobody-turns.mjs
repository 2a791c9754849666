// Two threads use maps while a third ends. No thread comes back to its event loop, main least of all: from the first end
// to the last it is in one job.
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

const mapCount = 6;
const threadCount = 50;
/** Words of each that goes on: of how many ends it was told, and how many it has survived. */
const [TOLD, SURVIVED] = [0, 1];

if (isMainThread) await main();
else if (workerData.times) survive(workerData);
else rounds.writeUntilEnded(workerData.handles.map(WordMap.attach), workerData.words);

function survive({ handles, words, times }) {
  const maps = handles.map(WordMap.attach);
  for (let ended = 0; ended < threadCount; ended++) {
    Atomics.wait(words, TOLD, ended);
    maps.forEach((map, index) => {
      const from = performance.now();
      rounds.work(map, `survivor ${workerData.name}`);
      times[index] = performance.now() - from;
    });
    set(words, SURVIVED, ended + 1);
  }
  // The last one is not counted until all are.
  Atomics.wait(words, TOLD, threadCount);
  for (const map of maps) map.close();
}

async function main() {
  const maps = Array.from({ length: mapCount }, () => new WordMap());
  rounds.checkThatProcIsAway(maps[0]);
  const handles = maps.map(({ handle }) => handle);
  const survivors = [1, 2].map((name) => startSurvivor(handles, name));
  for (const map of maps) while (rounds.participants(map).length < 3) await rounds.sleep(1);

  const watch = new rounds.Watchdog();
  const victims = [];
  const times = [];
  for (let ended = 0; ended < threadCount; ended++) {
    watch.step = `the end of thread ${ended} of ${threadCount}`;
    const words = rounds.sharedWords(1);
    const victim = new Worker(new URL(import.meta.url), { workerData: { handles, words } });
    victims.push(victim);
    rounds.writesNow(words, maps, (map) => rounds.participants(map)[3]);
    void victim.terminate();
    for (const survivor of survivors) set(survivor.words, TOLD, ended + 1);
    for (const survivor of survivors) {
      while (Atomics.load(survivor.words, SURVIVED) === ended) {
        Atomics.wait(survivor.words, SURVIVED, ended);
      }
      times.push(...survivor.times);
    }
    for (const map of maps) assert.equal(rounds.participants(map).length, 3);
  }
  for (const { words } of survivors) set(words, TOLD, threadCount + 1);
  await watch.stop();
  const ends = [...victims, ...survivors.map(({ worker }) => worker)];
  await Promise.all(ends.map((worker) => worker.terminate()));
  for (const map of maps) map.verify();
  rounds.report(rounds.summary(times));
}

function startSurvivor(handles, name) {
  const words = rounds.sharedWords(2);
  const times = new Float64Array(new SharedArrayBuffer(8 * mapCount));
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { handles, words, times, name },
  });
  worker.on("error", (error) => {
    throw error;
  });
  return { worker, words, times };
}

function set(words, index, value) {
  Atomics.store(words, index, value);
  Atomics.notify(words, index);
}
