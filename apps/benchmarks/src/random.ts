// Seeded randomness: one number, which every run prints, replays all its choices.

/** A generator of unsigned 32-bit integers. */
export type Random = () => number;

/**
 * A generator that depends on `seed` and `stream` only.
 *
 * @param seed any 32-bit integer
 * @param stream tells apart the generators of one run, for example one per thread
 */
export function randomFrom(seed: number, stream = 0): Random {
  // splitmix32: small, and every 32-bit state is on one cycle.
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/** An integer in [0, below), close to evenly spread for `below` far under 2^32. */
export function below(random: Random, limit: number): number {
  return Math.floor((random() / 0x1_0000_0000) * limit);
}

/** Brings `items` into random order, in place. */
export function shuffle<T extends { length: number; [index: number]: unknown }>(
  items: T,
  random: Random,
): T {
  for (let i = items.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    const kept = items[i];
    items[i] = items[j];
    items[j] = kept;
  }
  return items;
}
