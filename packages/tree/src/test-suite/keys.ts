// The kinds of keys that maps of this family have: how to draw keys that collide in all ways, how they are
// ordered, and what is no key.
import fc from "fast-check";

/** One kind of key. */
export interface KeyKind<K> {
  /** What the kind is called: as the option `key` names it, for maps that have such an option. */
  readonly name: string;
  /** Draws keys. The more they share with each other, the more they find. At least 1,000 different ones. */
  readonly arbitrary: fc.Arbitrary<K>;
  /** The order of keys; 0 when two are one key to the map. */
  compare(a: K, b: K): number;
  /** The key that comes back for one that went in. Default: the same. */
  stored?(key: K): K;
  /** The first `length` units of a key. For kinds whose ranges have a `prefix`. */
  cut?(key: K, length: number): K;
  /** Whether a key begins with another. For kinds whose ranges have a `prefix`. */
  hasPrefix?(key: K, prefix: K): boolean;
  /** Changes a key in place. For kinds whose keys are objects: the map must have its own. */
  spoil?(key: K): void;
  /** What is no key: refused with `MASSTREE_BAD_KEY`. */
  readonly refused?: readonly unknown[];
  /** Keys that are too long: refused with `MASSTREE_KEY_TOO_LONG`. */
  readonly tooLong?: readonly K[];
}

// Lengths about the borders of slices of 8 bytes, few distinct bytes, long shared prefixes.
const lengths = fc.oneof(fc.constantFrom(0, 1, 7, 8, 9, 15, 16, 17, 24, 25), fc.nat(40));
const bytes = lengths.chain((length) =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc
      .array(fc.constantFrom(0, 1, 0xff), { minLength: length, maxLength: length })
      .map((list) => Uint8Array.from(list)),
  ),
);
// Every code point but the surrogates. The unit "binary" of fast-check means the same, and takes a second to make.
const codePoints = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((point) => String.fromCodePoint(point));
const shared = fc.constantFrom("", "", "/shared", "/shared/prefix/of/forty/characters/each/");
const strings = fc
  .tuple(
    shared,
    fc.oneof(
      lengths.chain((length) =>
        fc.string({ unit: fc.constantFrom("\0", "a", "b"), minLength: length, maxLength: length }),
      ),
      fc.string({ unit: codePoints, maxLength: 12 }),
      // UTF-16, in which surrogates are not last, orders these otherwise.
      fc.string({ unit: fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "😀"), maxLength: 4 }),
      fc.nat(99999).map(String),
    ),
  )
  .map(([start, rest]) => start + rest);

// Bytes whose memory has gone to another thread.
const detached = new Uint8Array(4);
structuredClone(detached, { transfer: [detached.buffer] });

/** Well-formed strings of at most 65,536 bytes of UTF-8, in the order of their code points. */
export const stringKeys: KeyKind<string> = {
  name: "string",
  arbitrary: strings,
  compare: compareStrings,
  cut: (key, length) => [...key].slice(0, length).join(""),
  hasPrefix: (key, prefix) => key.startsWith(prefix),
  refused: [
    ...[1, 1n, null, undefined, {}, [], Symbol("a"), new Uint8Array(1), new String("a"), true],
    ...["\ud800", "a\udc00b", "\udc00\ud800", `${"x".repeat(100)}\ud83d`],
  ],
  tooLong: ["x".repeat(65537), "é".repeat(32769)],
};

/** `Uint8Array`s of at most 65,536 bytes, in lexicographic order. */
export const bytesKeys: KeyKind<Uint8Array> = {
  name: "bytes",
  arbitrary: bytes,
  compare: compareBytes,
  cut: (key, length) => key.slice(0, length),
  hasPrefix: (key, prefix) => compareBytes(key.subarray(0, prefix.length), prefix) === 0,
  spoil: (key) => {
    for (let i = 0; i < key.length; i++) key[i]! ^= 0x55;
  },
  refused: ["a", 1, null, undefined, [1], new Uint16Array(1), new ArrayBuffer(1), detached],
  tooLong: [new Uint8Array(65537)],
};

/** All doubles but NaN, in numeric order. -0 and 0 are one key. */
export const numberKeys: KeyKind<number> = {
  name: "number",
  arbitrary: fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -50, max: 50 }),
    fc.constantFrom(0, -0, Number.MIN_VALUE, Number.MAX_VALUE),
  ),
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  stored: (key) => key + 0,
  refused: ["1", 1n, null, undefined, Number.NaN, new Date(0), {}],
};

/** Signed 64-bit integers, in numeric order. */
export const bigintKeys: KeyKind<bigint> = {
  name: "bigint",
  arbitrary: fc.oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.bigInt(-50n, 50n),
    fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
  ),
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
  refused: [1, "1", null, undefined, 2n ** 63n, -(2n ** 63n) - 1n],
};

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

function compareStrings(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

/** The rank of a code unit in the order of code points: surrogates, of code points above U+FFFF, are last. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
