// What a watcher in another thread costs those who write, as docs/decisions/0021 tells: `set` of keys that are there, in
// random order, inline numbers. Rounds with nobody, with a watcher of one key that nobody writes, and with a watcher of
// everything take turns. Needs two idle cores. Prints nanoseconds of a `set`, medians, with the ratio to nobody; and how
// many of the keys each watcher was told of.
//
//   node apps/benchmarks/scripts/watching.mjs [keys] [rounds]
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { MassTreeInline } from "../../../packages/masstree/dist/index.js";

if (isMainThread) await measure();
else await watch();

async function measure() {
  const [count = 100_000, rounds = 9] = process.argv.slice(2).map(Number);
  const keys = Array.from({ length: count }, (_, i) => String((i * 2_654_435_761) % 2 ** 32));
  const map = new MassTreeInline();
  for (const [i, key] of keys.entries()) map.set(key, i);
  const ranges = {
    nobody: undefined,
    "one key": { gte: "none", lte: "none" },
    everything: {},
  };
  const results = Object.fromEntries(
    Object.keys(ranges).map((name) => [name, { times: [], told: 0, missed: 0 }]),
  );
  for (let round = -1; round < rounds; round++) {
    for (const [name, range] of Object.entries(ranges)) {
      const watcher = range && (await startWatcher(map.handle, range));
      const start = process.hrtime.bigint();
      for (const [i, key] of keys.entries()) map.set(key, i);
      const spent = Number(process.hrtime.bigint() - start) / count;
      const { told, missed } = watcher ? await watcher.stop() : { told: 0, missed: 0 };
      if (round < 0) continue; // Not yet compiled.
      results[name].times.push(spent);
      results[name].told += told / rounds;
      results[name].missed += missed / rounds;
    }
  }
  const median = (list) => list.sort((a, b) => a - b)[list.length >> 1];
  const unit = median(results.nobody.times);
  for (const [name, { times, told, missed }] of Object.entries(results)) {
    const spent = median(times);
    console.log(
      `${name}: ${spent.toFixed(0)} ns (${(spent / unit).toFixed(2)}), told of ${told.toFixed(0)} keys, fell behind ${missed.toFixed(1)} times`,
    );
  }
  map.close();
}

async function startWatcher(handle, range) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { handle, range } });
  await once(worker, "message");
  return {
    async stop() {
      const ended = Promise.all([once(worker, "message"), once(worker, "exit")]);
      worker.postMessage("stop");
      const [[result]] = await ended;
      return result;
    },
  };
}

async function watch() {
  const map = MassTreeInline.attach(workerData.handle);
  const stop = new AbortController();
  const result = { told: 0, missed: 0 };
  const changes = map.watch(workerData.range, { signal: stop.signal });
  parentPort.once("message", () => stop.abort());
  parentPort.postMessage("ready");
  try {
    for await (const { keys, missed } of changes) {
      result.told += keys.length;
      if (missed) result.missed++;
    }
  } catch (error) {
    if (error !== stop.signal.reason) throw error;
  }
  parentPort.postMessage(result);
  map.close();
}
