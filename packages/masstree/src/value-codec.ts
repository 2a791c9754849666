/**
 * How values become bytes and back, for the option `value`.
 *
 * A thread that attaches passes a codec of its own: functions cannot be sent. Both are called outside
 * of any operation on the map, so they may use it; what they throw goes to the caller, with the map
 * unchanged.
 */
export interface ValueCodec<V> {
  /** The value's bytes, of any number. They are copied before `set` returns. */
  encode(value: V): Uint8Array;
  /**
   * The value of bytes that `encode` gave.
   *
   * @param bytes a copy, the callee's to keep
   */
  decode(bytes: Uint8Array): V;
}

/** The codecs that are there, and the JavaScript type of the values of each. */
export interface ValueTypes {
  /** Whatever `JSON.stringify` takes, as `JSON.parse` gives it back. */
  json: unknown;
  /** Well-formed strings. */
  utf8: string;
  /** Bytes; `get` gives a copy. */
  bytes: Uint8Array;
}

/** Name of a codec that is there. */
export type ValueCodecName = keyof ValueTypes;

/** What a handle says about a map's values. */
export type ValueName = ValueCodecName | "custom";

/** The numbers by which a region's header names them. Those below 16 are for values in slots. */
export const valueNumbers: Readonly<Record<ValueName, number>> = {
  json: 16,
  utf8: 17,
  bytes: 18,
  custom: 19,
};
