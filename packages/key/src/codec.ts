/** The kinds of key that a map can have. It has one for its life. */
export type KeyKind = "string" | "bytes" | "number" | "bigint";

/**
 * Turns keys into bytes in the same order, and back.
 *
 * The order of two keys is the order of their bytes, compared as unsigned numbers from the first,
 * a prefix before what it is a prefix of.
 *
 * A codec keeps nothing between calls that a caller could see. It is not to be entered while it
 * runs, which in one thread cannot happen, and each thread has its own.
 *
 * @typeParam K the keys, as JavaScript has them
 */
export interface KeyCodec<K> {
  /** Which kind of key it is for. */
  readonly kind: KeyKind;

  /**
   * Writes a key's bytes to `target`. Linear in their number.
   *
   * @param key a key of this kind; anything else is refused
   * @param target may be over a `SharedArrayBuffer`; only this thread writes it meanwhile
   * @param offset index of the first byte to write. `target` has room for `MAX_KEY_BYTES + 16`
   *   bytes from here, whatever the key. Only the key's bytes are written, unless it throws: then
   *   some of the room may have been.
   * @returns how many bytes the key has, 0 to `MAX_KEY_BYTES`
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when `key` is not of this kind, or has no
   *   place in the order
   * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) when it has more than
   *   `MAX_KEY_BYTES` bytes
   */
  encode(key: K, target: Uint8Array, offset: number): number;

  /**
   * Reads back a key that `encode` wrote. Linear in its bytes.
   *
   * @param source the bytes, in memory that no other thread has: engines read text twice
   * @param start index of the key's first byte
   * @param end index after its last byte, from `start` to `source.length`
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) when these cannot be the bytes of a key of
   *   this kind
   */
  decode(source: Uint8Array, start: number, end: number): K;
}
