// Seeded randomness: one number, which every run prints, replays all its choices.

/**
 * splitmix32: small, and every 32-bit state is on one cycle.
 *
 * @param {number} from the state to begin with
 */
export function splitmix32(from) {
  let state = from | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    return scatter(state);
  };
}

/** A permutation of the 32-bit numbers: distinct inputs stay distinct, neighbours do not. */
export function scatter(word) {
  let z = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

export function randomWords(seed, stream = 0) {
  return splitmix32(seed ^ Math.imul(stream + 1, 0x9e3779b9));
}

export function randomNumbers(seed, stream = 0) {
  const words = randomWords(seed, stream);
  return () => words() / 2 ** 32;
}
