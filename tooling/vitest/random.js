// Randomness for tests. All of it derives from SEED, so that one number replays it.

import { randomNumbers } from "@tooling/random";

export const seed = Number(process.env.SEED ?? 0);

const scale = Number(process.env.RUNS || 1);
if (!(scale > 0)) throw new Error(`RUNS must be a positive number, not '${process.env.RUNS}'`);

export function runs(count, stressed = count) {
  return Math.max(1, Math.round((process.env.STRESS ? stressed : count) * scale));
}

export function random(stream = 0) {
  return randomNumbers(seed, stream);
}
