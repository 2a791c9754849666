// Out of memory, at every allocation that an operation makes: nothing has changed, nothing is lost, and
// the same operation succeeds when there is memory again.
import { random, runs } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open, widths } from "./support/build.ts";
import { bigEndian, concat, repeat, utf8 } from "./support/bytes.ts";
import { drawKey } from "./support/churn.ts";
import { entriesOf } from "./support/finish.ts";
import {
  FULL,
  INSERTED,
  instantiate,
  type Key,
  REPLACED,
  type TreeInstance,
} from "./support/instance.ts";
import { emptyOut, expectContents, expectEntries, Oracle } from "./support/oracle.ts";
import { sharing } from "./support/sharing.ts";
import { type Part, play } from "./support/threads.ts";

/** More allocations than any operation makes. */
const ENDLESS = 100_000;

/** Runs an operation whose nth allocation fails; whether one did. */
function failing(tree: TreeInstance, nth: number, operation: () => void): boolean {
  tree.exports.failAfter.value = nth;
  operation();
  const failed = tree.exports.failAfter.value === -1;
  tree.exports.failAfter.value = -1;
  return failed;
}

/** Sets a key, FULL or not, while the nth allocation fails: says what became of it, after checking that. */
function setFailing(
  tree: TreeInstance,
  oracle: Oracle,
  key: Key,
  value: number,
  nth: number,
): { failed: boolean; full: boolean } {
  const before = oracle.get(key);
  tree.exports.quiesce();
  const blocks = tree.exports.liveBlocks();
  let outcome = -1;
  const failed = failing(tree, nth, () => {
    outcome = tree.set(key, value);
  });
  if (outcome !== FULL) {
    // Either nothing failed, or the tree made do with less.
    expect(outcome).toBe(before === undefined ? INSERTED : REPLACED);
    oracle.set(key, value);
    expect(tree.get(key)).toBe(value);
    return { failed, full: false };
  }
  expect(failed, "FULL though every allocation succeeded").toBe(true);
  expect(tree.get(key)).toBe(before);
  tree.verify();
  expectEntries(tree.scan(), oracle.entries);
  tree.exports.quiesce();
  expect(tree.exports.liveBlocks(), "blocks after FULL").toBe(blocks);
  return { failed, full: true };
}

const long = (length: number, end: string) => concat(repeat(0x61, length), utf8(end));
/** With them, two keys more that begin with as many of these bytes are too many for a leaf: they become a layer. */
const others = (width: number, length: number): Key[] =>
  Array.from({ length: sharing(width) - 1 }, (_, i) => long(length, `A${i}`));
const tens = (count: number): Key[] => Array.from({ length: count }, (_, i) => bigEndian(10 * i));

/** What is there before, and the key whose insertion must allocate. */
const inserts: Record<string, (width: number) => [before: Key[], key: Key]> = {
  "the first suffix of a leaf": () => [[], long(8, "suffix")],
  "a suffix that does not fit the leaf's bag": () => [[long(0, "0-slice-suffix")], long(500, "x")],
  "a split of the root leaf": (width) => [tens(width), bigEndian(5)],
  "a split at the right edge": (width) => [tens(width), bigEndian(10 * width)],
  "a split whose right leaf takes suffixes along": (width) => [
    tens(width).map((key) => concat(key, utf8("suffix"))),
    concat(bigEndian(15), repeat(0x61, 100)),
  ],
  "a split whose left leaf needs a larger bag": (width) => [
    tens(width).map((key) => concat(key, utf8("suffix"))),
    concat(bigEndian(5), repeat(0x61, 3000)),
  ],
  "a split that goes up to a new root": (width) => [tens(tall(width)), bigEndian(5)],
  "a layer for keys that end in it": (width) => [
    [...others(width, 16), long(16, "a")],
    long(16, "b"),
  ],
  "a layer in which one has a suffix": (width) => [
    [...others(width, 16), long(16, "")],
    long(16, "a suffix"),
  ],
  "a layer in which two have suffixes": (width) => [
    [...others(width, 8), long(8, "first suffix")],
    long(8, "second suffix"),
  ],
  "a layer that leaves suffixes behind, in a smaller bag": (width) => [
    [utf8("another suffix"), ...others(width, 8), long(2000, "a suffix")],
    long(8, "b suffix"),
  ],
  "a chain of many layers": (width) => [
    [...others(width, 1000), long(1000, "a suffix")],
    long(1000, "b suffix"),
  ],
};

/** So many keys, in ascending order, that the next one at the left splits up to the root: found by trying. */
function tall(width: number): number {
  return width * (width + 1);
}

describe.each(widths)("width %i: out of memory during", (width) => {
  test.each(Object.keys(inserts))("%s", (name) => {
    const [before, key] = (inserts[name] as (width: number) => [Key[], Key])(width);
    for (let nth = 0; ; nth++) {
      const tree = open(width);
      const oracle = new Oracle();
      for (const [i, one] of before.entries()) {
        tree.set(one, i);
        oracle.set(one, i);
      }
      const { failed, full } = setFailing(tree, oracle, key, 1000, nth);
      if (full) setFailing(tree, oracle, key, 1000, ENDLESS);
      expectContents(tree, oracle.entries);
      emptyOut(tree);
      if (failed) continue;
      expect(nth, "allocations of the operation").toBeGreaterThan(0);
      return;
    }
  });

  test("a replacement or a read: nothing can fail", () => {
    const tree = open(width);
    const keys = [long(0, ""), long(8, ""), long(100, "suffix")];
    for (const key of keys) tree.set(key, 1);
    for (const key of keys) {
      const failed = failing(tree, 0, () => {
        expect(tree.set(key, 2)).toBe(REPLACED);
        expect(tree.get(key)).toBe(2);
        expect(tree.scan().length).toBe(3);
        expect(tree.scan({ reverse: true }).length).toBe(3);
      });
      expect(failed).toBe(false);
    }
    emptyOut(tree);
  });

  test("any removal: it still succeeds, and leaks nothing", () => {
    const tree = open(width);
    const draw = random(width);
    const oracle = new Oracle();
    for (let i = 0; i < runs(300, 400); i++) {
      const key = drawKey(draw);
      tree.set(key, i);
      oracle.set(key, i);
    }
    let failures = 0;
    while (oracle.entries.length > 0) {
      const at = Math.floor(draw() * oracle.entries.length);
      const [key, value] = oracle.entries[at] as [Key, number];
      const failed = failing(tree, Math.floor(draw() * 2), () => {
        expect(tree.remove(key)).toBe(true);
      });
      if (failed) failures++;
      expect(tree.found()).toBe(value);
      oracle.remove(key);
      if (oracle.entries.length % 50 === 0) {
        tree.verify();
        expectEntries(tree.scan(), oracle.entries);
      }
    }
    expect(failures, "removals during which an allocation failed").toBeGreaterThan(0);
    emptyOut(tree);
  });

  test("clear: everything goes", () => {
    for (let nth = 0; nth < 4; nth++) {
      const tree = open(width);
      for (let i = 0; i < 300; i++) tree.set(utf8(`prefix of a slice or two ${i}`), i);
      failing(tree, nth, () => tree.exports.clear());
      emptyOut(tree);
    }
  });

  test("any of a random sequence of writes", () => {
    const tree = open(width);
    const oracle = new Oracle();
    const draw = random(100 + width);
    let full = 0;
    const count = runs(300, 400);
    // Wide leaves need memory a few times only, and now and then the first that fails can be done without.
    for (let i = 0; i < count || (full === 0 && i < 10 * count); i++) {
      const key = drawKey(draw);
      for (let nth = 0; setFailing(tree, oracle, key, i, nth).full; nth++) full++;
      if (i % 3 !== 0 || oracle.entries.length === 0) continue;
      const at = Math.floor(draw() * oracle.entries.length);
      const [victim] = oracle.entries[at] as [Key, number];
      expect(tree.remove(victim)).toBe(true);
      oracle.remove(victim);
    }
    expect(full).toBeGreaterThan(0);
    expectContents(tree, oracle.entries);
    emptyOut(tree);
  });
});

describe.each([3, 15, 24] as const)("width %i: a map at its maximum", (width) => {
  test("can be read, scanned, and written again after removals", () => {
    const maxPages = 24;
    const tree = open(width, { maxPages });
    const draw = random(200 + width);
    const oracle = new Oracle();
    for (let round = 0; round < 3; round++) {
      let written = 0;
      // Room may be left in one place when there is none in another.
      for (let refused = 0; refused < 100; ) {
        const key = concat(bigEndian(Math.floor(draw() * 2 ** 40)), repeat(0x61, draw() * 300));
        const outcome = tree.set(key, written);
        if (outcome === FULL) refused++;
        else oracle.set(key, written++);
      }
      expect(written).toBeGreaterThan(200);
      expect(tree.memory.buffer.byteLength).toBe(maxPages * 65_536);
      expectContents(tree, oracle.entries);
      // Another thread cannot come any more, and says so.
      expect(instantiate(tree.module, tree.memory).attach(1, 0, 0)).toBe(1);
      // In runs of neighbours: what a leaf holds comes back when the last of its keys goes.
      for (const [i, [key, value]] of [...oracle.entries].entries()) {
        if (i % 400 < 200) continue;
        expect(tree.remove(key)).toBe(true);
        expect(tree.found()).toBe(value);
        oracle.remove(key);
      }
      tree.exports.quiesce();
      tree.verify();
    }
    emptyOut(tree);
  });

  test("accepts about as many keys as were removed in various places", () => {
    const tree = open(width, { maxPages: 24 });
    const draw = random(300 + width);
    const draft = () => concat(bigEndian(Math.floor(draw() * 2 ** 40)), repeat(0x61, draw() * 300));
    const oracle = new Oracle();
    for (let key = draft(); tree.set(key, 1) !== FULL; key = draft()) oracle.set(key, 1);
    const victims = oracle.entries.filter(() => draw() < 0.5);
    for (const [key] of victims) {
      expect(tree.remove(key)).toBe(true);
      oracle.remove(key);
    }
    tree.exports.quiesce();
    let written = 0;
    for (let i = 0; i < victims.length; i++) {
      const key = draft();
      if (tree.set(key, i) === FULL) continue;
      oracle.set(key, i);
      written++;
    }
    // Few leaves are empty; it is their free slots, and the room of dead suffixes, that are used again.
    expect(written).toBeGreaterThan(0.75 * victims.length);
    expectContents(tree, oracle.entries);
    emptyOut(tree);
  });

  test("holds for four threads at once, each of which knows its keys", async () => {
    const tree = open(width, { maxPages: 64 });
    const press: Part = ["press", { keys: 4000, operations: runs(12_000) }];
    const reports = await play(tree, [press, press, press, press]);
    tree.verify();
    const full = reports.reduce((sum, { counts }) => sum + (counts?.[0] ?? 0), 0);
    expect(full, "how often it was full").toBeGreaterThan(0);
    const entries = reports.flatMap((report) => report.entries);
    expectEntries(tree.scan(), entriesOf("suffixes", entries));
    emptyOut(tree);
  });
});
