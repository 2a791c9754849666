// Keys of many distributions, against a Map: built at once, inserted in any order, removed, rebuilt.
import { random, runs } from "@tooling/vitest/random";
import { beforeAll, describe, expect, test } from "vitest";
import { LearnedMap } from "../src/index.ts";
import { useBuild } from "./builds.ts";
import { distributions, doubles } from "./distributions.ts";

type Key = number | bigint;
type AnyMap = LearnedMap<number, Key>;

const compare = (a: Key, b: Key) => (a < b ? -1 : a > b ? 1 : 0);

/** Whether a map is what a `Map` says, key by key, in order both ways, and sound. */
function expectLike(map: AnyMap, model: ReadonlyMap<Key, number>): void {
  map.verify();
  const sorted = [...model].sort(([a], [b]) => compare(a, b));
  expect(map.size).toBe(sorted.length);
  expect([...map]).toEqual(sorted);
  expect([...map.keys({ reverse: true })]).toEqual(sorted.map(([key]) => key).reverse());
  expect(sorted.every(([key, value]) => map.get(key) === value)).toBe(true);
}

/** All that can be done with one set of keys. */
function exercise(create: () => AnyMap, keys: readonly Key[], draw: () => number): void {
  const map = create();
  const model = new Map<Key, number>();
  const add = (key: Key, value: number) => {
    map.set(key, value);
    model.set(key, value);
  };
  const sorted = [...new Set(keys)].sort(compare);
  const half = sorted.filter(() => draw() < 0.5);
  map.bulkLoad(half.map((key, i) => [key, i]));
  for (const [i, key] of half.entries()) model.set(key, i);
  expectLike(map, model);
  for (const [i, key] of keys.entries()) add(key, i);
  expectLike(map, model);
  for (const key of keys) {
    if (draw() < 0.7) expect(map.delete(key)).toBe(model.delete(key));
  }
  expectLike(map, model);
  for (const [i, key] of keys.entries()) if (draw() < 0.3) add(key, -i);
  map.rebuild();
  expectLike(map, model);
  const last = sorted.map((key, i) => [key, i] as const);
  map.bulkLoadDedup(last.flatMap(([key, i]) => [[key, -1] as const, [key, i] as const]));
  expectLike(map, new Map(last));
  for (const [key, i] of last) expect(map.popFirst()).toEqual([key, i]);
  expectLike(map, new Map());
  const { liveBytes, retiredBytes, nodes, lines } = map.stats();
  expect({ nodes, lines, bytes: liveBytes - retiredBytes }).toEqual({
    nodes: 0,
    lines: 0,
    bytes: 0,
  });
  map.close();
}

describe.each(["published", "debug"] as const)("%s build:", (build) => {
  beforeAll(() => useBuild(build));
  const count = runs(build === "debug" ? 300 : 1500);

  test.each(Object.entries(distributions))("bigints, %s", (_, make) => {
    const draw = random(1);
    exercise(() => new LearnedMap({ key: "bigint" }) as AnyMap, make(count, draw), draw);
  });

  test.each(Object.entries(doubles))("numbers, %s", (_, make) => {
    const draw = random(2);
    exercise(() => new LearnedMap() as AnyMap, make(count, draw), draw);
  });

  test.each([1, 1.5, 16])("expansion %d", (expansion) => {
    const draw = random(3);
    const keys = distributions.uniform!(count, draw);
    exercise(() => new LearnedMap({ key: "bigint", expansion }) as AnyMap, keys, draw);
  });

  test("without rebuilding", () => {
    const draw = random(4);
    const keys = distributions.descending!(count, draw);
    exercise(() => new LearnedMap({ key: "bigint", autoRebuild: false }) as AnyMap, keys, draw);
  });
});

describe("what an adversary can do", () => {
  beforeAll(() => useBuild("published"));

  /** Orders of inserts that make trees of models deep, or rebuild often. */
  const attacks: Readonly<Record<string, (count: number, draw: () => number) => bigint[]>> = {
    "always at the end": (count, draw) => distributions.sequential!(count, draw),
    "always at the beginning": (count, draw) => distributions.descending!(count, draw),
    "always between the last two": (count) => {
      const keys = [0n, 2n ** 62n];
      for (let i = 0; keys.length < count && i < 61; i++) keys.push(2n ** BigInt(61 - i));
      return keys;
    },
    "all into one place of many": (count, draw) => [
      ...distributions.uniform!(count >> 1, draw),
      ...distributions.sequential!(count >> 1, draw),
    ],
    "clusters, each denser than the last": (count) =>
      Array.from({ length: count }, (_, i) => (1n << BigInt(60 - (i % 50))) + BigInt(i)),
    "bit reversed": (count) =>
      Array.from({ length: count }, (_, i) => {
        let key = 0n;
        for (let bit = 0; bit < 32; bit++) key |= BigInt((i >> bit) & 1) << BigInt(62 - bit);
        return key;
      }),
    "nested thirds": (count, draw) => distributions["nested thirds"]!(count, draw),
  };

  test.each(Object.entries(attacks))("%s: depth and memory stay bounded", (_, attack) => {
    const count = 20_000;
    const map = new LearnedMap({ key: "bigint" });
    const keys = attack(count, random(5));
    for (const [i, key] of keys.entries()) map.set(key, i);
    map.verify();
    const perKey = map.allocatedBytes / map.size;
    // Random keys take about 80 bytes; each conflict counts in all nodes above, and is paid back by a rebuild.
    expect({ depth: map.maxDepth <= 24, perKey: map.size < 100 || perKey <= 320 }).toEqual({
      depth: true,
      perKey: true,
    });
    map.close();
  });
});
