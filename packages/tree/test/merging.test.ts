// Leaves that scattered removals leave sparse: neighbours take their entries in.
import { random, runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { key } from "./support/arbitraries.ts";
import { open, type Width, widths } from "./support/build.ts";
import { repeat } from "./support/bytes.ts";
import { type Family, families, shuffled } from "./support/families.ts";
import type { Key, TreeInstance } from "./support/instance.ts";
import { emptyOut, expectContents, Oracle } from "./support/oracle.ts";

/** Leaves of 3 entries stay as they are. */
const merged = widths.filter((width) => width > 3);

interface Faults {
  /** How many allocations succeed before one fails. */
  readonly failAfter: WebAssembly.Global<"i32">;
}

function fill(width: Width, keys: readonly Key[]): { tree: TreeInstance; oracle: Oracle } {
  const tree = open(width, { maxPages: 65536 });
  const oracle = new Oracle();
  for (const [i, each] of keys.entries()) {
    tree.set(each, i);
    oracle.set(each, i);
  }
  return { tree, oracle };
}

/** Removes all keys but one in ten, in this order. */
function thin(tree: TreeInstance, oracle: Oracle, keys: readonly Key[], order: readonly number[]) {
  for (const index of order.slice(0, Math.ceil(order.length * 0.9))) {
    tree.remove(keys[index]!);
    oracle.remove(keys[index]!);
  }
  expect(tree.exports.quiesce()).toBe(1);
}

const orders: Record<string, (count: number) => number[]> = {
  "in any order": (count) => [...shuffled(count, random(1))],
  "all but every tenth, upward": (count) => tenths(Array.from({ length: count }, (_, i) => i)),
  "all but every tenth, downward": (count) =>
    tenths(Array.from({ length: count }, (_, i) => count - 1 - i)),
};

/** Those that are no tenth first. */
function tenths(order: readonly number[]): number[] {
  return [...order.filter((i) => i % 10 !== 0), ...order.filter((i) => i % 10 === 0)];
}

describe.each(merged)("width %i", (width) => {
  test.each(Object.keys(orders))("one key in ten is left, removed %s: few leaves are", (name) => {
    const count = runs(9000);
    const keys = Array.from({ length: count }, (_, i) => families.fixed22(i)).sort(Buffer.compare);
    const { tree, oracle } = fill(width, keys);
    const before = Number(tree.exports.leaves());
    thin(tree, oracle, keys, orders[name]!(count));
    tree.verify();
    expectContents(tree, oracle.entries);
    // Without merging, nearly each leaf would keep one or two.
    const { leaves, layers } = tree.exports;
    expect(oracle.entries.length / (Number(leaves()) - Number(layers()))).toBeGreaterThan(
      width / 4,
    );
    expect(Number(leaves())).toBeLessThan(before / 2);
    emptyOut(tree);
  });

  test.each(["paths", "deep", "binary"] as Family[])(
    "%s keys come and go, again and again",
    (family) => {
      const keys = Array.from({ length: 400 }, (_, i) => families[family](i));
      const { tree, oracle } = fill(width, keys);
      const draw = random(2);
      for (let round = 0; round < 3; round++) {
        for (const index of shuffled(keys.length, draw)) {
          const each = keys[index]!;
          if (draw() < 0.85) {
            tree.remove(each);
            oracle.remove(each);
          } else {
            tree.set(each, index);
            oracle.set(each, index);
          }
        }
        tree.verify();
        expectContents(tree, oracle.entries);
        for (const [index, each] of keys.entries()) {
          tree.set(each, index);
          oracle.set(each, index);
        }
      }
      emptyOut(tree);
    },
  );

  test("any keys are found after any removals, whatever their suffixes", () => {
    const lists = fc.array(key, { minLength: 1, maxLength: 120, size: "max" });
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.boolean()), (keys, stays) => {
        const { tree, oracle } = fill(width, keys);
        for (const each of keys) {
          if (stays.next().value && stays.next().value) continue;
          tree.remove(each);
          oracle.remove(each);
        }
        tree.verify();
        expectContents(tree, oracle.entries);
        emptyOut(tree);
      }),
      { numRuns: runs(40) },
    );
  });

  test("without memory for the route or the suffixes, a removal succeeds and nothing is lost", () => {
    // Two full leaves, and the bags that hold what is left of them.
    const keys = Array.from({ length: 3 * width }, (_, i) =>
      Uint8Array.of(i, ...repeat(0x61 + (i % 20), 40 + 30 * (i % 5))),
    );
    for (let blocks = 0; blocks < 4; blocks++) {
      const { tree, oracle } = fill(width, keys);
      const { failAfter } = tree.exports as unknown as Faults;
      for (const index of shuffled(keys.length, random(3)).slice(0, -2)) {
        failAfter.value = blocks;
        expect(tree.remove(keys[index]!)).toBe(true);
        failAfter.value = -1;
        oracle.remove(keys[index]!);
        tree.verify();
        expectContents(tree, oracle.entries);
      }
      emptyOut(tree);
    }
  });
});

test("leaves of 3 entries, in tests, are unlinked when they are empty", () => {
  const keys = Array.from({ length: 60 }, (_, i) => families.ascending(i));
  const { tree, oracle } = fill(3, keys);
  thin(tree, oracle, keys, orders["in any order"]!(60));
  tree.verify();
  expectContents(tree, oracle.entries);
  emptyOut(tree);
});
