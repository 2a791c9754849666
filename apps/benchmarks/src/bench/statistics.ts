// What is made of repeated measurements.

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(samples: readonly number[]): number {
  const sorted = Float64Array.from(samples).sort();
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2 || Number.NaN;
}

/** How far apart the samples are, as a share of their median. */
export function spread(samples: readonly number[]): number {
  return (Math.max(...samples) - Math.min(...samples)) / median(samples);
}

/**
 * The median of the ratios of samples that were taken side by side: what both suffered in the
 * same moment cancels out, which it does not in the ratio of two medians.
 */
export function pairedRatio(samples: readonly number[], baseline: readonly number[]): number {
  const pairs = Math.min(samples.length, baseline.length);
  return median(Array.from({ length: pairs }, (_, n) => samples[n]! / baseline[n]!));
}
