/*
 * Growth: how the region gets more pages, up to its maximum.
 *
 * The region grows by a quarter of its size, but at least by 1 MiB, and never beyond its maximum. So the number of
 * growths is logarithmic, and what is not needed is untouched address space. The free run at the region's end
 * joins the new pages. A new segment's map page comes from pages that are already free; only if there are none, it
 * comes from the new ones, to keep those in one piece.
 *
 * Everything here is under the region's lock. A thread that dies after it has grown the memory leaves pages that
 * the page map does not describe; the next growth takes them first. repair.ts clears what that thread wrote about
 * pages beyond the extent, in the map and in the directory.
 */

import {
  countOverhead,
  extent,
  maxPages,
  PAGE_BYTES,
  PAGES_PER_WASM_PAGE,
  setExtent,
} from "./header";
import { report, TOLD_GROWN } from "./host";
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

/** How many segments of the page map describe `pages` pages. */
export function segments(pages: u32): u32 {
  return (pages + SEGMENT_PAGES - 1) >> SEGMENT_SHIFT;
}

/** How many pages the memory has, whether or not the page map describes them. */
export function memoryPages(): u32 {
  return <u32>memory.size() * PAGES_PER_WASM_PAGE;
}

/** Makes the pages from the extent to `target` part of the region. The memory has them. */
export function extendTo(target: u32): void {
  const start = extent();
  let next = start;
  for (let segment = segments(start); segment < segments(target); segment++) {
    let page = takeRun(1, SYSTEM);
    if (page === 0) page = next++;
    setMapPage(segment, page);
    countOverhead(PAGE_BYTES);
  }
  if (next > start) commitHead(start, SYSTEM, next - start);
  // The tiling reaches the new extent before the extent is stored (MAP1).
  commitHead(next, FREE, target - next);
  setExtent(target);
  giveRun(next, target - next);
}

/** Tries to grow the memory to `pages`. Returns its size after that. */
function reach(pages: u32): u32 {
  const has = memoryPages();
  if (has >= pages) return has;
  return memory.grow((pages - has) / PAGES_PER_WASM_PAGE) < 0 ? has : pages;
}

/** Rounds up to the next whole wasm page, within the maximum. */
function whole(pages: u32): u32 {
  return min((pages + PAGES_PER_WASM_PAGE - 1) & ~(PAGES_PER_WASM_PAGE - 1), maxPages());
}

/**
 * Grows the region so that a run of `pages` pages may fit; false if that cannot help.
 *
 * If true, the region is larger than before. That bounds how often a caller can try.
 */
function grow(pages: u32): bool {
  const has = extent();
  const most = maxPages();
  const last = entry(has - 1);
  const tail = kindOf(last) === FREE ? lengthOf(last) : 0;
  if (has >= most || pages - tail > most - has) return false;
  // One more than requested, because one may become a map page.
  const needed = pages - tail + 1;
  let reached = reach(whole(has + max(max(needed, has >> 2), LEAST_STEP)));
  if (reached <= has) reached = reach(whole(has + needed));
  reached = min(reached, most);
  if (reached <= has) return false;
  extendTo(reached);
  report(TOLD_GROWN, reached / PAGES_PER_WASM_PAGE);
  return true;
}

/**
 * Takes `pages` consecutive pages as a run of `kind`, and grows the region if needed.
 *
 * @param owner the participant whose private block the run becomes; 0 for none
 * @param bytes the size with which it is listed as private
 *
 * Returns its first page, or 0 if it does not fit in the region's maximum or the platform has no more memory; then
 * at most the region's size has changed.
 */
export function acquirePages(pages: u32, kind: u32, owner: usize = 0, bytes: u32 = 0): u32 {
  do {
    const page = takeRun(pages, kind, owner, bytes);
    if (page !== 0) return page;
  } while (grow(pages));
  return 0;
}
