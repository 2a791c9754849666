// A worker that another worker had started ends in the middle of an operation, and the one that had started
// it ends with it. This thread, which has the map open, had started only the other.
//
// That the operation is not over is made certain: a pin without an end is what one looks like to the rest.
import { parentPort, Worker, workerData } from "node:worker_threads";
import { treeOf } from "@masstree/tree";
import { MassTree } from "masstree";

const level = workerData?.level ?? 0;
if (level === 0) {
  const map = new MassTree({ maxBytes: 2 ** 23 });
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { level: 1, handle: map.handle },
  });
  await new Promise((resolve) => worker.once("message", resolve));
  const before = map.stats().participants.length;
  await worker.terminate();
  // Ten times what there is memory for.
  for (let i = 0; i < 100; i++) map.set("key", "x".repeat(900_000 + i));
  const after = map.stats();
  map.verify();
  process.stdout.write(`${before} ${after.participants.length} ${after.retiredBytes < 4_000_000}`);
  process.exit(0);
} else if (level === 1) {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { level: 2, handle: workerData.handle },
  });
  worker.once("message", () => parentPort.postMessage("up"));
} else {
  treeOf(MassTree.attach(workerData.handle)).exports.pin();
  parentPort.postMessage("up");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}
