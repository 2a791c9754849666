// A signed 64-bit integer as 8 bytes: two's complement, highest byte first, with the sign bit
// flipped so that negative numbers come first.
import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { wrongType } from "./describe.ts";
import { readHalf, requireWord, word, writeHalves } from "./word.ts";

/**
 * Codec for bigints from -(2^63) to 2^63 - 1: 8 bytes, ordered by value. Other bigints are refused.
 */
export const bigint: KeyCodec<bigint> = {
  kind: "bigint",
  runsCallersCode: false,

  encode(key, target, offset) {
    if (typeof key !== "bigint") throw wrongType("bigint", key);
    if (BigInt.asIntN(64, key) !== key) throw outOfRange();
    word.setBigInt64(0, key);
    return writeHalves(word.getInt32(0) ^ 0x80000000, word.getInt32(4), target, offset);
  },

  decode(source, start, end) {
    requireWord("bigint", start, end);
    word.setInt32(0, readHalf(source, start) ^ 0x80000000);
    word.setInt32(4, readHalf(source, start + 4));
    return word.getBigInt64(0);
  },
};

function outOfRange(): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    "This bigint key is outside the range from -(2n ** 63n) to 2n ** 63n - 1n. For larger integers, encode them as bytes in the order you need.",
  );
}
