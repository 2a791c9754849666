import { parentPort, workerData } from "node:worker_threads";
import { RateLimiter } from "./limiter.mjs";

/** @type {Int32Array} */
const gate = workerData.gate;
const { rate, method, workers, requests, clients } = workerData;
const limiter = new RateLimiter(rate, workerData.limiter);

if (Atomics.add(gate, 0, 1) + 1 === workers) Atomics.notify(gate, 0);
for (let here = 0; here < workers; here = Atomics.load(gate, 0)) Atomics.wait(gate, 0, here, 1000);

/** @type {Map<string, number>} */
const allowed = new Map();
for (let i = 0; i < requests; i++) {
  const client = `client ${i % clients}`;
  const now = Date.now();
  if (!limiter[method](client, now)) continue;
  const name = `${limiter.windowAt(now)} ${client}`;
  allowed.set(name, (allowed.get(name) ?? 0) + 1);
}
limiter.close();
parentPort?.postMessage([...allowed]);
