// Decimal keys: many of them, dense, of different lengths: 1 to 6 digits, in one slice, and 1 to 10, in
// two. A Masstree elsewhere had a few in a million that a scan found and get did not.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open } from "./support/build.ts";
import { compare, hex, utf8 } from "./support/bytes.ts";
import { decimalNumber, shuffled } from "./support/families.ts";
import { INSERTED } from "./support/instance.ts";

/** The numbers below a count, and as many of 1 to 10 digits. */
const numbers: Record<string, (i: number) => number> = {
  "counted up from 0": (i) => i,
  "of 1 to 10 digits": decimalNumber,
};

test.each([
  [1_000_000, "counted up from 0"],
  [300_000, "of 1 to 10 digits"],
])("%i decimal keys %s: get finds exactly what a scan finds", (keys, which) => {
  const numberOf = numbers[which] as (i: number) => number;
  const tree = open(15, { released: true, maxPages: 65536 });
  const count = runs(keys);
  for (const i of shuffled(count, random(1))) {
    const number = numberOf(i);
    if (tree.set(utf8(String(number)), number) !== INSERTED) throw new Error(`${number} was there`);
  }
  tree.verify();
  let found = 0;
  let previous = utf8("");
  for (const batch of tree.batches({}, 512)) {
    for (const [key, value] of batch) {
      if (Buffer.from(key).toString() !== String(value)) throw new Error(`${hex(key)}: ${value}`);
      if (compare(previous, key) >= 0) throw new Error(`${hex(key)} is out of order`);
      if (tree.get(key) !== value) throw new Error(`get does not find ${value}, a scan does`);
      previous = key;
      found++;
    }
  }
  expect(found).toBe(count);
  expect(tree.size).toBe(count);
  let missing = 0;
  for (let i = 0; i < count; i++) {
    const number = numberOf(i);
    if (tree.get(utf8(String(number))) !== number) missing++;
  }
  expect(missing).toBe(0);
});

describe.each(Object.keys(numbers))("%s", (which) => {
  const numberOf = numbers[which] as (i: number) => number;
  const keyOf = (i: number) => utf8(String(numberOf(i)));

  test.each([3, 4, 7, 24] as const)("60,000 at width %i, in order and back out", (width) => {
    const tree = open(width);
    const count = runs(60_000);
    for (let i = 0; i < count; i++) tree.set(keyOf(i), numberOf(i));
    tree.verify();
    const scanned = tree.scan({}, 512);
    expect(scanned.length).toBe(count);
    expect(scanned.findIndex(([key, value]) => tree.get(key) !== value)).toBe(-1);
    for (const i of shuffled(count, random(width))) {
      if (!tree.remove(keyOf(i))) throw new Error(`${numberOf(i)} was scanned, cannot be removed`);
    }
    expect(tree.exports.quiesce()).toBe(1);
    tree.verify();
    expect(tree.exports.liveBlocks()).toBe(1);
  });
});
