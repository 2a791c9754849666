import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { tooLong, wrongType } from "./describe.ts";
import { isBytes } from "./is-bytes.ts";
import { MAX_KEY_BYTES } from "./limits.ts";

// Up to here a loop is faster than making a view and copying by it.
const SHORT_BYTES = 32;

/**
 * Bytes, as they are: in the order of `memcmp`, a prefix first.
 *
 * Takes any `Uint8Array`, a Node `Buffer` and one of another realm included, over shared memory
 * too: the key is what a single read of it finds. Decoding gives a copy in a buffer of its own.
 */
export const bytes: KeyCodec<Uint8Array> = {
  kind: "bytes",

  encode(key, target, offset) {
    if (!isBytes(key)) throw wrongType("bytes", key);
    const length = key.length;
    if (length > SHORT_BYTES) {
      if (length > MAX_KEY_BYTES) throw tooLong();
      // A view of `length` bytes: the key may be over a buffer that another thread makes longer.
      target.set(key.subarray(0, length), offset);
      return length;
    }
    if (length === 0) refuseDetached(key);
    for (let i = 0; i < length; i++) target[offset + i] = key[i]!;
    return length;
  },

  decode(source, start, end) {
    return new Uint8Array(source.subarray(start, end));
  },
};

// A view whose buffer was transferred has length 0. As a key it would silently be the empty one.
function refuseDetached(key: Uint8Array): void {
  try {
    new Uint8Array(key.buffer);
  } catch (cause) {
    throw new MassTreeBadKeyError(
      "This key's buffer was transferred away, and its bytes with it. Transfer a copy instead.",
      { cause },
    );
  }
}
