// Statistics over repeated measurements.

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
 * The median of the ratios of samples taken side by side. A disturbance that hits both samples of a
 * pair cancels out, which it would not in the ratio of two medians.
 */
export function pairedRatio(samples: readonly number[], baseline: readonly number[]): number {
  const pairs = Math.min(samples.length, baseline.length);
  return median(Array.from({ length: pairs }, (_, n) => samples[n]! / baseline[n]!));
}
