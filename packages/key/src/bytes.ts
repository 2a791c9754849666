import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { requireLength, tooLong, wrongType } from "./describe.ts";
import { byteCount, byteView, isBytes, lostBytes } from "./is-bytes.ts";
import { MAX_KEY_BYTES } from "./limits.ts";

// Up to here a loop is faster than making a view and copying by it.
const SHORT_BYTES = 32;

/**
 * Bytes, as they are: in the order of `memcmp`, a prefix first.
 *
 * Takes any `Uint8Array`, a Node `Buffer` and one of another realm included, over shared memory
 * too: the key is what a single read of it finds. What a subclass or the array itself overrides is
 * not asked. Decoding gives a copy in a buffer of its own.
 */
export const bytes: KeyCodec<Uint8Array> = {
  kind: "bytes",

  encode(key, target, offset) {
    if (!isBytes(key)) throw wrongType("bytes", key);
    const length = byteCount(key);
    if (length > SHORT_BYTES) {
      if (length > MAX_KEY_BYTES) throw tooLong();
      target.set(byteView(key, 0, length), offset);
      return length;
    }
    if (length === 0) refuseLost(key);
    for (let i = 0; i < length; i++) target[offset + i] = key[i]!;
    return length;
  },

  decode(source, start, end) {
    requireLength("bytes", start, end);
    return new Uint8Array(source.subarray(start, end));
  },
};

// As a key it would silently be the empty one.
function refuseLost(key: Uint8Array): void {
  const cause = lostBytes(key);
  if (cause === undefined) return;
  throw new MassTreeBadKeyError(
    "This key's bytes are gone: its buffer was transferred away, or resized to less. Transfer a copy instead, and make the key anew after a resize.",
    { cause },
  );
}
