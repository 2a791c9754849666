// Main starts workers and ends them, and has nothing to do with maps, of which it does not even have the code. One
// worker made the maps and goes on with them; it never comes back to its event loop.
import { parentPort, Worker, workerData } from "node:worker_threads";
import * as rounds from "./rounds.mjs";

const mapCount = 6;
/** Told to go on, to check and end; and what the survivor says to that. */
const [GO_ON, END] = [1, 2];

if (workerData?.survives) await survive(workerData);
else if (workerData) await writeUntilEnded(workerData);
else await main();

async function survive({ words, times }) {
  const { WordMap } = await import("./map.mjs");
  const maps = Array.from({ length: mapCount }, () => new WordMap());
  rounds.checkThatProcIsAway(maps[0]);
  parentPort.postMessage(maps.map(({ handle }) => handle));
  for (;;) {
    Atomics.wait(words, 0, 0);
    if (Atomics.load(words, 0) === END) break;
    maps.forEach((map, index) => {
      const from = performance.now();
      rounds.work(map, "survivor");
      while (rounds.participants(map).length > 1);
      times[index] = performance.now() - from;
    });
    Atomics.store(words, 0, 0);
    Atomics.notify(words, 0);
  }
  for (const map of maps) map.verify();
}

async function writeUntilEnded({ handles, words, numbers }) {
  const { WordMap } = await import("./map.mjs");
  const maps = handles.map(WordMap.attach);
  maps.forEach((map, index) => {
    numbers[index] = map.participant;
  });
  rounds.writeUntilEnded(maps, words);
}

async function main() {
  const endOne =
    ({ words: orders, times, handles }) =>
    async () => {
      const words = rounds.sharedWords(1);
      const numbers = rounds.sharedWords(mapCount);
      const maps = handles.map((handle, index) => ({ handle, index }));
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { handles, words, numbers },
      });
      const exited = new Promise((resolve, reject) =>
        worker.once("exit", resolve).once("error", reject),
      );
      await rounds.untilItWrites(words, maps, ({ index }) => numbers[index]);
      void worker.terminate();
      tell(orders, GO_ON);
      while (Atomics.load(orders, 0) !== 0) await rounds.sleep(1);
      await exited;
      return [...times];
    };

  const lanes = await Promise.all([startSurvivor(), startSurvivor()]);
  const rounders = lanes.map(endOne);
  const result = await rounds.run(lanes.length, (lane) => rounders[lane]());
  for (const { worker, words } of lanes) {
    const exited = new Promise((resolve) => worker.once("exit", resolve));
    tell(words, END);
    if ((await exited) !== 0) throw new Error("a survivor failed");
  }
  rounds.report(result);
}

function tell(words, order) {
  Atomics.store(words, 0, order);
  Atomics.notify(words, 0);
}

async function startSurvivor() {
  const words = rounds.sharedWords(1);
  const times = new Float64Array(new SharedArrayBuffer(8 * mapCount));
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { survives: true, words, times },
  });
  const handles = await new Promise((resolve, reject) =>
    worker.once("message", resolve).once("error", reject),
  );
  worker.on("error", (error) => {
    throw error;
  });
  return { worker, words, times, handles };
}
