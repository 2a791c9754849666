/*
 * verifyMemory: checks every invariant of the allocator, over a region that no thread is using.
 *
 * It checks in this order: the page map tiles the region (MAP1 to MAP3); slabs agree with their bitmaps (SLAB1 to
 * SLAB3); bins and slab lists hold exactly what the map says (PAGES1, PAGES2, SLAB2); caches hold only blocks that
 * are out, each once (SLAB4, DESCRIPTOR2); the counters are the sums of all that (account.ts). Every walk is
 * bounded: a broken list is reported, not followed forever.
 */

import { ownerOf } from "@masstree/nodeversion/assembly";
import {
  BROKEN_BIN,
  BROKEN_CACHE,
  BROKEN_CACHED,
  BROKEN_COUNT,
  BROKEN_EMPTY,
  BROKEN_FREE_RUN,
  BROKEN_HEADER,
  BROKEN_INSIDE,
  BROKEN_LOCK,
  BROKEN_PARTICIPANT,
  BROKEN_PRIVATE,
  BROKEN_RECOVERY,
  BROKEN_SLAB,
  BROKEN_SLABS,
  BROKEN_SYSTEM,
  BROKEN_TICKET,
  BROKEN_TILING,
} from "./broken";
import {
  cachedBelow,
  cacheHead,
  cacheOf,
  cacheRoom,
  DESCRIPTOR_PAGES,
  IN_USE,
  participantOsThread,
  participantState,
  participantThread,
  UNUSED,
} from "./descriptor";
import { memoryPages, segments } from "./growth";
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
import { PRIVATE_CAPACITY, privateBlock, privateBytes, privateCount } from "./private";
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
import { isTaken, participantAt, TICKET_HELD, ticketAt } from "./tickets";

/** Where the last `verifyMemory` of this thread found a broken invariant; see broken.ts. */
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
  const owner = ownerOf(regionLockWord());
  if (owner !== 0) return broken(BROKEN_LOCK, owner);
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
    if (word !== 0 && index < slabHint(slab)) return broken(BROKEN_SLAB, slab);
    const bits = objects - (index << 6);
    if (bits < 64 && word >> bits !== 0) return broken(BROKEN_SLAB, slab);
    free += <u32>popcnt(word);
  }
  if (free !== slabFree(slab)) return broken(BROKEN_SLAB, slab);
  if (free === objects) return broken(BROKEN_EMPTY, slab);
  if (free !== 0) listedSlabs++;
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
    if (inside !== 0) return inside;
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
      if (slab !== 0) return slab;
    } else return broken(BROKEN_TILING, page);
    before = kind;
    page += length;
  }
  return 0;
}

/** Says whether an address is that of the first page of a run of a kind. */
function isHead(address: usize, kind: u32): bool {
  const page = <u32>(address >> PAGE_SHIFT);
  if ((address & (PAGE_BYTES - 1)) !== 0 || page >= extent()) return false;
  return kindOf(entry(page)) === kind;
}

function verifyBins(): u32 {
  let found: u32 = 0;
  for (let bin: u32 = 0; bin < BIN_COUNT; bin++) {
    let previous: usize = 0;
    for (let run = binHead(bin); run !== 0; run = nextRun(run)) {
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
    for (let slab = partialSlabs(sizeClass); slab !== 0; slab = nextSlab(slab)) {
      if (!isHead(slab, SLAB) || previousSlab(slab) !== previous) return broken(BROKEN_SLABS, slab);
      if (slabClass(slab) !== sizeClass || slabFree(slab) === 0) return broken(BROKEN_SLABS, slab);
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
    if (participant === 0) continue;
    descriptors++;
    if (!isHead(participant, SYSTEM) || load<u32>(participant) !== index + 1) {
      return broken(BROKEN_PARTICIPANT, index);
    }
  }
  const expected = HEADER_PAGES + segments(extent()) - 1 + descriptors * DESCRIPTOR_PAGES;
  return systemPages === expected ? 0 : broken(BROKEN_SYSTEM, systemPages);
}

/** How many cached blocks are marked as free in their slabs, to find those that are cached twice. */
let marked: u32 = 0;

function markCache(cache: usize, sizeClass: u32): u32 {
  let room = cacheRoom(cache);
  for (let block = cacheHead(cache); block !== 0; block = cachedBelow(block)) {
    if (block >> PAGE_SHIFT >= extent()) return broken(BROKEN_CACHED, block);
    const slab = slabOf(block);
    if (slab === 0 || slabClass(slab) !== sizeClass) return broken(BROKEN_CACHED, block);
    if (!isBlockOf(slab, block)) return broken(BROKEN_CACHED, block);
    const index = blockIndex(slab, block);
    if (isFree(slab, index)) return broken(BROKEN_CACHED, block);
    setFree(slab, index, true);
    marked++;
    room++;
  }
  return room === cacheLimit(sizeClass) ? 0 : broken(BROKEN_CACHE, cache);
}

/** The kind in a run's first page while the run is known to be private. */
const PRIVATE_RUN: u32 = 6;

function markPrivate(participant: usize): u32 {
  const count = privateCount(participant);
  if (count > PRIVATE_CAPACITY) return broken(BROKEN_PRIVATE, participant);
  for (let index: u32 = 0; index < count; index++) {
    const block = privateBlock(participant, index);
    const bytes = privateBytes(participant, index);
    if (block === 0) continue;
    if (block >> PAGE_SHIFT >= extent()) return broken(BROKEN_PRIVATE, block);
    if (bytes > MAX_SMALL) {
      if ((block & (PAGE_BYTES - 1)) !== 0 || !isRun(block, bytes))
        return broken(BROKEN_PRIVATE, block);
      setEntry(<u32>(block >> PAGE_SHIFT), PRIVATE_RUN, pagesFor(bytes));
    } else {
      const slab = slabOf(block);
      if (slab === 0 || !serves(slabClass(slab), classOf(bytes)) || !isBlockOf(slab, block)) {
        return broken(BROKEN_PRIVATE, block);
      }
      const bit = blockIndex(slab, block);
      if (isFree(slab, bit)) return broken(BROKEN_PRIVATE, block);
      setFree(slab, bit, true);
    }
    marked++;
  }
  return 0;
}

/** Undoes `markPrivate`, as far as it got: private blocks are marked, and unmarked, after all caches. */
function unmarkPrivate(participant: usize): void {
  for (let index: u32 = 0; index < privateCount(participant) && marked; index++) {
    const block = privateBlock(participant, index);
    const bytes = privateBytes(participant, index);
    if (block === 0) continue;
    if (bytes > MAX_SMALL) setEntry(<u32>(block >> PAGE_SHIFT), RUN, pagesFor(bytes));
    else setFree(slabOf(block), blockIndex(slabOf(block), block), false);
    marked--;
  }
}

function unmarkCache(cache: usize): void {
  for (let block = cacheHead(cache); block !== 0 && marked; block = cachedBelow(block)) {
    const slab = slabOf(block);
    setFree(slab, blockIndex(slab, block), false);
    marked--;
  }
}

function verifyRecovery(): u32 {
  for (let index: u32 = 0; index < participantLimit(); index++) {
    const participant = participantAt(index);
    if (isBusy(index + 1)) return broken(BROKEN_RECOVERY, index + 1);
    if (participant !== 0 && recovererOf(participant) !== 0)
      return broken(BROKEN_RECOVERY, index + 1);
    if (!isTicketSound(index)) return broken(BROKEN_TICKET, index + 1);
  }
  return 0;
}

/** A number may be taken and its descriptor unused: its thread is about to register (`reserveNumber`). */
function isTicketSound(index: u32): bool {
  if ((ticketAt(index) & TICKET_HELD) !== 0) return false;
  const participant = participantAt(index);
  if (participant === 0) return true;
  if (participantState(participant) === IN_USE) return isTaken(index);
  return (
    participantState(participant) === UNUSED &&
    participantThread(participant) === 0 &&
    participantOsThread(participant) === 0
  );
}

function verifyCaches(): u32 {
  let result: u32 = 0;
  marked = 0;
  const limit = participantLimit() * CLASSES;
  for (let i: u32 = 0; i < limit && result === 0; i++) {
    const participant = participantAt(i / CLASSES);
    const cache = cacheOf(participant, i % CLASSES);
    if (participant === 0) continue;
    if (!isTaken(i / CLASSES) && cacheHead(cache) !== 0) result = broken(BROKEN_CACHE, cache);
    else result = markCache(cache, i % CLASSES);
  }
  for (let index: u32 = 0; index < participantLimit() && result === 0; index++) {
    const participant = participantAt(index);
    if (participant === 0) continue;
    if (!isTaken(index) && privateCount(participant) !== 0)
      result = broken(BROKEN_PRIVATE, participant);
    else result = markPrivate(participant);
  }
  for (let i: u32 = 0; i < limit && marked; i++) {
    const participant = participantAt(i / CLASSES);
    if (participant !== 0) unmarkCache(cacheOf(participant, i % CLASSES));
  }
  for (let index: u32 = 0; index < participantLimit() && marked; index++) {
    const participant = participantAt(index);
    if (participant !== 0) unmarkPrivate(participant);
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
 * Checks every invariant of the allocator. Returns 0, or a BROKEN code with the place in `place`.
 *
 * No thread may use the region meanwhile. O(pages + slabs' bitmaps + cached blocks); leaves the region unchanged.
 */
export function verifyMemory(): u32 {
  place = 0;
  let result = verifyHeader();
  if (result === 0) result = verifyPages();
  if (result === 0) result = verifyBins();
  if (result === 0) result = verifySlabLists();
  if (result === 0) result = verifyParticipants();
  if (result === 0) result = verifyRecovery();
  if (result === 0) result = verifyCaches();
  if (result === 0) result = verifyCounts();
  return result;
}
