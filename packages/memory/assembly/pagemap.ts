// The page map: what every page of the region is used for.
//
// One word for each page. The words of 1,024 pages (a segment of 4 MiB) fill a page themselves; the
// directory in the header points to it. So the map costs a thousandth of what the region has, not
// of what it may become, and a page's word is two loads away.
//
//   31                                    4 3      0
//   +--------------------------------------+--------+
//   | length in pages                      | kind   |      (for SLAB_PAGE: pages back to the head)
//   +--------------------------------------+--------+
//
//   kind       at                                            length
//   INSIDE     any other page of a RUN, FREE or SYSTEM run   0: the whole word is 0
//   FREE       the first and the last page of a free run     of the run
//   RUN        the first page of a large block               of the run
//   SLAB       the first page of a slab                      of the slab
//   SLAB_PAGE  the other pages of a slab                     back to its first
//   SYSTEM     header, map pages, participant descriptors    of the run
//
// Invariants
//   M1  The words of first pages (the heads) tile the region: from page 0, adding each head's length
//       leads from head to head up to exactly `extent`.
//   M2  Two free runs never touch.
//   M3  Every word that is not a head, the last of a free run or a slab's is 0.
//
// The heads alone are primary data; last-page words, SLAB_PAGE words and the bins can be rebuilt from
// them. Every change goes from one tiling to the next by one atomic store to one head (its other
// words are prepared before or swept up after), so that M1 holds wherever a thread dies.

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

/** The map page of a segment, or 0 when the region does not reach it yet. */
export function mapPageOf(segment: u32): usize {
  return load<u32>(DIRECTORY + (segment << 2));
}

/** Holding the lock: gives a segment its map page, which becomes all zeros. */
export function setMapPage(segment: u32, page: u32): void {
  const address = (<usize>page) << PAGE_SHIFT;
  memory.fill(address, 0, PAGE_BYTES);
  atomic.store<u32>(DIRECTORY + (segment << 2), <u32>address);
}

/** Holding the lock: a segment that the region does not reach has no map page. */
export function dropMapPage(segment: u32): void {
  atomic.store<u32>(DIRECTORY + (segment << 2), 0);
}

/** A word of the map. */
export function wordOf(kind: u32, length: u32): u32 {
  return (length << KIND_BITS) | kind;
}

function wordAt(page: u32): usize {
  return mapPageOf(page >> SEGMENT_SHIFT) + ((page & (SEGMENT_PAGES - 1)) << 2);
}

/** The map's word for a page below the extent. Holding the lock, or for a page of one's own block. */
export function entry(page: u32): u32 {
  return load<u32>(wordAt(page));
}

/** The kind in a word of the map. */
export function kindOf(word: u32): u32 {
  return word & KIND_MASK;
}

/** The length (or the way back) in a word of the map, in pages. */
export function lengthOf(word: u32): u32 {
  return word >> KIND_BITS;
}

/** Holding the lock: writes a word that is not a head yet, or not any more. */
export function setEntry(page: u32, kind: u32, length: u32): void {
  store<u32>(wordAt(page), (length << KIND_BITS) | kind);
}

/** Holding the lock: writes a head, which takes the region from one tiling to the next (M1). */
export function commitHead(page: u32, kind: u32, length: u32): void {
  atomic.store<u32>(wordAt(page), (length << KIND_BITS) | kind);
}
