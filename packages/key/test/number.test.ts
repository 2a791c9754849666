import { MassTreeBadKeyError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyCodecs } from "../src/index.ts";
import { byteOrder, decode, encode } from "./helpers.ts";

const codec = keyCodecs.number;

// In ascending order.
const landmarks = [
  -Infinity,
  -Number.MAX_VALUE,
  -(2 ** 64),
  -(2 ** 53),
  -(2 ** 32) - 1,
  -(2 ** 31),
  -256,
  -2,
  -1.5,
  -1,
  -0.1,
  -2.2250738585072014e-308,
  -2.225073858507201e-308,
  -Number.MIN_VALUE,
  0,
  Number.MIN_VALUE,
  2.225073858507201e-308,
  2.2250738585072014e-308,
  0.1,
  1,
  1.5,
  2,
  255,
  256,
  2 ** 31,
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  2 ** 64,
  Number.MAX_VALUE,
  Infinity,
];

const key = fc
  .oneof(
    fc.double({ noNaN: true }),
    fc.constantFrom(...landmarks),
    fc.integer(),
    // Doubles that differ only in the last bits.
    fc
      .tuple(fc.constantFrom(...landmarks), fc.integer({ min: -2, max: 2 }))
      .map(([near, ulps]) => near + ulps * Number.EPSILON * near),
  )
  .filter((value) => !Number.isNaN(value));

test("a number encodes to 8 bytes and decodes to itself", () => {
  fc.assert(
    fc.property(key, (value) => {
      const bytes = encode(codec, value);
      expect(bytes).toHaveLength(8);
      expect(decode(codec, bytes)).toBe(value + 0);
    }),
    { numRuns: runs(1000) },
  );
});

test("the bytes sort in the order of the numbers", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const order = a < b ? -1 : a > b ? 1 : 0;
      expect(byteOrder(encode(codec, a), encode(codec, b))).toBe(order);
    }),
    { numRuns: runs(1000) },
  );
});

test("infinities, subnormals and powers of two sort in strictly ascending order", () => {
  for (let i = 1; i < landmarks.length; i++) {
    expect(byteOrder(encode(codec, landmarks[i - 1]!), encode(codec, landmarks[i]!))).toBe(-1);
  }
});

test("-0 is the same key as 0", () => {
  expect(encode(codec, -0)).toEqual(encode(codec, 0));
  expect(decode(codec, encode(codec, -0))).toBe(0);
});

test("the bytes match the table in the documentation", () => {
  const hex = (value: number) => Buffer.from(encode(codec, value)).toString("hex");
  expect(hex(-Infinity)).toBe("000fffffffffffff");
  expect(hex(-1)).toBe("400fffffffffffff");
  expect(hex(-Number.MIN_VALUE)).toBe("7ffffffffffffffe");
  expect(hex(0)).toBe("8000000000000000");
  expect(hex(1)).toBe("bff0000000000000");
  expect(hex(Infinity)).toBe("fff0000000000000");
});

test("NaN is refused, whatever its bits are", () => {
  const negative = new Float64Array(new BigUint64Array([0xfff8_0000_0000_0001n]).buffer)[0]!;
  for (const nan of [Number.NaN, negative]) {
    expect(() => encode(codec, nan)).toThrow(MassTreeBadKeyError);
    expect(() => encode(codec, nan)).toThrow(/Check the calculation/);
  }
});

test.each([0, 7, 9])("%i bytes do not decode to a number", (length) => {
  expect(() => decode(codec, new Uint8Array(length))).toThrow(MassTreeBadKeyError);
  expect(() => decode(codec, new Uint8Array(length))).toThrow(`there are ${length} of them, not 8`);
});

test.each([
  ["ffffffffffffffff", "NaN"],
  ["fff0000000000001", "NaN"],
  ["000ffffffffffffe", "NaN"],
  ["0000000000000000", "NaN"],
  ["7fffffffffffffff", "-0"],
])("the bytes %s, which would be %s, do not decode to a number", (hex, what) => {
  const bytes = Uint8Array.from(Buffer.from(hex, "hex"));
  expect(() => decode(codec, bytes)).toThrow(MassTreeBadKeyError);
  expect(() => decode(codec, bytes)).toThrow(`they would be ${what}`);
});
