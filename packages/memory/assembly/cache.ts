// Allocating and freeing, through a participant's caches.
//
// The common case is a stack of the participant's own: no lock and nobody else's line, a load or two to find
// the class, four accesses to the cache's line and the block, of which one is an atomic store, and two or three
// to the hand. When a cache is empty it gets half its limit from the slabs, and when it is full it gives half
// back, each under one lock.
//
// When the region is full, with no pages for another slab, a request takes a block of the smallest larger
// class that a slab has one of, rather than be refused: where every slab keeps a block or two, most of the
// region may be free, and of no use to requests of other sizes.
//
// Blocks larger than MAX_SMALL are page runs, each under the lock. For them there is no other way: they
// need free pages in a row.
//
// Invariant
//   C1  Sized deallocation: `free` is told the size that `allocate` was asked for. Both derive the
//       class from it, so that no block needs a header. Once the region was full (H3 in header.ts), `free`
//       asks the block's slab instead.
//   C2  A block is written into the hand, then popped; it is pushed, then cleared from the hand (A1 in
//       hand.ts). A cache that is full is spilled before the push, so that the block is its head after it.

import {
  cacheHead,
  cacheOf,
  cacheRoom,
  participantNumber,
  popCached,
  pushCached,
} from "./descriptor";
import { demand, mustFail } from "./fault";
import { acquirePages } from "./growth";
import { append, forget, handBlock, handBytes, handCount } from "./hand";
import { countOut, extent, maxPages, PAGE_BYTES, PAGE_SHIFT, setMixed } from "./header";
import { lockRegion, unlockRegion } from "./lock";
import { RUN } from "./pagemap";
import { giveRun } from "./pages";
import { isRun } from "./repair";
import {
  CLASSES,
  cacheLimit,
  classBytes,
  classOf,
  MAX_SMALL,
  pagesFor,
  partialSlabs,
} from "./sizeclass";
import {
  blockIndex,
  classOfBlock,
  findBlock,
  findLarger,
  isBlockOf,
  isFree,
  NONE,
  putBack,
  serves,
  settle,
  slabClass,
  slabOf,
  takeOut,
} from "./slab";

/** What freed memory is filled with in test builds. */
const FREED: u8 = 0xdd;

/**
 * The real size of a block of `bytes` bytes: what `allocate` takes and the accounts count, unless the
 * region is full; then it may be more (`realBytes`).
 *
 * Up to 8,128 bytes a size class, above a multiple of 4,096. O(1).
 */
export function blockBytes(bytes: u32): u32 {
  return bytes > MAX_SMALL ? pagesFor(bytes) << PAGE_SHIFT : classBytes(classOf(bytes));
}

/**
 * The real size of a block that was asked for with `bytes` bytes and is not freed: what the accounts count.
 *
 * At least `blockBytes(bytes)`, and more only for up to 8,128 bytes in a region that was full once. O(1).
 */
export function realBytes(block: usize, bytes: u32): u32 {
  return bytes > MAX_SMALL ? blockBytes(bytes) : classBytes(classOfBlock(block, bytes));
}

/**
 * Allocates a block of at least `bytes` bytes and returns its address; 0 when it does not fit in the
 * region's maximum (or in what the platform has), with nothing changed.
 *
 * It does not fit, up to 8,128 bytes, when there are no 8 free pages in a row, which a slab takes, and no slab
 * of its size or of any larger has a block left; above, when there are not as many free pages in a row as it
 * needs, however much is free elsewhere. What other participants keep in their caches does not count as free.
 *
 * The block is aligned to 16 bytes, to 64 where its real size (`realBytes`) is a multiple of 64, and to 4,096
 * above 8,128 bytes. Its contents are undefined. It is in the participant's hand until it is handed
 * over or freed (hand.ts); once it is handed over, other threads may free it.
 *
 * @param participant the calling thread's descriptor
 * @param bytes at least how many; 0 counts as 1
 *
 * A handful of instructions when the participant's cache has a block; else one short section under
 * the region's lock, which may grow the memory.
 */
export function allocate(participant: usize, bytes: u32): usize {
  if (mustFail()) return 0;
  if (bytes > MAX_SMALL) return allocateRun(participant, bytes);
  const sizeClass = classOf(bytes);
  const cache = cacheOf(participant, sizeClass);
  const block = cacheHead(cache);
  if (!block) return allocateMiss(participant, bytes);
  append(participant, block, bytes); // C2
  popCached(cache, block);
  return block;
}

/**
 * Frees a block, be it in the participant's hand or handed over. Nobody may use it from now on: readers
 * that hold no lock are @masstree/epoch's business.
 *
 * @param participant the calling thread's descriptor, whoever allocated the block
 * @param block what `allocate` returned
 * @param bytes what `allocate` was asked for, or any size with the same real size
 *
 * A handful of instructions when the participant's cache has room; else one short section under the
 * region's lock. Never fails.
 */
export function free(participant: usize, block: usize, bytes: u32): void {
  if (bytes > MAX_SMALL) {
    freeRun(participant, block, bytes);
    return;
  }
  const sizeClass = classOfBlock(block, bytes);
  const cache = cacheOf(participant, sizeClass);
  if (DEBUG) checkFree(cache, block, bytes);
  let room = cacheRoom(cache);
  if (!room) {
    room = (cacheLimit(sizeClass) + 1) >> 1;
    spill(participant, sizeClass, room);
  }
  pushCached(cache, block, room);
  forget(participant, block); // C2
}

/** Frees everything in a participant's hand. O(entries), each as `free`. */
export function freeHand(participant: usize): void {
  for (let index = <i32>handCount(participant) - 1; index >= 0; index--) {
    const block = handBlock(participant, index);
    if (block) free(participant, block, handBytes(participant, index));
  }
}

/** Test builds: the block is one, is not the one freed just before, and is unreadable from now on. */
function checkFree(cache: usize, block: usize, bytes: u32): void {
  demand(isBlock(block, bytes) && cacheHead(cache) !== block);
  memory.fill(block, FREED, realBytes(block, bytes));
}

/**
 * Says whether `block` is where a block starts that `allocate` may have returned for `bytes` bytes, whether
 * or not it is allocated.
 *
 * Exact for blocks that the caller allocated and for addresses that were never one; of others, the
 * answer may be out of date. O(1), and safe for any address.
 */
export function isBlock(block: usize, bytes: u32): bool {
  const page = <u32>(block >> PAGE_SHIFT);
  if (page >= extent()) return false;
  if (bytes > MAX_SMALL) {
    if (block & (PAGE_BYTES - 1)) return false;
    return isRun(block, bytes);
  }
  const slab = slabOf(block);
  return slab !== 0 && serves(slabClass(slab), classOf(bytes)) && isBlockOf(slab, block);
}

/** Whether this thread's requests may be served from larger blocks. */
let larger: bool = true;

/**
 * Says whether requests of this thread may be served from blocks of a larger class when the region is full;
 * at first they may. Who needs blocks of certain sizes to go on, as a tree its nodes, keeps small requests
 * from using them up.
 */
export function setLarger(may: bool): void {
  larger = may;
}

function allocateMiss(participant: usize, bytes: u32): usize {
  const asked = classOf(bytes);
  let sizeClass = refill(participant, asked, false);
  if (sizeClass === NONE) {
    // The region is full. What this thread keeps for itself may be what is missing.
    spillAll(participant);
    sizeClass = refill(participant, asked, larger);
    if (sizeClass === NONE) return 0;
  }
  const cache = cacheOf(participant, sizeClass);
  const block = cacheHead(cache);
  append(participant, block, bytes); // C2
  popCached(cache, block);
  return block;
}

/**
 * Moves up to half a cache's limit of blocks of a class from the slabs into it; or, if there is none and
 * `orLarger`, one of a larger class into that one's cache, which has room.
 *
 * Returns of which class, or NONE.
 */
function refill(participant: usize, asked: u32, orLarger: bool): u32 {
  let sizeClass = asked;
  let want = cacheLimit(asked) >> 1;
  let got: u32 = 0;
  lockRegion(participantNumber(participant));
  let block = findBlock(asked);
  if (!block && orLarger) {
    sizeClass = findLarger(asked);
    // No more than is needed: the rest serves those better whose size it is.
    want = 1;
    if (sizeClass !== NONE) {
      setMixed(); // H3
      block = findBlock(sizeClass);
    }
  }
  while (block) {
    const cache = cacheOf(participant, sizeClass);
    // Linked before it is marked (S4 in slab.ts).
    pushCached(cache, block, cacheRoom(cache));
    takeOut(sizeClass);
    got++;
    // A new slab only for a block that is needed now, not to fill the cache.
    block = got < want && partialSlabs(sizeClass) ? findBlock(sizeClass) : 0;
  }
  if (got) countOut(got, got * classBytes(sizeClass));
  unlockRegion();
  return got ? sizeClass : NONE;
}

/** Moves `count` blocks, no more than there are, from a cache to their slabs. */
function spill(participant: usize, sizeClass: u32, count: u32): void {
  const cache = cacheOf(participant, sizeClass);
  lockRegion(participantNumber(participant));
  for (let i: u32 = 0; i < count; i++) {
    const block = cacheHead(cache);
    const slab = slabOf(block);
    if (DEBUG) demand(!isFree(slab, blockIndex(slab, block)));
    // Marked before it is unlinked, and only then may the slab go (S4 in slab.ts).
    putBack(slab, block);
    popCached(cache, block);
    settle(slab);
  }
  countOut(-(<i64>count), -(<i64>count * classBytes(sizeClass)));
  unlockRegion();
}

/** Empties all caches of a participant, a class at a time. The calling thread's own, or one that no thread has. */
export function spillAll(participant: usize): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const count = cacheLimit(sizeClass) - cacheRoom(cacheOf(participant, sizeClass));
    if (count) spill(participant, sizeClass, count);
  }
}

function takePages(participant: usize, pages: u32, bytes: u32): u32 {
  lockRegion(participantNumber(participant));
  const page = acquirePages(pages, RUN, participant, bytes);
  if (page) countOut(1, (<i64>pages) << PAGE_SHIFT);
  unlockRegion();
  return page;
}

function allocateRun(participant: usize, bytes: u32): usize {
  const pages = pagesFor(bytes);
  if (pages >= maxPages()) return 0;
  let page = takePages(participant, pages, bytes);
  if (!page) {
    spillAll(participant);
    page = takePages(participant, pages, bytes);
  }
  return (<usize>page) << PAGE_SHIFT;
}

function freeRun(participant: usize, block: usize, bytes: u32): void {
  const pages = pagesFor(bytes);
  const page = <u32>(block >> PAGE_SHIFT);
  if (DEBUG) {
    demand(isBlock(block, bytes));
    memory.fill(block, FREED, (<usize>pages) << PAGE_SHIFT);
  }
  lockRegion(participantNumber(participant));
  giveRun(page, pages);
  // Before the unlock: then the run may be anyone's (A1 in hand.ts).
  forget(participant, block);
  countOut(-1, -((<i64>pages) << PAGE_SHIFT));
  unlockRegion();
}
