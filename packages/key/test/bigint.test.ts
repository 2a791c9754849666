import { MassTreeBadKeyError } from "@masstree/errors";
import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { expect, test } from "vitest";
import { keyCodecs } from "../src/index.ts";
import { byteOrder, decode, encode } from "./helpers.ts";

const codec = keyCodecs.bigint;
const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

const key = fc.oneof(
  fc.bigInt(least, most),
  fc.bigInt(-300n, 300n),
  fc.constantFrom(
    least,
    least + 1n,
    -(2n ** 32n),
    -1n,
    0n,
    1n,
    2n ** 31n,
    2n ** 32n,
    most - 1n,
    most,
  ),
);

test("a bigint encodes to 8 bytes and decodes to itself", () => {
  fc.assert(
    fc.property(key, (value) => {
      const bytes = encode(codec, value);
      expect(bytes).toHaveLength(8);
      expect(decode(codec, bytes)).toBe(value);
    }),
    { numRuns: runs(1000) },
  );
});

test("the bytes sort in the order of the bigints", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      const order = a < b ? -1 : a > b ? 1 : 0;
      expect(byteOrder(encode(codec, a), encode(codec, b))).toBe(order);
    }),
    { numRuns: runs(1000) },
  );
});

test("the smallest bigint encodes to zeros, the largest to 0xFF bytes", () => {
  expect(encode(codec, least)).toEqual(new Uint8Array(8));
  expect(encode(codec, most)).toEqual(new Uint8Array(8).fill(0xff));
});

test.each([least - 1n, most + 1n, 2n ** 64n, -(2n ** 64n), 2n ** 1000n])(
  "%s is out of range",
  (value) => {
    expect(() => encode(codec, value)).toThrow(MassTreeBadKeyError);
    expect(() => encode(codec, value)).toThrow(/encode them as bytes/);
  },
);

test.each([0, 7, 9])("%i bytes do not decode to a bigint", (length) => {
  expect(() => decode(codec, new Uint8Array(length))).toThrow(MassTreeBadKeyError);
});
