import type { KeyCodec } from "./codec.ts";
import { notEncoded, requireLength, wrongType } from "./describe.ts";
import { decodeShortAscii, SHORT_ASCII } from "./short-ascii.ts";
import { decodeText } from "./text-coders.ts";
import { encodeLong, encodeShort } from "./utf8.ts";

// Above this many UTF-16 units, the engine's encoder beats a loop, even with the cost of the call.
const SHORT_UNITS = 24;
// And this many where the text does not begin with the target, which costs a view.
const SHORT_UNITS_WITHIN = 40;

/**
 * Codec for strings: UTF-8, ordered by code point.
 *
 * Encoding up to 24 ASCII characters allocates nothing, unless the engine still holds the string in
 * pieces, as after `+`, and has to join them. Decoding up to 24 ASCII characters allocates only the
 * string. Strings with a lone surrogate are refused: they have no UTF-8 encoding.
 */
export const string: KeyCodec<string> = {
  kind: "string",
  runsCallersCode: false,
  isText: true,

  encode(key, target, offset) {
    if (typeof key !== "string") throw wrongType("string", key);
    const length = key.length;
    if (length > (offset === 0 ? SHORT_UNITS : SHORT_UNITS_WITHIN))
      return encodeLong(key, target, offset);
    for (let i = 0; i < length; i++) {
      const unit = key.charCodeAt(i);
      if (unit >= 0x80) return encodeShort(key, i, target, offset);
      target[offset + i] = unit;
    }
    return length;
  },

  decode(source, start, end) {
    requireLength("string", start, end);
    const length = end - start;
    const short = length <= SHORT_ASCII ? decodeShortAscii(source, start, length) : undefined;
    return short ?? decodeUtf8(source, start, end);
  },
};

function decodeUtf8(source: Uint8Array, start: number, end: number): string {
  try {
    return decodeText(source, start, end);
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw notEncoded("string", "they are not UTF-8", { cause });
  }
}
