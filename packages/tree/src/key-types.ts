/** The kinds of key, and the JavaScript type of each. */
export interface KeyTypes {
  /** Well-formed strings, sorted by UTF-8 bytes, which is the order of code points. */
  string: string;
  /** Bytes, in lexicographic order. */
  bytes: Uint8Array;
  /** All doubles except NaN, in numeric order; -0 and 0 are the same key. */
  number: number;
  /** Signed 64-bit integers, in numeric order. */
  bigint: bigint;
}

/** Name of a kind of key, for the option `key`. */
export type KeyName = keyof KeyTypes;

/** Any key. */
export type KeyType = KeyTypes[KeyName];

/**
 * The type of the keys for an option `key` of type `Name`; strings if it is absent and there is
 * nothing to infer `Name` from.
 */
export type KeyTypeOf<Name> = unknown extends Name ? string : KeyTypes[Name & KeyName];

/** The option `key` for keys of type `K`. */
export type KeyNameOf<K extends KeyType> = K extends string
  ? "string"
  : K extends number
    ? "number"
    : K extends bigint
      ? "bigint"
      : "bytes";

/** The option `key` as a member of the options: optional for strings. */
export type KeyOption<K extends KeyType> = [K] extends [string]
  ? { key?: "string" | undefined }
  : { key: KeyNameOf<K> };

// The numbers that stand for the kinds of key in the region's header. 0 stands for a region without
// one.
const numbers: Readonly<Record<KeyName, number>> = { string: 1, bytes: 2, number: 3, bigint: 4 };

/** The names, in the order that messages use. @internal */
export const keyNames: readonly KeyName[] = ["string", "bytes", "number", "bigint"];

/** The number that stands for a kind of key in the region's header. @internal */
export function keyNumber(name: KeyName): number {
  return numbers[name];
}
