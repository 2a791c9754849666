/*
 * The page map: what every page of the region is used for.
 *
 * It has one word per page. The words of 1,024 pages (a segment of 4 MiB) fill one page; the directory in the
 * header points to it. So the map costs a thousandth of the region's size, not of its maximum, and two loads lead
 * to a page's word.
 *
 *   31                                    4 3      0
 *   +--------------------------------------+--------+
 *   | length in pages                      | kind   |      (for SLAB_PAGE: pages back to the head)
 *   +--------------------------------------+--------+
 *
 *   kind       at                                            length
 *   INSIDE     any other page of a RUN, FREE or SYSTEM run   0: the whole word is 0
 *   FREE       the first and the last page of a free run     of the run
 *   RUN        the first page of a large block               of the run
 *   SLAB       the first page of a slab                      of the slab
 *   SLAB_PAGE  the other pages of a slab                     back to its first
 *   SYSTEM     header, map pages, participant descriptors    of the run
 *
 * Invariants
 *   MAP1  The words of first pages (the heads) tile the region: from page 0, adding each head's length leads from
 *         head to head up to exactly `extent`.
 *   MAP2  Two free runs never touch.
 *   MAP3  Every word is 0 unless it is a head, the last word of a free run, or a slab's.
 *
 * Only the heads are primary data; last-page words, SLAB_PAGE words and the bins can be rebuilt from them. Every
 * change leads from one tiling to the next by one atomic store to one head. Its other words are prepared before or
 * cleaned up after, so MAP1 holds wherever a thread dies.
 */

import { DIRECTORY, PAGE_BYTES, PAGE_SHIFT } from "./header";

export const INSIDE: u32 = 0;
export const FREE: u32 = 1;
export const RUN: u32 = 2;
export const SLAB: u32 = 3;
export const SLAB_PAGE: u32 = 4;
export const SYSTEM: u32 = 5;

/** log2 of the pages that one page of the map describes. */
export const SEGMENT_SHIFT: u32 = 10;
/** Pages that one page of the map describes. */
export const SEGMENT_PAGES: u32 = 1 << SEGMENT_SHIFT;

/** How many segments the directory has room for: 4 GiB. */
export const DIRECTORY_ENTRIES: u32 = 1024;

const KIND_BITS: u32 = 4;
const KIND_MASK: u32 = (1 << KIND_BITS) - 1;

/** The map page of a segment; 0 if the region does not reach it yet. */
export function mapPageOf(segment: u32): usize {
  return load<u32>(DIRECTORY + (segment << 2));
}

/** Under the lock: gives a segment its map page, which becomes all zeros. */
export function setMapPage(segment: u32, page: u32): void {
  const address = (<usize>page) << PAGE_SHIFT;
  memory.fill(address, 0, PAGE_BYTES);
  atomic.store<u32>(DIRECTORY + (segment << 2), <u32>address);
}

/** Under the lock: removes the map page of a segment that the region does not reach. */
export function dropMapPage(segment: u32): void {
  atomic.store<u32>(DIRECTORY + (segment << 2), 0);
}

/** Builds a word of the map. */
export function wordOf(kind: u32, length: u32): u32 {
  return (length << KIND_BITS) | kind;
}

function wordAt(page: u32): usize {
  return mapPageOf(page >> SEGMENT_SHIFT) + ((page & (SEGMENT_PAGES - 1)) << 2);
}

/** The map's word for a page below the extent. Under the lock, or for a page of the caller's own block. */
export function entry(page: u32): u32 {
  return load<u32>(wordAt(page));
}

/** The kind in a word of the map. */
export function kindOf(word: u32): u32 {
  return word & KIND_MASK;
}

/** The length (or the distance back) in a word of the map, in pages. */
export function lengthOf(word: u32): u32 {
  return word >> KIND_BITS;
}

/** Under the lock: writes a word that is not a head yet, or no longer. */
export function setEntry(page: u32, kind: u32, length: u32): void {
  store<u32>(wordAt(page), (length << KIND_BITS) | kind);
}

/** Under the lock: writes a head, which leads from one tiling of the region to the next (MAP1). */
export function commitHead(page: u32, kind: u32, length: u32): void {
  atomic.store<u32>(wordAt(page), (length << KIND_BITS) | kind);
}
