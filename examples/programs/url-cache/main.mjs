// Workers fetch pages through one cache. The program serves the pages itself, and counts who asks.
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { UrlCache } from "./cache.mjs";

const usage = `
Fetches pages of a local server through a cache that all threads share.

  node url-cache/main.mjs [--workers N] [--requests N] [--urls N] [--ttl MS]

  --workers N   how many threads fetch (default: 4)
  --requests N  how many pages each of them asks for (default: 500)
  --urls N      how many pages there are (default: 50)
  --ttl MS      how long a page is fresh (default: 100)
`;
const options = readOptions(usage, { workers: 4, requests: 500, urls: 50, ttl: 100 });

let served = 0;
const server = createServer(async (request, response) => {
  served++;
  await sleep(5); // a page takes its time
  response.end(`This is ${request.url}.`);
});
await once(server.listen(0, "127.0.0.1"), "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

const cache = new UrlCache(options.ttl);
let swept = 0;
const sweeper = setInterval(() => {
  swept += cache.sweep();
}, options.ttl / 2);

const results = await runWorkers(new URL("./worker.mjs", import.meta.url), options.workers, () => ({
  ttl: options.ttl,
  cache: cache.handles,
  origin: `http://127.0.0.1:${port}`,
  requests: options.requests,
  urls: options.urls,
}));
clearInterval(sweeper);
server.close();

const sum = (name) => results.reduce((total, result) => total + result[name], 0);
console.log(`${sum("hits") + sum("misses")} pages were asked for by ${options.workers} threads:`);
console.log(`  ${sum("hits")} were in the cache, ${sum("misses")} were fetched`);
console.log(`The server served ${served}.`);

await sleep(options.ttl + 5);
swept += cache.sweep();
console.log(`${swept} pages expired and were removed; ${cache.size} are left.`);
cache.close();
