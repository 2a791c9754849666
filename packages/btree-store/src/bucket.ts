import { badOption, readOptions } from "@masstree/errors/options";
import type { KeyName, KeyOption, KeyType, KeyTypeOf } from "@masstree/tree";
import type { ValueOption } from "masstree";
import {
  checkCodec,
  type ValueCodec,
  type ValueCodecName,
  type ValueName,
  type ValueTypes,
  valueNumbers,
} from "masstree/codecs";
import { StoreBucketError } from "./errors.ts";

declare const types: unique symbol;

/**
 * A bucket by name, with the codecs of its keys and values: what `bucket` returns, and transactions take. It belongs to
 * no store, and costs nothing.
 */
export interface Bucket<V = unknown, K extends KeyType = string> {
  /** 1 to 255 bytes in UTF-8. */
  readonly name: string;
  /** The kind of its keys. */
  readonly key: KeyName;
  /** How its values become bytes. */
  readonly value: keyof ValueTypes | ValueCodec<V>;
  /** Only for types. */
  readonly [types]?: [V, K];
}

/** What `bucket` takes, for values of type `V` and keys of type `K`. */
export type BucketOptions<V = unknown, K extends KeyType = string> = KeyOption<K> & {
  /** How values become bytes. Default `"json"`. */
  value?: ValueOption<V> | undefined;
};

/**
 * Describes a bucket whose codecs are not the default ones, or whose values have a type.
 *
 * The codecs are recorded in the file when the bucket is created, and checked from then on.
 *
 * @param name 1 to 255 bytes in UTF-8
 * @param options `key`: `"string"` (default), `"bytes"`, `"number"` or `"bigint"`; `value`: `"json"` (default),
 *   `"lossy-json"`, `"structured"`, `"utf8"`, `"bytes"` or a ValueCodec, of which the file only records that it is one
 *   of your own
 * @throws StoreBucketError (`STORE_BUCKET`) if the name cannot be one; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`);
 *   MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) for a codec that this platform does not have
 *
 * @example
 * ```ts
 * const users = bucket<{ name: string }>("users");
 * const scores = bucket("scores", { key: "number", value: "utf8" });
 * scores.name; // => "scores"
 * ```
 */
export function bucket<V, const Key, _Inferred>(
  name: string,
  options?: { key?: (Key & KeyName) | undefined; value?: "json" | undefined },
): Bucket<V, KeyTypeOf<Key>>;
/** The same, with the name of a codec. */
export function bucket<const Name, const Key, _Inferred>(
  name: string,
  options: { key?: (Key & KeyName) | undefined; value: Name & ValueCodecName },
): Bucket<ValueTypes[Name & ValueCodecName], KeyTypeOf<Key>>;
/** The same, with a codec. */
export function bucket<V, const Key, _Inferred>(
  name: string,
  options: { key?: (Key & KeyName) | undefined; value: ValueCodec<V> },
): Bucket<V, KeyTypeOf<Key>>;
/** The same, with explicit types `V` and `K`, which the options must match. */
export function bucket<V = unknown, K extends KeyType = string>(
  name: string,
  ...options: object extends BucketOptions<V, K>
    ? [options?: BucketOptions<V, K>]
    : [options: BucketOptions<V, K>]
): Bucket<V, K>;
export function bucket(name: string, options: object = {}): Bucket<unknown, KeyType> {
  checkName(name);
  const { key = "string", value = "json" } = readOptions(options, ["key", "value"]);
  if (typeof key !== "string" || !Object.hasOwn(keyNumbers, key)) {
    throw badOption("key", '"string", "bytes", "number" or "bigint"', key);
  }
  checkCodec(value, "value");
  return Object.freeze({ name, key: key as KeyName, value: value as Bucket["value"] });
}

/** @throws StoreBucketError (`STORE_BUCKET`) unless it can be the name of a bucket */
export function checkName(name: unknown): asserts name is string {
  const bytes = typeof name === "string" ? new TextEncoder().encode(name).length : 0;
  if (bytes >= 1 && bytes <= 255 && !/\p{Surrogate}/u.test(name as string)) return;
  throw new StoreBucketError("The name of a bucket is a well-formed string of 1 to 255 bytes.");
}

/** What stands for the kinds of keys in the file. */
const keyNumbers: Readonly<Record<KeyName, number>> = {
  string: 1,
  bytes: 2,
  number: 3,
  bigint: 4,
};

/** What the catalog says of a bucket: docs/design.md, 'The catalog'. */
export interface BucketRecord {
  readonly root: number;
  readonly key: KeyName;
  readonly value: ValueName;
  readonly size: number;
  /** The commit that created it. */
  readonly created: number;
}

/** Bytes of a record. */
export const BUCKET_BYTES = 24;

export function encodeBucket({ root, key, value, size, created }: BucketRecord): Uint8Array {
  const bytes = new Uint8Array(BUCKET_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, root, true);
  bytes[4] = keyNumbers[key];
  bytes[5] = valueNumbers[value];
  view.setBigUint64(8, BigInt(size), true);
  view.setBigUint64(16, BigInt(created), true);
  return bytes;
}

/** Undefined if it is no record. */
export function decodeBucket(bytes: Uint8Array, length: number): BucketRecord | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const key = nameOf(keyNumbers, bytes[4]!);
  const value = nameOf(valueNumbers, bytes[5]!);
  if (length !== BUCKET_BYTES || key === undefined || value === undefined) return undefined;
  return {
    root: view.getUint32(0, true),
    key,
    value,
    size: Number(view.getBigUint64(8, true)),
    created: Number(view.getBigUint64(16, true)),
  };
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number) {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}
