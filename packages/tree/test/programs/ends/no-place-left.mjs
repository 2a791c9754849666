// A map in which ended threads hold every place: all numbers, or all memory. Nobody else has it open. Then one attaches.
//
//   node no-place-left.mjs numbers|memory
import assert from "node:assert/strict";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { WordMap } from "./map.mjs";
import * as rounds from "./rounds.mjs";

const [kind] = process.argv.slice(2);
const maxBytes = { numbers: 2 ** 27, memory: 2 ** 21 }[kind ?? workerData.kind];
const codes = ["MASSTREE_TOO_MANY_PARTICIPANTS", "MASSTREE_FULL"];

if (isMainThread) await main();
else if (workerData.comes) come(workerData);
else fill(workerData);

/** Takes every place there is, and writes until it is no more. */
function fill({ handle, words }) {
  const maps = [];
  try {
    for (;;) maps.push(WordMap.attach(handle));
  } catch (error) {
    if (!codes.includes(error.code)) throw error;
  }
  rounds.writeUntilEnded(maps, words);
}

/** Attaches, and is ended at any time. */
function come({ handle, words }) {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
  const map = WordMap.attach(handle);
  Atomics.store(words, 0, 2);
  for (let i = 0; ; i++) map.set(`comes ${i % 50}`, BigInt(i));
}

function start(handle, comes) {
  const words = rounds.sharedWords(1);
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { handle, words, comes, kind },
  });
  worker.on("error", (error) => {
    throw error;
  });
  return { worker, words };
}

async function main() {
  const watch = new rounds.Watchdog();
  const times = [];
  let interrupted = 0;
  for (let round = 0; round < rounds.rounds; round++) {
    watch.step = `round ${round}`;
    const first = WordMap.create({ maxBytes });
    if (round === 0) rounds.checkThatProcIsAway(first);
    for (let i = 0; i < 100; i++) first.set(`key ${i}`, BigInt(i));
    const { handle } = first;
    first.close();

    const { worker, words } = start(handle, false);
    while (Atomics.load(words, 0) === 0) await rounds.sleep(1);
    Atomics.store(words, 0, 2);
    Atomics.notify(words, 0);
    await rounds.sleep(Math.random() * 3);
    if (round % 2 === 0) rounds.giveRegionLockTo(handle.memory, 1);
    await worker.terminate();

    // Others attach, and are ended as they recover the first.
    for (let i = 0; i < round % 3; i++) {
      const comer = start(handle, true);
      while (Atomics.load(comer.words, 0) === 0) await rounds.sleep(1);
      Atomics.wait(rounds.sharedWords(1), 0, 0, Math.random() * 8);
      if (Atomics.load(comer.words, 0) === 1) interrupted++;
      await comer.worker.terminate();
    }

    const from = performance.now();
    const map = WordMap.attach(handle);
    times.push(performance.now() - from);
    assert.equal(rounds.participants(map).length, 1);
    map.verify();
    for (let i = 0; i < 100; i++) assert.equal(map.get(`key ${i}`), BigInt(i));
    if (kind === "numbers") rounds.work(map, "goes on");
    else for (let i = 0; i < 100; i++) map.set(`key ${i}`, BigInt(-i));
    map.close();
  }
  await watch.stop();
  rounds.report({ ...rounds.summary(times), interrupted });
}
