// Seeded randomness. Every run prints one number, which replays all its random choices.
export { randomWords as randomFrom } from "@tooling/random";

/** A generator of unsigned 32-bit integers. */
export type Random = () => number;

/** A random integer in [0, limit), nearly uniform for a `limit` far below 2^32. */
export function below(random: Random, limit: number): number {
  return Math.floor((random() / 0x1_0000_0000) * limit);
}

/** Shuffles `items` in place. */
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
