import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import { random } from "@tooling/vitest/random";
import { describe, expect, test } from "vitest";
import { MassTree } from "../src/index.ts";

const full = expect.objectContaining({ code: "MASSTREE_FULL" });

function fill(map: MassTree<Uint8Array>, from: number, bytes: number): number {
  for (let i = from; ; i++) {
    try {
      map.set(`key ${i}`, new Uint8Array(bytes).fill(i));
    } catch (error) {
      expect(error).toEqual(full);
      return i;
    }
  }
}

describe.each([0, 10, 100, 5000, 70000])("a map full of values of %i bytes", (bytes) => {
  test("can be read, and written again after deletions", () => {
    const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
    const count = fill(map, 0, bytes);
    verify(map);
    expect(map.size).toBe(count);
    expect(map.has(`key ${count}`)).toBe(false);
    for (let i = 0; i < count; i++)
      expect(map.get(`key ${i}`)).toEqual(new Uint8Array(bytes).fill(i));
    expect([...map.keys()]).toHaveLength(count);
    for (let i = 0; i < count; i++) expect(map.delete(`key ${i}`)).toBe(true);
    verify(map);
    const again = fill(map, count, bytes) - count;
    expect(again).toBeGreaterThan(0.9 * count);
    verify(map);
    map.clear();
    expect(treeOf(map).exports.quiesce()).toBe(1);
    verify(map);
    map.close();
  });
});

test("a value that does not fit leaves the old one unchanged", () => {
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  map.set("key", Uint8Array.of(1));
  for (const length of [2 ** 20, 2 ** 24]) {
    expect(() => map.set("key", new Uint8Array(length))).toThrow(full);
    expect(() => map.set("other", new Uint8Array(length))).toThrow(full);
  }
  expect([...map]).toEqual([["key", Uint8Array.of(1)]]);
  expect(map.set("key", Uint8Array.of(2)).get("key")).toEqual(Uint8Array.of(2));
  verify(map);
  map.close();
});

test("a key that is overwritten far beyond the map's limit frees its old values", () => {
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  for (let i = 0; i < 300; i++) {
    map.set("key", new Uint8Array(60000).fill(i));
    map.set("other", new Uint8Array(80000).fill(i));
  }
  expect(map.get("key")).toEqual(new Uint8Array(60000).fill(299));
  expect(map.get("other")).toEqual(new Uint8Array(80000).fill(299));
  verify(map);
  map.close();
});

describe.each([
  // What fills the map, how many of it stay, and what is written then.
  { filled: 1000, every: 10, written: 500 },
  { filled: 1000, every: 40, written: 50 },
  { filled: 200, every: 20, written: 12 },
  { filled: 5000, every: 8, written: 1700 },
])(
  "a map full of $filled bytes a value, of which one in $every stays",
  ({ filled, every, written }) => {
    test(`has room for values of ${written}`, () => {
      const maxBytes = 2 ** 21;
      const map = new MassTree({ value: "bytes", maxBytes });
      const count = fill(map, 0, filled);
      for (let i = 0; i < count; i++) if (i % every !== 0) map.delete(`key ${i}`);
      verify(map);
      // What is not taken by what stayed, less what keys, nodes and slabs take.
      const end = fill(map, count, written);
      expect((end - count) * filled).toBeGreaterThan(0.3 * maxBytes);
      verify(map);
      for (let i = 0; i < count; i += every) {
        expect(map.get(`key ${i}`)).toEqual(new Uint8Array(filled).fill(i));
      }
      for (let i = count; i < end; i++) {
        expect(map.get(`key ${i}`)).toEqual(new Uint8Array(written).fill(i));
      }
      expect(treeOf(map).exports.quiesce()).toBe(1);
      verify(map);
      for (let i = 0; i < count; i += every) expect(map.delete(`key ${i}`)).toBe(true);
      for (let i = count; i < end; i++) expect(map.delete(`key ${i}`)).toBe(true);
      verify(map);
      expect(treeOf(map).exports.quiesce()).toBe(1);
      verify(map);
      // All of it is as it was.
      expect(fill(map, 0, filled)).toBeGreaterThan(0.95 * count);
      verify(map);
      map.close();
    });
  },
);

test("a full map stays sound while values of any size are added and removed", () => {
  const draw = random();
  const map = new MassTree({ value: "bytes", maxBytes: 2 ** 20 });
  const kept = new Map<string, Uint8Array>();
  let refused = 0;
  for (let i = 0; i < 4000; i++) {
    const key = `${Math.floor(draw() * 3000)}`.repeat(1 + Math.floor(draw() ** 4 * 12));
    const value = new Uint8Array(Math.floor(draw() ** 3 * 3000)).fill(i);
    try {
      map.set(key, value);
      kept.set(key, value);
    } catch (error) {
      expect(error).toEqual(full);
      refused++;
      // A few of them, wherever they are.
      for (const other of [...kept.keys()].slice(0, 3)) {
        expect(map.delete(other)).toBe(true);
        kept.delete(other);
      }
    }
    if (i % 500 === 0) verify(map);
  }
  expect(refused).toBeGreaterThan(50);
  expect(map.size).toBe(kept.size);
  for (const [key, value] of kept) expect(map.get(key)).toEqual(value);
  verify(map);
  for (const key of kept.keys()) expect(map.delete(key)).toBe(true);
  expect(treeOf(map).exports.quiesce()).toBe(1);
  verify(map);
  map.close();
});
