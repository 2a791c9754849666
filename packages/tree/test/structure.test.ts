// The shapes that the structure is built around, one by one, at every width.
import { random } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { open, widths } from "./support/build.ts";
import { bigEndian, concat, repeat, utf8 } from "./support/bytes.ts";
import { families, shuffled } from "./support/families.ts";
import { INSERTED, type Key, REPLACED, type TreeInstance } from "./support/instance.ts";
import { emptyOut, expectContents, expectNothingLeft, Oracle } from "./support/oracle.ts";
import { sharing } from "./support/sharing.ts";

/** Inserts in this order, checks everything, removes in this order, checks that nothing is left. */
function comeAndGo(tree: TreeInstance, keys: readonly Key[], leave: readonly Key[] = keys): void {
  const oracle = new Oracle();
  for (const [i, key] of keys.entries()) {
    expect(tree.set(key, i)).toBe(INSERTED);
    oracle.set(key, i);
    tree.verify();
  }
  expectContents(tree, oracle.entries);
  for (const key of leave) {
    expect(tree.remove(key)).toBe(true);
    oracle.remove(key);
    tree.verify();
  }
  expectContents(tree, oracle.entries);
  emptyOut(tree);
}

const borders = [0, 1, 7, 8, 9, 15, 16, 17, 23, 24, 25];

describe.each(widths)("width %i", (width) => {
  test("an empty map has the one block of its root, and nothing to find", () => {
    const tree = open(width);
    expectNothingLeft(tree);
    expect(tree.get(utf8(""))).toBeUndefined();
    expect(tree.remove(utf8("a"))).toBe(false);
    expectNothingLeft(tree);
  });

  test("keys of 0, 7, 8, 9, 15, 16, 17 and 24 bytes, of any byte, alone and together", () => {
    for (const byte of [0, 0x61, 0xff]) {
      const keys = borders.map((length) => repeat(byte, length));
      for (const key of keys) comeAndGo(open(width), [key]);
      comeAndGo(open(width), keys);
    }
  });

  test("prefixes of each other, in both orders of insertion and of removal", () => {
    for (const byte of [0, 0x61, 0xff]) {
      const keys = borders.map((length) => repeat(byte, length));
      const reversed = [...keys].reverse();
      for (const come of [keys, reversed]) {
        for (const go of [keys, reversed]) comeAndGo(open(width), come, go);
      }
    }
    for (const [a, b] of [
      [8, 9],
      [8, 16],
      [9, 17],
      [16, 24],
      [0, 1000],
    ] as const) {
      comeAndGo(open(width), [repeat(0x61, a), repeat(0x61, b)]);
      comeAndGo(open(width), [repeat(0x61, b), repeat(0x61, a)]);
    }
  });

  test("ten keys of one slice: zero bytes of every length up to 8, and one that continues", () => {
    const lengths = Array.from({ length: 9 }, (_, length) => repeat(0, length));
    const beyond = [repeat(0, 9), repeat(0, 17), concat(repeat(0, 8), utf8("suffix"))];
    for (const last of beyond) {
      for (let round = 0; round < 5; round++) {
        const keys = [...lengths, last];
        const order = (stream: number) =>
          shuffled(keys.length, random(stream)).map((i) => keys[i] as Key);
        comeAndGo(open(width), order(round), order(round + 50));
      }
    }
    // And neighbours on both sides, so that the ten have to stay together in a split.
    const near = Array.from({ length: 12 }, (_, i) => bigEndian(i + 1));
    comeAndGo(open(width), [...near, ...lengths, ...beyond]);
    comeAndGo(open(width), [...lengths, ...beyond, ...near], [...near, ...beyond, ...lengths]);
  });

  test("prefixes of 1,000 bytes that are shared", () => {
    const prefix = repeat(0x78, 1000);
    const keys = ["", "a", "b", "suffix", "suffix that is longer", "\0"].map((end) =>
      concat(prefix, utf8(end)),
    );
    comeAndGo(open(width), keys);
    comeAndGo(open(width), [...keys].reverse(), keys);
  });

  test("some keys share a slice in one leaf, in any order of insertion; one more makes a layer", () => {
    const most = sharing(width);
    const prefix = utf8("12345678");
    for (let extra = 0; extra <= most; extra++) {
      const keys = Array.from({ length: most + 1 }, (_, i) =>
        concat(prefix, utf8(`${i} and more`)),
      );
      const last = keys.splice(extra, 1)[0] as Key;
      const tree = open(width);
      for (const i of shuffled(most, random(extra))) tree.set(keys[i] as Key, i);
      expect(tree.exports.layers()).toBe(1);
      expect(keys.map((key) => tree.get(key))).toEqual(keys.map((_, i) => i));
      expect(tree.get(last)).toBeUndefined();
      tree.verify();
      tree.set(last, 100);
      expect(tree.exports.layers()).toBe(2);
      // Each keeps its value, and can be replaced.
      expect(keys.map((key) => tree.get(key))).toEqual(keys.map((_, i) => i));
      for (const [i, key] of keys.entries()) {
        expect(tree.set(key, i + 50)).toBe(REPLACED);
        expect(tree.found()).toBe(i);
        expect(tree.get(key)).toBe(i + 50);
      }
      emptyOut(tree);
    }
  });

  test("what is left of a layer stays one; once it has gone, keys share a leaf again", () => {
    const tree = open(width);
    const keys = Array.from({ length: sharing(width) + 1 }, (_, i) => utf8(`12345678 ${i}`));
    for (const [i, key] of keys.entries()) tree.set(key, i);
    for (const key of keys.slice(1)) tree.remove(key);
    expect(tree.exports.layers()).toBe(2);
    tree.remove(keys[0] as Key);
    tree.exports.quiesce();
    expect(tree.exports.layers()).toBe(1);
    for (const [i, key] of keys.slice(1).entries()) tree.set(key, i);
    expect(tree.exports.layers()).toBe(1);
    emptyOut(tree);
  });

  test("a full leaf splits beside keys that share a slice, whatever else has it", () => {
    // All that can have one ikey: nine that end within the slice, and as many that continue as a leaf keeps.
    const ends = Array.from({ length: 9 }, (_, length) => repeat(0, length));
    const group = Array.from({ length: sharing(width) }, (_, i) =>
      concat(repeat(0, 8), utf8(`${i}`)),
    );
    const beyond = [concat(repeat(0, 7), repeat(1, 1)), repeat(0xff, 9)];
    for (let round = 0; round < 8; round++) {
      const keys = [...ends, ...group, ...beyond];
      const order = (stream: number) =>
        shuffled(keys.length, random(stream)).map((i) => keys[i] as Key);
      comeAndGo(open(width), order(round), order(round + 50));
    }
  });

  test("a word is any 64 bits, 0 among them", () => {
    const tree = open(width);
    for (const word of [0n, 1n, 2n ** 32n, 2n ** 63n, 2n ** 64n - 1n]) {
      tree.setWord(utf8("key"), word);
      expect(tree.getWord(utf8("key"))).toBe(word);
    }
    emptyOut(tree);
  });

  test("slots out of order: entries that are removed and added in one leaf", () => {
    const tree = open(width);
    const oracle = new Oracle();
    const draw = random(width);
    for (let i = 0; i < 600; i++) {
      const key = concat(bigEndian(Math.floor(draw() * width)), repeat(7, draw() * 40));
      if (draw() < 0.5) {
        tree.set(key, i);
        oracle.set(key, i);
      } else expect(tree.remove(key)).toBe(oracle.remove(key) !== undefined);
    }
    expectContents(tree, oracle.entries);
    emptyOut(tree);
  });

  test("leaves empty first at the left, first at the right, and from the middle", () => {
    const keys = Array.from({ length: width * 20 }, (_, i) => bigEndian(i));
    const middle = shuffled(keys.length, random(9)).map((i) => keys[i] as Key);
    // The leftmost leaf empties first, or last: it goes only with its layer.
    for (const go of [keys, [...keys].reverse(), middle]) {
      const tree = open(width);
      for (const [i, key] of keys.entries()) tree.set(key, i);
      for (const [i, key] of go.entries()) {
        expect(tree.remove(key)).toBe(true);
        if (i % width === 0) tree.verify();
      }
      expectNothingLeft(tree);
    }
  });

  test("a layer whose root is an internode is created, grows, shrinks and goes", () => {
    const tree = open(width);
    const keys = Array.from({ length: width * width * 2 }, (_, i) => families.shared16(i));
    for (const [i, key] of keys.entries()) tree.set(key, i);
    tree.verify();
    expect(tree.exports.layers()).toBe(2);
    expect(tree.exports.internodes()).toBeGreaterThan(1);
    for (const key of keys.slice(1)) tree.remove(key);
    tree.exports.quiesce();
    tree.verify();
    expect(tree.exports.internodes()).toBe(0);
    expect(tree.remove(keys[0] as Key)).toBe(true);
    expectNothingLeft(tree);
  });

  test("a leaf without entries keeps its range: keys of that range are inserted there", () => {
    const tree = open(width);
    const keys = Array.from({ length: width * 3 }, (_, i) => bigEndian(10 * i));
    for (const key of keys) tree.set(key, 1);
    for (const key of keys) tree.remove(key);
    for (const key of keys) expect(tree.get(key)).toBeUndefined();
    for (const [i, key] of keys.entries()) expect(tree.set(key, i)).toBe(INSERTED);
    expectContents(
      tree,
      keys.map((key, i) => [key, i]),
    );
    emptyOut(tree);
  });

  test("no more garbage than live data, however often all is replaced", () => {
    const tree = open(width);
    let most = 0;
    for (let round = 0; round < 200; round++) {
      for (let i = 0; i < 50; i++) tree.set(families.suffixes(i), round);
      for (let i = 0; i < 50; i++) tree.remove(families.suffixes(i));
      most = Math.max(most, tree.exports.retiredBytes());
    }
    expect(most).toBeLessThan(2 ** 17);
    expectNothingLeft(tree);
  });

  test("sorted inserts fill leaves, in either direction", () => {
    for (const family of ["ascending", "descending"] as const) {
      const tree = open(width);
      const count = width * 100;
      for (let i = 0; i < count; i++) tree.set(families[family](i), i);
      tree.verify();
      expect(count / (tree.exports.leaves() * width)).toBeGreaterThan(0.9);
      emptyOut(tree);
    }
  });
});
