// Randomness of the schedulers: everything derives from one seed.

/** Numbers in [0, 1), the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  // splitmix32: small, and every 32-bit state is on one cycle.
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x1_0000_0000;
  };
}
