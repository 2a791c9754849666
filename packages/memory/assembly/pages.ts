/*
 * Page runs: taking pages from the free runs and giving them back, within the pages that the region has.
 *
 * Free runs are kept in bins by length, as doubly linked lists through the runs' own first bytes:
 *
 *   byte of a free run's first page
 *   0   next u32   the next run of the bin, as an address; 0 = last
 *   4   prev u32   the one before; 0 = first
 *
 *   bin      0  1 ... 14   15      16      17      18      ...  48
 *   pages    1  2 ... 15   16..23  24..31  32..47  48..63  ...  1048576
 *
 * A request takes the tightest of the first few runs of its own bin; otherwise the first run of the next bin that
 * has any. It takes the front of the run. Everything here is under the region's lock.
 *
 * Invariants
 *   PAGES1  A run is in a bin if and only if its head in the page map is FREE; it is in the bin of its length.
 *   PAGES2  The bin mask has the bit of a bin if and only if the bin is not empty.
 *
 * Both are derived from the page map alone.
 */

import { BINS, binMask, extent, PAGE_SHIFT, setBinMask } from "./header";
import { commitHead, entry, FREE, INSIDE, kindOf, lengthOf, setEntry } from "./pagemap";
import { addPrivate } from "./private";

/** How many bins there are. */
export const BIN_COUNT: u32 = 49;

/** How many runs of a request's own bin are considered before a larger run is cut. */
const LOOK_AT: u32 = 32;

@unmanaged
class FreeRun {
  next: u32;
  prev: u32;
}

/** The bin of free runs of `pages` pages, at least 1. */
export function binOf(pages: u32): u32 {
  if (pages < 16) return pages - 1;
  const log = 31 - clz(pages);
  return 7 + 2 * log + ((pages >> (log - 1)) & 1);
}

/** The first run of a bin, as an address; 0 when the bin is empty. */
export function binHead(bin: u32): usize {
  return load<u32>(BINS + (bin << 2));
}

/** The run after a run of a bin, as an address; 0 after the last. */
export function nextRun(run: usize): usize {
  return load<u32>(run, offsetof<FreeRun>("next"));
}

/** The run before a run of a bin, as an address; 0 before the first. */
export function previousRun(run: usize): usize {
  return load<u32>(run, offsetof<FreeRun>("prev"));
}

/** Under the lock: removes all runs from the bins, before they are listed again. */
export function clearBins(): void {
  for (let bin: u32 = 0; bin < BIN_COUNT; bin++) store<u32>(BINS + (bin << 2), 0);
  setBinMask(0);
}

/** Length in pages of the free run at an address. */
function runLength(run: usize): u32 {
  return lengthOf(entry(<u32>(run >> PAGE_SHIFT)));
}

/** Adds a free run to the bin of its length (PAGES1, PAGES2). */
export function enlist(page: u32, length: u32): void {
  const bin = binOf(length);
  const run = (<usize>page) << PAGE_SHIFT;
  const next = binHead(bin);
  store<u32>(run, <u32>next, offsetof<FreeRun>("next"));
  store<u32>(run, 0, offsetof<FreeRun>("prev"));
  if (next !== 0) store<u32>(next, <u32>run, offsetof<FreeRun>("prev"));
  store<u32>(BINS + (bin << 2), <u32>run);
  setBinMask(binMask() | ((<u64>1) << bin));
}

function delist(page: u32, length: u32): void {
  const run = (<usize>page) << PAGE_SHIFT;
  const next = nextRun(run);
  const prev = previousRun(run);
  if (next !== 0) store<u32>(next, <u32>prev, offsetof<FreeRun>("prev"));
  if (prev !== 0) {
    store<u32>(prev, <u32>next, offsetof<FreeRun>("next"));
  } else {
    const bin = binOf(length);
    store<u32>(BINS + (bin << 2), <u32>next);
    if (next === 0) setBinMask(binMask() & ~((<u64>1) << bin));
  }
}

/** The tightest fit among the first `look` runs from `run` on; 0 when none of them fits. */
function tightest(run: usize, pages: u32, look: u32): usize {
  let best: usize = 0;
  let bestLength = u32.MAX_VALUE;
  for (; run !== 0 && look !== 0; look--, run = nextRun(run)) {
    const length = runLength(run);
    if (length < pages || length >= bestLength) continue;
    best = run;
    bestLength = length;
    if (length === pages) break;
  }
  return best;
}

function find(pages: u32): usize {
  const bin = binOf(pages);
  const near = tightest(binHead(bin), pages, LOOK_AT);
  if (near !== 0) return near;
  // Every run of a later bin is long enough.
  const larger = binMask() & ~(((<u64>2) << bin) - 1);
  if (larger !== 0) return binHead(<u32>ctz(larger));
  // No bin of longer runs has any: look at all of this bin before the region counts as full.
  return tightest(binHead(bin), pages, u32.MAX_VALUE);
}

/**
 * Takes `pages` consecutive pages from the free runs, as a run of `kind`.
 *
 * @param owner the participant whose private block the run becomes before it is taken (PRIVATE1 in private.ts); or
 *   0
 * @param bytes the size with which it is listed as private
 *
 * Returns its first page, or 0 if no free run is that long. O(1) except for the last search before that.
 */
export function takeRun(pages: u32, kind: u32, owner: usize = 0, bytes: u32 = 0): u32 {
  const run = find(pages);
  if (run === 0) return 0;
  const page = <u32>(run >> PAGE_SHIFT);
  const length = runLength(run);
  delist(page, length);
  const rest = length - pages;
  if (rest !== 0) {
    setEntry(page + pages, FREE, rest);
    setEntry(page + length - 1, FREE, rest);
  }
  if (owner !== 0) addPrivate(owner, run, bytes);
  commitHead(page, kind, pages);
  if (rest !== 0) enlist(page + pages, rest);
  else if (pages > 1) setEntry(page + pages - 1, INSIDE, 0);
  return page;
}

/**
 * Gives back `pages` pages from `page` on, and joins them with the free runs on either side (MAP2).
 *
 * All of its words but the head are 0 already. O(1).
 */
export function giveRun(page: u32, pages: u32): void {
  let start = page;
  let length = pages;
  const after = page + pages;
  if (after < extent()) {
    const word = entry(after);
    if (kindOf(word) === FREE) {
      length += lengthOf(word);
      delist(after, lengthOf(word));
    }
  }
  const before = entry(page - 1);
  if (kindOf(before) === FREE) {
    start -= lengthOf(before);
    length += lengthOf(before);
    delist(start, lengthOf(before));
  }
  commitHead(start, FREE, length);
  // First and last pages of the joined runs that are inside now.
  if (start < page) {
    if (start < page - 1) setEntry(page - 1, INSIDE, 0);
    setEntry(page, INSIDE, 0);
  }
  if (length > after - start) setEntry(after, INSIDE, 0);
  setEntry(start + length - 1, FREE, length);
  enlist(start, length);
}
