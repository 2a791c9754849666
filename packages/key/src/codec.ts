/** The kinds of key that have a name of their own. A map keeps one kind for its whole life. */
export type KeyKind = "string" | "bytes" | "number" | "bigint";

/** The bytes between which the keys with a prefix are. */
export interface PrefixRange {
  /** Inclusive. */
  readonly lower: Uint8Array;
  /** Exclusive; undefined if there are no keys above. */
  readonly upper: Uint8Array | undefined;
}

/**
 * Turns keys into bytes of the same order, and back.
 *
 * Two keys are ordered by their bytes: unsigned, from the first byte on, a prefix before the longer
 * key.
 *
 * A codec keeps no state that a caller could see from one call to the next. Maps take the codecs of
 * this package only; `keyCodec` makes one of your own functions.
 *
 * @typeParam K the type of the keys in JavaScript
 */
export interface KeyCodec<K> {
  /**
   * What the codec is, as text: `"string"`, `"tuple(string,descending(date))"`. Two codecs with the
   * same text write the same bytes. A map's handle carries it.
   */
  readonly kind: string;

  /**
   * Whether `encode` and `decode` may run code of the caller: a function of its own, or a getter of
   * an array that is a key. Such code may use any map, and close it. `encode` runs all of it before
   * it writes to `target`; `decode` has read all of `source` before it runs any.
   */
  readonly runsCallersCode: boolean;

  /**
   * True if keys are strings, and their bytes are the UTF-8 of these. Then maps read many keys as one
   * text, and cut it.
   */
  readonly isText?: true;

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
   *   `MAX_KEY_BYTES` bytes. What the caller's code throws, if the codec runs any
   */
  encode(key: K, target: Uint8Array, offset: number): number;

  /**
   * Where the keys are that begin with `prefix`: for tuples and lists, with these members. Absent if
   * keys of this kind have no such beginnings, and for strings and bytes, whose beginnings are keys
   * as well. Throws like `encode`.
   */
  prefixRange?(prefix: unknown): PrefixRange;

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
