import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Range, verify } from "../src/index.ts";
import { WordMap } from "./word-map.ts";

let map: WordMap;

beforeEach(() => {
  map = new WordMap({ width: 3 });
  for (const [i, key] of ["a", "b", "b/1", "b/2", "b/3", "c", "d"].entries())
    map.set(key, BigInt(i));
});

afterEach(() => {
  verify(map);
  map.close();
});

const keys = (range: Range) => [...map.keys(range)];

describe("bounds", () => {
  test("gt and lt exclude their key, gte and lte include it", () => {
    expect(keys({ gt: "b", lt: "c" })).toEqual(["b/1", "b/2", "b/3"]);
    expect(keys({ gte: "b", lte: "c" })).toEqual(["b", "b/1", "b/2", "b/3", "c"]);
  });

  test("a bound need not be a key of the map", () => {
    expect(keys({ gt: "b/11", lt: "cc" })).toEqual(["b/2", "b/3", "c"]);
    expect(keys({ gte: "", lte: "zzz" })).toHaveLength(7);
  });

  test("of two lower bounds the greater applies, of two upper bounds the smaller", () => {
    expect(keys({ gt: "a", gte: "c" })).toEqual(["c", "d"]);
    expect(keys({ gt: "c", gte: "a" })).toEqual(["d"]);
    expect(keys({ lt: "b", lte: "d" })).toEqual(["a"]);
    expect(keys({ lt: "d", lte: "a" })).toEqual(["a"]);
  });

  test("of two bounds with the same key the exclusive one applies", () => {
    expect(keys({ gt: "c", gte: "c" })).toEqual(["d"]);
    expect(keys({ lte: "b", lt: "b" })).toEqual(["a"]);
  });

  test("bounds that contradict each other give nothing", () => {
    expect(keys({ gt: "c", lt: "b" })).toEqual([]);
    expect(keys({ gt: "c", lt: "c" })).toEqual([]);
    expect(keys({ gte: "c", lt: "c" })).toEqual([]);
    expect(keys({ gte: "d", prefix: "b/" })).toEqual([]);
    expect(keys({ gte: "c", lt: "b", reverse: true })).toEqual([]);
    expect(keys({ lt: "" })).toEqual([]);
  });

  test("gte and lte with one key give that key", () => {
    expect(keys({ gte: "c", lte: "c" })).toEqual(["c"]);
  });

  test("undefined members count as absent", () => {
    const all = { gt: undefined, lte: undefined, prefix: undefined, reverse: undefined };
    expect(keys({ ...all, limit: undefined })).toHaveLength(7);
  });

  test("a bound of bytes can be changed by its owner afterwards", () => {
    const bytes = new WordMap<Uint8Array>({ key: "bytes" });
    bytes.set(Uint8Array.of(1), 1n).set(Uint8Array.of(2), 2n);
    const bound = Uint8Array.of(2);
    const iterator = bytes.keys({ gte: bound });
    bound[0] = 0;
    expect([...iterator]).toEqual([Uint8Array.of(2)]);
    verify(bytes);
    bytes.close();
  });
});

describe("prefix", () => {
  test("gives the keys that begin with it, itself included", () => {
    expect(keys({ prefix: "b" })).toEqual(["b", "b/1", "b/2", "b/3"]);
    expect(keys({ prefix: "b/" })).toEqual(["b/1", "b/2", "b/3"]);
    expect(keys({ prefix: "x" })).toEqual([]);
  });

  test("the empty one gives every key", () => {
    expect(keys({ prefix: "" })).toHaveLength(7);
  });

  test("combines with bounds, direction and limit", () => {
    expect(keys({ prefix: "b", gt: "b", reverse: true, limit: 2 })).toEqual(["b/3", "b/2"]);
  });

  test("a prefix of bytes that are all 255 has no end", () => {
    const bytes = new WordMap<Uint8Array>({ key: "bytes" });
    const high = Uint8Array.of(255, 255);
    bytes
      .set(Uint8Array.of(255), 0n)
      .set(high, 1n)
      .set(Uint8Array.of(255, 255, 255, 0), 2n);
    expect([...bytes.values({ prefix: high })]).toEqual([1n, 2n]);
    verify(bytes);
    bytes.close();
  });

  test("is refused for numbers", () => {
    const numbers = new WordMap<number>({ key: "number" });
    const range = { prefix: 1 } as never;
    expect(() => numbers.keys(range)).toThrow(/no prefixes/);
    numbers.close();
  });
});

describe("reverse and limit", () => {
  test("reverse begins with the greatest key", () => {
    expect(keys({ reverse: true, lt: "b/3" })).toEqual(["b/2", "b/1", "b", "a"]);
  });

  test("limit counts visited entries, 0 and Infinity included", () => {
    expect(keys({ limit: 2 })).toEqual(["a", "b"]);
    expect(keys({ limit: 0 })).toEqual([]);
    expect(keys({ limit: Number.POSITIVE_INFINITY })).toHaveLength(7);
  });
});

describe("an invalid range is refused at once", () => {
  const cyclic: { gt?: unknown } = {};
  cyclic.gt = cyclic;
  test.each<[string, unknown]>([
    ["null", null],
    ["a string", "b/"],
    ["a number", 5],
    ["an unknown member", { form: "a" }],
    ["an unknown member that is undefined", { from: undefined }],
    ["a bound of the wrong type", { gt: 5 }],
    ["a bound that is null", { lte: null }],
    ["a bound that is an object", cyclic],
    ["a bound with a lone surrogate", { gte: "\ud800" }],
    ["a bound that is too long", { lt: "x".repeat(65537) }],
    ["a prefix of the wrong type", { prefix: 1 }],
    ["reverse of the wrong type", { reverse: 1 }],
    ["a limit of the wrong type", { limit: "5" }],
    ["a negative limit", { limit: -1 }],
    ["a limit that is no whole number", { limit: 1.5 }],
    ["a limit that is NaN", { limit: Number.NaN }],
  ])("%s", (_, range) => {
    const code = "MASSTREE_BAD_RANGE";
    expect(() => map.entries(range as Range)).toThrow(expect.objectContaining({ code }));
    expect(() => map.keys(range as Range)).toThrow(expect.objectContaining({ code }));
    expect(() => map.values(range as Range)).toThrow(expect.objectContaining({ code }));
  });

  test("the codec's own error is the cause", () => {
    const cause = (range: unknown) => {
      try {
        map.keys(range as Range);
      } catch (error) {
        return (error as Error).cause;
      }
      return undefined;
    };
    expect(cause({ gt: 5 })).toBeInstanceOf(MassTreeBadKeyError);
    expect(cause({ gt: "x".repeat(65537) })).toBeInstanceOf(MassTreeKeyTooLongError);
  });
});
