// Threads whose calls node:vm interrupts again and again, also where they ask whether others have ended. Then they are
// ended, and another one, whose calls are not interrupted, lists who is left and verifies the map. Main has no map.
import assert from "node:assert/strict";
import { once } from "node:events";
import { runInNewContext } from "node:vm";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

if (isMainThread) await main();
else if (workerData.looks) look(workerData);
else write(workerData);

function write({ handle }) {
  const map = WordMap.attach(handle);
  parentPort.postMessage("here");
  const forever = () => {
    for (let i = 0; ; i++) map.set(`key ${i % 100}`, BigInt(i));
  };
  for (;;) {
    const run = () => runInNewContext("forever()", { forever }, { timeout: 2 });
    assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
  }
}

function look({ handle }) {
  const map = WordMap.attach(handle);
  parentPort.postMessage("here");
  setInterval(() => rounds.participants(map), 20);
  parentPort.on("message", async () => {
    map.verify();
    while (rounds.participants(map).length > 1) await rounds.sleep(5);
    map.verify();
    parentPort.postMessage("alone");
  });
}

async function start(workerData) {
  const worker = new Worker(new URL(import.meta.url), { workerData });
  worker.on("error", (error) => {
    throw error;
  });
  await once(worker, "message");
  return worker;
}

async function main() {
  const first = WordMap.create({ maxBytes: 2 ** 26 });
  rounds.checkThatProcIsAway(first);
  const { handle } = first;
  const looker = await start({ handle, looks: true });
  first.close();
  const result = await rounds.run(1, async () => {
    const writers = await Promise.all([1, 2, 3].map(() => start({ handle })));
    await rounds.sleep(100 + Math.random() * 400);
    await Promise.all(writers.map((writer) => writer.terminate()));
    const from = performance.now();
    looker.postMessage("look");
    await once(looker, "message");
    return [performance.now() - from];
  });
  await looker.terminate();
  rounds.report(result);
}
