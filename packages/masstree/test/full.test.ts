import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
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
  test("reads, deletes, and then writes again", () => {
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

test("a value that cannot fit leaves the one that was there", () => {
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

test("a map that holds a key many times over its limit forgets the old values", () => {
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
