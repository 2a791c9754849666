// How late this machine lets a thread go on whose time has come: what a test of latencies has to allow for, if it is to
// pass on a machine that does other things as well.
import { Worker } from "node:worker_threads";

const [LONGEST, STOP] = [0, 1];

// Another thread, because the test's own may be busy or asleep.
const program = `
const { workerData: words } = require("node:worker_threads");
while (Atomics.load(words, ${STOP}) === 0) {
  const from = performance.now();
  Atomics.wait(words, ${STOP}, 0, 1);
  const late = performance.now() - from - 1;
  if (late > words[${LONGEST}]) words[${LONGEST}] = late;
}`;

/**
 * Runs an action, and a thread beside it that sleeps for a millisecond again and again.
 *
 * @returns what the action returned, and by how many milliseconds the thread came too late at most
 */
export async function withLateness(action) {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(program, { eval: true, workerData: words });
  try {
    const result = await action();
    return { result, lateness: words[LONGEST] };
  } finally {
    Atomics.store(words, STOP, 1);
    Atomics.notify(words, STOP);
    await worker.terminate();
  }
}
