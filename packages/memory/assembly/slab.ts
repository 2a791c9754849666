/*
 * Slabs: eight pages cut into blocks of one size class.
 *
 *   byte          field
 *   -----------   -------------------------------------------------------------------------------
 *   0             sizeClass  u32   its class
 *   4             free       u32   how many blocks are in the slab (derived from the bitmap)
 *   8             next       u32   the next slab of the class with a free block; 0 = last
 *   12            prev       u32   the one before; 0 = first
 *   16            hint       u32   no word of the bitmap before this one has a bit set
 *   20..63                         unused
 *   64..          bitmap     u64[] bit i of word w set: block 64 w + i is in the slab, free.
 *                                  Clear: it is out, live or in a participant's cache
 *   first..       blocks           `first` as the class's record says, a multiple of 64
 *
 * A slab starts at any page. Only a batch between a cache and the slabs has to find the slab of a block; it uses
 * the page map. Everything here is under the region's lock.
 *
 * Invariants
 *   SLAB1  The bitmap and the class are primary data. free, hint and the list follow from them.
 *   SLAB2  A slab is in the list of its class if and only if one of its blocks is free.
 *   SLAB3  A slab whose blocks are all free goes back to the page runs at once.
 *   SLAB4  A block in a cache is out. Refilling links a block into the cache before it clears the bit; spilling
 *          sets the bit before it unlinks the block. So if a thread dies in between, a block is both: it belongs
 *          to the cache.
 *   SLAB5  A block serves requests of its own class and, once the region is full, of smaller ones. Then the slab
 *          tells a block's class, not the block's size (`classOfBlock`). Whichever request it serves, a cache
 *          holds blocks of its own class only.
 */

import { acquirePages } from "./growth";
import { countOverhead, isMixed, PAGE_BYTES, PAGE_SHIFT } from "./header";
import {
  commitHead,
  entry,
  INSIDE,
  kindOf,
  lengthOf,
  SLAB,
  SLAB_PAGE,
  SYSTEM,
  setEntry,
} from "./pagemap";
import { giveRun } from "./pages";
import {
  CLASSES,
  classBytes,
  classFirst,
  classObjects,
  classOf,
  partialSlabs,
  SLAB_BYTES,
  SLAB_HEADER_BYTES,
  setPartialSlabs,
  slabSlack,
} from "./sizeclass";

/** Pages of a slab. */
export const SLAB_PAGES: u32 = SLAB_BYTES / PAGE_BYTES;

@unmanaged
class Slab {
  sizeClass: u32;
  free: u32;
  next: u32;
  prev: u32;
  hint: u32;
}

/** The class of a slab's blocks. */
export function slabClass(slab: usize): u32 {
  return load<u32>(slab, offsetof<Slab>("sizeClass"));
}

/** How many of a slab's blocks are free. */
export function slabFree(slab: usize): u32 {
  return load<u32>(slab, offsetof<Slab>("free"));
}

/** The next slab of the class that has a free block, or 0. */
export function nextSlab(slab: usize): usize {
  return load<u32>(slab, offsetof<Slab>("next"));
}

/** The slab before in that list, or 0. */
export function previousSlab(slab: usize): usize {
  return load<u32>(slab, offsetof<Slab>("prev"));
}

/** The word of the bitmap before which no block is free. */
export function slabHint(slab: usize): u32 {
  return load<u32>(slab, offsetof<Slab>("hint"));
}

/** How many words the bitmap of a slab with this many blocks has. */
export function bitmapWords(objects: u32): u32 {
  return (objects + 63) >> 6;
}

/** Word `index` of a slab's bitmap. */
export function bitmapWord(slab: usize, index: u32): u64 {
  return load<u64>(slab + (index << 3), SLAB_HEADER_BYTES);
}

function setBitmapWord(slab: usize, index: u32, word: u64): void {
  atomic.store<u64>(slab + (index << 3), word, SLAB_HEADER_BYTES);
}

/** The slab that a block lies in, or 0 when its page is not a slab's. */
export function slabOf(block: usize): usize {
  const page = <u32>(block >> PAGE_SHIFT);
  const word = entry(page);
  if (kindOf(word) === SLAB) return (<usize>page) << PAGE_SHIFT;
  if (kindOf(word) === SLAB_PAGE) return (<usize>(page - lengthOf(word))) << PAGE_SHIFT;
  return 0;
}

/**
 * The class of a block that was requested with `bytes` bytes, at most MAX_SMALL, and is not freed (SLAB5).
 *
 * Until the region has been full, one more load than the class table needs; after that, it goes through the page
 * map.
 */
export function classOfBlock(block: usize, bytes: u32): u32 {
  return isMixed() ? slabClass(slabOf(block)) : classOf(bytes);
}

/** Whether a block of a class may serve a request of another one (SLAB5). */
export function serves(sizeClass: u32, asked: u32): bool {
  return sizeClass === asked || (sizeClass > asked && isMixed());
}

/** No class. */
export const NONE: u32 = CLASSES;

/** Under the lock: the smallest class larger than `asked` of which a slab has a free block, or NONE. */
export function findLarger(asked: u32): u32 {
  let larger = asked + 1;
  while (larger < NONE && partialSlabs(larger) === 0) larger++;
  return larger;
}

/** Whether an address inside a slab is the start of one of its blocks. */
export function isBlockOf(slab: usize, block: usize): bool {
  const sizeClass = slabClass(slab);
  const offset = <u32>(block - slab) - classFirst(sizeClass);
  const bytes = classBytes(sizeClass);
  return offset % bytes === 0 && offset / bytes < classObjects(sizeClass);
}

/** The index of a block in its slab. */
export function blockIndex(slab: usize, block: usize): u32 {
  const sizeClass = slabClass(slab);
  return (<u32>(block - slab) - classFirst(sizeClass)) / classBytes(sizeClass);
}

/** Whether block `index` is free. */
export function isFree(slab: usize, index: u32): bool {
  return ((bitmapWord(slab, index >> 6) >> (index & 63)) & 1) !== 0;
}

/** Sets only the bit of block `index`. */
export function setFree(slab: usize, index: u32, free: bool): void {
  const bit = (<u64>1) << (index & 63);
  const word = bitmapWord(slab, index >> 6);
  setBitmapWord(slab, index >> 6, free ? word | bit : word & ~bit);
}

/** Adds a slab to the list of its class (SLAB2). */
export function enlist(slab: usize): void {
  const sizeClass = slabClass(slab);
  const next = partialSlabs(sizeClass);
  store<u32>(slab, <u32>next, offsetof<Slab>("next"));
  store<u32>(slab, 0, offsetof<Slab>("prev"));
  if (next !== 0) store<u32>(next, <u32>slab, offsetof<Slab>("prev"));
  setPartialSlabs(sizeClass, slab);
}

function delist(slab: usize): void {
  const next = nextSlab(slab);
  const prev = previousSlab(slab);
  if (next !== 0) store<u32>(next, <u32>prev, offsetof<Slab>("prev"));
  if (prev !== 0) store<u32>(prev, <u32>next, offsetof<Slab>("next"));
  else setPartialSlabs(slabClass(slab), next);
}

/**
 * Derives a slab's count and hint from its bitmap (SLAB1), and adds it to the list of its class, which is being
 * rebuilt. Returns how many blocks are free. If all are, the slab stays unchanged, and the caller gives it back.
 */
export function recountSlab(slab: usize): u32 {
  const objects = classObjects(slabClass(slab));
  let free: u32 = 0;
  let hint: u32 = 0;
  for (let index = bitmapWords(objects); index > 0; index--) {
    const word = bitmapWord(slab, index - 1);
    if (word === 0) continue;
    free += <u32>popcnt(word);
    hint = index - 1;
  }
  if (free === objects) return free;
  if (slabFree(slab) !== free) store<u32>(slab, free, offsetof<Slab>("free"));
  store<u32>(slab, hint, offsetof<Slab>("hint"));
  if (free !== 0) enlist(slab);
  return free;
}

/** Creates a slab of the class, in its list; 0 if the region is full. */
function createSlab(sizeClass: u32): usize {
  // Until the slab is complete it is a system run that nothing refers to. So the page map never names a slab
  // without a bitmap.
  const page = acquirePages(SLAB_PAGES, SYSTEM);
  if (page === 0) return 0;
  const slab = (<usize>page) << PAGE_SHIFT;
  const objects = classObjects(sizeClass);
  store<u32>(slab, sizeClass, offsetof<Slab>("sizeClass"));
  store<u32>(slab, objects, offsetof<Slab>("free"));
  store<u32>(slab, 0, offsetof<Slab>("hint"));
  let left = objects;
  for (let index: u32 = 0; left !== 0; index++) {
    const bits = min(left, 64);
    setBitmapWord(slab, index, u64.MAX_VALUE >> (64 - bits));
    left -= bits;
  }
  for (let back: u32 = 1; back < SLAB_PAGES; back++) setEntry(page + back, SLAB_PAGE, back);
  commitHead(page, SLAB, SLAB_PAGES);
  countOverhead(slabSlack(sizeClass));
  enlist(slab);
  return slab;
}

/** Gives an empty slab's pages back (SLAB3). */
function releaseSlab(slab: usize): void {
  const page = <u32>(slab >> PAGE_SHIFT);
  delist(slab);
  countOverhead(-(<i64>slabSlack(slabClass(slab))));
  for (let back: u32 = 1; back < SLAB_PAGES; back++) setEntry(page + back, INSIDE, 0);
  giveRun(page, SLAB_PAGES);
}

/** Finds a free block of the class, which stays free until `takeBlock`; 0 if the region is full. */
export function findBlock(sizeClass: u32): usize {
  let slab = partialSlabs(sizeClass);
  if (slab === 0) slab = createSlab(sizeClass);
  if (slab === 0) return 0;
  let index = slabHint(slab);
  let word = bitmapWord(slab, index);
  while (word === 0) word = bitmapWord(slab, ++index);
  store<u32>(slab, index, offsetof<Slab>("hint"));
  return slab + classFirst(sizeClass) + ((index << 6) + <u32>ctz(word)) * classBytes(sizeClass);
}

/** Marks the block that `findBlock` found as out. */
export function takeBlock(sizeClass: u32): void {
  const slab = partialSlabs(sizeClass);
  const index = slabHint(slab);
  const word = bitmapWord(slab, index);
  setBitmapWord(slab, index, word & (word - 1));
  const free = slabFree(slab) - 1;
  store<u32>(slab, free, offsetof<Slab>("free"));
  if (free === 0) delist(slab);
}

/** Marks a block as back in its slab. The slab stays until `settle`, even if it is empty now. */
export function returnBlock(slab: usize, block: usize): void {
  const index = blockIndex(slab, block);
  setFree(slab, index, true);
  if (index >> 6 < slabHint(slab)) store<u32>(slab, index >> 6, offsetof<Slab>("hint"));
  const free = slabFree(slab) + 1;
  store<u32>(slab, free, offsetof<Slab>("free"));
  if (free === 1) enlist(slab);
}

/** After `returnBlock`, once the block is in no cache: releases the slab if it is empty. */
export function settle(slab: usize): void {
  if (slabFree(slab) === classObjects(slabClass(slab))) releaseSlab(slab);
}
