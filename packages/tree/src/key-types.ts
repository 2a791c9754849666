import { badOption } from "@masstree/errors/options";
import { type AnyKeyCodec, isKeyCodec, type KeyCodec, keyCodecs } from "@masstree/key";

/** The kinds of key that have a name, and the JavaScript type of each. */
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

/** Any key: with a codec of your own, anything but `undefined`, which stands for 'none'. */
export type KeyType = NonNullable<unknown> | null;

/**
 * The type of the keys for an option `key` of type `Key`; strings if it is absent and there is
 * nothing to infer `Key` from.
 */
export type KeyTypeOf<Key> = unknown extends Key
  ? string
  : Key extends KeyName
    ? KeyTypes[Key]
    : Key extends { decode(source: Uint8Array, start: number, end: number): infer K }
      ? K & KeyType
      : never;

/** The name of the kind of key for keys of type `K`, where there is one. */
export type KeyNameOf<K extends KeyType> = K extends string
  ? "string"
  : K extends number
    ? "number"
    : K extends bigint
      ? "bigint"
      : K extends Uint8Array
        ? "bytes"
        : never;

/** A codec that takes keys of type `K`, and perhaps others. */
export interface KeyCodecFor<K> extends Omit<AnyKeyCodec, "encode"> {
  readonly encode: (key: K, target: Uint8Array, offset: number) => number;
}

/** The option `key` as a member of the options: optional for strings. */
export type KeyOption<K extends KeyType> = [K] extends [string]
  ? { key?: "string" | KeyCodecFor<K> | undefined }
  : { key: KeyNameOf<K> | KeyCodecFor<K> };

/** What the option `key` may be, for types that infer it. */
export type AnyKeyOption = KeyName | AnyKeyCodec;

/** What `prefix` of a range is for keys of type `K`: a beginning, or the first members. */
export type Prefix<K> = K extends string | Uint8Array
  ? K
  : K extends readonly unknown[]
    ? FirstMembers<K>
    : never;

type FirstMembers<T extends readonly unknown[]> = T extends readonly [infer Head, ...infer Rest]
  ? readonly [] | readonly [Head, ...FirstMembers<Rest>]
  : T;

// The numbers that stand for the kinds of key in the region's header. 0 stands for a region without
// one.
const numbers: Readonly<Record<KeyName, number>> = { string: 1, bytes: 2, number: 3, bigint: 4 };

/** The names, in the order that messages use. @internal */
export const keyNames: readonly KeyName[] = ["string", "bytes", "number", "bigint"];

/**
 * The codec for an option `key`. Runs no code of the caller.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function keyCodecOf(key: unknown): KeyCodec<unknown> {
  if (keyNames.includes(key as KeyName)) return keyCodecs[key as KeyName] as KeyCodec<unknown>;
  if (isKeyCodec(key)) return key;
  throw badOption(
    "key",
    `${keyNames.map((name) => `"${name}"`).join(", ")}, or a key codec such as date, tuple(...) or keyCodec({ name, encode, decode })`,
    key,
  );
}

/**
 * The number that stands for a kind of key in the region's header, for `kind` of a codec.
 * @internal
 */
export function keyNumber(kind: string): number {
  return keyNames.includes(kind as KeyName) ? numbers[kind as KeyName] : textNumber(kind);
}

/**
 * The number that stands for a codec without a number of its own: a hash, in the upper half. It need not be
 * unique, because the handle has the whole text.
 * @internal
 */
export function textNumber(kind: string): number {
  // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/
  let hash = 0x811c9dc5;
  for (let i = 0; i < kind.length; i++) hash = Math.imul(hash ^ kind.charCodeAt(i), 0x01000193);
  return (hash | 0x80000000) >>> 0;
}
