// Nodes in the last bytes of a memory. Arguments: the width, how large the memory may become, and how many
// slabs are left at its end for the nodes to fill.
//
// A small map, then one box as large as there is room for but for those slabs; so that what is allocated
// next comes to lie at the memory's very end.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const [width, pages, slabs] = process.argv.slice(2).map(Number);
const module = new WebAssembly.Module(
  readFileSync(new URL(`../../build/boxed-${width}.wasm`, import.meta.url)),
);
const memory = new WebAssembly.Memory({ initial: 16, maximum: pages, shared: true });
const host = { isGone: () => 0, now: Date.now, tell: () => {} };
const tree = new WebAssembly.Instance(module, { env: { memory }, host }).exports;
assert.equal(tree.create(pages, 0, 0), 0);
assert.equal(tree.attach(1, 1, 0), 0);
const key = tree.keyScratch() >>> 0;
const payload = (tree.resultScratch() >>> 0) + 64;
const FULL = 2;

function set(i) {
  const view = new DataView(memory.buffer);
  view.setBigUint64(key, BigInt(i));
  view.setUint32(payload, i, true);
  return tree.copyIn(8, 4, 0);
}

function get(i) {
  new DataView(memory.buffer).setBigUint64(key, BigInt(i));
  assert.equal(tree.copyOut(8), 4);
  assert.equal(new DataView(memory.buffer).getUint32(payload, true), i);
}

let count = 0;
while (count < width * 30) set(count++);

const bytesOf = (runPages) => runPages * 4096 - 12;
let least = 1;
let most = pages * 16 - 1;
while (least < most) {
  const middle = (least + most + 1) >>> 1;
  const box = tree.allocateBox(bytesOf(middle)) >>> 0;
  if (box === 0) most = middle - 1;
  else {
    tree.discardBox(box);
    least = middle;
  }
}
const box = tree.allocateBox(bytesOf(least - 8 * slabs)) >>> 0;
assert.notEqual(box, 0);
assert.equal(tree.committedBytes(), pages * 65536);

while (set(count) !== FULL) count++;
for (let i = 0; i < count; i++) get(i);
tree.discardBox(box);
// As far as the growing tree has taken a slab for its internodes at every distance from the end.
for (const end = count + 70_000; count < end && set(count) !== FULL; ) count++;
for (let i = 0; i < count; i++) get(i);
assert.equal(tree.verify(), 0);
tree.clear();
tree.quiesce();
assert.equal(tree.verify(), 0);
console.log("done");
