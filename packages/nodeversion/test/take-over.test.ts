// A thread can stop for good while it holds a lock. Others give up waiting, and take its place.
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { compile, instantiate, sharedMemory, word } from "./modules.ts";
import { runThreads } from "./threads.ts";

const node = 64;

describe.each(["nodeversion-test", "nodeversion-debug"] as const)("%s", (build) => {
  function setup(start: bigint, mayWait = true) {
    const memory = sharedMemory();
    const exports = instantiate(build, memory);
    exports.setMayWait(mayWait ? 1 : 0);
    const words = new BigUint64Array(memory.buffer);
    words[node / 8] = start;
    return { ...exports, memory, now: () => Atomics.load(words, node / 8) };
  }

  test("a lock is taken over with its marks, counters and sleepers as they are", () => {
    const rest = {
      sleepers: true,
      inserting: true,
      splitting: true,
      leaf: true,
      inserts: 0xffff,
      splits: 0xffffffff,
    };
    const { takeOver, isHeldBy, unlock, now } = setup(word({ ...rest, owner: 1023 }));
    // A sleeper may have come since.
    expect(takeOver(node, word({ ...rest, owner: 1023, sleepers: false }), 1)).toBe(1);
    expect(now()).toBe(word({ ...rest, owner: 1 }));
    expect([isHeldBy(node, 1023), isHeldBy(node, 1)]).toEqual([0, 1]);
    unlock(node);
    expect(now()).toBe(word({ leaf: true, inserts: 0xffff, splits: 0 }));
  });

  test("a lock that is free, or held by another, is not taken over", () => {
    const { takeOver, lock, now } = setup(0n);
    expect(takeOver(node, word({ owner: 7 }), 8)).toBe(0);
    expect(now()).toBe(0n);
    lock(node, 9);
    expect(takeOver(node, word({ owner: 7 }), 8)).toBe(0);
    expect(now()).toBe(word({ owner: 9 }));
    expect(takeOver(node, word({ owner: 9 }), 8)).toBe(1);
    expect(takeOver(node, word({ owner: 9 }), 10)).toBe(0);
    expect(now()).toBe(word({ owner: 8 }));
  });

  test("a lock is not taken from who has the dead owner's number by now", () => {
    const { takeOver, lock, markInserting, unlock, now } = setup(word({ owner: 9 }));
    const seen = now();
    // Another takes over first, and a new thread with the old number has the lock.
    expect(takeOver(node, seen, 8)).toBe(1);
    markInserting(node);
    unlock(node);
    lock(node, 9);
    expect(takeOver(node, seen, 10)).toBe(0);
    expect(now()).toBe(word({ owner: 9, inserts: 1 }));
  });

  test.each([true, false])(
    "who may wait (%s) takes a free lock and reads a clean word at once",
    (mayWait) => {
      const { lockOrTimeout, stableOrTimeout, now } = setup(word({ leaf: true }), mayWait);
      expect(lockOrTimeout(node, 5)).toBe(1);
      expect(now()).toBe(word({ leaf: true, owner: 5 }));
      expect(stableOrTimeout(node)).toBe(word({ leaf: true, owner: 5 }));
    },
  );

  test.each([true, false])("who may wait (%s) gives up on a lock that stays locked", (mayWait) => {
    const { lockOrTimeout, stableOrTimeout, now } = setup(
      word({ owner: 3, inserting: true }),
      mayWait,
    );
    // Who slept has said so, for the next unlock.
    const after = word({ owner: 3, inserting: true, sleepers: mayWait });
    expect(lockOrTimeout(node, 5)).toBe(0);
    expect(now()).toBe(after);
    expect(stableOrTimeout(node)).toBe(after);
    expect(now()).toBe(after);
  });

  test.each([true, false])("who may wait (%s) gives up on a word that stays dirty", (mayWait) => {
    const { stableOrTimeout, now } = setup(word({ owner: 3, inserting: true }), mayWait);
    // Nobody has waited before: only a reader that sleeps itself says that there is a sleeper.
    const after = word({ owner: 3, inserting: true, sleepers: mayWait });
    expect(stableOrTimeout(node)).toBe(after);
    expect(now()).toBe(after);
  });

  test("a sleeper is woken by whoever took over and gives the lock back", async () => {
    const { takeOver, unlock, memory, now } = setup(word({ owner: 3 }));
    const waiting = runThreads(compile("contend-debug"), memory, [["count", node, 4, 1]]);
    while (now() !== word({ owner: 3, sleepers: true })) await setTimeout(1);
    await setTimeout(50);
    expect(takeOver(node, now(), 6)).toBe(1);
    unlock(node);
    expect(await waiting).toEqual([{ result: undefined, timeouts: 0 }]);
    expect(now()).toBe(0n);
  });

  test("a wait says whether the word differed or the time was up", () => {
    const { waitWhileEqual } = setup(5n);
    expect(waitWhileEqual(node, 6, 1_000_000_000n)).toBe(1);
    expect(waitWhileEqual(node, 5, 1_000n)).toBe(2);
  });
});
