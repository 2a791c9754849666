// Latencies of single operations, in histograms of three significant digits (hdr-histogram-js).
import { createRequire } from "node:module";
import type { Histogram } from "hdr-histogram-js";
import type { Latency } from "./result.ts";

// The package is CommonJS. Tools disagree on how to import it, but all agree on how to require it.
type Package = typeof import("hdr-histogram-js");
const { build, decodeFromCompressedBase64, encodeIntoCompressedBase64 } = createRequire(
  import.meta.url,
)("hdr-histogram-js") as Package;

export type { Histogram };

/** Nanoseconds: longer ones count as this. */
const LONGEST = 600e9;

export function createHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

export function record(histogram: Histogram, nanoseconds: number): void {
  // A clock that was adjusted may go back.
  histogram.recordValue(Math.min(LONGEST, Math.max(0, Math.round(nanoseconds))));
}

/** A histogram as text, to send it to another thread. */
export function encode(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/**
 * Adds histograms up. `undefined` if nothing was recorded. If a rate was to be held, latencies are corrected for what had
 * to wait, and `reached` says how many operations per second there were.
 */
export function summarise(encoded: readonly string[], reached?: number): Latency | undefined {
  const all = createHistogram();
  for (const text of encoded) all.add(decodeFromCompressedBase64(text) as Histogram);
  if (all.totalCount === 0) return undefined;
  return {
    count: all.totalCount,
    mean: Math.round(all.mean),
    p50: all.getValueAtPercentile(50),
    p90: all.getValueAtPercentile(90),
    p99: all.getValueAtPercentile(99),
    p99_9: all.getValueAtPercentile(99.9),
    p99_99: all.getValueAtPercentile(99.99),
    max: all.maxValue,
    corrected: reached !== undefined,
    ...(reached !== undefined && { reached }),
  };
}
