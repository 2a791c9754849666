import { expect, expectTypeOf, test } from "vitest";
import { MassTreeInline, type OrderedMapIterator } from "../src/index.ts";

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

test("the class is a class to the eye and to instanceof", () => {
  const map = new MassTreeInline();
  expect(map).toBeInstanceOf(MassTreeInline);
  expect(MassTreeInline.name).toBe("MassTreeInline");
  expect(Object.keys(map)).toEqual([]);
  expect(String(map)).toBe("[object MassTreeInline]");
  map.close();
});
