// The tree against a sorted array: whatever is done, both answer the same.
import { random, runs, seed } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longKey } from "./support/arbitraries.ts";
import { open, widths } from "./support/build.ts";
import { compare, concat, repeat } from "./support/bytes.ts";
import { churn } from "./support/churn.ts";
import { commands } from "./support/commands.ts";
import { INSERTED, REPLACED } from "./support/instance.ts";
import { emptyOut, expectContents, Oracle } from "./support/oracle.ts";

describe.each(widths)("width %i", (width) => {
  test("any sequence of commands has the same effect as on a sorted array", () => {
    fc.assert(
      fc.property(commands(250), (list) => {
        const tree = open(width);
        const oracle = new Oracle();
        for (const command of list) command.run(oracle, tree);
        expectContents(tree, oracle.entries);
        emptyOut(tree);
      }),
      { numRuns: runs(40) },
    );
  });

  test("it grows and shrinks through many levels and layers, and back to nothing", () => {
    churn(width, random(width), runs(6000));
  });
});

test.each([3, 15] as const)(
  "keys of thousands of bytes that share nearly all of them, width %i",
  (width) => {
    fc.assert(
      fc.property(fc.array(longKey, { minLength: 2, maxLength: 10, size: "max" }), (keys) => {
        const tree = open(width);
        const oracle = new Oracle();
        for (const [i, key] of keys.entries()) {
          const before = oracle.set(key, i);
          expect(tree.set(key, i)).toBe(before === undefined ? INSERTED : REPLACED);
        }
        expectContents(tree, oracle.entries);
        emptyOut(tree);
      }),
      { numRuns: runs(8) },
    );
  },
);

test("keys of 64 KiB work: 8,191 layers, of which nothing remains", () => {
  const tree = open(15);
  const keys = Array.from({ length: 9 }, (_, more) => repeat(0x61, 65_528 + more));
  keys.push(concat(repeat(0x61, 65_535), repeat(0x62, 1)));
  for (const [i, key] of keys.entries()) expect(tree.set(key, i)).toBe(INSERTED);
  expect(tree.exports.layers()).toBe(8192);
  expectContents(
    tree,
    keys.map((key, i) => [key, i]),
  );
  const middle = { start: keys[1], startInclusive: false, end: keys[3], endInclusive: true };
  expect(tree.scan(middle).map(([, value]) => value)).toEqual([2, 3]);
  emptyOut(tree);
});

test("the published builds behave like those with checks", () => {
  for (const width of [15, 24] as const) churn(width, random(seed + width), runs(6000), true);
});

test("every length from 0 to 80 of equal bytes is its own key", () => {
  for (const width of widths) {
    const tree = open(width);
    const keys = [0, 0xff, 0x61].flatMap((byte) =>
      Array.from({ length: 81 }, (_, length) => repeat(byte, length)),
    );
    keys.push(concat(repeat(0, 1000), repeat(0xff, 1)));
    const oracle = new Oracle();
    for (const [i, key] of keys.entries()) {
      oracle.set(key, i);
      tree.set(key, i);
    }
    expectContents(tree, oracle.entries);
    emptyOut(tree);
  }
  // The oracle itself: an order in which a prefix comes first.
  if (compare(repeat(0, 1), repeat(0, 2)) >= 0) throw new Error("the model is out of order");
});
