// The counters near their end: what carries, what wraps, and what a reader makes of it.
import { describe, expect, test } from "vitest";
import { instantiate, sharedMemory, word } from "./modules.ts";

const node = 8;
const lastInsert = 0xffff;
const lastSplit = 0xffffffff;
const flags = { leaf: true, root: true };

describe.each(["nodeversion-test", "nodeversion-debug"] as const)("%s", (build) => {
  function setup(start: bigint) {
    const memory = sharedMemory();
    const words = new BigUint64Array(memory.buffer);
    words[node / 8] = start;
    const exports = instantiate(build, memory);
    const section = (mark: (node: number) => void) => {
      exports.lock(node, 1);
      mark(node);
      exports.unlock(node);
      return words[node / 8];
    };
    return {
      ...exports,
      insert: () => section(exports.markInserting),
      split: () => section(exports.markSplitting),
    };
  }

  test("the insert counter carries into the split counter, and looks like a split", () => {
    const start = word({ ...flags, inserts: lastInsert, splits: 41 });
    const { insert, hasChanged, hasSplit } = setup(start);
    expect(insert()).toBe(word({ ...flags, inserts: 0, splits: 42 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 1]);
  });

  test("the split counter wraps, touches no other bit, and is still a split", () => {
    const start = word({ ...flags, inserts: 7, splits: lastSplit });
    const { split, hasChanged, hasSplit } = setup(start);
    expect(split()).toBe(word({ ...flags, inserts: 7, splits: 0 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 1]);
  });

  test("an insert at the very end wraps the whole number to 0", () => {
    const start = word({ ...flags, inserts: lastInsert, splits: lastSplit });
    const { insert, hasChanged, hasSplit } = setup(start);
    expect(insert()).toBe(word({ ...flags, inserts: 0, splits: 0 }));
    expect([hasChanged(node, start), hasSplit(node, start)]).toEqual([1, 1]);
  });

  test("a split at the last insert does not touch the insert counter", () => {
    const { split } = setup(word({ inserts: lastInsert, splits: 3 }));
    expect(split()).toBe(word({ inserts: lastInsert, splits: 4 }));
  });

  test("no two versions are equal over a whole turn of the insert counter and beyond", () => {
    const { insert } = setup(word({ inserts: 5, splits: lastSplit - 1 }));
    let previous = word({ inserts: 5, splits: lastSplit - 1 });
    const seen = new Set([previous]);
    for (let i = 0; i < 70_000; i++) {
      const version = insert()!;
      if (version !== BigInt.asUintN(64, previous + (1n << 16n))) {
        throw new Error(`${version} came after ${previous}`);
      }
      seen.add(version);
      previous = version;
    }
    expect(seen.size).toBe(70_001);
  });

  test("only 2^32 splits, or 2^48 inserts, come back to an equal version", () => {
    const before = word({ ...flags, inserts: 9, splits: 9 });
    const { changedBetween, splitBetween } = setup(before);
    const later = (inserts: bigint, splits: bigint) =>
      BigInt.asUintN(64, before + (inserts << 16n) + (splits << 32n));
    const differ = (inserts: bigint, splits: bigint) =>
      changedBetween(before, later(inserts, splits)) !== 0;
    for (const splits of [1n, 2n ** 31n, 2n ** 32n - 1n]) expect(differ(0n, splits)).toBe(true);
    for (const inserts of [1n, 2n ** 16n, 2n ** 47n, 2n ** 48n - 1n]) {
      expect(differ(inserts, 0n)).toBe(true);
    }
    expect(differ(0n, 2n ** 32n)).toBe(false);
    expect(differ(2n ** 48n, 0n)).toBe(false);
    expect(differ(2n ** 16n, 2n ** 32n - 1n)).toBe(false);
    expect(splitBetween(before, later(0n, 2n ** 32n - 1n))).toBe(1);
  });
});
