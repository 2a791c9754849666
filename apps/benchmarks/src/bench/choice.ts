// How operations choose their keys.
import { below, type Random } from "../random.ts";

export const choices = [
  { name: "uniform", description: "every key is as likely as any other" },
  {
    name: "zipfian",
    description:
      "few keys take most operations: the n-th most popular is chosen in proportion to 1/n^0.99",
  },
  { name: "latest", description: "zipfian, and the key inserted last is the most popular one" },
  { name: "sequential", description: "one key after the other in ascending order" },
] as const;

export type ChoiceName = (typeof choices)[number]["name"];
export const choiceNames: readonly ChoiceName[] = choices.map(({ name }) => name);

/** YCSB's constant. */
export const EXPONENT = 0.99;

/**
 * Ranks from 0 to `count - 1`, of which rank r comes in proportion to 1 / (r + 1)^exponent.
 *
 * By rejection from the integral of the density (Hörmann and Derflinger, 1996): exact, and as fast for millions of
 * ranks as for ten.
 */
export function zipfian(count: number, random: Random, exponent = EXPONENT): () => number {
  const rest = 1 - exponent;
  // The integral of x^-exponent from 1 on, and its inverse.
  const integral = (x: number): number => Math.expm1(rest * Math.log(x)) / rest;
  const inverse = (y: number): number => Math.exp(Math.log1p(Math.max(-1, y * rest)) / rest);
  const density = (x: number): number => Math.exp(-exponent * Math.log(x));
  const from = integral(1.5) - 1;
  const to = integral(count + 0.5);
  // Within this distance of a whole number, nothing is rejected.
  const sure = 2 - inverse(integral(2.5) - density(2));
  return () => {
    for (;;) {
      const y = to + (random() / 2 ** 32) * (from - to);
      const x = inverse(y);
      const rank = Math.min(count, Math.max(1, Math.round(x)));
      if (rank - x <= sure || y >= integral(rank + 0.5) - density(rank)) return rank - 1;
    }
  };
}

/**
 * A bijection of the numbers below `count` that moves neighbours far apart, so that popular keys are neither neighbours
 * in the map nor in the order in which they were inserted.
 */
export function spread(count: number): (rank: number) => number {
  let factor = Math.max(1, Math.floor(count * 0.618)) | 1;
  while (greatestCommonDivisor(factor, count) !== 1) factor += 2;
  // Below 2^53 for every size there is.
  return (rank) => (rank * factor + 12_345) % count;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Numbers below `count`. For `latest` they count back from the newest entry, which is 0; for the others they are keys.
 *
 * @param start where `sequential` begins
 */
export function chooser(
  choice: ChoiceName,
  count: number,
  random: Random,
  start = 0,
): () => number {
  switch (choice) {
    case "uniform":
      return () => below(random, count);
    case "zipfian": {
      const rank = zipfian(count, random);
      const place = spread(count);
      return () => place(rank());
    }
    case "latest":
      return zipfian(count, random);
    case "sequential": {
      let next = start % count;
      return () => {
        const chosen = next;
        next = next + 1 === count ? 0 : next + 1;
        return chosen;
      };
    }
  }
}
