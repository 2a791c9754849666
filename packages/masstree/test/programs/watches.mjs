// One thread of the tests of watching, on the map of a handle: does what it is told.
import { parentPort, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "../../dist/index.js";

const { role, handle, seed, steps, number } = workerData;
const map = (handle.masstree === "MassTree" ? MassTree : MassTreeInline).attach(handle);

/** Numbers from 0 up to a limit, the same for the same seed (xorshift). */
let state = (seed ^ (0x9e3779b9 * (number + 1))) | 1;
function draw(limit) {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % limit;
}

const keyOf = (i) => `${i % 3 === 0 ? "short" : "a long beginning that keys share"}/${i}`;
const drawKey = () => keyOf(draw(300));

/** Any write. */
function write() {
  const value = draw(1000);
  switch (draw(12)) {
    case 0:
      map.delete(drawKey());
      break;
    case 1:
      map.setMany(Array.from({ length: draw(30) }, () => [drawKey(), value]));
      break;
    case 2:
      map.deleteMany(Array.from({ length: draw(10) }, drawKey));
      break;
    case 3: {
      const key = drawKey();
      map.clear({ gte: key, lt: `${key}9` });
      break;
    }
    case 4:
      map.update(drawKey(), (old) => (old === undefined ? value : undefined));
      break;
    case 5:
      map.popFirst({ gte: drawKey() });
      break;
    case 6:
      map.getOrInsert(drawKey(), value);
      break;
    case 7:
      map.exchange(drawKey(), value);
      break;
    default:
      map.set(drawKey(), value);
  }
}

const roles = {
  /** Makes so many writes. */
  churn() {
    for (let step = 0; step < steps; step++) write();
  },
  /** Writes for ever. */
  endless() {
    parentPort.postMessage("begun");
    while (true) write();
  },
  /** Writes other keys than the tests look at, for ever. */
  flood() {
    parentPort.postMessage("begun");
    for (let i = 0; ; i++) map.set(`flood/${i % 100}`, i);
  },
  /** Watches for ever. */
  async watch() {
    const changes = map.watch();
    parentPort.postMessage("begun");
    for await (const _ of changes);
  },
  /** Writes some keys, and stays. */
  async write() {
    for (let i = 0; i < 100; i++) map.set(`written/${i}`, i);
    parentPort.postMessage("written");
    await new Promise((resolve) => parentPort.once("message", resolve));
    map.maintain();
    parentPort.postMessage("maintained");
    await new Promise((resolve) => parentPort.once("message", resolve));
  },
};

await roles[role]();
map.close();
parentPort.postMessage("done");
