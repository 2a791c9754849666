// One thread of swap.test.ts. It reads and replaces the blocks that shared slots point to.

import { parentPort, workerData } from "node:worker_threads";
import { splitmix32 } from "@tooling/random";

const { compiled, memory, slots, slotCount, seed, rounds, roundsPerStay, stallEvery, careless } =
  workerData;

const POISON = 0x0bad0bad;

const module = new WebAssembly.Instance(compiled, {
  env: { memory },
  host: {
    reclaim(participant, block, bytes) {
      // All but the tail, word by word, as a reader would see it.
      for (let word = block >>> 2; word < (block + bytes) >>> 2; word++) {
        Atomics.store(words(word), word, POISON);
      }
      module.free(participant, block, bytes);
      freed++;
    },
  },
}).exports;

let view = new Int32Array(memory.buffer);
let freed = 0;
let retired = 0;
let reads = 0;
let found;

function words(index) {
  if (index >= view.length) view = new Int32Array(memory.buffer);
  return view;
}

const draw = splitmix32(seed);
const random = (below) => draw() % below;

const slotWord = (index) => (slots >>> 2) + index;

// A block: its length in bytes, then words that are all its address; then the tail.
function fill(block, bytes) {
  const first = block >>> 2;
  words((block + bytes) >>> 2);
  view[first] = bytes;
  for (let word = 1; word < (bytes - 8) >>> 2; word++) view[first + word] = block;
}

function check(block) {
  const first = block >>> 2;
  const bytes = Atomics.load(words(first), first);
  if (bytes < 16 || bytes > 512) return `a length of ${bytes}`;
  for (let word = 1; word < (bytes - 8) >>> 2; word++) {
    const value = Atomics.load(words(first + word), first + word);
    if (value >>> 0 !== block) return `${value >>> 0} in word ${word} of ${bytes} bytes`;
  }
  reads++;
  return undefined;
}

const scratch = new Int32Array(new SharedArrayBuffer(4));

// What is read while pinned must stay as it is until the unpin, however long that takes.
function read(participant) {
  if (!careless) module.pin(participant);
  const held = [];
  for (let i = 0; i < 3; i++) held.push(Atomics.load(view, slotWord(random(slotCount))) >>> 0);
  if (random(4) === 0) module.pin(participant);
  if (random(stallEvery) === 0) Atomics.wait(scratch, 0, 0, 1);
  for (let again = 0; again < 4; again++) {
    for (const block of held) found ??= check(block);
  }
  while (module.isPinned(participant)) module.unpin(participant);
}

function replace(participant) {
  const bytes = 16 + 4 * random(100);
  module.pin(participant);
  const block = module.allocate(participant, bytes) >>> 0;
  if (block === 0) throw new Error("the region is full");
  fill(block, bytes);
  const old = Atomics.exchange(view, slotWord(random(slotCount)), block) >>> 0;
  found ??= check(old);
  module.retire(participant, old, Atomics.load(view, old >>> 2));
  retired++;
  module.unpin(participant);
}

for (let round = 0; round < rounds; ) {
  const participant = module.register() >>> 0;
  if (participant === 0) throw new Error("no participant");
  for (const end = Math.min(rounds, round + roundsPerStay); round < end; round++) {
    if (random(3) === 0) replace(participant);
    else read(participant);
    if (found !== undefined) break;
  }
  module.leave(participant);
  module.unregister(participant);
  if (found !== undefined) break;
}
parentPort.postMessage({ freed, retired, reads, found });
