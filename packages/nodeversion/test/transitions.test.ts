import { describe, expect, test } from "vitest";
import { instantiate, sharedMemory, word } from "./modules.ts";

const node = 64;

describe.each(["nodeversion-test", "nodeversion-debug"] as const)("%s", (build) => {
  function setup(start: bigint) {
    const memory = sharedMemory();
    const exports = instantiate(build, memory);
    const words = new BigUint64Array(memory.buffer);
    words[node / 8] = start;
    return { ...exports, now: () => words[node / 8] };
  }

  test("a new word has the given flags and counters 0", () => {
    const { initialise, initialiseLocked, now } = setup(~0n);
    initialise(node, word({ leaf: true, root: true }));
    expect(now()).toBe(word({ leaf: true, root: true }));
    initialiseLocked(node, word({ leaf: true }), 1023);
    expect(now()).toBe(word({ leaf: true, owner: 1023 }));
  });

  test("the lock names its owner, and locking alone is no change", () => {
    const start = word({ leaf: true, inserts: 5, splits: 6 });
    const { lock, unlock, isHeldBy, hasChanged, hasSplit, now } = setup(start);
    lock(node, 7);
    expect(now()).toBe(start | 7n);
    expect([isHeldBy(node, 7), isHeldBy(node, 8)]).toEqual([1, 0]);
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([0, 0]);
    unlock(node);
    expect(now()).toBe(start);
    expect(isHeldBy(node, 7)).toBe(0);
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([0, 0]);
  });

  test("tryLock takes a free lock, and changes nothing when it is held, by whomever", () => {
    const { tryLock, unlock, now } = setup(0n);
    expect(tryLock(node, 3)).toBe(1);
    expect(tryLock(node, 3)).toBe(0);
    expect(tryLock(node, 4)).toBe(0);
    expect(now()).toBe(3n);
    unlock(node);
    expect(tryLock(node, 4)).toBe(1);
    expect(now()).toBe(4n);
  });

  test("an insert is a change from its mark on, and steps the insert counter", () => {
    const start = word({ inserts: 5, splits: 6 });
    const { lock, markInserting, unlock, hasChanged, hasSplit, now } = setup(start);
    lock(node, 9);
    markInserting(node);
    expect(now()).toBe(word({ owner: 9, inserting: true, inserts: 5, splits: 6 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 0]);
    unlock(node);
    expect(now()).toBe(word({ inserts: 6, splits: 6 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 0]);
  });

  test("a split is a split from its mark on, and steps the split counter, not the insert counter", () => {
    const start = word({ root: true, inserts: 5, splits: 6 });
    const { lock, markInserting, markSplitting, unlock, hasChanged, hasSplit, now } = setup(start);
    lock(node, 9);
    markInserting(node);
    markSplitting(node);
    expect(now()).toBe(start | word({ owner: 9, inserting: true, splitting: true }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 1]);
    unlock(node);
    expect(now()).toBe(word({ root: true, inserts: 5, splits: 7 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 1]);
  });

  test("a deletion is a split, and stays", () => {
    const start = word({ leaf: true, splits: 6 });
    const { lock, markDeleted, unlock, hasSplit, now } = setup(start);
    lock(node, 9);
    markDeleted(node);
    expect(now()).toBe(start | word({ owner: 9, splitting: true, deleted: true }));
    unlock(node);
    expect(now()).toBe(word({ leaf: true, deleted: true, splits: 7 }));
    expect(hasSplit(node, start)).toBe(1);
    lock(node, 9);
    unlock(node);
    expect(now()).toBe(word({ leaf: true, deleted: true, splits: 7 }));
  });

  test("becoming or ceasing to be a root is a split without a step of any counter", () => {
    const { lock, setRoot, clearRoot, unlock, hasChanged, hasSplit, now } = setup(0n);
    lock(node, 9);
    setRoot(node);
    unlock(node);
    expect(now()).toBe(word({ root: true }));
    expect([hasChanged(node, 0n), hasSplit(node, 0n)]).toEqual([1, 1]);
    lock(node, 9);
    clearRoot(node);
    unlock(node);
    expect(now()).toBe(0n);
  });

  test("the SLEEPERS bit survives every mark, is no change, and goes with the unlock", () => {
    const start = word({ owner: 9, sleepers: true });
    const x = setup(start);
    for (const mark of [x.markInserting, x.markSplitting, x.setRoot, x.clearRoot, x.markDeleted]) {
      mark(node);
      expect(x.now()! & x.SLEEPERS.value).toBe(x.SLEEPERS.value);
    }
    expect(x.changedBetween(start, word({}))).toBe(0);
    expect(x.splitBetween(start, word({}))).toBe(0);
    x.unlock(node);
    expect(x.now()).toBe(word({ deleted: true, splits: 1 }));
  });

  test("each predicate looks at its own bits", () => {
    const x = setup(0n);
    const all = ["isLocked", "isDirty", "isDeleted", "isRoot", "isLeaf"] as const;
    const truth = (version: bigint) => all.filter((name) => x[name](version) !== 0);
    expect(truth(word({ sleepers: true, inserts: 65535, splits: 0xffffffff }))).toEqual([]);
    for (const owner of [1, 512, 1023]) {
      expect(truth(word({ owner }))).toEqual(["isLocked"]);
      expect(x.ownerOf(word({ owner, sleepers: true, leaf: true }))).toBe(owner);
    }
    expect(truth(word({ inserting: true }))).toEqual(["isDirty"]);
    expect(truth(word({ splitting: true }))).toEqual(["isDirty"]);
    expect(truth(word({ deleted: true }))).toEqual(["isDeleted"]);
    expect(truth(word({ root: true }))).toEqual(["isRoot"]);
    expect(truth(word({ leaf: true }))).toEqual(["isLeaf"]);
  });

  test("stable returns a clean version at once, locked or not", () => {
    const { stable, lock } = setup(word({ leaf: true, splits: 3 }));
    expect(stable(node)).toBe(word({ leaf: true, splits: 3 }));
    lock(node, 2);
    expect(stable(node)).toBe(word({ leaf: true, splits: 3, owner: 2 }));
  });
});

test("a build with DEBUG traps where a precondition is broken, and leaves the word alone", () => {
  const memory = sharedMemory();
  const x = instantiate("nodeversion-debug", memory);
  const words = new BigUint64Array(memory.buffer);
  const steps: [string, () => void][] = [
    ["unlock of what is not locked", () => x.unlock(node)],
    ["markInserting without the lock", () => x.markInserting(node)],
    ["markSplitting without the lock", () => x.markSplitting(node)],
    ["markDeleted without the lock", () => x.markDeleted(node)],
    ["setRoot without the lock", () => x.setRoot(node)],
    ["clearRoot without the lock", () => x.clearRoot(node)],
    ["owner 0", () => x.lock(node, 0)],
    ["owner 1024", () => x.tryLock(node, 1024)],
    ["flags with an owner", () => x.initialiseLocked(node, 1n, 2)],
  ];
  for (const [name, step] of steps) {
    expect(step, name).toThrow(WebAssembly.RuntimeError);
    expect(words[node / 8], name).toBe(0n);
  }
  x.lock(node, 5);
  expect(() => x.lock(node, 5)).toThrow(WebAssembly.RuntimeError);
});
