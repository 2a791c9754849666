// Building a tree bottom up: at all widths, for all kinds of keys, it is what inserting builds, only packed. What goes
// wrong meanwhile leaves nothing behind.
import { MassTreeUnsortedError } from "@masstree/errors";
import { random, runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillSorted } from "../src/from-sorted.ts";
import { loaderOf } from "../src/ordered-map.ts";
import { key } from "./support/arbitraries.ts";
import { type Width, widths } from "./support/build.ts";
import { compare, concat, repeat } from "./support/bytes.ts";
import { type Family, families } from "./support/families.ts";
import { sharing } from "./support/sharing.ts";
import { WordMap } from "./word-map.ts";

type Bytes = WordMap<Uint8Array>;
type Entry = [Uint8Array, bigint];

function sorted(keys: readonly Uint8Array[]): Entry[] {
  const inOrder = keys
    .toSorted(compare)
    .filter((one, i, all) => i === 0 || compare(one, all[i - 1]!) !== 0);
  return inOrder.map((one, i) => [one, BigInt(i)]);
}

function build(width: Width, entries: Iterable<Entry>, maxBytes?: number): Bytes {
  const create = () => new WordMap<Uint8Array>({ key: "bytes", width, maxBytes });
  return fillSorted<Uint8Array, bigint, Bytes>(create, entries);
}

/** The map is sound and has these entries, whichever way one looks. */
function expectLike(map: Bytes, entries: readonly Entry[]): void {
  map.verify();
  expect([...map]).toEqual(entries);
  expect([...map.entries({ reverse: true })]).toEqual(entries.toReversed());
  expect(map.size).toBe(entries.length);
  for (const [one, value] of entries) expect(map.get(one)).toBe(value);
}

function emptyOut(map: Bytes, entries: readonly Entry[]): void {
  for (const [one] of entries) expect(map.delete(one)).toBe(true);
  expect(map.tree.exports.quiesce()).toBe(1);
  map.verify();
  expect(map.tree.exports.liveBlocks()).toBe(1);
  map.close();
}

describe.each(widths)("width %i", (width) => {
  test("any sorted keys become a map that has them, and nothing remains of it", () => {
    const keys = fc.array(key, { maxLength: 300, size: "max" });
    fc.assert(
      fc.property(keys, (list) => {
        const entries = sorted(list);
        const map = build(width, entries);
        expectLike(map, entries);
        emptyOut(map, entries);
      }),
      { numRuns: runs(12) },
    );
  });

  test("what follows does what it does to any map", () => {
    const keys = fc.array(key, { minLength: 1, maxLength: 120, size: "max" });
    const changes = fc.array(fc.tuple(fc.nat(200), fc.boolean()), { maxLength: 200, size: "max" });
    fc.assert(
      fc.property(keys, keys, changes, (list, others, drawn) => {
        const map = build(width, sorted(list));
        const model = new WordMap<Uint8Array>({ key: "bytes", width });
        for (const [one, value] of sorted(list)) model.set(one, value);
        const pool = [...list, ...others];
        for (const [i, [number, sets]] of drawn.entries()) {
          const one = pool[number % pool.length]!;
          for (const each of [map, model]) sets ? each.set(one, BigInt(i)) : each.delete(one);
        }
        const entries = [...model];
        expectLike(map, entries);
        emptyOut(map, entries);
        model.close();
      }),
      { numRuns: runs(10) },
    );
  });

  test.each(Object.keys(families) as Family[])("thousands of %s keys", (family) => {
    const make = families[family];
    const entries = sorted(
      Array.from({ length: family === "deep" ? 40 : 1000 }, (_, i) => make(i)),
    );
    const map = build(width, entries);
    expectLike(map, entries);
    const model = new WordMap<Uint8Array>({ key: "bytes", width });
    for (const [one, value] of entries) model.set(one, value);
    const [loaded, inserted] = [map.stats(), model.stats()];
    // LOAD3, LOAD4: at least as packed as what sorted inserts leave, and with the same layers.
    expect(loaded.layers).toBe(inserted.layers);
    expect(loaded.leaves).toBeLessThanOrEqual(inserted.leaves);
    map.close();
    model.close();
  });
});

test("LOAD3: leaves are full, and so are internodes", () => {
  const count = 20_000;
  const map = new WordMap<number>({ key: "number" });
  const entries = Array.from({ length: count }, (_, i) => [i, BigInt(i)] as const);
  fillSorted<number, bigint, WordMap<number>>(() => map, entries);
  const { leaves, internodes } = map.stats();
  expect(leaves).toBe(Math.ceil(count / 15));
  expect(internodes).toBeLessThanOrEqual(leaves / 16 / (1 - 1 / 16) + 5);
  map.verify();
  map.close();
});

test("keys of 64 KiB, through 8,191 layers", () => {
  const keys = Array.from({ length: 10 }, (_, more) => repeat(0x61, 65_527 + more));
  keys.push(concat(repeat(0x61, 65_535), repeat(0x62, 1)));
  const entries = sorted(keys);
  const map = build(15, entries);
  expect(map.stats().layers).toBe(8192);
  expectLike(map, entries);
  emptyOut(map, entries);
});

test("suffixes of many kilobytes, all in one leaf", () => {
  const lengths = Array.from({ length: 30 }, (_, i) => (i * 7919) % 65_000);
  const keys = lengths.map((length, i) => concat(Uint8Array.of(i), repeat(i, length)));
  for (const width of [3, 15, 24] as const) {
    const entries = sorted(keys);
    const map = build(width, entries);
    expectLike(map, entries);
    emptyOut(map, entries);
  }
});

test("keys out of order, and keys that come twice, are refused with their position", () => {
  const text = new WordMap();
  for (const [list, position, words] of [
    [["a", "b", "b", "a"], 2, "entry 2, counted from 0, has the key of the one before"],
    [["a", "c", "b"], 2, "entry 2, counted from 0, has a smaller key"],
    [["b", "a"], 1, "ascending"],
    [["", ""], 1, "different"],
    [["a\0", "a"], 1, "ascending"],
    [["a long shared beginning, b", "a long shared beginning, a"], 1, "ascending"],
    // By code points, not by UTF-16 units.
    [["\u{1F600}", "\uFFFD"], 1, "ascending"],
  ] as const) {
    let made: WordMap | undefined;
    const fill = () => {
      const create = () => {
        made = new WordMap();
        return made;
      };
      fillSorted<string, bigint, WordMap>(
        create,
        list.map((one) => [one, 1n] as const),
      );
    };
    expect(fill).toThrow(MassTreeUnsortedError);
    expect(fill).toThrow(expect.objectContaining({ code: "MASSTREE_UNSORTED", position }));
    expect(fill).toThrow(words);
    expect(() => made!.size).toThrow(expect.objectContaining({ code: "MASSTREE_CLOSED" }));
  }
  text.close();
});

test("what is no list of pairs, no key or no value is refused, and the map closed", () => {
  for (const [list, error] of [
    [5, TypeError],
    ["ab", TypeError],
    [undefined, TypeError],
    [[["a", 1n], 5], TypeError],
    [
      [
        ["a", 1n],
        [5, 1n],
      ],
      /MASSTREE_BAD_KEY|key/,
    ],
    [
      [
        ["a", 1n],
        ["b", 5],
      ],
      /bigint/,
    ],
  ] as const) {
    let made: WordMap | undefined;
    const create = () => {
      made = new WordMap();
      return made;
    };
    expect(() => fillSorted<string, bigint, WordMap>(create, list as never)).toThrow(error);
    if (made !== undefined) expect(() => made!.size).toThrow(/closed/);
  }
});

test("an iterable that throws is let go of, and so is one that was left", () => {
  const own = new Error("the caller's own");
  let left = 0;
  function* entries(last: unknown): Generator<readonly [string, bigint]> {
    try {
      yield ["b", 1n];
      if (last === own) throw own;
      yield last as readonly [string, bigint];
    } finally {
      left++;
    }
  }
  const fill = (last: unknown) => () =>
    fillSorted<string, bigint, WordMap>(() => new WordMap(), entries(last));
  expect(fill(own)).toThrow(own);
  expect(fill(["a", 1n])).toThrow(MassTreeUnsortedError);
  expect(left).toBe(2);
});

interface Faults {
  /** How many allocations succeed before one fails. */
  readonly failAfter: WebAssembly.Global<"i32">;
}

test.each([3, 15, 24] as const)("out of memory at every allocation: no map, width %i", (width) => {
  const keys = Array.from({ length: 40 }, (_, i) => families.paths(i));
  // Too many for a leaf, until their last slice.
  const alike = Array.from({ length: sharing(width) + 1 }, (_, i) => repeat(0x61, 161 + i));
  const entries = sorted([...keys, ...alike, repeat(0x62, 3000), repeat(0x62, 3001)]);
  let failures = 0;
  for (let after = 0; ; after++) {
    let made: Bytes | undefined;
    let rest = 0;
    const create = () => {
      made = new WordMap<Uint8Array>({ key: "bytes", width });
      (made.tree.exports as unknown as Faults).failAfter.value = after;
      return made;
    };
    try {
      const map = fillSorted<Uint8Array, bigint, Bytes>(create, entries);
      rest = (map.tree.exports as unknown as Faults).failAfter.value;
      (map.tree.exports as unknown as Faults).failAfter.value = -1;
      expectLike(map, entries);
      map.close();
    } catch (error) {
      expect(error).toMatchObject({ code: "MASSTREE_FULL", written: 0 });
      expect(() => made!.size).toThrow(/closed/);
      failures++;
    }
    if (rest > 0) break;
  }
  expect(failures).toBeGreaterThan(30);
});

test("a full memory refuses the map", () => {
  const entries = sorted(Array.from({ length: 60_000 }, (_, i) => families.ascending(i)));
  expect(() => build(15, entries, 2 ** 20)).toThrow(
    expect.objectContaining({ code: "MASSTREE_FULL" }),
  );
});

test("a loader whose call was interrupted does not go on", () => {
  const map = new WordMap();
  const loader = loaderOf(map);
  loader.add("a", 1n);
  // As after a call that was interrupted: another participant, with other scratch areas.
  map.tree.exports = { ...map.tree.exports };
  for (const use of [() => loader.add("b", 1n), () => loader.finish()]) {
    expect(use).toThrow(expect.objectContaining({ code: "MASSTREE_INTERRUPTED" }));
  }
  map.close();
});

test("a loader that finds the stack full has lost nothing, or says so", () => {
  for (let round = 0; round < 20; round++) {
    const map = new WordMap();
    const loader = loaderOf(map);
    loader.add("a", 1n);
    let added = false;
    const deep = (padding: number): void => {
      try {
        deep(padding);
      } catch {
        if (!added) loader.add("b", 2n);
        added = true;
      }
    };
    let failure: unknown;
    try {
      deep(round);
      loader.finish();
    } catch (error) {
      failure = error;
    }
    if (failure === undefined) expect([...map.keys()]).toEqual(["a", "b"]);
    else expect(failure).toMatchObject({ code: "MASSTREE_INTERRUPTED" });
    if (failure === undefined) map.verify();
    map.close();
  }
});

test("a loader takes bytes and stored values, a batch at a time", () => {
  const draw = random();
  const map = new WordMap<Uint8Array>({ key: "bytes" });
  const entries = sorted(
    Array.from({ length: 2000 }, () => families.urls(Math.floor(draw() * 1e6))),
  );
  const loader = loaderOf(map);
  for (const [one, value] of entries) loader.append(one, value);
  expect(() => loader.append(repeat(0xff, 65_537), 1n)).toThrow(
    expect.objectContaining({ code: "MASSTREE_KEY_TOO_LONG" }),
  );
  loader.finish();
  expectLike(map, entries);
  map.close();
});

test("nothing at all becomes an empty map", () => {
  const map = build(15, []);
  expectLike(map, []);
  map.set(Uint8Array.of(1), 1n);
  map.verify();
  map.close();
});
