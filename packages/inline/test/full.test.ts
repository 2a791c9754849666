import "./debug.ts";
import { treeOf, verify } from "@masstree/tree";
import { expect, test } from "vitest";
import { MassTreeInline } from "../src/index.ts";

const full = expect.objectContaining({ code: "MASSTREE_FULL" });

function fill(map: MassTreeInline, from: number, key: (i: number) => string): number {
  for (let i = from; ; i++) {
    try {
      map.set(key(i), i);
    } catch (error) {
      expect(error).toEqual(full);
      return i;
    }
  }
}

test.each<[string, (i: number) => string]>([
  ["short keys", (i) => String((i * 7919) % 1000003)],
  ["keys with suffixes", (i) => `${(i * 7919) % 1000003} and a suffix of some length`],
  ["keys in deep layers", (i) => `${"shared prefix ".repeat(20)}${(i * 7919) % 1000003}`],
])("a full map reads, deletes, and then writes again: %s", (_, key) => {
  const map = new MassTreeInline({ maxBytes: 2 ** 20 });
  const count = fill(map, 0, key);
  expect(count).toBeGreaterThan(1000);
  verify(map);

  expect(map.size).toBe(count);
  expect(map.has(key(count))).toBe(false);
  for (let i = 0; i < count; i++) expect(map.get(key(i))).toBe(i);
  map.set(key(0), -1);
  expect(map.get(key(0))).toBe(-1);

  for (let i = 0; i < count; i++) expect(map.delete(key(i))).toBe(true);
  expect(map.size).toBe(0);
  verify(map);
  // As many fit as before, or nearly: what was deleted was reclaimed.
  const again = fill(map, count, key) - count;
  expect(again).toBeGreaterThan(0.95 * count);
  verify(map);

  map.clear();
  expect(treeOf(map).exports.quiesce()).toBe(1);
  verify(map);
  map.close();
});
