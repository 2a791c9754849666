// Memory that runs out: at every allocation of every operation, once.
import { treeOf } from "@masstree/tree";
import { random, runs } from "@tooling/vitest/random";
import { beforeAll, expect, test } from "vitest";
import { LearnedMap, type ValueCodec } from "../src/index.ts";
import { useBuild } from "./builds.ts";

beforeAll(() => useBuild("debug"));

type Operation = (map: LearnedMap<number, bigint>) => unknown;

/** Values that have no room in a slot. */
const inBoxes: ValueCodec<number> = {
  encode: (value) => new TextEncoder().encode(`${value} `.repeat(20)),
  decode: (bytes) => Number.parseInt(new TextDecoder().decode(bytes), 10),
};

const key = (i: number) => BigInt(i) * 1000n;

const operations: Readonly<Record<string, Operation>> = {
  "conflicts and what they rebuild": (map) => {
    for (let i = 0; i < 40; i++) map.set(key(20) + BigInt(i), i);
  },
  "a load": (map) => map.bulkLoad(Array.from({ length: 50 }, (_, i) => [key(i) + 1n, i] as const)),
  "a load that replaces values": (map) =>
    map.bulkLoadDedup(Array.from({ length: 50 }, (_, i) => [key(i >> 1), i] as const)),
  "the rebuilding of all": (map) => map.rebuild(),
  "removals, which need no memory": (map) => {
    for (let i = 0; i < 60; i++) expect(map.delete(key(i))).toBe(true);
  },
};

const cases = ([undefined, inBoxes] as const).flatMap((value) =>
  Object.entries(operations).map(
    ([name, operation]) => [value ? "in boxes" : "in slots", name, operation, value] as const,
  ),
);

test.each(cases)("values %s, %s: each allocation fails once", (_, name, operation, value) => {
  const create = (): LearnedMap<number, bigint> =>
    value === undefined
      ? new LearnedMap({ key: "bigint" })
      : new LearnedMap<number, bigint>({ key: "bigint", value });
  let failed = 0;
  for (let after = 0; ; after++) {
    const map = create();
    for (let i = 0; i < 60; i++) map.set(key(i), i);
    map.verify();
    const before = [...map];
    const { failAfter } = treeOf(map).exports as unknown as { failAfter: { value: number } };
    failAfter.value = after;
    let threw = false;
    try {
      operation(map);
    } catch (error) {
      expect(error).toMatchObject({ code: "MASSTREE_FULL" });
      threw = true;
    }
    const isOver = failAfter.value >= 0;
    failAfter.value = -1;
    map.verify();
    if (threw && name !== "conflicts and what they rebuild") expect([...map]).toEqual(before);
    // A single failure is made good: the call frees what was retired, and tries again. Or the rebuild is put off.
    if (!isOver) failed++;
    if (!threw) {
      const wanted = create();
      for (let i = 0; i < 60; i++) wanted.set(key(i), i);
      operation(wanted);
      expect([...map]).toEqual([...wanted]);
      wanted.close();
    }
    map.close();
    if (isOver) break;
  }
  if (name !== "removals, which need no memory") expect(failed).toBeGreaterThan(0);
});

test("a map that is full reads, deletes, and takes at least half as much again", () => {
  useBuild("published");
  const map = new LearnedMap({ key: "bigint", maxBytes: 2 ** 20 });
  const draw = random(1);
  const keys: bigint[] = [];
  expect(() => {
    while (true) {
      const key = BigInt(Math.floor(draw() * 2 ** 50));
      map.set(key, keys.length);
      keys.push(key);
    }
  }).toThrow(expect.objectContaining({ code: "MASSTREE_FULL" }));
  map.verify();
  for (let round = 0; round < runs(3); round++) {
    const present = round === 0 ? keys : keys.slice(0, keys.length >> 1);
    expect(present.every((key) => map.has(key))).toBe(true);
    for (const key of keys) map.delete(key);
    expect(map.size).toBe(0);
    map.verify();
    // Not as much: it depends on which subtrees are rebuilt when, and that takes room for both.
    for (const key of keys.slice(0, keys.length >> 1)) map.set(key, 1);
    map.verify();
  }
  map.close();
});
