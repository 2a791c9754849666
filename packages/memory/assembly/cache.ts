/*
 * Allocating and freeing, through a participant's caches.
 *
 * In the common case, a block comes from a stack that belongs to the participant. This needs no lock and no cache
 * line of another thread: a load or two to find the class, four accesses to the cache's line and the block, of
 * which one is an atomic store, and two or three to the list of private blocks. An empty cache gets half its limit
 * from the slabs; a full one gives half back. Each such batch takes the lock once.
 *
 * If the region is full and has no pages for another slab, a request gets a block of the smallest larger class of
 * which a slab has one, rather than be refused. If every slab kept a block or two, most of the region might be
 * free, and of no use to requests of other sizes.
 *
 * Blocks larger than MAX_SMALL are page runs. Each takes the lock: they need consecutive free pages.
 *
 * Invariants
 *   CACHE1  Sized deallocation: `free` is told the size that `allocate` was asked for. Both derive the class from
 *           it, so no block needs a header. Once the region has been full (HEADER3 in header.ts), `free` asks the
 *           block's slab instead.
 *   CACHE2  A block is listed as private, then popped; it is pushed, then removed from the list (PRIVATE1 in
 *           private.ts). A full cache is spilled before the push, so that the block is the cache's head after it.
 */

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
import { countOut, extent, maxPages, PAGE_BYTES, PAGE_SHIFT, setMixed } from "./header";
import { lockRegion, unlockRegion } from "./lock";
import { RUN } from "./pagemap";
import { giveRun } from "./pages";
import { addPrivate, dropPrivate, privateBlock, privateBytes, privateCount } from "./private";
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
  returnBlock,
  serves,
  settle,
  slabClass,
  slabOf,
  takeBlock,
} from "./slab";

/** What freed memory is filled with in test builds. */
const FREED: u8 = 0xdd;

/**
 * The real size of a block of `bytes` bytes: what `allocate` takes and the accounts count. In a full region a
 * block may be larger (`realBytes`).
 *
 * Up to 8,128 bytes it is a size class, above that a multiple of 4,096. O(1).
 */
export function blockBytes(bytes: u32): u32 {
  return bytes > MAX_SMALL ? pagesFor(bytes) << PAGE_SHIFT : classBytes(classOf(bytes));
}

/**
 * The real size of a block that was requested with `bytes` bytes and is not freed: what the accounts count.
 *
 * At least `blockBytes(bytes)`. It is more only for blocks of up to 8,128 bytes in a region that has been full.
 * O(1).
 */
export function realBytes(block: usize, bytes: u32): u32 {
  return bytes > MAX_SMALL ? blockBytes(bytes) : classBytes(classOfBlock(block, bytes));
}

/**
 * Allocates a block of at least `bytes` bytes and returns its address. Returns 0, with nothing changed, if it does
 * not fit in the region's maximum or in what the platform has.
 *
 * Up to 8,128 bytes, a block does not fit if there are no 8 consecutive free pages for a new slab, and no slab of
 * its size or of any larger one has a block left. A larger block does not fit if there are not enough consecutive
 * free pages, however much is free elsewhere. Blocks in the caches of other participants do not count as free.
 *
 * The block is aligned to 16 bytes, to 64 if its real size (`realBytes`) is a multiple of 64, and to 4,096 above
 * 8,128 bytes. Its contents are undefined. It is private to the participant until it is published or freed
 * (private.ts); once it is published, other threads may free it.
 *
 * @param participant the calling thread's descriptor
 * @param bytes the size needed; 0 counts as 1
 *
 * A handful of instructions if the participant's cache has a block; otherwise one short section under the region's
 * lock, which may grow the memory.
 */
export function allocate(participant: usize, bytes: u32): usize {
  if (mustFail()) return 0;
  if (bytes > MAX_SMALL) return allocateRun(participant, bytes);
  const sizeClass = classOf(bytes);
  const cache = cacheOf(participant, sizeClass);
  const block = cacheHead(cache);
  if (block === 0) return allocateMiss(participant, bytes);
  addPrivate(participant, block, bytes); // CACHE2
  popCached(cache, block);
  return block;
}

/**
 * Frees a private or a published block. Nobody may use it from now on. For readers without locks, @masstree/epoch
 * says when that is so.
 *
 * @param participant the calling thread's descriptor, whoever allocated the block
 * @param block what `allocate` returned
 * @param bytes what `allocate` was asked for, or any size with the same real size
 *
 * A handful of instructions if the participant's cache has room; otherwise one short section under the region's
 * lock. Never fails.
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
  if (room === 0) {
    room = (cacheLimit(sizeClass) + 1) >> 1;
    spill(participant, sizeClass, room);
  }
  pushCached(cache, block, room);
  dropPrivate(participant, block); // CACHE2
}

/** Frees all private blocks of a participant. O(entries), each as in `free`. */
export function freePrivate(participant: usize): void {
  for (let index = <i32>privateCount(participant) - 1; index >= 0; index--) {
    const block = privateBlock(participant, index);
    if (block !== 0) free(participant, block, privateBytes(participant, index));
  }
}

/** Test builds: checks that the block is a block and is not the one freed just before, and overwrites it. */
function checkFree(cache: usize, block: usize, bytes: u32): void {
  demand(isBlock(block, bytes) && cacheHead(cache) !== block);
  memory.fill(block, FREED, realBytes(block, bytes));
}

/**
 * Whether `block` is the start of a block that `allocate` may have returned for `bytes` bytes, allocated or not.
 *
 * Exact for blocks that the caller allocated and for addresses that never were a block; for others, the answer may
 * be out of date. O(1), and safe for any address.
 */
export function isBlock(block: usize, bytes: u32): bool {
  const page = <u32>(block >> PAGE_SHIFT);
  if (page >= extent()) return false;
  if (bytes > MAX_SMALL) {
    if ((block & (PAGE_BYTES - 1)) !== 0) return false;
    return isRun(block, bytes);
  }
  const slab = slabOf(block);
  return slab !== 0 && serves(slabClass(slab), classOf(bytes)) && isBlockOf(slab, block);
}

/** Whether larger blocks may serve this thread's requests. */
let larger: bool = true;

/**
 * Says whether blocks of a larger class may serve this thread's requests if the region is full. At first they may.
 * A structure that needs blocks of certain sizes to continue, as a tree needs nodes, can keep small requests from
 * using them up.
 */
export function setLarger(may: bool): void {
  larger = may;
}

function allocateMiss(participant: usize, bytes: u32): usize {
  const asked = classOf(bytes);
  let sizeClass = refill(participant, asked, false);
  if (sizeClass === NONE) {
    // The region is full. The blocks in this thread's own caches may be the missing ones.
    spillAll(participant);
    sizeClass = refill(participant, asked, larger);
    if (sizeClass === NONE) return 0;
  }
  const cache = cacheOf(participant, sizeClass);
  const block = cacheHead(cache);
  addPrivate(participant, block, bytes); // CACHE2
  popCached(cache, block);
  return block;
}

/**
 * Moves blocks of a class from the slabs to its cache, up to half the cache's limit. If there is none and
 * `orLarger`, moves one block of a larger class to the cache of that class, which has room.
 *
 * Returns the class of the blocks, or NONE.
 */
function refill(participant: usize, asked: u32, orLarger: bool): u32 {
  let sizeClass = asked;
  let want = cacheLimit(asked) >> 1;
  let got: u32 = 0;
  lockRegion(participantNumber(participant));
  let block = findBlock(asked);
  if (block === 0 && orLarger) {
    sizeClass = findLarger(asked);
    // No more than needed: the rest serves requests of its own size better.
    want = 1;
    if (sizeClass !== NONE) {
      setMixed(); // HEADER3
      block = findBlock(sizeClass);
    }
  }
  while (block !== 0) {
    const cache = cacheOf(participant, sizeClass);
    // Linked before its bit is cleared (SLAB4 in slab.ts).
    pushCached(cache, block, cacheRoom(cache));
    takeBlock(sizeClass);
    got++;
    // A new slab only for a block that is needed now, not to fill the cache.
    block = got < want && partialSlabs(sizeClass) !== 0 ? findBlock(sizeClass) : 0;
  }
  if (got !== 0) countOut(got, got * classBytes(sizeClass));
  unlockRegion();
  return got !== 0 ? sizeClass : NONE;
}

/** Moves `count` blocks from a cache to their slabs. The cache has that many. */
function spill(participant: usize, sizeClass: u32, count: u32): void {
  const cache = cacheOf(participant, sizeClass);
  lockRegion(participantNumber(participant));
  for (let i: u32 = 0; i < count; i++) {
    const block = cacheHead(cache);
    const slab = slabOf(block);
    if (DEBUG) demand(!isFree(slab, blockIndex(slab, block)));
    // Its bit is set before it is unlinked, and only after that may the slab go (SLAB4 in slab.ts).
    returnBlock(slab, block);
    popCached(cache, block);
    settle(slab);
  }
  countOut(-(<i64>count), -(<i64>count * classBytes(sizeClass)));
  unlockRegion();
}

/**
 * Empties all caches of a participant, class by class. The participant is the calling thread's own, or no
 * thread's.
 */
export function spillAll(participant: usize): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const count = cacheLimit(sizeClass) - cacheRoom(cacheOf(participant, sizeClass));
    if (count !== 0) spill(participant, sizeClass, count);
  }
}

function takePages(participant: usize, pages: u32, bytes: u32): u32 {
  lockRegion(participantNumber(participant));
  const page = acquirePages(pages, RUN, participant, bytes);
  if (page !== 0) countOut(1, (<i64>pages) << PAGE_SHIFT);
  unlockRegion();
  return page;
}

function allocateRun(participant: usize, bytes: u32): usize {
  const pages = pagesFor(bytes);
  if (pages >= maxPages()) return 0;
  let page = takePages(participant, pages, bytes);
  if (page === 0) {
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
  // Before the unlock: after it, another thread may get the run (PRIVATE1 in private.ts).
  dropPrivate(participant, block);
  countOut(-1, -((<i64>pages) << PAGE_SHIFT));
  unlockRegion();
}
