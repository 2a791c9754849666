/** The seed of this run: `SEED` from the environment, else drawn once per run and printed. */
export const seed: number;

/** `count` scaled by the environment's `RUNS` (a factor, 1 if unset), at least 1. */
export function runs(count: number): number;

/**
 * A generator of numbers in [0, 1) that depends on the seed and on `stream` only.
 *
 * @param stream tells apart the generators of one test, for example one per worker
 */
export function random(stream?: number): () => number;
