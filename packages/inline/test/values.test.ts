import "./debug.ts";
import { verify } from "@masstree/tree";
import { describe, expect, test } from "vitest";
import { type InlineValue, type InlineValueName, MassTreeInline } from "../src/index.ts";

const mapOf = (value: InlineValueName) =>
  new MassTreeInline<InlineValue>({ value } as never) as MassTreeInline<InlineValue>;

describe.each<[InlineValueName, InlineValue[], unknown[]]>([
  [
    "u32",
    [0, 1, 2 ** 31, 2 ** 32 - 1],
    [-1, 2 ** 32, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1n, "1", null, undefined, {}, true],
  ],
  [
    "i32",
    [0, -1, 2 ** 31 - 1, -(2 ** 31)],
    [2 ** 31, -(2 ** 31) - 1, 0.5, Number.NaN, 1n, "1", null, undefined, []],
  ],
  [
    "f64",
    [0, -0, 0.1, Number.NaN, Number.POSITIVE_INFINITY, -Number.MAX_VALUE, Number.MIN_VALUE],
    [1n, "1", null, undefined, new Number(1), Symbol("1")],
  ],
  ["u64", [0n, 1n, 2n ** 63n, 2n ** 64n - 1n], [-1n, 2n ** 64n, 1, "1", null, undefined]],
  [
    "i64",
    [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
    [2n ** 63n, -(2n ** 63n) - 1n, 1, "1", null, undefined],
  ],
])("%s", (name, good, bad) => {
  test("returns every value that it accepts, by key and by scan", () => {
    const map = mapOf(name);
    for (const [i, value] of good.entries()) {
      map.set(`key ${i}`, value);
      expect(map.get(`key ${i}`)).toBe(value);
      map.set("again", value);
      expect(map.get("again")).toBe(value);
    }
    map.delete("again");
    expect([...map.values()]).toEqual(good);
    expect([...map.entries({ reverse: true })].map(([, value]) => value).reverse()).toEqual(good);
    verify(map);
    map.close();
  });

  test.each(bad)("refuses %s and does not change the map", (value) => {
    const map = mapOf(name).set("there", good[1]!);
    const refused = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
    expect(() => map.set("there", value as never)).toThrow(refused);
    expect(() => map.set("new", value as never)).toThrow(refused);
    expect([...map]).toEqual([["there", good[1]]]);
    verify(map);
    map.close();
  });
});

test("a refused value does not affect the next one", () => {
  const map = new MassTreeInline({ value: "u32" });
  expect(() => map.set("a", -5)).toThrow();
  expect(map.set("b", 5).get("b")).toBe(5);
  expect(map.has("a")).toBe(false);
  verify(map);
  map.close();
});
