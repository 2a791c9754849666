// Worker A starts worker B, which ends in the middle of an operation; A ends with it. This thread has the map
// open and has started only A, so it gets no event for B.
//
// B pins and never unpins: to the other threads this looks like an unfinished operation.
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
