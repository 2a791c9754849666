// Randomness of the tests. Everything random derives from SEED, so that one number replays it.

export const seed = Number(process.env.SEED ?? 0);

const scale = Number(process.env.RUNS || 1);
if (!(scale > 0)) throw new Error(`RUNS must be a positive number, not '${process.env.RUNS}'`);

export function runs(count) {
  return Math.max(1, Math.round(count * scale));
}

export function random(stream = 0) {
  // splitmix32: small, and every 32-bit state is on one cycle.
  let state = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) / 0x100000000;
  };
}
