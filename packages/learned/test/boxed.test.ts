// Maps whose values are of any kind: what is not the same as with numbers.
import { treeOf } from "@masstree/tree";
import { random, runs } from "@tooling/vitest/random";
import { beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { LearnedMap, type ValueCodec } from "../src/index.ts";
import { useBuild } from "./builds.ts";

beforeAll(() => useBuild("debug"));

const coded = (code: string) => expect.objectContaining({ code });
const text = (length: number, letter = "x") => letter.repeat(length);

/** Bytes that the map's blocks take, once all garbage is freed. */
function liveBytes(map: LearnedMap<never, never> | LearnedMap<string>): number {
  const { exports } = treeOf(map as LearnedMap<string>);
  while (exports.quiesce() === 0);
  return exports.liveBytes();
}

describe("a load", () => {
  test("replaces values, and keeps none of those that it has replaced", () => {
    const lengths = [0, 3, 7, 8, 60, 500, 70_000];
    const entries = (letter: string) =>
      Array.from({ length: 60 }, (_, i) => [i * 3, text(lengths[i % 7]!, letter)] as const);
    const once = new LearnedMap<string>({ value: "utf8" }).bulkLoad(entries("a"));
    const twice = new LearnedMap<string>({ value: "utf8" }).bulkLoad(entries("b"));
    twice.bulkLoad(entries("a"));
    expect([...twice]).toEqual(entries("a"));
    twice.verify();
    expect(liveBytes(twice)).toBe(liveBytes(once));
    once.close();
    twice.close();
  });

  test("that is given up, for whatever reason, leaves nothing", () => {
    const map = new LearnedMap<string>({ value: "utf8" });
    for (let i = 0; i < 30; i++) map.set(i, text(i * 10));
    const before = [...map];
    const bytes = liveBytes(map);
    const bad: Iterable<readonly [number, string]>[] = [
      [
        [1, text(100)],
        [2, text(70_000)],
        [2, "again"],
      ],
      [
        [5, text(100)],
        [4, text(100)],
      ],
      [
        [1, text(100)],
        [2, 1 as never],
      ],
      (function* () {
        yield [1, text(100)];
        throw new RangeError("no more");
      })(),
    ];
    for (const entries of bad) {
      expect(() => map.bulkLoad(entries)).toThrow();
      map.verify();
      expect(liveBytes(map)).toBe(bytes);
    }
    expect([...map]).toEqual(before);
    map.close();
  });

  test("lets the last of equal keys win, if it is told to", () => {
    const map = new LearnedMap<string>({ value: "utf8" }).set(2, text(50, "o"));
    map.bulkLoadDedup([
      [1, text(90, "a")],
      [1, text(20, "b")],
      [1, text(70_000, "c")],
      [2, text(10, "d")],
      [2, text(30, "e")],
    ]);
    expect([...map]).toEqual([
      [1, text(70_000, "c")],
      [2, text(30, "e")],
    ]);
    map.verify();
    expect(map.drain()).toHaveLength(2);
    expect(liveBytes(map)).toBe(liveBytes(new LearnedMap<string>({ value: "utf8" })));
    map.close();
  });
});

test("any sequence of writes, loads and rebuilds leaves what a model has, and no byte besides", () => {
  const draw = random(7);
  const below = (limit: number) => Math.floor(draw() * limit);
  for (let round = 0; round < runs(20); round++) {
    const map = new LearnedMap<string>({ value: "utf8", rebuildDepth: 1 + below(3) });
    const model = new Map<number, string>();
    const value = () => text(below(4) === 0 ? below(3000) : below(24), String(below(10)));
    for (let step = 0; step < 60; step++) {
      const key = below(80);
      switch (below(6)) {
        case 0:
          map.delete(key);
          model.delete(key);
          break;
        case 1: {
          const keys = Array.from({ length: below(30) }, () => below(80)).sort((a, b) => a - b);
          const entries = keys.map((key) => [key, value()] as const);
          map.bulkLoadDedup(entries);
          for (const [key, value] of entries) model.set(key, value);
          break;
        }
        case 2:
          map.rebuild();
          break;
        default: {
          const next = value();
          map.set(key, next);
          model.set(key, next);
        }
      }
    }
    expect([...map]).toEqual([...model].sort(([a], [b]) => a - b));
    map.verify();
    map.close();
  }
});

test("operations on numbers are refused, with what to do", () => {
  const map = new LearnedMap<number>({ value: "json" }).set(1, 5);
  for (const method of ["add", "min", "max", "and", "or", "xor"] as const) {
    expect(() => map[method](1, 1)).toThrow(coded("MASSTREE_BAD_VALUE"));
    expect(() => map[method](1, 1)).toThrow(/'update'/);
  }
  expect(map.update(1, (old = 0) => old + 1)).toBe(6);
  map.close();
});

test("a map is attached to with its own codec, and with no other", () => {
  const dates = (name?: string): ValueCodec<Date> => ({
    ...(name !== undefined && { name }),
    encode: (date) => new TextEncoder().encode(date.toISOString()),
    decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
  });
  const map = new LearnedMap({ value: dates("dates") }).set(1, new Date(0));
  const again = LearnedMap.attach<Date>(map.handle, { value: dates("dates") });
  expect(again.get(1)).toEqual(new Date(0));
  again.close();
  for (const options of [{}, { value: "json" }, { value: dates() }, { value: dates("others") }]) {
    expect(() => LearnedMap.attach(map.handle, options as never)).toThrow(
      coded("MASSTREE_BAD_OPTION"),
    );
  }
  map.close();
  const numbers = new LearnedMap({ value: "u32" });
  expect(() => LearnedMap.attach(numbers.handle, { value: "utf8" as never })).toThrow(
    coded("MASSTREE_BAD_OPTION"),
  );
  LearnedMap.attach(numbers.handle, { value: "u32" as never }).close();
  numbers.close();
});

test("types follow from the options", () => {
  const texts = new LearnedMap({ value: "utf8", key: "bigint" });
  expectTypeOf(texts.get).returns.toEqualTypeOf<string | undefined>();
  expectTypeOf(texts.first()).toEqualTypeOf<[bigint, string] | undefined>();
  const users = new LearnedMap<{ name: string }>({ value: "json" });
  expectTypeOf(users.get(1)).toEqualTypeOf<{ name: string } | undefined>();
  const numbers = new LearnedMap();
  expectTypeOf(numbers.add(1, 2)).toEqualTypeOf<number>();
  // @ts-expect-error Texts are no numbers.
  expect(() => texts.add(1n, "x")).toThrow();
  // @ts-expect-error These values need an option.
  new LearnedMap<{ name: string }>().close();
  for (const map of [texts, users, numbers]) map.close();
});
