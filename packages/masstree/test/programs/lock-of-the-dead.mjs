// A thread ends while it holds the region's lock; another, whose event loop stands still, needs the lock.
// That it ends there is made certain: main writes the worker's number into the lock's word (offset 128 of
// the region) before it ends the worker, which is the state right after the lock was taken.
import { existsSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { treeOf } from "@masstree/tree";
import { MassTree } from "../../dist/index.js";

const lockOffset = 128;

if (isMainThread) {
  const map = new MassTree();
  map.set("a", 1);
  const worker = new Worker(new URL(import.meta.url), { workerData: map.handle });
  const number = await new Promise((resolve) => worker.once("message", resolve));
  const osThread = treeOf(map).exports.osThreadOf(number);
  new BigUint64Array(map.handle.memory.buffer)[lockOffset / 8] = BigInt(number);
  void worker.terminate();
  // Gone, but its exit event can not come: main does not return to its event loop.
  while (existsSync(`/proc/self/task/${osThread}`));
  map.set("b", "x".repeat(100_000));
  map.verify();
  process.stdout.write(`went on with ${map.get("b").length}`);
  process.exit(0);
}
MassTree.attach(workerData).set("w", 1);
parentPort.postMessage(2);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
