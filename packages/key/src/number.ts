// A double as 8 bytes that sort by value.
//
//   bit 63     62 .. 52     51 .. 0
//   sign       exponent     fraction
//
// Read as unsigned numbers, the bits of positive doubles are in order. The bits of negative doubles
// are in reverse order, and above those of all positive ones. So flip every bit of a negative double,
// and only the sign bit of any other.
//
//   -Infinity  000FFFFFFFFFFFFF        0  8000000000000000
//          -1  400FFFFFFFFFFFFF        1  BFF0000000000000
//       -5e-324 7FFFFFFFFFFFFFFE  Infinity  FFF0000000000000
//
// 7FFFFFFFFFFFFFFF would be -0, and bytes beyond the infinities would be NaN: no key has these bytes.
import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { notEncoded, wrongType } from "./describe.ts";
import { readHalf, requireWord, word, writeHalves } from "./word.ts";

/**
 * Codec for numbers: all doubles, including both infinities, in 8 bytes, ordered by value. `-0` is the
 * key `0`, as in a `Map`. NaN is refused because it has no place in the order.
 */
export const number: KeyCodec<number> = {
  kind: "number",
  runsCallersCode: false,

  encode(key, target, offset) {
    if (typeof key !== "number") throw wrongType("number", key);
    if (Number.isNaN(key)) throw notANumber();
    // -0 + 0 is 0.
    word.setFloat64(0, key + 0);
    const high = word.getInt32(0);
    const low = word.getInt32(4);
    if (high < 0) return writeHalves(~high, ~low, target, offset);
    return writeHalves(high ^ 0x80000000, low, target, offset);
  },

  decode(source, start, end) {
    requireWord("number", start, end);
    const high = readHalf(source, start);
    const low = readHalf(source, start + 4);
    const negative = high >= 0;
    word.setInt32(0, negative ? ~high : high ^ 0x80000000);
    word.setInt32(4, negative ? ~low : low);
    const key = word.getFloat64(0);
    if (Number.isNaN(key)) throw notEncoded("number", "they would be NaN");
    if (Object.is(key, -0)) throw notEncoded("number", "they would be -0, which is the key 0");
    return key;
  },
};

function notANumber(): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    "NaN cannot be a key: it has no place in the order. Check the calculation that produced it, or choose a number to stand for it.",
  );
}
