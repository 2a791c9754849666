// Maps of width 24 where the code for them was not imported, then where it was. Argument: the entry to import.
// Starts itself as a worker, which gets a handle.
import assert from "node:assert/strict";
import { once } from "node:events";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { LocalMassTree, MassTree, MassTreeInline, MassTreeSet } from "masstree";

const api = { MassTree, MassTreeInline, MassTreeSet, LocalMassTree };

const notLoaded = {
  name: "MassTreeNotLoadedError",
  code: "MASSTREE_NOT_LOADED",
  message: /masstree\/24/,
};

if (isMainThread) {
  const [entry] = process.argv.slice(2);
  const names = Object.keys(api);
  for (const name of names) {
    assert.throws(() => new api[name]({ width: 24 }), notLoaded);
    assert.throws(() => new api[name]({ width: 5 }), /The option 'width' must be 15 or 24/);
  }
  await import(entry);
  for (const name of names) {
    const isLoaded = name !== "MassTree" || entry === "masstree/24";
    if (!isLoaded) {
      assert.throws(() => new api[name]({ width: 24 }), notLoaded);
      continue;
    }
    const map = new api[name]({ width: 24 });
    for (let i = 0; i < 100; i++) name === "MassTreeSet" ? map.add(`${i}`) : map.set(`${i}`, i);
    assert.equal(map.stats().width, 24);
    map.verify();
    if (name !== "LocalMassTree") {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { name, entry, handle: map.handle },
      });
      const [answer] = await once(worker, "message");
      assert.equal(answer, 100);
    }
    map.close();
  }
  process.stdout.write("done\n");
} else {
  const { name, entry, handle } = workerData;
  assert.throws(() => api[name].attach(handle), notLoaded);
  await import(entry);
  const map = api[name].attach(handle);
  assert(map.has("7"));
  parentPort.postMessage(map.size);
  map.close();
}
