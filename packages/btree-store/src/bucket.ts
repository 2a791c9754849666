import { badOption, readOptions } from "@masstree/errors/options";
import { type KeyCodec, keyCodecs, textEncoder } from "@masstree/key";
import {
  type AnyKeyOption,
  type KeyName,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  keyCodecOf,
  keyNames,
} from "@masstree/tree";
import type { ValueOption } from "masstree";
import {
  checkCodec,
  kindOf,
  type ValueCodec,
  type ValueCodecName,
  type ValueKind,
  type ValueName,
  Values,
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
  /** The kind of its keys, or their codec. */
  readonly key: AnyKeyOption;
  /** How its values become bytes. */
  readonly value: ValueCodecName | ValueCodec<V>;
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
 * The codecs are recorded in the file as text when the bucket is created: `tuple(string,number)`. From then on, opening
 * the bucket with others is refused. A codec of your own is recorded by its `name`, so change the name whenever the bytes
 * change; the functions themselves are not in the file, and are passed each time. A value codec without a name passes for
 * any other one without a name.
 *
 * @param name 1 to 255 bytes in UTF-8
 * @param options `key`: `"string"` (default), `"bytes"`, `"number"`, `"bigint"`, or a codec of `@masstree/key`, such as
 *   `date`, `uuid`, `tuple(...)`, `descending(...)` or one of your own from `keyCodec`, whose text has up to 65,535
 *   bytes; `value`: `"json"` (default), `"lossy-json"`, `"structured"`, `"utf8"`, `"bytes"` or a ValueCodec, such as
 *   `compressed(...)` of `masstree` or `msgpack()` of `masstree/msgpack`
 * @throws StoreBucketError (`STORE_BUCKET`) if the name cannot be one; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`);
 *   MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) for a codec that this platform does not have
 *
 * @example
 * ```ts
 * import { date, descending, tuple } from "@masstree/key";
 *
 * const users = bucket<{ name: string }>("users");
 * const scores = bucket("scores", { key: "number", value: "utf8" });
 * const visits = bucket("visits", { key: tuple("string", descending(date)) });
 * visits.name; // => "visits"
 * ```
 */
export function bucket<V, const Key, _Inferred>(
  name: string,
  options?: {
    key?: (Key & AnyKeyOption) | undefined;
    value?: "json" | "lossy-json" | "structured" | undefined;
  },
): Bucket<V, KeyTypeOf<Key>>;
/** The same, with the name of a codec. */
export function bucket<const Name, const Key, _Inferred>(
  name: string,
  options: { key?: (Key & AnyKeyOption) | undefined; value: Name & ValueCodecName },
): Bucket<ValueTypes[Name & ValueCodecName], KeyTypeOf<Key>>;
/** The same, with a codec. */
export function bucket<V, const Key, _Inferred>(
  name: string,
  options: { key?: (Key & AnyKeyOption) | undefined; value: ValueCodec<V> },
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
  const made = Object.freeze({ name, key, value }) as Bucket<unknown, KeyType>;
  codecsByBucket.set(made, codecsOf(made));
  return made;
}

/** The codecs of a bucket, and what they are as text. */
export interface Codecs {
  /** The `kind` of the key codec. */
  readonly key: string;
  readonly value: ValueKind;
  readonly keyCodec: KeyCodec<unknown>;
  readonly values: Values<unknown>;
}

/** Those of what was made here. */
const codecsByBucket = /* @__PURE__ */ new WeakMap<Bucket<unknown, KeyType>, Codecs>();

/**
 * The codecs of what `bucket` has returned, or of what looks like that: a copy that came from another thread.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function codecsOf(asked: Bucket<unknown, KeyType>): Codecs {
  const made = codecsByBucket.get(asked);
  if (made !== undefined) return made;
  const keyCodec = keyCodecOf(asked.key);
  if (textEncoder().encode(keyCodec.kind).length > LONGEST_TEXT) {
    throw badOption("key", `a codec whose text has at most ${LONGEST_TEXT} bytes`, asked.key);
  }
  const valueCodec = checkCodec(asked.value, "value");
  const value = valueCodec === undefined ? (asked.value as ValueCodecName) : kindOf(valueCodec);
  return { key: keyCodec.kind, value, keyCodec, values: new Values(value, valueCodec) };
}

/** The codecs that a text alone tells; undefined if there are none. */
export function codecsFor({ key, value }: Pick<Codecs, "key" | "value">): Codecs | undefined {
  if (!isKeyName(key) || isCustom(value)) return undefined;
  const keyCodec = keyCodecs[key] as KeyCodec<unknown>;
  return { key, value, keyCodec, values: new Values(value, undefined) };
}

/** Whether a kind of keys is one of those with a name. */
export function isKeyName(kind: string): kind is KeyName {
  return (keyNames as readonly string[]).includes(kind);
}

/** Whether a kind of values is that of a codec which the file cannot tell. */
export function isCustom(kind: ValueKind): boolean {
  return kind.startsWith("custom");
}

/**
 * A bucket with certain codecs, whatever they are: keys and values as bytes where their kinds have no name. For tools.
 *
 * @param key the kind of the keys, and `value` of the values, as `bucketInfo` gives them
 * @throws StoreBucketError (`STORE_BUCKET`), MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for kinds that are none
 */
export function rawBucket(name: string, key: string, value: ValueKind): Bucket<unknown, KeyType> {
  checkName(name);
  if (textEncoder().encode(key).length > LONGEST_TEXT || key === "") {
    throw badOption("key", `a text of 1 to ${LONGEST_TEXT} bytes`, key);
  }
  if (!isCustom(value)) checkCodec(value, "value");
  const made = Object.freeze({ name, key: "bytes", value: "bytes" }) as Bucket<unknown, KeyType>;
  const bytes = keyCodecs.bytes as KeyCodec<unknown>;
  codecsByBucket.set(made, {
    key,
    value,
    keyCodec: isKeyName(key) ? (keyCodecs[key] as KeyCodec<unknown>) : { ...bytes, kind: key },
    values: new Values(value, isCustom(value) ? (asTheyAre as ValueCodec<unknown>) : undefined),
  });
  return made;
}

const asTheyAre: ValueCodec<Uint8Array> = { encode: (bytes) => bytes, decode: (bytes) => bytes };

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
/** The kind is a text behind the record. */
const KEY_TEXT = 5;

/** What the catalog says of a bucket: docs/design.md, 'The catalog'. */
export interface BucketRecord {
  readonly root: number;
  readonly key: string;
  readonly value: ValueKind;
  readonly size: number;
  /** The commit that created it. */
  readonly created: number;
}

/** Bytes of a record, without the texts behind it. */
const RECORD_BYTES = 24;
/** What the length of a text of keys has room for. */
const LONGEST_TEXT = 65_535;
const nothing = /* @__PURE__ */ new Uint8Array(0);

export function encodeBucket({ root, key, value, size, created }: BucketRecord): Uint8Array {
  const keyText = isKeyName(key) ? nothing : textEncoder().encode(key);
  const valueText = textEncoder().encode(nameIn(value));
  const bytes = new Uint8Array(RECORD_BYTES + keyText.length + valueText.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, root, true);
  bytes[4] = isKeyName(key) ? keyNumbers[key] : KEY_TEXT;
  bytes[5] = valueNumbers[isCustom(value) ? "custom" : (value as ValueName)];
  view.setUint16(6, keyText.length, true);
  view.setBigUint64(8, BigInt(size), true);
  view.setBigUint64(16, BigInt(created), true);
  bytes.set(keyText, RECORD_BYTES);
  bytes.set(valueText, RECORD_BYTES + keyText.length);
  return bytes;
}

/** Undefined if it is no record. */
export function decodeBucket(bytes: Uint8Array, length: number): BucketRecord | undefined {
  if (length < RECORD_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const keyEnd = RECORD_BYTES + view.getUint16(6, true);
  const isText = bytes[4] === KEY_TEXT;
  const valueName = nameOf(valueNumbers, bytes[5]!);
  if (isText !== keyEnd > RECORD_BYTES || valueName === undefined) return undefined;
  // Only values of a custom codec have a text, and need none.
  if (keyEnd > length || (valueName !== "custom" && keyEnd < length)) return undefined;
  const key = isText ? textOf(bytes, RECORD_BYTES, keyEnd) : nameOf(keyNumbers, bytes[4]!);
  if (key === undefined) return undefined;
  const value: ValueKind = keyEnd < length ? `custom(${textOf(bytes, keyEnd, length)})` : valueName;
  return {
    root: view.getUint32(0, true),
    key,
    value,
    size: Number(view.getBigUint64(8, true)),
    created: Number(view.getBigUint64(16, true)),
  };
}

/** The name of a custom codec as JSON, from its kind; "" if there is none. */
function nameIn(value: ValueKind): string {
  return value.startsWith("custom(") ? value.slice("custom(".length, -1) : "";
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes.slice(start, end));
}

function nameOf<Name extends string>(numbers: Readonly<Record<Name, number>>, number: number) {
  return (Object.keys(numbers) as Name[]).find((name) => numbers[name] === number);
}
