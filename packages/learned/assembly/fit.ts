/*
 * Fitting a model to sorted keys: FMCD, the fastest minimum conflict degree (LIPP, VLDB 2021, algorithm 3; SALI, SIGMOD
 * 2024, uses it as well).
 *
 * A line through the middle of the keys, with U keys to a line of the node. If any D + 1 neighbours are at least U
 * apart, at most D keys share a line. FMCD finds the least such D from below, in one pass: where neighbours are too
 * close, D grows, and U is what spreads all but the D outermost keys on either side over the node. A line has three
 * slots, so the search begins at D = 3.
 *
 * It fails if 3 D exceeds the number of keys: some third of them would share a line. Then the model goes through the
 * keys at both thirds, and whatever lies outside of them, no third is wider than its share.
 *
 * Distances between keys are those of their ordinals; or, if the keys are doubles, those of their values, whichever
 * gives the smaller degree. As ordinals, the numbers from 1 to 1,000,000 lie like their logarithms.
 *
 * Invariants
 *   FIT1  Of four keys or more, at least two are in different lines, so building ends: FMCD spreads them over more than
 *         one line; the thirds aim at the middles of two lines, which rounding cannot make one.
 *   FIT2  All arithmetic on ordinals is in integers until only a distance is left. Keys differ, so no distance is 0; no
 *         absolute epsilon is added anywhere. slope is between 2^-64 and 2^32, the others are finite and not negative.
 *   FIT3  A model of values is used only if the distances that it is made of are finite and great enough for a finite
 *         slope above 0. Its base is the value of a key, which is then exactly where the model is aimed.
 */
import { doubleOf } from "./node";
import { hasDoubles } from "./words";

@unmanaged
export class Entry {
  key: u64;
  value: u64;
}

/** Bytes of an entry in a sorted array. */
export const ENTRY_PAIR: usize = offsetof<Entry>();

/** 2^64 as a double. */
const ALL_KEYS: f64 = 18446744073709551616.0;
/** The least conflict degree that FMCD looks for: what a line has room for. */
const LEAST_DEGREE: u32 = 3;

/** Slopes of models of values: far from what is too small or too great for a double, also times a distance. */
const LEAST_SLOPE: f64 = 1e-290;
const MOST_SLOPE: f64 = 1e290;

/** A model (node.ts). No wait comes between a call and the use of its result (SESSION1). */
export class Fit {
  static base: u64 = 0;
  static slope: f64 = 0;
  static intercept: f64 = 0;
}

function keyAt(entries: usize, index: u32): u64 {
  return load<u64>(entries + <usize>index * ENTRY_PAIR);
}

/** The distance between two ordinals, or between the values that they stand for. */
function distance(low: u64, high: u64, isByValue: bool): f64 {
  return isByValue ? doubleOf(high) - doubleOf(low) : <f64>(high - low);
}

/** The model of ordinals with this slope on which `key` is at `target`, with a base as low as it can be. */
function aim(key: u64, target: f64, slope: f64): void {
  const wanted = ceil(target / slope);
  // A double of 2^64 or more has no u64.
  const below: u64 = wanted < ALL_KEYS ? <u64>wanted : u64.MAX_VALUE;
  const base = key - min(key, below);
  Fit.base = base;
  Fit.slope = slope;
  Fit.intercept = max(0.0, target - slope * <f64>(key - base));
}

/** The model of values with this slope on which `key` is at `target` (FIT3). node.ts tells it by its sign. */
function aimByValue(key: u64, target: f64, slope: f64): void {
  Fit.base = reinterpret<u64>(doubleOf(key));
  Fit.slope = -slope;
  Fit.intercept = target;
}

/** Whether a slope can be that of a model of values (FIT3). False for what is no number. */
function isSlope(slope: f64): bool {
  return slope >= LEAST_SLOPE && slope <= MOST_SLOPE;
}

/** The conflict degree that FMCD finds, or one that is too great. */
function degreeOf(entries: usize, count: u32, lines: u32, isByValue: bool): u32 {
  let degree = LEAST_DEGREE;
  let index: u32 = 0;
  let unit = unitOf(entries, count, lines, degree, isByValue);
  while (degree * 3 <= count && index + degree < count) {
    if (distance(keyAt(entries, index), keyAt(entries, index + degree), isByValue) >= unit) {
      index++;
      continue;
    }
    degree++;
    if (degree * 3 <= count) unit = unitOf(entries, count, lines, degree, isByValue);
  }
  return isByValue && !isSlope(1 / unit) ? count : degree;
}

/** Keys to a line, if all but the `degree` outermost keys on either side are spread over all lines but two. */
function unitOf(entries: usize, count: u32, lines: u32, degree: u32, isByValue: bool): f64 {
  if (degree * 3 > count) return 0;
  const span = distance(keyAt(entries, degree), keyAt(entries, count - 1 - degree), isByValue);
  return span / <f64>(lines - 2);
}

/**
 * Fits a model to the keys of sorted entries.
 *
 * @param count of the entries, at least 4
 * @param lines to spread them over, at least 2
 * @param before how many lines to leave free before those, for keys that are less than all of these
 */
export function fit(entries: usize, count: u32, lines: u32, before: u32): void {
  const degree = lines > 4 ? degreeOf(entries, count, lines, false) : count;
  const byValue = lines > 4 && hasDoubles() ? degreeOf(entries, count, lines, true) : count;
  if (min(degree, byValue) * 3 <= count) {
    const isByValue = byValue <= degree;
    const outer = min(degree, byValue);
    const first = keyAt(entries, outer);
    const last = keyAt(entries, count - 1 - outer);
    const slope = <f64>(lines - 2) / distance(first, last, isByValue);
    if (isByValue) aimByValue(first, 1 + <f64>before, slope);
    else aim(first + ((last - first) >> 1), <f64>lines / 2 + <f64>before, slope);
    return;
  }
  const low = keyAt(entries, count / 3);
  const high = keyAt(entries, (count * 2) / 3);
  const lowLine = <f64>(lines / 3);
  const highLine = <f64>((lines * 2) / 3);
  const target = lowLine + 0.5 + <f64>before;
  const slope = (highLine - lowLine) / distance(low, high, true);
  if (hasDoubles() && isSlope(slope)) aimByValue(low, target, slope);
  else aim(low, target, (highLine - lowLine) / distance(low, high, false)); // FIT1
}
