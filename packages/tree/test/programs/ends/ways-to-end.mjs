// Threads end in every way there is. Main, which has the map open, does not come back to its event loop while it asks
// who is left. Half of the threads have a copy of the package of their own, as bundlers make them.
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import * as rounds from "./rounds.mjs";

const ways = ["terminated", "returns", "exits", "throws", "exits in a listener"];
const seconds = 10_000;

if (isMainThread) await main();
else await end(workerData);

async function end({ handle, words, way, copy }) {
  const { WordMap } = await import(copy ? "./map.mjs?copy" : "./map.mjs");
  const map = WordMap.attach(handle);
  map.set("a key", 1n);
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  Atomics.wait(words, 0, 1);
  if (way === "exits") process.exit(0);
  if (way === "throws") throw new Error("on purpose");
  if (way === "exits in a listener") setTimeout(() => process.exit(0), 1);
  if (way === "terminated") setInterval(() => {}, 1000);
}

async function main() {
  const { WordMap } = await import("./map.mjs");
  const map = new WordMap();
  rounds.checkThatProcIsAway(map);
  const watch = new rounds.Watchdog();
  const workers = [];
  const times = [];
  for (const copy of [false, true]) {
    for (const way of ways) {
      watch.step = `a thread that ${way}`;
      const words = rounds.sharedWords(1);
      const data = { handle: map.handle, words, way, copy };
      const worker = new Worker(new URL(import.meta.url), { workerData: data, stderr: true });
      worker.on("error", (error) => assert.equal(error.message, "on purpose"));
      workers.push(new Promise((resolve) => worker.once("exit", resolve)));
      Atomics.wait(words, 0, 0);
      assert.equal(rounds.participants(map).length, 2);
      if (way === "terminated") void worker.terminate();
      Atomics.store(words, 0, 2);
      Atomics.notify(words, 0);
      const from = performance.now();
      while (rounds.participants(map).length > 1 && performance.now() - from < seconds);
      assert.equal(rounds.participants(map).length, 1, `a thread that ${way}`);
      times.push(performance.now() - from);
    }
  }
  await watch.stop();
  await Promise.all(workers);
  map.verify();
  rounds.report(rounds.summary(times));
}
