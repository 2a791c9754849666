// Threads that read what others have just put into memory that these have just added, in an engine
// without guard pages: run it with --disable-wasm-trap-handler.
import assert from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { MassTree } from "../../dist/index.js";

const READERS = 10;
const [rounds] = process.argv.slice(2).map(Number);

if (isMainThread) {
  const over = new Int32Array(new SharedArrayBuffer(4));
  const readers = Array.from({ length: READERS }, () => new Worker(new URL(import.meta.url)));
  for (const reader of readers) {
    reader.on("error", (error) => {
      throw error;
    });
  }
  for (let round = 0; round < rounds; round++) {
    const map = new MassTree({ value: "bytes", maxBytes: 2 ** 28 });
    map.set("hot", new Uint8Array(200));
    Atomics.store(over, 0, 0);
    for (const reader of readers) reader.postMessage({ handle: map.handle, over });
    await sleep(100);
    for (let i = 0; i < 30_000; i++) {
      map.set("hot", new Uint8Array(100 + (i % 7000)));
      map.set(`k${i}`, new Uint8Array(300 + (i % 2000)));
    }
    Atomics.store(over, 0, 1);
    const left = Array.from(
      readers,
      (reader) => new Promise((done) => reader.once("message", done)),
    );
    await Promise.all(left);
    map.verify();
    assert(map.stats().committedBytes > 2 ** 24);
    map.close();
  }
  console.log("done");
  process.exit();
} else {
  parentPort.on("message", ({ handle, over }) => {
    const map = MassTree.attach(handle);
    for (let i = 0; Atomics.load(over, 0) === 0; i++) {
      map.get("hot");
      if (i % 200 === 0) {
        map.set(`other ${i % 800}`, new Uint8Array(50));
        map.set("hot", new Uint8Array(500));
      }
    }
    map.close();
    parentPort.postMessage("left");
  });
}
