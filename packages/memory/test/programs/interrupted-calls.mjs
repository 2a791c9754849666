// Calls of a Region that the engine interrupts, in a thread that lives on.
//
//   node interrupted-calls.mjs overflow|timeout|idle|attach ROUNDS
import assert from "node:assert";
import { once } from "node:events";
import { runInNewContext } from "node:vm";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Region } from "../../dist/index.js";

// Blocks mostly from the cache, blocks from slabs, and runs of pages: each of these takes the region's lock.
const sizes = [48, 8000, 20_000];

/** Calls `step` ever deeper in the stack, until there is no more of it. */
function fillStack(step, round) {
  const deeper = () => {
    step();
    deeper();
  };
  const shift = (by, ...frame) => (by === 0 ? deeper() : shift(by - 1, by, ...frame));
  assert.throws(() => shift(round % 97, round), RangeError);
}

/** Repeats `step` until node:vm ends it, without any `catch` or `finally`. */
function timeOut(step, round) {
  const forever = () => {
    for (;;) step();
  };
  const run = () => runInNewContext("forever()", { forever }, { timeout: 2 + (round % 5) });
  assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
}

/** Blocks of one size, of which it is known at every moment which of them are there. */
class Blocks {
  held = [];
  count = 0;
  /** A block that `free` was called with and has not returned for. */
  freeing = 0;

  constructor(region, bytes) {
    this.region = region;
    this.bytes = bytes;
  }

  /** Allocates up to 40 blocks, then frees all of them. */
  step() {
    if (this.count < 40) this.allocate();
    else while (this.count > 0) this.free();
  }

  // Nothing is interrupted between a call that returns and what follows it: there is no call and no loop.
  allocate() {
    this.held[this.count] = this.region.allocate(this.bytes);
    this.count++;
  }

  free() {
    this.freeing = this.held[this.count - 1];
    this.count--;
    this.free_();
  }

  free_() {
    this.region.free(this.freeing, this.bytes);
    this.freeing = 0;
  }

  /** Repeats what was interrupted. */
  settle() {
    if (this.freeing !== 0) this.free_();
  }
}

/** Takes every kind of block, and gives it back. */
function use(region) {
  for (const bytes of sizes) {
    const blocks = Array.from({ length: 40 }, () => region.allocate(bytes));
    for (const block of blocks) region.free(block, bytes);
  }
}

/** Others use the region as before, then this object, and nothing was lost. */
function checkThatAllGoOn(region, other, blocks) {
  use(other);
  const third = Region.attach(region.memory);
  use(third);
  third.close();
  blocks.settle();
  assert.equal(region.account().liveBlocks, blocks.count);
  use(region);
  while (blocks.count > 0) blocks.free();
  region.verify();
  const { liveBlocks, liveBytes } = region.account();
  assert.deepEqual([liveBlocks, liveBytes], [0, 0]);
}

/** Closes all of them: then all numbers and caches were given back. */
function checkThatNothingIsLeft(...regions) {
  for (const region of regions) region.close();
  const numbers = Array.from({ length: 3 }, () => Region.attach(regions[0].memory).number);
  assert.deepEqual(numbers, [1, 2, 3]);
  regions[0].verify();
}

const make = () => Region.create({ maxBytes: 2 ** 24 });

const tasks = {
  overflow: (round) => interrupt(fillStack, round),
  timeout: (round) => interrupt(timeOut, round),

  /** A region that is attached to and closed when the stack is full. */
  attach(round) {
    const region = make();
    let left;
    fillStack(() => {
      left = Region.attach(region.memory);
      left.close();
    }, round);
    left.close();
    use(region);
    checkThatNothingIsLeft(region);
  },

  /** Another thread goes on while the interrupted one, which lives, does nothing more. */
  async idle(round) {
    for (const bytes of sizes) {
      const region = make();
      const { memory } = region;
      const worker = new Worker(new URL(import.meta.url), { workerData: { memory, bytes, round } });
      const [count] = await once(worker, "message");
      use(region);
      worker.postMessage("go on");
      const [left] = await once(worker, "message");
      assert.equal(left, count);
      await worker.terminate();
      assert.equal(region.account().liveBlocks, count);
      region.verify();
      checkThatNothingIsLeft(region);
    }
  },
};

function interrupt(how, round) {
  for (const bytes of sizes) {
    const region = make();
    const other = Region.attach(region.memory);
    const blocks = new Blocks(region, bytes);
    for (let i = 0; i < 5; i++) {
      how(() => blocks.step(), round + i);
      checkThatAllGoOn(region, other, blocks);
    }
    // Closed without having been used since.
    how(() => blocks.step(), round);
    region.close();
    blocks.region = other;
    if (blocks.freeing === 0) while (blocks.count > 0) blocks.free();
    checkThatNothingIsLeft(other);
  }
}

if (isMainThread) {
  const [task, rounds] = process.argv.slice(2);
  for (let round = 0; round < Number(rounds); round++) await tasks[task](round);
  console.log("done");
} else {
  const { memory, bytes, round } = workerData;
  const region = Region.attach(memory);
  const blocks = new Blocks(region, bytes);
  // The first time, the stack ends where something has to be compiled, later within the module.
  const mine = new Blocks(make(), bytes);
  for (let i = 0; i < 3; i++) fillStack(() => mine.step(), i);
  fillStack(() => blocks.step(), round);
  // Should there have been no stack even to tell of the interruption, the thread's next call does.
  mine.settle();
  mine.step();
  // A free that was interrupted may have freed: whoever repeats it knows.
  parentPort.once("message", () => {
    blocks.settle();
    region.close();
    parentPort.postMessage(blocks.count);
    setInterval(() => {}, 1000);
  });
  parentPort.postMessage(blocks.count);
}
