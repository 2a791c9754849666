// Arithmetic in the slot: each kind of number does what JavaScript's own arithmetic on it does.
import "./debug.ts";
import { verify } from "@masstree/tree";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type InlineValue, type InlineValueName, MassTreeInline } from "../src/index.ts";

type Numbers = MassTreeInline<InlineValue>;
type Name = "add" | "min" | "max" | "and" | "or" | "xor";
type Arithmetic = Readonly<Record<Name, (a: InlineValue, b: InlineValue) => InlineValue>>;

const mapOf = (value: InlineValueName, more: object = {}): Numbers =>
  new MassTreeInline<InlineValue>({ value, ...more } as never) as Numbers;

const isBelow = (a: bigint, b: bigint) => a < b;

/** The operations on whole numbers, the result of each brought back to the kind by `wrap`. */
function integers<N extends number | bigint>(wrap: (value: bigint) => N): Arithmetic {
  const of = (operation: (a: bigint, b: bigint) => bigint) => (a: InlineValue, b: InlineValue) =>
    wrap(operation(BigInt(a), BigInt(b)));
  return {
    add: of((a, b) => a + b),
    min: of((a, b) => (isBelow(a, b) ? a : b)),
    max: of((a, b) => (isBelow(a, b) ? b : a)),
    and: of((a, b) => a & b),
    or: of((a, b) => a | b),
    xor: of((a, b) => a ^ b),
  };
}

const noBits = () => {
  throw new Error("f64 has no operations on bits");
};
const numbers = (operation: (a: number, b: number) => number) => (a: InlineValue, b: InlineValue) =>
  operation(a as number, b as number);

const u32 = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const i32 = fc.oneof(fc.nat(5), fc.integer());
const u64 = fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 2n ** 64n - 1n));
const i64 = fc.oneof(fc.bigInt(-3n, 5n), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n));

interface Kind {
  readonly name: InlineValueName;
  readonly zero: InlineValue;
  /** Values of the kind, and what may be added to them. */
  readonly values: fc.Arbitrary<InlineValue>;
  readonly operands: fc.Arbitrary<InlineValue>;
  readonly arithmetic: Arithmetic;
  readonly refused: readonly unknown[];
}

const kinds: readonly Kind[] = [
  {
    name: "u32",
    zero: 0,
    values: u32,
    operands: fc.oneof(u32, i32),
    arithmetic: integers((value) => Number(BigInt.asUintN(32, value))),
    refused: [2 ** 32, -(2 ** 31) - 1, 0.5, Number.NaN, 1n, "1", null, undefined],
  },
  {
    name: "i32",
    zero: 0,
    values: i32,
    operands: fc.oneof(u32, i32),
    arithmetic: integers((value) => Number(BigInt.asIntN(32, value))),
    refused: [2 ** 32, -(2 ** 31) - 1, 0.5, Number.NaN, 1n, "1", null, undefined],
  },
  {
    name: "f64",
    zero: 0,
    values: fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, 1)),
    operands: fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, 1)),
    arithmetic: {
      add: numbers((a, b) => a + b),
      min: numbers(Math.min),
      max: numbers(Math.max),
      and: noBits,
      or: noBits,
      xor: noBits,
    },
    refused: [1n, "1", null, undefined, {}],
  },
  {
    name: "u64",
    zero: 0n,
    values: u64,
    operands: fc.oneof(u64, i64),
    arithmetic: integers((value) => BigInt.asUintN(64, value)),
    refused: [2n ** 64n, -(2n ** 63n) - 1n, 1, "1", null, undefined],
  },
  {
    name: "i64",
    zero: 0n,
    values: i64,
    operands: fc.oneof(u64, i64),
    arithmetic: integers((value) => BigInt.asIntN(64, value)),
    refused: [2n ** 64n, -(2n ** 63n) - 1n, 1, "1", null, undefined],
  },
];

const badValue = expect.objectContaining({ code: "MASSTREE_BAD_VALUE" });
const onBits: readonly Name[] = ["and", "or", "xor"];

describe.each(kinds)("$name", ({ name: kind, zero, values, operands, arithmetic, refused }) => {
  const names = (Object.keys(arithmetic) as Name[]).filter(
    (name) => kind !== "f64" || !onBits.includes(name),
  );

  test("does what JavaScript does, whatever is done in whichever order", () => {
    const step = fc.oneof(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          key: fc.nat(3),
          value: name === "min" || name === "max" ? values : operands,
        }),
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
        const map = mapOf(kind, { width: 3 });
        const model = new Map<string, InlineValue>();
        for (const { name, key, value } of steps) {
          // In one leaf, in its layer, and with a suffix.
          const text = ["a", "b", "bbbbbbbb-one", "bbbbbbbb-two"][key]!;
          const wanted = arithmetic[name](model.get(text) ?? zero, value);
          expect(map[name](text, value)).toBe(wanted);
          expect(map.get(text)).toBe(wanted);
          // Equal values are equal words.
          expect(map.compareAndSet(text, wanted, wanted)).toBe(true);
          model.set(text, wanted);
        }
        expect(map.size).toBe(model.size);
        verify(map);
        map.close();
      }),
      { numRuns: runs(60) },
    );
  });

  test("refuses what cannot be combined, and changes nothing", () => {
    const map = mapOf(kind);
    const present = map.add("there", kind.endsWith("64") && kind !== "f64" ? 7n : 7);
    for (const value of refused) {
      for (const name of ["add", "min", "max", ...onBits] as const) {
        for (const key of ["there", "absent"]) {
          expect(() => map[name](key, value as never)).toThrow(badValue);
        }
      }
    }
    expect([...map]).toEqual([["there", present]]);
    expect(() => map.add(5 as never, present)).toThrow(
      expect.objectContaining({ code: "MASSTREE_BAD_KEY" }),
    );
    map.close();
    for (const name of ["add", "min", "max", ...onBits] as const) {
      expect(() => map[name]("there", "1" as never)).toThrow(
        expect.objectContaining({ code: "MASSTREE_CLOSED" }),
      );
    }
  });
});

test("numbers with a point have no bits to combine, and the error says what to do", () => {
  const map = new MassTreeInline();
  for (const name of onBits) {
    expect(() => map[name]("k", 1)).toThrow(
      `'${name}' works on the bits of integers, and the values of this map are of kind "f64".`,
    );
  }
  expect(map.size).toBe(0);
  map.close();
});

test("min and max take only values of the kind", () => {
  const map = new MassTreeInline({ value: "u32" });
  expect(() => map.max("k", -1)).toThrow(badValue);
  expect(() => map.min("k", 2 ** 32)).toThrow(badValue);
  expect(map.max("k", 2 ** 32 - 1)).toBe(2 ** 32 - 1);
  map.close();
});

test("a full map still counts what it has, and refuses new keys", () => {
  const map = new MassTreeInline({ value: "u32", maxBytes: 2 ** 20 });
  let count = 0;
  const full = expect.objectContaining({ code: "MASSTREE_FULL" });
  expect(() => {
    for (; ; count++) map.add(`key ${count}`, count);
  }).toThrow(full);
  expect(map.size).toBe(count);
  for (let i = 0; i < count; i += 97) expect(map.add(`key ${i}`, 1)).toBe(i + 1);
  expect(() => {
    for (let i = 0; i < 5000; i++) map.max(`another key ${i}`, 1);
  }).toThrow(full);
  verify(map);
  map.close();
});
