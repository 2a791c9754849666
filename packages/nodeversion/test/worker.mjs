// A thread of the tests: instantiates the module it is given over the memory it is given, and runs
// one task of it once every thread is there.
import { parentPort, workerData } from "node:worker_threads";

const { module, memory, gate, task, mayWait } = workerData;
const { exports } = new WebAssembly.Instance(module, { env: { memory } });
exports.setMayWait(mayWait ? 1 : 0);

// All threads start at the same moment: the gate opens when the last one has arrived.
const arrivals = new Int32Array(memory.buffer, gate, 1);
Atomics.sub(arrivals, 0, 1);
Atomics.notify(arrivals, 0);
while (true) {
  const missing = Atomics.load(arrivals, 0);
  if (missing <= 0) break;
  Atomics.wait(arrivals, 0, missing);
}

const [name, ...args] = task;
const result = exports[name](...args);
parentPort.postMessage({ result, timeouts: exports.timeouts.value });
