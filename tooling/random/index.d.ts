/** A generator of unsigned 32-bit numbers from a state: splitmix32. */
export function splitmix32(from: number): () => number;

/** A permutation of the unsigned 32-bit numbers: distinct inputs stay distinct, neighbours do not. */
export function scatter(word: number): number;

/**
 * A generator of unsigned 32-bit numbers that depends on the seed and the stream only.
 *
 * @param seed any 32-bit integer
 * @param stream tells apart the generators of one run, for example one a thread. 0 if absent
 */
export function randomWords(seed: number, stream?: number): () => number;

/** The same, of numbers in [0, 1). */
export function randomNumbers(seed: number, stream?: number): () => number;
