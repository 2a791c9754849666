// Statistics over repeated measurements.
import type { Ratio } from "./result.ts";

/** The middle value, or the mean of the two middle values. NaN for no samples. */
export function median(samples: readonly number[]): number {
  const sorted = Float64Array.from(samples).sort();
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2 || Number.NaN;
}

/** The distance between the extreme samples, as a fraction of the median. */
export function spread(samples: readonly number[]): number {
  return (Math.max(...samples) - Math.min(...samples)) / median(samples);
}

/**
 * The ratios of samples that were taken in the same rounds. A disturbance that hits a whole round cancels out, which it
 * would not in the ratio of two medians. `undefined` if no round has both.
 */
export function ratioOf(
  samples: readonly number[],
  baseline: readonly number[],
): Ratio | undefined {
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(samples.length, baseline.length); round++) {
    const ratio = samples[round]! / baseline[round]!;
    if (Number.isFinite(ratio)) ratios.push(ratio);
  }
  if (ratios.length === 0) return undefined;
  return { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
}
