// splitPoints, at all widths: parts hold each entry once, whatever the keys, and are about equal.
import { random, runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Range } from "../src/index.ts";
import { key } from "./support/arbitraries.ts";
import { widths } from "./support/build.ts";
import { WordMap } from "./word-map.ts";

/** The sizes of the parts, whose entries are those of the range. */
function sizesOf<K extends string | Uint8Array>(
  map: WordMap<K>,
  parts: number,
  range: Range<K> = {},
): number[] {
  const points = map.splitPoints(parts, range);
  expect(points.length).toBeLessThan(parts);
  const found = [...points, undefined].map((_, i) => {
    const part = { ...range };
    if (i > 0) part.gte = points[i - 1];
    if (i < points.length) part.lt = points[i];
    return [...map.keys(part)];
  });
  expect(found.flat()).toEqual([...map.keys(range)]);
  const sizes = found.map(({ length }) => length);
  if (points.length > 0) expect(Math.min(...sizes)).toBeGreaterThan(0);
  return sizes;
}

const bound = fc.option(key, { nil: undefined, freq: 1 });

test.each(widths)("parts hold each entry of a range once, width %i", (width) => {
  const keys = fc.array(key, { maxLength: 300, size: "max" });
  const gone = fc.array(fc.nat(300), { maxLength: 200, size: "max" });
  const range = fc.record({ gt: bound, gte: bound, lt: bound, lte: bound });
  fc.assert(
    fc.property(
      keys,
      gone,
      range,
      fc.integer({ min: 1, max: 40 }),
      (list, removed, drawn, parts) => {
        const map = new WordMap<Uint8Array>({ key: "bytes", width });
        for (const one of list) map.set(one, 0n);
        for (const i of removed) if (i < list.length) map.delete(list[i]!);
        sizesOf(map, parts, drawn);
        sizesOf(map, parts);
        map.close();
      },
    ),
    { numRuns: runs(12) },
  );
});

/** Keys of many kinds, by number. */
const kinds: Record<string, (i: number, random: () => number) => string> = {
  "random keys": (_, draw) => String(draw()),
  "ascending keys": (i) => String(i).padStart(9, "0"),
  "keys that share a long beginning": (_, draw) => `https://example.com/users/${draw()}`,
  "fields of records": (i) => `user:${String(i >> 3).padStart(8, "0")}:field-number-${i & 7}`,
  "keys that nest": (_, draw) => "k".repeat(draw() * draw() * 30) + String(draw()).slice(2, 8),
  "a few tenants with most keys": (_, draw) =>
    `tenant-${String(Math.floor(draw() ** 4 * 50)).padStart(9, "0")}/${draw()}`,
};

describe.each(Object.entries(kinds))("of %s", (_, make) => {
  const draw = random();
  const map = new WordMap();
  for (let i = 0; i < 3000; i++) map.set(make(i, draw), 0n);

  test.each([2, 4, 8, 32])("%i parts are about equal", (parts) => {
    const sizes = sizesOf(map, parts);
    expect(sizes.length).toBe(parts);
    const mean = map.size / parts;
    expect(Math.max(...sizes)).toBeLessThan(2 * mean);
    expect(Math.min(...sizes)).toBeGreaterThan(mean / 4);
  });

  test("a part of it is cut as well as the whole", () => {
    const [low, , high] = map.splitPoints(4);
    const sizes = sizesOf(map, 4, { gte: low, lt: high });
    expect(Math.max(...sizes)).toBeLessThan(2 * (map.count({ gte: low, lt: high }) / 4));
  });
});

test("POINTS3: fifty times as many entries are cut with hardly more calls", () => {
  const calls = [1000, 50_000].map((count) => {
    const map = new WordMap();
    for (let i = 0; i < count; i++) map.set(String(i), 0n);
    let divisions = 0;
    const { exports } = map.tree;
    const divide: typeof exports.divide = (...args) => {
      divisions++;
      return exports.divide(...args);
    };
    map.tree.exports = { ...exports, divide };
    expect(map.splitPoints(8).length).toBe(7);
    map.tree.exports = exports;
    map.close();
    return divisions;
  });
  expect(calls[1]).toBeLessThan(3 * calls[0]!);
});
