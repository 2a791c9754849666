// Decimal keys: many of them, dense, of different lengths, two slices at most. A Masstree elsewhere had
// a few in a million that a scan found and get did not.
import { random, runs } from "@tooling/vitest/random";
import { expect, test } from "vitest";
import { open } from "./support/build.ts";
import { compare, hex, utf8 } from "./support/bytes.ts";
import { shuffled } from "./support/families.ts";
import { INSERTED } from "./support/instance.ts";

test("1 million decimal keys: get finds exactly what a scan finds", () => {
  const tree = open(15, { released: true, maxPages: 65536 });
  const count = runs(1_000_000);
  for (const i of shuffled(count, random(1))) {
    if (tree.set(utf8(String(i)), i) !== INSERTED) throw new Error(`${i} was already there`);
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
  for (let i = 0; i < count; i++) if (tree.get(utf8(String(i))) !== i) missing++;
  expect(missing).toBe(0);
});

test.each([3, 4, 7, 24] as const)(
  "and so do 100,000 at width %i, in order and back out",
  (width) => {
    const tree = open(width);
    const count = runs(100_000);
    for (let i = 0; i < count; i++) tree.set(utf8(String(i)), i);
    tree.verify();
    const scanned = tree.scan({}, 512);
    expect(scanned.length).toBe(count);
    expect(scanned.findIndex(([key, value]) => tree.get(key) !== value)).toBe(-1);
    for (const i of shuffled(count, random(width))) {
      if (!tree.remove(utf8(String(i)))) throw new Error(`${i} was scanned and cannot be removed`);
    }
    expect(tree.exports.quiesce()).toBe(1);
    tree.verify();
    expect(tree.exports.liveBlocks()).toBe(1);
  },
);
