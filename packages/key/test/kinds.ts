// Codecs of every shape, each with its keys and the order that they ought to have.
import fc from "fast-check";
import {
  type AnyKeyCodec,
  date,
  descending,
  isBytes,
  type KeyCodec,
  keyCodec,
  keyCodecs,
  list,
  type MixedKey,
  mixed,
  tuple,
  uuid,
} from "../src/index.ts";
import { byteOrder } from "./helpers.ts";

/** A codec, keys for it, and the order of two keys: negative, 0 or positive. */
export interface Kind {
  readonly codec: KeyCodec<unknown>;
  readonly key: fc.Arbitrary<unknown>;
  order(a: unknown, b: unknown): number;
  /** The key that decoding gives, if it is not the same. */
  normal(key: unknown): unknown;
}

const utf8 = new TextEncoder();
const same = <T>(key: T) => key;
const byValue = (a: number | bigint, b: number | bigint) => (a < b ? -1 : a > b ? 1 : 0);

function kind<K>(
  codec: KeyCodec<K>,
  key: fc.Arbitrary<K>,
  order: (a: K, b: K) => number,
  normal: (key: K) => K = same,
): Kind {
  return shown({ codec, key, order, normal } as unknown as Kind);
}

/** Prints as its codec's kind in counterexamples. */
function shown(kind: Kind): Kind {
  return Object.assign(kind, { [fc.toStringMethod]: () => kind.codec.kind });
}

const zeros = "\0";
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !/\p{Surrogate}/u.test(text)),
  fc.string({ unit: fc.constantFrom("a", "b", zeros, "\u00ff", "\u0001"), maxLength: 5 }),
);
const byteKeys = fc.oneof(
  fc.uint8Array({ maxLength: 12 }),
  fc
    .array(fc.constantFrom(0, 1, 0x61, 0xfe, 0xff), { maxLength: 5 })
    .map((bytes) => Uint8Array.from(bytes)),
);
const numbers = fc.oneof(
  fc.double({ noNaN: true }),
  fc.integer(),
  fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, Number.MIN_VALUE, -Number.MIN_VALUE),
);
const bigints = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, -1n, 255n, 256n, -255n, -256n, 2n ** 63n - 1n, -(2n ** 63n)),
  fc.bigInt({ min: -300n, max: 300n }),
);
/** With those that only tuples take. */
export const hugeBigints: fc.Arbitrary<bigint> = fc.oneof(
  bigints,
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
  fc.constantFrom(2n ** 64n - 1n, 2n ** 64n, -(2n ** 64n), -(2n ** 64n) + 1n, 2n ** 2040n - 1n),
);
const dates = fc.oneof(
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(-8.64e15, -1, 0, 1, 8.64e15).map((time) => new Date(time)),
);
const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
);

export const leaves: Record<string, Kind> = {
  string: kind(keyCodecs.string, texts, (a, b) => byteOrder(utf8.encode(a), utf8.encode(b))),
  bytes: kind(keyCodecs.bytes, byteKeys, byteOrder),
  number: kind(keyCodecs.number, numbers, byValue, (key) => key + 0),
  bigint: kind(keyCodecs.bigint, bigints, byValue),
  date: kind(date, dates, (a, b) => byValue(a.getTime(), b.getTime())),
  uuid: kind(
    uuid,
    uuids,
    (a, b) => byteOrder(utf8.encode(a.toLowerCase()), utf8.encode(b.toLowerCase())),
    (key) => key.toLowerCase(),
  ),
  own: kind(
    keyCodec<number[]>({
      name: "array of bytes",
      encode(key, target, offset) {
        target.set(key, offset);
        return key.length;
      },
      decode: (bytes) => [...bytes],
    }),
    byteKeys.map((bytes) => [...bytes]),
    (a, b) => byteOrder(Uint8Array.from(a), Uint8Array.from(b)),
  ),
};

const mixedKey = fc.letrec<{ key: MixedKey }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    byteKeys,
    texts,
    hugeBigints,
    numbers,
    fc.boolean(),
    dates,
    fc.array(tie("key"), { maxLength: 3 }),
  ),
})).key;

const order = ["null", "bytes", "string", "array", "bigint", "number", "boolean", "date"];

function nameOf(key: MixedKey): string {
  if (typeof key !== "object") return typeof key;
  if (key === null) return "null";
  if (key instanceof Date) return "date";
  return isBytes(key) ? "bytes" : "array";
}

/** The order that `mixed` documents. */
export function mixedOrder(a: MixedKey, b: MixedKey): number {
  const name = nameOf(a);
  if (name !== nameOf(b)) return order.indexOf(name) - order.indexOf(nameOf(b));
  if (name === "null") return 0;
  if (name === "boolean") return Number(a) - Number(b);
  if (name === "array") return arrayOrder(mixedOrder)(a as MixedKey[], b as MixedKey[]);
  return leaves[name]!.order(a, b);
}

export function mixedNormal(key: MixedKey): MixedKey {
  if (typeof key === "number") return key + 0;
  return nameOf(key) === "array" ? (key as MixedKey[]).map(mixedNormal) : key;
}

function arrayOrder<K>(member: (a: K, b: K, i: number) => number) {
  return (a: readonly K[], b: readonly K[]) => {
    for (let i = 0; i < Math.min(a.length, b.length); i++) {
      const difference = member(a[i]!, b[i]!, i);
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  };
}

export const mixedKind: Kind = kind(mixed, mixedKey, mixedOrder, mixedNormal);

function tupleOf(kinds: Kind[]): Kind {
  return shown({
    codec: tuple(...kinds.map(({ codec }) => codec as AnyKeyCodec)) as KeyCodec<unknown>,
    key: fc.tuple(...kinds.map(({ key }) => key)),
    order: arrayOrder((a, b, i) => kinds[i]!.order(a, b)) as Kind["order"],
    normal: (key) => (key as unknown[]).map((member, i) => kinds[i]!.normal(member)),
  });
}

function listOf({ codec, key, order, normal }: Kind): Kind {
  return shown({
    codec: list(codec as AnyKeyCodec) as KeyCodec<unknown>,
    key: fc.array(key, { maxLength: 3 }),
    order: arrayOrder(order) as Kind["order"],
    normal: (members) => (members as unknown[]).map(normal),
  });
}

function descendingOf({ codec, key, order, normal }: Kind): Kind {
  return shown({
    codec: descending(codec as AnyKeyCodec) as KeyCodec<unknown>,
    key,
    order: (a, b) => order(b, a),
    normal,
  });
}

/** Any codec, nested up to four deep. */
export const anyKind: fc.Arbitrary<Kind> = fc.letrec<{ kind: Kind }>((tie) => ({
  kind: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(...Object.values(leaves), mixedKind),
    fc.array(tie("kind"), { maxLength: 3 }).map(tupleOf),
    tie("kind").map(listOf),
    tie("kind").map(descendingOf),
  ),
})).kind;
