// Run with --expose-gc. Maps that are dropped without close give back their participants and memory.
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { treeOf, verify } from "@masstree/tree";
import { MassTree } from "masstree";

/** Collects, and lets what waits for a collection run. */
async function collect() {
  for (let i = 0; i < 5; i++) {
    globalThis.gc();
    await setImmediate();
  }
}

const participantOf = (map) => treeOf(map).exports.participantNumber();
const map = new MassTree();
map.set("a", 1).set("b", 2).set("c", 3);

// Many times more than there is room for at once.
for (let round = 0; round < 20; round++) {
  for (let i = 0; i < 100; i++) MassTree.attach(map.handle).set("d", i);
  await collect();
}
const next = MassTree.attach(map.handle);
assert.equal(participantOf(next), 2);
next.close();

// An iterator keeps what it needs, though the map it came from is gone.
const iterators = [];
for (let i = 0; i < 10; i++) {
  const iterator = MassTree.attach(map.handle).entries();
  assert.deepEqual(iterator.next().value, ["a", 1]);
  iterators.push(iterator);
}
await collect();
const eleventh = MassTree.attach(map.handle);
assert.equal(participantOf(eleventh), 12);
eleventh.close();
for (let i = 0; i < 300; i++) map.set(`b${i}`, i);
for (const iterator of iterators) assert.deepEqual([...iterator].at(-1), ["d", 99]);
iterators.length = 0;
await collect();
const last = MassTree.attach(map.handle);
assert.equal(participantOf(last), 2);
last.close();

// What a dropped map had deleted is reclaimed by the others.
map.clear();
assert.equal(treeOf(map).exports.quiesce(), 1);
verify(map);

// Guards that are dropped count no more, and nor does their memory.
map.set("long", "x".repeat(2 ** 20));
const arrayBuffers = () => process.memoryUsage().arrayBuffers;
await collect();
const before = arrayBuffers();
for (let i = 0; i < 20; i++) map.pin().get("long");
assert.ok(map.stats().guards.open > 0);
await collect();
assert.deepEqual(map.stats().guards, { open: 0, bytes: 0, openFor: 0 });
assert.ok(arrayBuffers() - before < 2 ** 21);
// A view keeps its bytes as long as it is there.
const view = map.pin().get("long");
await collect();
assert.equal(view.length, 2 ** 20 + 2);
assert.equal(view[1], "x".charCodeAt(0));

// The memory goes with the last map and handle.
const memories = [];
for (let i = 0; i < 50; i++) {
  const dropped = new MassTree({ initialBytes: 2 ** 24 });
  dropped.set("a", i);
  memories.push(new WeakRef(dropped.handle.memory));
}
await collect();
const left = memories.filter((memory) => memory.deref() !== undefined).length;
assert.ok(left <= 1, `${left} memories are left`);
process.stdout.write("done");
