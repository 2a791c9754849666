// A thread that writes to a map until it is stopped: inserts and removes keys of its own, in the midst of those of others,
// and reads those that nobody removes.
import { parentPort, workerData } from "node:worker_threads";
import { LearnedMap } from "@masstree/learned";

const { handle, thread, threads, rounds, stop } = workerData;
const map = LearnedMap.attach(handle);
const wrong = [];
let state = 2654435761 * (thread + 1);
const draw = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % below;
};
const mine = new Map();
parentPort.postMessage("running");
for (let round = 0; round < rounds && Atomics.load(stop, 0) === 0; round++) {
  // Close to each other, so that they meet in the same lines.
  const key = BigInt(draw(500)) * BigInt(threads) + BigInt(thread);
  if (draw(3) === 0) {
    if (map.delete(key) !== mine.delete(key)) wrong.push(`delete ${key}`);
  } else {
    map.set(key, round);
    mine.set(key, round);
  }
  const kept = BigInt(1_000_000 + draw(1000) * 7);
  if (map.get(kept) !== Number(kept)) wrong.push(`get ${kept}`);
  if (map.get(key) !== mine.get(key)) wrong.push(`get own ${key}`);
  if (round % 64 === 0) {
    let last = -1n;
    let seen = 0;
    for (const found of map.keys()) {
      if (found <= last) wrong.push(`order ${found}`);
      if (found >= 1_000_000n) seen++;
      last = found;
    }
    if (seen !== 1000) wrong.push(`scan ${seen}`);
  }
  if (thread === 0 && round % 500 === 0) map.rebuild();
}
const entries = [...mine];
map.close();
parentPort.postMessage({ wrong, entries });
