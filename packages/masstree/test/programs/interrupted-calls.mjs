// Calls into a map that the engine interrupts, in a thread that lives on.
//
//   node interrupted-calls.mjs overflow|attach|timeout|comings|together|idle MassTree|MassTreeInline ROUNDS
import assert from "node:assert";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { MassTree, MassTreeInline } from "../../dist/index.js";

const classes = { MassTree, MassTreeInline };

// Two keys of a layer, and suffixes: each pair of sets makes one.
const keyOf = (i) => `${String(i).padStart(8, "0")}abcdefgh-one`;
const otherOf = (i) => `${String(i).padStart(8, "0")}abcdefgh-two`;
/** Payloads in the word, in a box, and in one that is too long for a scratch. */
const lengthOf = [3, 50, 5000];
const makeValue = {
  MassTree: (i) => `${i}`.padEnd(lengthOf[i % 3], "v"),
  MassTreeInline: (i) => i,
};

/** Calls `step` with 0, 1, 2, ..., each time deeper in the stack, until there is no more of it. */
function fillStack(step, first) {
  let count = 0;
  const deeper = () => {
    step(count);
    count++;
    deeper();
  };
  const shift = (by, ...frame) => (by === 0 ? deeper() : shift(by - 1, by, ...frame));
  assert.throws(() => shift(first % 97, first), RangeError);
  return count;
}

const steps = {
  set(map, i, value) {
    map.set(keyOf(i), value(i));
    map.set(otherOf(i), value(i));
  },
  get: (map, i) => map.get(keyOf(i % 100)),
  delete: (map, i) => map.delete(keyOf(i % 100)),
  exchange(map, i, value) {
    map.exchange(keyOf(i % 100), value(i));
    map.take(keyOf((i + 50) % 100));
  },
  update(map, i, value) {
    map.update(keyOf(i % 100), () => value(i));
    map.compareAndSet(keyOf(i % 100), value(i), value(i + 1));
    map.compareAndSet(keyOf(i % 100), value(i + 1), undefined);
  },
  pop(map, i, value) {
    map.setMany([
      [keyOf(i), value(i)],
      [otherOf(i), value(i)],
    ]);
    map.popFirst();
    map.popLast({ limit: 3 });
  },
  scan: (map, i) => [...map.entries({ gte: keyOf(i % 100), limit: 3 })],
  clear(map, i, value) {
    map.set(keyOf(i), value(i));
    map.clear();
  },
};

/** This thread and another use the map as before, and no more is in it than they know. */
function checkThatAllGoOn(map, attach, value) {
  const other = attach(map.handle);
  for (const each of [map, other]) {
    for (let i = 0; i < 50; i++) {
      each.set(keyOf(i), value(i + 1));
      assert.equal(map.get(keyOf(i)), value(i + 1));
      each.delete(otherOf(i));
      assert.equal(map.get(otherOf(i)), undefined);
    }
  }
  other.close();
  map.verify();
  assert.equal(map.stats().participants.length, 1);
  map.clear();
  map.verify();
  assert.equal(map.stats().retiredBytes, 0);
  map.close();
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

const tasks = {
  attach(make, attach, value, round) {
    const map = make();
    map.set(keyOf(0), value(0));
    let left;
    fillStack(() => {
      left = attach(map.handle);
      left.close();
    }, round);
    left.close();
    checkThatAllGoOn(map, attach, value);
  },

  overflow(make, attach, value, round) {
    for (const [name, step] of Object.entries(steps)) {
      const map = make();
      for (let i = 0; i < 100; i++) map.set(keyOf(i), value(i));
      const done = fillStack((i) => step(map, i, value), round);
      if (name === "set") {
        // What had returned is there, and the one in flight whole or absent.
        for (let i = 0; i < done; i++) {
          assert.equal(map.get(keyOf(i)), value(i));
          assert.equal(map.get(otherOf(i)), value(i));
        }
        assert([undefined, value(done)].includes(map.get(otherOf(done))));
      }
      checkThatAllGoOn(map, attach, value);
    }
  },

  timeout(make, attach, value, round) {
    for (const step of Object.values(steps)) {
      const map = make();
      const forever = () => {
        for (let i = 0; ; i++) step(map, i % 3000, value);
      };
      const run = () => runInNewContext("forever()", { forever }, { timeout: 5 + (round % 7) });
      assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
      checkThatAllGoOn(map, attach, value);
    }
  },

  /** Another map of the thread goes on first. Suffixes that are runs of pages need the region's lock. */
  async comings(make, attach, value, round) {
    const map = make();
    let left;
    const forever = () => {
      for (;;) {
        left = attach(map.handle);
        left.close();
      }
    };
    for (let times = 0; times < 25; times++) {
      const run = () => runInNewContext("forever()", { forever }, { timeout: 1 + (round % 3) });
      assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
      left?.close();
    }
    // Those of which the program got no object are noticed now, or by the garbage collection.
    const others = () => map.stats().participants.length - 1;
    for (let tries = 0; tries < 50 && others() > 0; tries++) {
      collectGarbage();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.equal(others(), 0);
    checkThatAllGoOn(map, attach, value);
  },

  together(make, attach, value, round) {
    const map = make();
    const other = attach(map.handle);
    const keys = Array.from({ length: 20 }, (_, i) => keyOf(i) + "x".repeat(20_000));
    const forever = () => {
      for (let i = 0; ; i++) {
        if (i % 40 < 20) map.set(keys[i % 20], value(i));
        else map.delete(keys[i % 20]);
      }
    };
    for (let i = 0; i < 20; i++) {
      const run = () => runInNewContext("forever()", { forever }, { timeout: 2 + (round % 5) });
      assert.throws(run, { code: "ERR_SCRIPT_EXECUTION_TIMEOUT" });
      for (const key of keys) other.set(key, value(i));
      for (const key of keys) other.delete(key);
      assert.equal(map.size, 0);
    }
    other.close();
    checkThatAllGoOn(map, attach, value);
  },

  async idle(make, attach, value, round, name) {
    const map = make();
    const thread = new Worker(new URL(import.meta.url), {
      workerData: { handle: map.handle, round, name },
    });
    const done = await new Promise((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
    });
    // It has not come back to the map since, and waits for ever.
    for (let i = Math.max(0, done - 20); i < done + 20; i++) steps.set(map, i, value);
    for (let i = 0; i < done; i++) assert.equal(map.get(keyOf(i)), value(i));
    await thread.terminate();
    checkThatAllGoOn(map, attach, value);
  },
};

if (isMainThread) {
  const [task, name, rounds] = process.argv.slice(2);
  const Class = classes[name];
  const make = () => (name === "MassTree" ? new Class({ value: "utf8" }) : new Class());
  for (let round = 0; round < Number(rounds); round++) {
    await tasks[task](make, (handle) => Class.attach(handle), makeValue[name], round, name);
  }
  console.log("done");
} else {
  const { handle, round, name } = workerData;
  const map = classes[name].attach(handle);
  const done = fillStack((i) => steps.set(map, i, makeValue[name]), round);
  parentPort.postMessage(done);
  setInterval(() => map, 1000);
}
