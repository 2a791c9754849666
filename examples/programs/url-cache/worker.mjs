import { parentPort, workerData } from "node:worker_threads";
import { UrlCache } from "./cache.mjs";

const { ttl, origin, requests, urls } = workerData;
const cache = new UrlCache(ttl, workerData.cache);

let hits = 0;
let misses = 0;
for (let i = 0; i < requests; i++) {
  // Some pages are asked for far more often than others.
  await get(`${origin}/${Math.floor(Math.random() ** 3 * urls)}`);
}
cache.close();
parentPort?.postMessage({ hits, misses });

/** Threads that miss a page at once all fetch it, and the last one's stays. */
async function get(url) {
  const cached = cache.get(url);
  if (cached !== undefined) {
    hits++;
    return cached;
  }
  misses++;
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  const body = await response.text();
  cache.set(url, body);
  return body;
}
