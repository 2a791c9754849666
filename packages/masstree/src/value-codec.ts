/**
 * How values become bytes and back, for the option `value`.
 *
 * Functions cannot be sent to another thread. So a thread that attaches passes its own copy of a
 * custom codec. Both functions are called outside of any operation on the map, so they may use it.
 * What they throw goes to the caller, with the map unchanged.
 */
export interface ValueCodec<V> {
  /** The value's bytes, any number of them. They are copied before `set` returns. */
  encode(value: V): Uint8Array;
  /**
   * The value for bytes that `encode` returned.
   *
   * @param bytes a copy, which the function may keep
   */
  decode(bytes: Uint8Array): V;
}

/** The built-in codecs, and the type of their values. */
export interface ValueTypes {
  /** What `JSON.stringify` accepts; `JSON.parse` gives it back. */
  json: unknown;
  /** Well-formed strings. */
  utf8: string;
  /** Bytes; `get` returns a copy. */
  bytes: Uint8Array;
}

/** Name of a built-in codec. */
export type ValueCodecName = keyof ValueTypes;

/** What a handle says about a map's values. */
export type ValueName = ValueCodecName | "custom";

/**
 * The numbers that stand for the codecs in a region's header. Numbers below 16 are for values in
 * slots.
 */
export const valueNumbers: Readonly<Record<ValueName, number>> = {
  json: 16,
  utf8: 17,
  bytes: 18,
  custom: 19,
};
