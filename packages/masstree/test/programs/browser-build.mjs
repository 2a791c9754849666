// A map in the build for browsers, and a worker that ends while it uses the map. Nobody notices by itself: what notices it
// in Node is not in this build, and there are no Web Locks, or none that this build may find.
import assert from "node:assert/strict";
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

delete globalThis.navigator;
const { MassTree } = await import("masstree");

if (isMainThread) {
  const session = import.meta.resolve("@masstree/session");
  assert.match(session, /dist\/browser\/index\.js$/);
  const map = new MassTree();
  const worker = new Worker(new URL(import.meta.url), {
    workerData: map.handle,
    execArgv: ["--conditions=browser"],
  });
  const [participant] = await once(worker, "message");
  await worker.terminate();
  assert.equal(
    map.stats().participants.find(({ number }) => number === participant)?.state,
    "live",
  );
  assert.equal(map.release(participant), true);
  assert.equal(map.stats().participants.length, 1);
  for (let i = 0; i < 1000; i++) map.set(`${i}`, i);
  map.verify();
  map.close();
  process.stdout.write("done\n");
} else {
  const map = MassTree.attach(workerData);
  parentPort.postMessage(map.participant);
  for (let i = 0; ; i++) map.set(`${i % 1000}`, i);
}
