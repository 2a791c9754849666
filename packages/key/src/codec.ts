/** The kinds of key. A map keeps one kind for its whole life. */
export type KeyKind = "string" | "bytes" | "number" | "bigint";

/**
 * Turns keys into bytes of the same order, and back.
 *
 * Two keys are ordered by their bytes: unsigned, from the first byte on, a prefix before the longer
 * key.
 *
 * A codec keeps no state that a caller could see from one call to the next. It is not re-entrant, but
 * nothing within one thread can re-enter it, and each thread has its own codecs.
 *
 * @typeParam K the type of the keys in JavaScript
 */
export interface KeyCodec<K> {
  /** The kind of key that this codec is for. */
  readonly kind: KeyKind;

  /**
   * Writes a key's bytes to `target`. Linear in the number of bytes.
   *
   * @param key a key of this kind; anything else is refused
   * @param target may be over a `SharedArrayBuffer`; no other thread may write to it during the call
   * @param offset index of the first byte to write. From here on, `target` must have room for
   *   `MAX_KEY_BYTES + 16` bytes, whatever the key. Only the key's bytes are written. If the call
   *   throws, any part of that room may have been written.
   * @returns how many bytes the key has, 0 to `MAX_KEY_BYTES`
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if `key` is not of this kind or has no place in
   *   the order
   * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`) if the key has more than
   *   `MAX_KEY_BYTES` bytes
   */
  encode(key: K, target: Uint8Array, offset: number): number;

  /**
   * Reads back a key that `encode` wrote. Linear in the number of bytes.
   *
   * @param source the bytes, in memory private to this thread, because engines read text twice
   * @param start index of the key's first byte
   * @param end index after its last byte, from `start` to `source.length`
   * @returns the key
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`) if no key of this kind has these bytes
   */
  decode(source: Uint8Array, start: number, end: number): K;
}
