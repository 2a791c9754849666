// Threads open maps, ask who else has them open, and close or drop them, all at once and again and again. All live: none is
// ever taken for one that has ended. And what a map took comes back.
import assert from "node:assert/strict";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

const threads = 3;
const milliseconds = 2500;
/** However long that takes. */
const fewest = 11;
const maps = 60;

if (isMainThread) await main();
else {
  const rounds = comeAndGo(workerData);
  parentPort.postMessage({ rounds, kept: await memoriesKept() });
}

function comeAndGo({ handles, name }) {
  const stop = performance.now() + milliseconds;
  let count = 0;
  for (; count < fewest || performance.now() < stop; count++) {
    const open = handles.map(WordMap.attach);
    open.forEach((map, index) => {
      const key = `${name} ${count % 20}`;
      map.set(key, BigInt(count));
      assert.equal(map.get(key), BigInt(count));
      const { participants } = map.stats();
      assert.deepEqual(participants.find(({ self }) => self)?.state, "live", `map ${index}`);
      assert.deepEqual(
        participants.filter(({ state }) => state !== "live"),
        [],
      );
    });
    for (const map of open) map.close();
  }
  return count;
}

/** How many memories are still there after maps were closed, or dropped and collected. */
async function memoriesKept() {
  const memories = Array.from({ length: maps }, (_, i) => memoryOfMap(i % 2 === 0));
  const kept = () => memories.filter((memory) => memory.deref() !== undefined).length;
  for (let tries = 0; tries < 50 && kept() > 0; tries++) {
    await rounds.sleep(5);
    globalThis.gc();
  }
  return kept();
}

function memoryOfMap(closes) {
  const map = new WordMap();
  const memory = new WeakRef(map.handle.memory);
  map.set("a", 1n);
  if (closes) map.close();
  return memory;
}

async function main() {
  const maps = [new WordMap(), new WordMap()];
  rounds.checkThatProcIsAway(maps[0]);
  const watch = new rounds.Watchdog();
  watch.step = "threads that come and go";
  const handles = maps.map(({ handle }) => handle);
  const workers = Array.from({ length: threads }, (_, name) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { handles, name } });
    return new Promise((resolve, reject) => {
      let answer;
      worker.once("message", (message) => {
        answer = message;
      });
      // By itself: nothing of the package keeps it.
      worker.once("error", reject).once("exit", () => resolve(answer));
    });
  });
  const answers = await Promise.all(workers);
  for (const map of maps) {
    assert.equal(rounds.participants(map).length, 1);
    map.verify();
  }
  await watch.stop();
  const kept = answers.reduce((sum, { kept }) => sum + kept, 0);
  const count = answers.reduce((sum, { rounds }) => sum + rounds, 0);
  rounds.report({ rounds: count, kept });
}
