// Growth: how the region gets more pages, up to its maximum.
//
// The region grows by a quarter of what it has, by 1 MiB at least and never past its maximum, so
// that the number of growths is logarithmic and what they overshoot is untouched address space. The
// free run at the region's end joins the new pages. A new segment's map page comes from the pages
// that are free already, and only if there are none from the new ones, to keep those in one piece.
//
// Everything here is under the region's lock. A thread that dies after it grew the memory leaves pages
// that the page map does not know; the next growth takes them first. What it wrote about pages beyond
// the extent, in the map and in the directory, repair.ts wipes off.

import {
  countOverhead,
  extent,
  maxPages,
  PAGE_BYTES,
  PAGES_PER_WASM_PAGE,
  setExtent,
} from "./header";
import {
  commitHead,
  entry,
  FREE,
  kindOf,
  lengthOf,
  SEGMENT_PAGES,
  SEGMENT_SHIFT,
  SYSTEM,
  setMapPage,
} from "./pagemap";
import { giveRun, takeRun } from "./pages";

/** The least that a growth adds, in pages: 1 MiB. */
const LEAST_STEP: u32 = 256;

/** How many segments of the page map that many pages take. */
export function segments(pages: u32): u32 {
  return (pages + SEGMENT_PAGES - 1) >> SEGMENT_SHIFT;
}

/** How many pages the memory has, whether or not the page map describes them. */
export function memoryPages(): u32 {
  return <u32>memory.size() * PAGES_PER_WASM_PAGE;
}

/** Makes the pages from the extent up to `target`, which the memory has, part of the region. */
export function extendTo(target: u32): void {
  const start = extent();
  let next = start;
  for (let segment = segments(start); segment < segments(target); segment++) {
    let page = takeRun(1, SYSTEM);
    if (!page) page = next++;
    setMapPage(segment, page);
    countOverhead(PAGE_BYTES);
  }
  if (next > start) commitHead(start, SYSTEM, next - start);
  // The tiling reaches the new extent before the extent says so (M1).
  commitHead(next, FREE, target - next);
  setExtent(target);
  giveRun(next, target - next);
}

/** Tries to have the memory reach `pages`; returns how far it reaches. */
function reach(pages: u32): u32 {
  const has = memoryPages();
  if (has >= pages) return has;
  return memory.grow((pages - has) / PAGES_PER_WASM_PAGE) < 0 ? has : pages;
}

/** Up to the next whole wasm page, within the maximum. */
function whole(pages: u32): u32 {
  return min((pages + PAGES_PER_WASM_PAGE - 1) & ~(PAGES_PER_WASM_PAGE - 1), maxPages());
}

/**
 * Grows the region so that a run of `pages` pages has a chance; false when that can not help.
 *
 * When true, the region is larger than it was, which bounds how often a caller can try.
 */
function grow(pages: u32): bool {
  const has = extent();
  const most = maxPages();
  const last = entry(has - 1);
  const tail = kindOf(last) === FREE ? lengthOf(last) : 0;
  if (has >= most || pages - tail > most - has) return false;
  // One more than asked for, because a map page may be taken from it.
  const needed = pages - tail + 1;
  let reached = reach(whole(has + max(max(needed, has >> 2), LEAST_STEP)));
  if (reached <= has) reached = reach(whole(has + needed));
  reached = min(reached, most);
  if (reached <= has) return false;
  extendTo(reached);
  return true;
}

/**
 * Takes `pages` pages in a row as a run of `kind`, growing the region where that is needed.
 *
 * @param hand the participant whose hand the run goes to; 0 when it goes to none
 * @param bytes what it is in the hand with
 *
 * Returns its first page, or 0 when it does not fit in the region's maximum or the platform has no
 * more memory; then nothing but the region's size may have changed.
 */
export function acquirePages(pages: u32, kind: u32, hand: usize = 0, bytes: u32 = 0): u32 {
  do {
    const page = takeRun(pages, kind, hand, bytes);
    if (page) return page;
  } while (grow(pages));
  return 0;
}
