// Randomness for tests. All of it derives from SEED, so that one number replays it.

import { randomNumbers } from "@tooling/random";

export const seed = Number(process.env.SEED ?? 0);

const scale = Number(process.env.RUNS || 1);
if (!(scale > 0)) throw new Error(`RUNS must be a positive number, not '${process.env.RUNS}'`);

/** Whether this is `test:stress`. */
export const isFull = Boolean(process.env.STRESS);

/** What `npm test` draws of a count: all suites together have to take minutes, on two cores. */
const SHARE = 0.3;

export function runs(count, full) {
  const quick = full === undefined ? count * SHARE : count;
  return Math.max(1, Math.round((isFull ? (full ?? count) : quick) * scale));
}

export function random(stream = 0) {
  return randomNumbers(seed, stream);
}
