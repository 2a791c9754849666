/** The seed of this run: `SEED` from the environment, or else drawn once per run and printed. */
export const seed: number;

/** Whether this is `test:stress`: tests that go through combinations take all of them then, and some in `test`. */
export const isFull: boolean;

/**
 * How many cases to draw: `count` in `test:stress`, which runs every file that imports this one, and three tenths of it
 * in `test`; at least 1. `RUNS` from the environment multiplies it.
 *
 * @param full what `test:stress` draws. Then `count` is what `test` draws, and not a part of that
 */
export function runs(count: number, full?: number): number;

/**
 * Makes a generator of numbers in [0, 1) that depends only on the seed and on `stream`.
 *
 * @param stream distinguishes the generators of a test, for example one per worker
 */
export function random(stream?: number): () => number;
