import { parentPort, workerData } from "node:worker_threads";
import { DurableCache } from "./cache.mjs";

const cache = DurableCache.attach(workerData.handles);
const paths = /** @type {string[]} */ (workerData.paths);

let reads = 0;
for (let i = 0; i < workerData.visits; i++) {
  // Most requests only read.
  for (let n = 0; n < 20; n++) {
    const path = /** @type {string} */ (paths[Math.floor(Math.random() * paths.length)]);
    if (cache.get(path) !== undefined) reads++;
  }
  const path = /** @type {string} */ (paths[i % paths.length]);
  cache.update(path, (page) => ({ title: page?.title ?? path, visits: (page?.visits ?? 0) + 1 }));
}
await cache.flush();
cache.close();
parentPort?.postMessage(reads);
