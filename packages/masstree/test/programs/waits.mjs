// One thread of the tests of waiting, on the map of a handle: does what it is told.
import { parentPort, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "../../dist/index.js";

const { role, handle, rounds, number, isSync } = workerData;
const map = (handle.masstree === "MassTree" ? MassTree : MassTreeInline).attach(handle);
const timeout = 60_000;

const roles = {
  /** Passes a token on to the next of `number` threads, `rounds` times. */
  async ring() {
    const { next } = workerData;
    for (let round = 1; round <= rounds; round++) {
      const until = (value) => value === round;
      const key = `token/${number}`;
      if (isSync) map.waitForSync(key, { until, timeout });
      else await map.waitFor(key, { until, timeout });
      map.set(`token/${next}`, next === 0 ? round + 1 : round);
    }
  },
  /** Counts for ever. */
  count() {
    for (let count = 1; ; count++) map.set("count", count);
  },
  /** Waits for ever, in both ways. */
  sleep() {
    for (let key = 0; key < 50; key++) void map.waitFor(`never/${key}`);
    map.set("asleep", 1);
    map.waitForSync("never");
  },
  /** Waits for what a thread that is about to be ended may have written last. */
  heir() {
    const { least } = workerData;
    const count = map.waitForSync("count", { until: (value) => value >= least, timeout });
    map.set("heard", count);
  },
};

await roles[role]();
map.close();
parentPort.postMessage("done");
