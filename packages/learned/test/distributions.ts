// Sets of 64-bit keys: SOSD's synthetic ones, stand-ins for its real ones, and keys that are hard to fit.

/** Draws numbers in [0, 1). */
type Draw = () => number;

const low = -(2n ** 63n);
const high = 2n ** 63n - 1n;

function normal(draw: Draw): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

function bits(draw: Draw, count: number): bigint {
  let word = 0n;
  for (let i = 0; i < count; i += 16) word = (word << 16n) | BigInt(Math.floor(draw() * 65536));
  return BigInt.asUintN(count, word);
}

const each = (count: number, key: (i: number) => bigint) =>
  Array.from({ length: count }, (_, i) => key(i));

/** The sets, by name: each makes about `count` keys, in no order, of which some may be equal. */
export const distributions: Readonly<Record<string, (count: number, draw: Draw) => bigint[]>> = {
  sequential: (count) => each(count, BigInt),
  descending: (count) => each(count, (i) => -BigInt(i)),
  dense: (count, draw) => each(count, () => BigInt(Math.floor(draw() * count * 1.25))),
  uniform: (count, draw) => each(count, () => bits(draw, 64) + low),
  normal: (count, draw) => each(count, () => BigInt(Math.round(normal(draw) * 2 ** 50))),
  lognormal: (count, draw) =>
    each(count, () => BigInt(Math.floor(Math.exp(normal(draw) * 2) * 1e9))),
  "books: gaps of a power law": (count, draw) => {
    let key = 0n;
    return each(count, () => (key += 1n + BigInt(Math.floor((1 - draw()) ** -1.5))));
  },
  "fb: uniform, and a few far beyond": (count, draw) =>
    each(count, (i) => (i % 1000 === 0 ? bits(draw, 62) : bits(draw, 36))),
  "osm: clusters of clusters": (count, draw) => {
    const centres = each(20, () => bits(draw, 60));
    return each(count, () => {
      const centre = centres[Math.floor(draw() ** 2 * centres.length)]!;
      return centre + (bits(draw, 8) << 24n) + BigInt(Math.floor(draw() ** 4 * 2 ** 20));
    });
  },
  "wiki: timestamps with repetitions": (count, draw) => {
    let key = 1_700_000_000n;
    return each(count, () => (key += BigInt(Math.floor(draw() * 3))));
  },
  "close together, far from 0": (count) =>
    each(count, (i) => 1_700_000_000_000_000_000n + BigInt(i)),
  extremes: (count) =>
    each(count, (i) => [low + BigInt(i >> 2), high - BigInt(i >> 2), BigInt(i >> 2), -1n][i & 3]!),
  "powers of two": () => each(64, (i) => 2n ** BigInt(i) + low),
  "nested thirds": (count, draw) =>
    each(count, () => {
      let key = 0n;
      for (let shift = 60n; shift > 0n; shift -= 6n) key += BigInt(Math.floor(draw() * 3)) << shift;
      return key + low;
    }),
  "pairs of neighbours": (count, draw) =>
    each(count, (i) => (i & 1 ? 1n : 0n) + (bits(draw, 20) << 40n)),
  "one key": () => [7n],
  "two keys": () => [low, high],
};

/** The same keys as doubles, and some that only doubles are. */
export const doubles: Readonly<Record<string, (count: number, draw: Draw) => number[]>> = {
  sequential: (count) => Array.from({ length: count }, (_, i) => i),
  fractions: (count, draw) => Array.from({ length: count }, () => draw()),
  denormal: (count) => Array.from({ length: count }, (_, i) => i * 5e-324),
  "very large": (count, draw) => Array.from({ length: count }, () => (draw() - 0.5) * 1.7e308 * 2),
  "any bits": (count, draw) => {
    const view = new DataView(new ArrayBuffer(8));
    return Array.from({ length: count }, () => {
      view.setBigUint64(0, bits(draw, 64));
      const key = view.getFloat64(0);
      return Number.isNaN(key) ? 0 : key;
    });
  },
  infinities: (count) =>
    Array.from({ length: count }, (_, i) =>
      i === 0 ? Number.POSITIVE_INFINITY : i === 1 ? Number.NEGATIVE_INFINITY : i / 7,
    ),
};
