// Encodes UTF-8: in JavaScript for short text, with the engine's encoder for long text.
//
//   U+0000  .. U+007F     0xxxxxxx
//   U+0080  .. U+07FF     110xxxxx 10xxxxxx
//   U+0800  .. U+FFFF     1110xxxx 10xxxxxx 10xxxxxx
//   U+10000 .. U+10FFFF   11110xxx 10xxxxxx 10xxxxxx 10xxxxxx     (two UTF-16 units)
//
// The order of these bytes is the order of the code points. JavaScript's `<` differs: it compares
// UTF-16 units, and so puts U+10000 and above before U+E000 to U+FFFF.
import { MassTreeBadKeyError } from "@masstree/errors";
import { tooLong } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { encodesToShared, textEncoder } from "./text-coders.ts";

// Private, for engines that do not encode into shared memory, and for text of which it is not known before whether it
// fits into a key. A key that does not fit in here is too long. It is created when first needed, so that users of short
// keys never pay for these 64 KiB.
let scratch: Uint8Array<ArrayBuffer> | undefined;

/**
 * Encodes the rest of `text`, whose first `index` units are ASCII and already encoded.
 *
 * @param index of the first unit to encode, and the number of bytes already written
 * @param offset of the text's first byte in `target`
 * @returns how many bytes the whole text has
 */
export function encodeShort(
  text: string,
  index: number,
  target: Uint8Array,
  offset: number,
): number {
  let end = offset + index;
  for (let i = index; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      target[end++] = point;
      continue;
    }
    if (point < 0x800) {
      target[end++] = 0xc0 | (point >> 6);
    } else {
      if (point < 0xd800 || point > 0xdfff) {
        target[end++] = 0xe0 | (point >> 12);
      } else {
        // NaN past the end, which is not a low surrogate either.
        const low = text.charCodeAt(++i);
        if (point > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) throw loneSurrogate();
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        target[end++] = 0xf0 | (point >> 18);
        target[end++] = 0x80 | ((point >> 12) & 0x3f);
      }
      target[end++] = 0x80 | ((point >> 6) & 0x3f);
    }
    target[end++] = 0x80 | (point & 0x3f);
  }
  return end - offset;
}

/** Encodes text of any length with the engine's encoder. */
export function encodeLong(text: string, target: Uint8Array, offset: number): number {
  // A unit takes one to three bytes. The text may be half a gigabyte, so do not even read it.
  const { length } = text;
  if (length > MAX_KEY_BYTES) throw tooLong();
  if (3 * length <= MAX_KEY_BYTES && encodesToShared()) {
    const room = offset === 0 ? target : target.subarray(offset);
    const { read, written } = textEncoder().encodeInto(text, room);
    checkWhole(text, read, written);
    return written;
  }
  scratch ??= new Uint8Array(MAX_KEY_BYTES);
  const { read, written } = textEncoder().encodeInto(text, scratch);
  checkWhole(text, read, written);
  target.set(scratch.subarray(0, written), offset);
  return written;
}

/** Throws unless `written` bytes are the UTF-8 of all of `text`, of which the encoder has read `read` units. */
function checkWhole(text: string, read: number, written: number): void {
  if (read < text.length) throw tooLong();
  // The encoder replaces lone surrogates. One byte per unit means ASCII, which has none.
  if (written !== read && !isWellFormed(text)) throw loneSurrogate();
}

const surrogate = /\p{Surrogate}/u;

/**
 * Whether the text has no lone surrogate, and so a UTF-8 encoding.
 *
 * For the packages of this project.
 */
export function isWellFormed(text: string & { isWellFormed?(): boolean }): boolean {
  // Browsers had shared memory before they had this method, which is ten times faster than the regex.
  return text.isWellFormed?.() ?? !surrogate.test(text);
}

function loneSurrogate(): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    "A string key must be well-formed, and this one contains a lone surrogate (half of a surrogate pair). Cut strings between characters, or repair this one with toWellFormed().",
  );
}
