// Calls of NodeVersions that the engine interrupts, in a thread that lives on.
//
//   node interrupted-calls.mjs overflow|timeout|wait|taken ROUNDS
import assert from "node:assert";
import { runInNewContext } from "node:vm";
import { NodeVersions } from "../../dist/index.js";

const address = 64;

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

/** `one` waits for the lock until node:vm ends its call. On a busy machine the first may end before the call has begun. */
function waitInVain(one, memory, round) {
  const words = new BigUint64Array(memory.buffer);
  do timeOut(() => one.lock(address), round);
  while (!one.describe(words[address / 8]).sleepers);
  return words;
}

function make() {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  const one = new NodeVersions(memory, { owner: 1 });
  const two = new NodeVersions(memory, { owner: 2 });
  return { memory, one, two };
}

function interrupt(how, round) {
  const { one, two } = make();
  // Nothing is interrupted between a call that returns and what follows it: there is no call and no loop.
  let held = false;
  let unlocking = false;
  const step = () => {
    if (held) {
      unlocking = true;
      one.unlock(address);
      held = false;
      unlocking = false;
    } else if (round % 2 === 0) {
      one.lock(address);
      held = true;
    } else held = one.tryLock(address);
  };
  for (let i = 0; i < 3; i++) {
    how(step, round + i);
    // Only what was being unlocked may be either.
    if (unlocking) held = one.isHeld(address);
    unlocking = false;
    assert.equal(two.tryLock(address), !held);
    if (!held) two.unlock(address);
    assert.equal(one.isHeld(address), held);
    if (held) one.unlock(address);
    held = false;
    one.lock(address);
    one.unlock(address);
  }
}

const tasks = {
  overflow: (round) => interrupt(fillStack, round),
  timeout: (round) => interrupt(timeOut, round),

  /** A call that never gets the lock. */
  wait(round) {
    const { memory, one, two } = make();
    two.lock(address);
    waitInVain(one, memory, round);
    assert.equal(two.isHeld(address), true);
    two.unlock(address);
    assert.equal(two.tryLock(address), true);
    two.unlock(address);
    one.lock(address);
    one.markInserting(address);
    one.unlock(address);
    assert.equal(one.describe(one.load(address)).inserts, 1);
  },

  /** The engine interrupts a call only where a function begins: so this takes the lock in its stead. */
  taken(round) {
    const { memory, one, two } = make();
    two.lock(address);
    const words = waitInVain(one, memory, round);
    // As if the lock had been given back, and `one` had it.
    words[address / 8] = 1n;
    two.lock(address);
    assert.deepEqual([one.isHeld(address), two.isHeld(address)], [false, true]);
  },
};

const [task, rounds] = process.argv.slice(2);
for (let round = 0; round < Number(rounds); round++) tasks[task](round);
console.log("done");
