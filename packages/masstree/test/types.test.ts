import { expect, expectTypeOf, test } from "vitest";
import { date, MassTree, MassTreeInline, type ValueCodec } from "../src/index.ts";
import { load } from "../src/save.ts";

const dates: ValueCodec<Date> = {
  encode: (date) => new TextEncoder().encode(date.toISOString()),
  decode: (bytes) => new Date(new TextDecoder().decode(bytes)),
};

test("the types of keys and values follow from the options or from type arguments", () => {
  const plain = new MassTree<{ size: number }>();
  expectTypeOf(plain).toEqualTypeOf<MassTree<{ size: number }, string>>();
  expectTypeOf(plain.get("a")).toEqualTypeOf<{ size: number } | undefined>();
  const untyped = new MassTree();
  expectTypeOf(untyped.get("a")).toBeUnknown();
  const text = new MassTree({ value: "utf8" });
  expectTypeOf(text).toEqualTypeOf<MassTree<string, string>>();
  const bytes = new MassTree({ key: "bigint", value: "bytes" });
  expectTypeOf(bytes).toEqualTypeOf<MassTree<Uint8Array, bigint>>();
  const given = new MassTree<Uint8Array, bigint>({ key: "bigint", value: "bytes" });
  expectTypeOf(given).toEqualTypeOf<MassTree<Uint8Array, bigint>>();
  const custom = new MassTree({ value: dates, key: "number" });
  expectTypeOf(custom).toEqualTypeOf<MassTree<Date, number>>();
  const attached = MassTree.attach<{ size: number }>(plain.handle);
  expectTypeOf(attached).toEqualTypeOf<typeof plain>();

  // @ts-expect-error: keys of that type need their kind
  expect(() => new MassTree<string, number>().set(1, "a")).toThrow();
  // @ts-expect-error: an object is not utf8
  expect(() => new MassTree<{ size: number }>({ value: "utf8" }).set("a", { size: 1 })).toThrow();
  // @ts-expect-error: a misspelt option
  expect(() => new MassTree<string>({ maxbytes: 5 })).toThrow();

  for (const map of [plain, untyped, text, bytes, given, custom, attached]) map.close();
});

test("the class prints and works with instanceof like a class", () => {
  const map = new MassTree();
  expect(map).toBeInstanceOf(MassTree);
  expect(MassTree.name).toBe("MassTree");
  expect(Object.keys(map)).toEqual([]);
  expect(JSON.stringify(map)).toBe("[]");
  expect(String(map)).toBe("[object MassTree]");
  map.close();
});

test("a declared map type accepts a map that is created with matching options", () => {
  const plain: MassTree<number> = new MassTree();
  const sized: MassTree<{ size: number }, number> = new MassTree({ key: "number" });
  const text: MassTree<string> = new MassTree({ value: "utf8" });
  const custom: MassTree<Date, bigint> = new MassTree({ value: dates, key: "bigint" });
  expectTypeOf(new MassTree({ key: "number" })).toEqualTypeOf<MassTree<unknown, number>>();
  expectTypeOf(new MassTree({ value: "json" })).toEqualTypeOf<MassTree<unknown, string>>();
  // @ts-expect-error: these keys are numbers
  const wrong: MassTree<number, string> = new MassTree({ key: "number" });
  for (const map of [plain, sized, text, custom, wrong]) map.close();
});

test("a class can extend it, with or without type arguments", () => {
  class Counts extends MassTree<number> {
    add(key: string): this {
      return this.set(key, (this.get(key) ?? 0) + 1);
    }
  }
  class Numbered<V> extends MassTree<V, number> {
    constructor() {
      super({ key: "number" } as never);
    }
  }
  class Plain extends MassTree {}
  const counts = new Counts();
  expectTypeOf(counts.get("a")).toEqualTypeOf<number | undefined>();
  expect(counts.add("a").add("a").get("a")).toBe(2);
  expect(counts).toBeInstanceOf(MassTree);
  const numbered = new Numbered<string>();
  expect(numbered.set(1, "one").get(1)).toBe("one");
  const plain = new Plain();
  expect(String(plain)).toBe("[object MassTree]");
  for (const map of [counts, numbered, plain]) map.close();
});

test("a loaded map has the types of the class as it was named", async () => {
  const pages = () => load(MassTree<{ size: number }>, []);
  expectTypeOf(pages).returns.resolves.toEqualTypeOf<MassTree<{ size: number }, string>>();
  const dated = () => load(MassTree<string, Date>, [], { key: date, value: "utf8" });
  expectTypeOf(dated).returns.resolves.toEqualTypeOf<MassTree<string, Date>>();
  const numbers = () => load(MassTreeInline<bigint, number>, []);
  expectTypeOf(numbers).returns.resolves.toEqualTypeOf<MassTreeInline<bigint, number>>();
  await expect(pages()).rejects.toThrow("ends after 0 bytes");
});
