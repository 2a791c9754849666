// Guarded calls that are interrupted. The modules are made of JavaScript: what is guarded can be any function.
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { GuardedInstance, guard, Life } from "../src/index.ts";

/** Makes a call that never ends, until node:vm's timeout ends it, without any `catch` or `finally`. */
function timeOut({ exports, life }: ReturnType<typeof newGuarded>): void {
  const run = () => runInNewContext("forever()", { forever: exports.loop }, { timeout: 5 });
  // On a busy machine the time may be up before the call has begun.
  while (!life.isOver) {
    expect(run).toThrow(expect.objectContaining({ code: "ERR_SCRIPT_EXECUTION_TIMEOUT" }));
  }
}

/** A module, and how often it was abandoned: once, at first, to compile that. */
function newModule() {
  const told = { times: -1 };
  const exports = {
    abandon: () => void told.times++,
    answer: () => 42,
    fail: () => {
      throw new Error("a trap");
    },
    loop: () => {
      for (;;);
    },
  };
  return { exports, told };
}

function newGuarded() {
  const { exports, told } = newModule();
  const life = new Life(exports.abandon);
  return { exports: guard(exports, life), life, told };
}

describe("a guarded call", () => {
  test("returns what the function returns", () => {
    const { exports, life, told } = newGuarded();
    expect(exports.answer()).toBe(42);
    expect([life.isOver, told.times]).toEqual([false, 0]);
  });

  test("that throws is the last, and others are told at once", () => {
    const { exports, life, told } = newGuarded();
    expect(exports.fail).toThrow("a trap");
    expect([life.isOver, told.times]).toEqual([true, 1]);
    expect(exports.answer()).toBe(0);
    life.giveUp();
    expect(told.times).toBe(1);
  });

  test("that a timeout ends is the last, and the next operation tells", () => {
    const guarded = newGuarded();
    const { exports, life, told } = guarded;
    timeOut(guarded);
    expect([life.isOver, told.times, exports.answer()]).toEqual([true, 0, 0]);
    life.giveUp();
    expect(told.times).toBe(1);
  });
});

describe("after a timeout in a call of one object, others are told", () => {
  test("before another object of the thread makes a call", () => {
    const [one, two] = [newGuarded(), newGuarded()];
    timeOut(one);
    expect(two.exports.answer()).toBe(42);
    expect([one.told.times, two.told.times]).toEqual([1, 0]);
    expect(one.life.abandoned).toBe(true);
    expect(two.exports.answer()).toBe(42);
    one.life.giveUp();
    expect(one.told.times).toBe(1);
  });

  test("before another object begins to be used", () => {
    const one = newGuarded();
    timeOut(one);
    newGuarded();
    expect(one.told.times).toBe(1);
  });

  test("also when that object was interrupted in turn", () => {
    const [one, two, three] = [newGuarded(), newGuarded(), newGuarded()];
    timeOut(one);
    timeOut(two);
    expect(three.exports.answer()).toBe(42);
    expect([one, two, three].map(({ told }) => told.times)).toEqual([1, 1, 0]);
  });
});

test("telling that was interrupted is repeated by the next call of the thread", () => {
  let tries = -1;
  const abandon = () => {
    if (++tries === 1) throw new RangeError("no stack");
  };
  const life = new Life(abandon);
  const { fail } = guard({ fail: newModule().exports.fail }, life);
  expect(fail).toThrow("a trap");
  expect([tries, life.abandoned]).toEqual([1, false]);
  expect(newGuarded().exports.answer()).toBe(42);
  expect([tries, life.abandoned]).toEqual([2, true]);
});

test("an instance that was interrupted is replaced", () => {
  const made: ReturnType<typeof newModule>[] = [];
  const instance = new GuardedInstance(() => {
    made.push(newModule());
    return made.at(-1)!.exports;
  });
  const first = instance.open();
  expect(instance.open()).toBe(first);
  expect(first.fail).toThrow("a trap");
  expect(instance.open()).not.toBe(first);
  expect(instance.open().answer()).toBe(42);
  expect(made.map(({ told }) => told.times)).toEqual([1, 0]);
});
