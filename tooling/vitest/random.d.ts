/** The seed of this run: `SEED` from the environment, or else drawn once per run and printed. */
export const seed: number;

/**
 * `count` multiplied by `RUNS` from the environment (1 if unset), rounded, at least 1.
 *
 * @param stressed what `count` is in `test:stress`, for files that the preset's `stressed` names
 */
export function runs(count: number, stressed?: number): number;

/**
 * Makes a generator of numbers in [0, 1) that depends only on the seed and on `stream`.
 *
 * @param stream distinguishes the generators of a test, for example one per worker
 */
export function random(stream?: number): () => number;
