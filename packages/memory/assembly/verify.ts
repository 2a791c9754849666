// verifyMemory: every invariant of the allocator, over a region that nobody is using meanwhile.
//
// In this order: the page map tiles the region (M1..M3), slabs agree with their bitmaps (S1..S3), bins
// and slab lists hold exactly what the map says (P1, P2, S2), caches hold only blocks that are out, each
// once (S4, D2), and the counters are the sums of all that (account.ts). Every walk is bounded, so that
// a broken list is reported and not followed forever.

import { isLocked } from "@masstree/nodeversion/assembly";
import { cachedBelow, cacheHead, cacheOf, cacheRoom, DESCRIPTOR_PAGES } from "./descriptor";
import { memoryPages, segments } from "./growth";
import { HAND_CAPACITY, handBlock, handBytes, handCount } from "./hand";
import {
  binMask,
  checkRegion,
  extent,
  HEADER_PAGES,
  maxPages,
  OK,
  outBlocks,
  outBytes,
  overhead,
  PAGE_BYTES,
  PAGE_SHIFT,
  participantLimit,
  regionLockWord,
} from "./header";
import { isBusy } from "./lock";
import {
  entry,
  FREE,
  INSIDE,
  kindOf,
  lengthOf,
  mapPageOf,
  RUN,
  SLAB,
  SLAB_PAGE,
  SYSTEM,
  setEntry,
} from "./pagemap";
import { BIN_COUNT, binHead, binOf, nextRun, previousRun } from "./pages";
import { recovererOf } from "./recover";
import { isRun } from "./repair";
import {
  CLASSES,
  cacheLimit,
  classBytes,
  classObjects,
  classOf,
  MAX_SMALL,
  pagesFor,
  partialSlabs,
  slabSlack,
} from "./sizeclass";
import {
  bitmapWord,
  bitmapWords,
  blockIndex,
  isBlockOf,
  isFree,
  nextSlab,
  previousSlab,
  SLAB_PAGES,
  serves,
  setFree,
  slabClass,
  slabFree,
  slabHint,
  slabOf,
} from "./slab";
import { isTaken, participantAt } from "./tickets";

/** Not a region of this layout, or its extent is beyond its maximum or the memory. */
export const BROKEN_HEADER: u32 = 1;
/** The region's lock is held; the place is its owner. */
export const BROKEN_LOCK: u32 = 2;
/** The heads of the page map do not tile the region (M1); the place is a page. */
export const BROKEN_TILING: u32 = 3;
/** A free run's last page does not agree with its first, or two free runs touch (M2); the place is a page. */
export const BROKEN_FREE_RUN: u32 = 4;
/** A page inside a run has a word (M3), or a slab's page leads elsewhere; the place is the page. */
export const BROKEN_INSIDE: u32 = 5;
/** Header, map and descriptors do not account for the system pages; the place is their number. */
export const BROKEN_SYSTEM: u32 = 6;
/** A slab's class, bitmap, hint or count are impossible or do not agree (S1); the place is the slab. */
export const BROKEN_SLAB: u32 = 7;
/** An empty slab was kept (S3); the place is the slab. */
export const BROKEN_EMPTY: u32 = 8;
/** A list of slabs is not that of the slabs with a free block (S2); the place is a slab or a class. */
export const BROKEN_SLABS: u32 = 9;
/** A bin is not that of the free runs of its lengths (P1, P2); the place is a run or a bin. */
export const BROKEN_BIN: u32 = 10;
/** A cache's count is wrong, or it belongs to no one and is not empty (D2); the place is the cache. */
export const BROKEN_CACHE: u32 = 11;
/** A cached block is no block, is free in its slab, or is cached twice (S4); the place is the block. */
export const BROKEN_CACHED: u32 = 12;
/** The counters of blocks or bytes are not what the slabs and runs say; the place is what they say. */
export const BROKEN_COUNT: u32 = 13;
/** A descriptor is missing, misplaced or has another's number; the place is its index. */
export const BROKEN_PARTICIPANT: u32 = 14;
/** A block in a hand is none, is free, cached or in a hand twice, or the hand is no one's (A1, D2); the place is the block, or the hand. */
export const BROKEN_HAND: u32 = 15;
/** A participant repairs the region, acts for another, or is being recovered (L1, L2, Y1); the place is its number. */
export const BROKEN_RECOVERY: u32 = 16;

/** Where the last `verifyMemory` of this thread found a broken invariant; see the BROKEN codes. */
export let place: usize = 0;

// What the walk over the page map found.
let freeRuns: u32 = 0;
let listedSlabs: u32 = 0;
let systemPages: u32 = 0;
let foundBlocks: u64 = 0;
let foundBytes: u64 = 0;
let slack: u64 = 0;

function broken(code: u32, where: usize): u32 {
  place = where;
  return code;
}

function verifyHeader(): u32 {
  if (checkRegion() !== OK) return broken(BROKEN_HEADER, 0);
  if (isLocked(regionLockWord())) return broken(BROKEN_LOCK, <usize>regionLockWord());
  if (extent() > maxPages() || extent() > memoryPages()) return broken(BROKEN_HEADER, extent());
  for (let segment: u32 = 0; segment < segments(extent()); segment++) {
    const page = <u32>(mapPageOf(segment) >> PAGE_SHIFT);
    if (page === 0 || page >= extent()) return broken(BROKEN_HEADER, segment);
  }
  return 0;
}

function verifySlab(slab: usize): u32 {
  const sizeClass = slabClass(slab);
  if (sizeClass >= CLASSES) return broken(BROKEN_SLAB, slab);
  const objects = classObjects(sizeClass);
  const words = bitmapWords(objects);
  let free: u32 = 0;
  for (let index: u32 = 0; index < words; index++) {
    const word = bitmapWord(slab, index);
    if (word && index < slabHint(slab)) return broken(BROKEN_SLAB, slab);
    const bits = objects - (index << 6);
    if (bits < 64 && word >> bits) return broken(BROKEN_SLAB, slab);
    free += <u32>popcnt(word);
  }
  if (free !== slabFree(slab)) return broken(BROKEN_SLAB, slab);
  if (free === objects) return broken(BROKEN_EMPTY, slab);
  if (free) listedSlabs++;
  foundBlocks += objects - free;
  foundBytes += <u64>(objects - free) * classBytes(sizeClass);
  slack += slabSlack(sizeClass);
  return 0;
}

function verifyInside(page: u32, kind: u32, length: u32): u32 {
  const last = kind === FREE ? length - 1 : length;
  for (let offset: u32 = 1; offset < last; offset++) {
    const word = entry(page + offset);
    const ok =
      kind === SLAB ? kindOf(word) === SLAB_PAGE && lengthOf(word) === offset : word === INSIDE;
    if (!ok) return broken(BROKEN_INSIDE, page + offset);
  }
  if (kind === FREE && entry(page + length - 1) !== entry(page))
    return broken(BROKEN_FREE_RUN, page);
  return 0;
}

function verifyPages(): u32 {
  freeRuns = 0;
  listedSlabs = 0;
  systemPages = 0;
  foundBlocks = 0;
  foundBytes = 0;
  slack = 0;
  let before = INSIDE;
  let page: u32 = 0;
  while (page < extent()) {
    const kind = kindOf(entry(page));
    const length = lengthOf(entry(page));
    if (length === 0 || length > extent() - page) return broken(BROKEN_TILING, page);
    const inside = verifyInside(page, kind, length);
    if (inside) return inside;
    if (kind === FREE) {
      if (before === FREE) return broken(BROKEN_FREE_RUN, page);
      freeRuns++;
    } else if (kind === RUN) {
      foundBlocks++;
      foundBytes += (<u64>length) << PAGE_SHIFT;
    } else if (kind === SYSTEM) {
      systemPages += length;
    } else if (kind === SLAB && length === SLAB_PAGES) {
      const slab = verifySlab((<usize>page) << PAGE_SHIFT);
      if (slab) return slab;
    } else return broken(BROKEN_TILING, page);
    before = kind;
    page += length;
  }
  return 0;
}

/** Says whether an address is that of the first page of a run of a kind. */
function isHead(address: usize, kind: u32): bool {
  const page = <u32>(address >> PAGE_SHIFT);
  if (address & (PAGE_BYTES - 1) || page >= extent()) return false;
  return kindOf(entry(page)) === kind;
}

function verifyBins(): u32 {
  let found: u32 = 0;
  for (let bin: u32 = 0; bin < BIN_COUNT; bin++) {
    let previous: usize = 0;
    for (let run = binHead(bin); run; run = nextRun(run)) {
      if (!isHead(run, FREE) || previousRun(run) !== previous) return broken(BROKEN_BIN, run);
      if (binOf(lengthOf(entry(<u32>(run >> PAGE_SHIFT)))) !== bin) return broken(BROKEN_BIN, run);
      if (++found > freeRuns) return broken(BROKEN_BIN, run);
      previous = run;
    }
    if (((binMask() >> bin) & 1) !== u64(binHead(bin) !== 0)) return broken(BROKEN_BIN, bin);
  }
  return found === freeRuns ? 0 : broken(BROKEN_BIN, BIN_COUNT);
}

function verifySlabLists(): u32 {
  let found: u32 = 0;
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    let previous: usize = 0;
    for (let slab = partialSlabs(sizeClass); slab; slab = nextSlab(slab)) {
      if (!isHead(slab, SLAB) || previousSlab(slab) !== previous) return broken(BROKEN_SLABS, slab);
      if (slabClass(slab) !== sizeClass || !slabFree(slab)) return broken(BROKEN_SLABS, slab);
      if (++found > listedSlabs) return broken(BROKEN_SLABS, slab);
      previous = slab;
    }
  }
  return found === listedSlabs ? 0 : broken(BROKEN_SLABS, CLASSES);
}

function verifyParticipants(): u32 {
  let descriptors: u32 = 0;
  for (let index: u32 = 0; index < participantLimit(); index++) {
    const participant = participantAt(index);
    if (!participant) continue;
    descriptors++;
    if (!isHead(participant, SYSTEM) || load<u32>(participant) !== index + 1) {
      return broken(BROKEN_PARTICIPANT, index);
    }
  }
  const expected = HEADER_PAGES + segments(extent()) - 1 + descriptors * DESCRIPTOR_PAGES;
  return systemPages === expected ? 0 : broken(BROKEN_SYSTEM, systemPages);
}

/** How many cached blocks are marked free in their slabs, to find those that are cached twice. */
let marked: u32 = 0;

function markCache(cache: usize, sizeClass: u32): u32 {
  let room = cacheRoom(cache);
  for (let block = cacheHead(cache); block; block = cachedBelow(block)) {
    if (block >> PAGE_SHIFT >= extent()) return broken(BROKEN_CACHED, block);
    const slab = slabOf(block);
    if (!slab || slabClass(slab) !== sizeClass) return broken(BROKEN_CACHED, block);
    if (!isBlockOf(slab, block)) return broken(BROKEN_CACHED, block);
    const index = blockIndex(slab, block);
    if (isFree(slab, index)) return broken(BROKEN_CACHED, block);
    setFree(slab, index, true);
    marked++;
    room++;
  }
  return room === cacheLimit(sizeClass) ? 0 : broken(BROKEN_CACHE, cache);
}

/** What a run's first page says while the run is known to be in a hand. */
const HELD_RUN: u32 = 6;

function markHand(participant: usize): u32 {
  const count = handCount(participant);
  if (count > HAND_CAPACITY) return broken(BROKEN_HAND, participant);
  for (let index: u32 = 0; index < count; index++) {
    const block = handBlock(participant, index);
    const bytes = handBytes(participant, index);
    if (!block) continue;
    if (block >> PAGE_SHIFT >= extent()) return broken(BROKEN_HAND, block);
    if (bytes > MAX_SMALL) {
      if (block & (PAGE_BYTES - 1) || !isRun(block, bytes)) return broken(BROKEN_HAND, block);
      setEntry(<u32>(block >> PAGE_SHIFT), HELD_RUN, pagesFor(bytes));
    } else {
      const slab = slabOf(block);
      if (!slab || !serves(slabClass(slab), classOf(bytes)) || !isBlockOf(slab, block)) {
        return broken(BROKEN_HAND, block);
      }
      const bit = blockIndex(slab, block);
      if (isFree(slab, bit)) return broken(BROKEN_HAND, block);
      setFree(slab, bit, true);
    }
    marked++;
  }
  return 0;
}

/** Undoes `markHand`, as far as it came: hands are marked, and unmarked, after all caches. */
function unmarkHand(participant: usize): void {
  for (let index: u32 = 0; index < handCount(participant) && marked; index++) {
    const block = handBlock(participant, index);
    const bytes = handBytes(participant, index);
    if (!block) continue;
    if (bytes > MAX_SMALL) setEntry(<u32>(block >> PAGE_SHIFT), RUN, pagesFor(bytes));
    else setFree(slabOf(block), blockIndex(slabOf(block), block), false);
    marked--;
  }
}

function unmarkCache(cache: usize): void {
  for (let block = cacheHead(cache); block && marked; block = cachedBelow(block)) {
    const slab = slabOf(block);
    setFree(slab, blockIndex(slab, block), false);
    marked--;
  }
}

function verifyRecovery(): u32 {
  for (let index: u32 = 0; index < participantLimit(); index++) {
    const participant = participantAt(index);
    if (isBusy(index + 1)) return broken(BROKEN_RECOVERY, index + 1);
    if (participant && recovererOf(participant)) return broken(BROKEN_RECOVERY, index + 1);
  }
  return 0;
}

function verifyCaches(): u32 {
  let result: u32 = 0;
  marked = 0;
  const limit = participantLimit() * CLASSES;
  for (let i: u32 = 0; i < limit && !result; i++) {
    const participant = participantAt(i / CLASSES);
    const cache = cacheOf(participant, i % CLASSES);
    if (!participant) continue;
    if (!isTaken(i / CLASSES) && cacheHead(cache)) result = broken(BROKEN_CACHE, cache);
    else result = markCache(cache, i % CLASSES);
  }
  for (let index: u32 = 0; index < participantLimit() && !result; index++) {
    const participant = participantAt(index);
    if (!participant) continue;
    if (!isTaken(index) && handCount(participant)) result = broken(BROKEN_HAND, participant);
    else result = markHand(participant);
  }
  for (let i: u32 = 0; i < limit && marked; i++) {
    const participant = participantAt(i / CLASSES);
    if (participant) unmarkCache(cacheOf(participant, i % CLASSES));
  }
  for (let index: u32 = 0; index < participantLimit() && marked; index++) {
    const participant = participantAt(index);
    if (participant) unmarkHand(participant);
  }
  return result;
}

function verifyCounts(): u32 {
  if (foundBlocks !== outBlocks()) return broken(BROKEN_COUNT, <usize>foundBlocks);
  if (foundBytes !== outBytes()) return broken(BROKEN_COUNT, <usize>foundBytes);
  const unusable = ((<u64>systemPages) << PAGE_SHIFT) + slack;
  return unusable === overhead() ? 0 : broken(BROKEN_COUNT, <usize>unusable);
}

/**
 * Checks every invariant of the allocator: returns 0, or a BROKEN code with the place in `place`.
 *
 * Nobody may use the region meanwhile. O(pages + slabs' bitmaps + cached blocks); leaves the region as
 * it was.
 */
export function verifyMemory(): u32 {
  place = 0;
  let result = verifyHeader();
  if (!result) result = verifyPages();
  if (!result) result = verifyBins();
  if (!result) result = verifySlabLists();
  if (!result) result = verifyParticipants();
  if (!result) result = verifyRecovery();
  if (!result) result = verifyCaches();
  if (!result) result = verifyCounts();
  return result;
}
