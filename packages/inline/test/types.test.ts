import { expect, expectTypeOf, test } from "vitest";
import {
  type MapStats,
  MassTreeInline,
  type OrderedMapIterator,
  type ParticipantStats,
} from "../src/index.ts";

test("the types of keys and values follow from the options", () => {
  const plain = new MassTreeInline();
  expectTypeOf(plain).toEqualTypeOf<MassTreeInline<number, string>>();
  expectTypeOf(plain.get("a")).toEqualTypeOf<number | undefined>();
  const wide = new MassTreeInline({ key: "bytes", value: "u64" });
  expectTypeOf(wide).toEqualTypeOf<MassTreeInline<bigint, Uint8Array>>();
  expectTypeOf(wide.entries()).toEqualTypeOf<OrderedMapIterator<[Uint8Array, bigint]>>();
  const given = new MassTreeInline<bigint, number>({ key: "number", value: "i64" });
  expectTypeOf(given.last()).toEqualTypeOf<[number, bigint] | undefined>();
  expectTypeOf(new MassTreeInline<number>({ value: "i32" })).toEqualTypeOf<MassTreeInline>();

  // @ts-expect-error: bigints need a value kind
  expect(() => new MassTreeInline<bigint>().set("a", 1n)).toThrow();
  // @ts-expect-error: and numbers another one
  new MassTreeInline<number>({ value: "u64" }).close();
  // @ts-expect-error: numbers as keys need their kind
  new MassTreeInline<number, number>().close();
  // @ts-expect-error: numbers have no prefixes
  expect(() => new MassTreeInline({ key: "number" }).keys({ prefix: 1 })).toThrow();

  for (const map of [plain, wide, given]) map.close();
});

test("the class prints and works with instanceof like a class", () => {
  const map = new MassTreeInline();
  expect(map).toBeInstanceOf(MassTreeInline);
  expect(MassTreeInline.name).toBe("MassTreeInline");
  expect(Object.keys(map)).toEqual([]);
  expect(String(map)).toBe("[object MassTreeInline]");
  map.close();
});

test("a declared map type accepts a map that is created with matching options", () => {
  const plain: MassTreeInline<number> = new MassTreeInline();
  const wide: MassTreeInline<bigint, bigint> = new MassTreeInline({ key: "bigint", value: "u64" });
  // @ts-expect-error: these values are bigints
  const wrong: MassTreeInline<number> = new MassTreeInline({ value: "i64" });
  for (const map of [plain, wide, wrong]) map.close();
});

test("a class can extend it, with or without type arguments", () => {
  class Counts extends MassTreeInline<number> {
    increment(key: string): this {
      return this.set(key, (this.get(key) ?? 0) + 1);
    }
  }
  class Plain extends MassTreeInline {}
  const counts = new Counts({ value: "u32" });
  expect(counts.increment("a").increment("a").get("a")).toBe(2);
  expect(counts).toBeInstanceOf(MassTreeInline);
  const plain = new Plain();
  for (const map of [counts, plain]) map.close();
});

test("the result of stats has an exported type", () => {
  const map = new MassTreeInline();
  const stats: MapStats = map.stats();
  const [first]: readonly ParticipantStats[] = stats.participants;
  expect(first!.self).toBe(true);
  map.close();
});
