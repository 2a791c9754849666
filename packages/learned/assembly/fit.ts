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
 * Invariants
 *   FIT1  Of four keys or more, at least two are in different lines, so building ends: FMCD spreads them over more than
 *         one line; the thirds aim at the middles of two lines, which rounding cannot make one.
 *   FIT2  All arithmetic on keys is in integers until only a distance is left. Keys differ, so no distance is 0; no
 *         absolute epsilon is added anywhere. slope is between 2^-64 and 2^32, the others are finite and not negative.
 */

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

/** A model (node.ts). No wait comes between a call and the use of its result (SESSION1). */
export class Fit {
  static base: u64 = 0;
  static slope: f64 = 0;
  static intercept: f64 = 0;
}

function keyAt(entries: usize, index: u32): u64 {
  return load<u64>(entries + <usize>index * ENTRY_PAIR);
}

/** The line of this slope on which `key` is at `target`, with a base as low as it can be. */
function aim(key: u64, target: f64, slope: f64): void {
  const distance = ceil(target / slope);
  // A double of 2^64 or more has no u64.
  const below: u64 = distance < ALL_KEYS ? <u64>distance : u64.MAX_VALUE;
  const base = key - min(key, below);
  Fit.base = base;
  Fit.slope = slope;
  Fit.intercept = max(0.0, target - slope * <f64>(key - base));
}

/** The conflict degree that FMCD finds, or one that is too great. */
function degreeOf(entries: usize, count: u32, lines: u32): u32 {
  let degree = LEAST_DEGREE;
  let index: u32 = 0;
  let unit = unitOf(entries, count, lines, degree);
  while (degree * 3 <= count && index + degree < count) {
    if (<f64>(keyAt(entries, index + degree) - keyAt(entries, index)) >= unit) {
      index++;
      continue;
    }
    degree++;
    if (degree * 3 <= count) unit = unitOf(entries, count, lines, degree);
  }
  return degree;
}

/** Keys to a line, if all but the `degree` outermost keys on either side are spread over all lines but two. */
function unitOf(entries: usize, count: u32, lines: u32, degree: u32): f64 {
  if (degree * 3 > count) return 0;
  const span = keyAt(entries, count - 1 - degree) - keyAt(entries, degree);
  return <f64>span / <f64>(lines - 2);
}

/**
 * Fits a model to the keys of sorted entries.
 *
 * @param count of the entries, at least 4
 * @param lines to spread them over, at least 2
 * @param before how many lines to leave free before those, for keys that are less than all of these
 */
export function fit(entries: usize, count: u32, lines: u32, before: u32): void {
  const degree = lines > 4 ? degreeOf(entries, count, lines) : count;
  if (degree * 3 <= count) {
    const first = keyAt(entries, degree);
    const span = keyAt(entries, count - 1 - degree) - first;
    const middle = first + (span >> 1);
    aim(middle, <f64>lines / 2 + <f64>before, <f64>(lines - 2) / <f64>span);
    return;
  }
  const low = keyAt(entries, count / 3);
  const span = keyAt(entries, (count * 2) / 3) - low;
  const lowLine = <f64>(lines / 3);
  const highLine = <f64>((lines * 2) / 3);
  aim(low, lowLine + 0.5 + <f64>before, (highLine - lowLine) / <f64>span); // FIT1
}
