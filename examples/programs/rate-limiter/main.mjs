// Workers get requests of the same clients, and together let no client have more than its limit.
import { readOptions } from "../support/options.mjs";
import { runWorkers } from "../support/workers.mjs";
import { RateLimiter } from "./limiter.mjs";

const usage = `
Limits how often a client may ask, over several threads; then does it wrong, to show the difference.

  node rate-limiter/main.mjs [--workers N] [--requests N] [--clients N] [--limit N] [--window MS]

  --workers N   how many threads get requests (default: 4)
  --requests N  how many requests each of them gets (default: 50000)
  --clients N   how many clients there are (default: 3)
  --limit N     how many requests a client may do in a window (default: 1000)
  --window MS   how long a window is (default: 60000)
`;
const options = readOptions(usage, {
  workers: 4,
  requests: 50_000,
  clients: 3,
  limit: 1000,
  window: 60_000,
});
const rate = { limit: options.limit, windowMs: options.window };

for (const method of ["allows", "allowsWrongly"]) {
  const limiter = new RateLimiter(rate);
  // The threads wait for each other before they begin.
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const results = await runWorkers(
    new URL("./worker.mjs", import.meta.url),
    options.workers,
    () => ({
      limiter: limiter.handle,
      rate,
      method,
      gate,
      workers: options.workers,
      requests: options.requests,
      clients: options.clients,
    }),
  );

  /** @type {Map<string, number>} allowed requests by window and client */
  const allowed = new Map();
  for (const [name, count] of results.flat()) allowed.set(name, (allowed.get(name) ?? 0) + count);
  const most = Math.max(...allowed.values());

  console.log(`${method === "allows" ? "With add" : "With get and set, which is wrong"}:`);
  console.log(`  ${options.workers * options.requests} requests of ${options.clients} clients`);
  console.log(`  at most ${most} of a client were allowed in a window; the limit is ${rate.limit}`);

  const later = Date.now() + options.window;
  console.log(
    `  ${limiter.sweep(later)} counts of old windows were removed, ${limiter.size} are left`,
  );
  limiter.close();
}
