import { MassTreeBadKeyError } from "@masstree/errors";
import type { KeyCodec } from "./codec.ts";
import { requireLength, tooLong, wrongType } from "./describe.ts";
import { MAX_KEY_BYTES } from "./generated/key-exports.ts";
import { byteCount, byteView, isBytes, lostBytes } from "./is-bytes.ts";

// Up to this length, a loop is faster than creating a view and copying through it.
const SHORT_BYTES = 32;

/**
 * Codec for bytes, which are stored unchanged and ordered as `memcmp` does, a prefix first.
 *
 * Takes any `Uint8Array`, including a Node `Buffer`, an array from another realm and an array over
 * shared memory. Each byte is read once. Properties that a subclass or the array itself overrides are
 * ignored. Decoding returns a copy with its own buffer.
 */
export const bytes: KeyCodec<Uint8Array> = {
  kind: "bytes",
  runsCallersCode: false,

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

// Without this check, such a key would silently be the empty key.
function refuseLost(key: Uint8Array): void {
  const cause = lostBytes(key);
  if (cause === undefined) return;
  throw new MassTreeBadKeyError(
    "This key's bytes are gone: its buffer was transferred or shrunk. Transfer a copy instead, and create the key again after a resize.",
    { cause },
  );
}
