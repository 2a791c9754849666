// Differences between maps of different classes and codecs. Those of one class are in the suite.
import "./debug.ts";
import { expect, expectTypeOf, test } from "vitest";
import {
  type Difference,
  date,
  LocalMassTree,
  MassTree,
  MassTreeInline,
  type MassTreeSet,
  tuple,
} from "../src/index.ts";

const entries: [string, number][] = Array.from({ length: 300 }, (_, i) => [`key ${i + 100}`, i]);
const inOrder = () => {
  const maps = [
    MassTree.fromSorted(entries),
    MassTree.fromSorted(entries, { value: "lossy-json" }),
    MassTreeInline.fromSorted(entries),
    MassTreeInline.fromSorted(entries, { value: "u32" }),
    LocalMassTree.fromSorted(entries),
  ];
  return maps as MassTree<number>[];
};

test("numbers are the same, whatever kind of map stores them", () => {
  const [all, others] = [inOrder(), inOrder()];
  for (const map of all) for (const other of others) expect([...map.diff(other)]).toEqual([]);
  for (const other of others) {
    other.set("key 150", 7);
    other.delete("key 399");
    other.set("key", 1);
  }
  for (const map of all) {
    for (const other of others) {
      expect([...map.diff(other)]).toEqual([
        { kind: "added", key: "key", here: undefined, there: 1 },
        { kind: "changed", key: "key 150", here: 50, there: 7 },
        { kind: "removed", key: "key 399", here: 299, there: undefined },
      ]);
      expect([...map.diff(other, { gt: "key 2" })].map(({ kind }) => kind)).toEqual(["removed"]);
    }
  }
  for (const map of [...all, ...others]) map.close();
});

test("what a map cannot store is another value", () => {
  const counts = MassTreeInline.fromSorted(
    [
      ["a", 1],
      ["b", 2],
      ["c", 3],
    ],
    { value: "u32" },
  );
  const other = MassTree.fromSorted<number>([
    ["a", 1],
    ["b", 2.5],
    ["c", -3],
  ]);
  expect([...counts.diff(other)].map(({ key, there }) => [key, there])).toEqual([
    ["b", 2.5],
    ["c", -3],
  ]);
  const back = other.diff(counts);
  expect([...back].map(({ key }) => key)).toEqual(["b", "c"]);
  counts.close();
  other.close();
});

test("objects are the same if their bytes are; in a local map, if they are one", () => {
  const [one, two] = [{ n: 1 }, { n: 2 }];
  const local = LocalMassTree.fromSorted([
    ["a", one],
    ["b", two],
  ]);
  const same = LocalMassTree.fromSorted([
    ["a", one],
    ["b", { n: 2 }],
  ]);
  const stored = MassTree.fromSorted([
    ["a", { n: 1 }],
    ["b", two],
  ]);
  expect([...local.diff(same)].map(({ key }) => key)).toEqual(["b"]);
  expect([...stored.diff(local)]).toEqual([]);
  expect([...local.diff(stored)].map(({ key }) => key)).toEqual(["a", "b"]);
  for (const map of [local, same, stored]) map.close();
});

test("only what differs is decoded", () => {
  let decoded = 0;
  const codec = {
    encode: (value: string) => new TextEncoder().encode(value),
    decode(bytes: Uint8Array) {
      decoded++;
      return new TextDecoder().decode(bytes);
    },
  };
  const texts = entries.map(([key]): [string, string] => [key, `${key} `.repeat(20)]);
  const [map, other] = [1, 2].map(() => MassTree.fromSorted(texts, { value: codec }));
  other!.set("key 250", "another");
  expect([...map!.diff(other!)].length).toBe(1);
  expect(decoded).toBe(2);
  map!.close();
  other!.close();
});

test("values of all lengths are compared to their ends", () => {
  const lengths = [0, 1, 7, 8, 100, 70_000, 200_000];
  const make = (spoilt: number) =>
    MassTree.fromSorted(
      lengths.map((length, i): [string, Uint8Array] => {
        const bytes = new Uint8Array(length);
        if (i === spoilt) bytes[length - 1] = 1;
        return [`${i}`, bytes];
      }),
      { value: "bytes" },
    );
  const map = make(-1);
  for (let i = 1; i < lengths.length; i++) {
    const other = make(i);
    expect([...map.diff(other)].map(({ key, kind }) => [key, kind])).toEqual([[`${i}`, "changed"]]);
    other.close();
  }
  map.close();
});

test("keys of another order are refused at once", () => {
  const text = new MassTree<number>();
  const maps = [
    new MassTree<number, number>({ key: "number" }),
    new LocalMassTree<number, Uint8Array>({ key: "bytes" }),
    new MassTree({ key: date }),
    new MassTreeInline({ key: tuple("string") }),
  ];
  for (const other of maps as unknown as MassTree<number>[]) {
    for (const call of [() => text.diff(other), () => other.diff(text)]) {
      expect(call).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }));
    }
    other.close();
  }
  text.close();
});

test("a codec that throws ends the pass, and both maps go on", () => {
  const own = new Error("the caller's own");
  const throwing = {
    encode: () => new Uint8Array(1),
    decode: () => {
      throw own;
    },
  };
  const map = MassTree.fromSorted<number>([["a", 1]], { value: throwing as never });
  const other = new MassTree<number>({ value: throwing as never });
  expect(() => [...map.diff(other)]).toThrow(own);
  expect([map.size, other.size]).toEqual([1, 0]);
  map.close();
  other.close();
});

test("the kind of a difference tells which values there are", () => {
  const map = MassTree.fromSorted([["a", 1]]);
  const other = MassTree.fromSorted([["a", 2]]);
  for (const difference of map.diff(other)) {
    expectTypeOf(difference).toEqualTypeOf<Difference<string, number>>();
    if (difference.kind === "changed") expectTypeOf(difference.there).toEqualTypeOf<number>();
    if (difference.kind === "removed") expectTypeOf(difference.there).toEqualTypeOf<undefined>();
  }
  // @ts-expect-error: keys of another type.
  const wrong = () => map.diff(new MassTree<number, number>({ key: "number" }));
  expect(wrong).toThrow();
  // @ts-expect-error: a set has no entries to compare with.
  const set = (some: MassTreeSet) => map.diff(some);
  expect(set).toBeTypeOf("function");
  map.close();
  other.close();
});
