/*
 * Repair: derives the derived data again from the primary data.
 *
 * It runs under the region's lock, seized from a thread that died. Primary data are the heads in the page map up
 * to the extent, the slabs' classes and bitmaps, the directory up to the extent, the participant table, and the
 * participants' caches and private blocks. The steps, in this order:
 *
 *   1. A block that was moving between a slab and a cache belongs to the cache (SLAB4): `repairCaches`.
 *   2. Map and directory end at the extent.
 *   3. The heads are walked. System runs that nothing refers to and slabs without a used block become free
 *      runs, and free runs that touch become one. All other words are set to what the heads say. Bins, lists
 *      of slabs, counts and counters are made again: `rebuild`.
 *   4. A private run that is not in the map was not taken yet, or was given back: `repairRuns`.
 *
 * Every change of primary data is one store, and does not change what the region means. So the repairer can die
 * anywhere, and the next one starts over.
 */

import { cacheHead, cacheOf, DESCRIPTOR_PAGES, PARTICIPANT_NUMBER } from "./descriptor";
import { segments } from "./growth";
import { extent, MAX_PARTICIPANTS, PAGE_SHIFT, raiseParticipantLimit, setCounts } from "./header";
import {
  commitHead,
  DIRECTORY_ENTRIES,
  dropMapPage,
  entry,
  FREE,
  INSIDE,
  kindOf,
  lengthOf,
  mapPageOf,
  RUN,
  SEGMENT_PAGES,
  SLAB,
  SLAB_PAGE,
  SYSTEM,
  setEntry,
  wordOf,
} from "./pagemap";
import { clearBins, enlist } from "./pages";
import { dropPrivate, privateBlock, privateBytes, privateCount } from "./private";
import {
  CLASSES,
  classBytes,
  classObjects,
  MAX_SMALL,
  pagesFor,
  setPartialSlabs,
  slabSlack,
} from "./sizeclass";
import { blockIndex, isFree, recountSlab, setFree, slabClass, slabOf } from "./slab";
import { participantAt } from "./tickets";

// What the walk has found so far.
let blocks: u64 = 0;
let bytes: u64 = 0;
let unusable: u64 = 0;
// The free run that the walk is in, whose end is not known yet.
let freeStart: u32 = 0;
let freeLength: u32 = 0;

/** Marks the heads of a dead participant's caches as out of their slabs (SLAB4). */
export function repairCaches(participant: usize): void {
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    const block = cacheHead(cacheOf(participant, sizeClass));
    if (block === 0) continue;
    const slab = slabOf(block);
    const index = blockIndex(slab, block);
    if (isFree(slab, index)) setFree(slab, index, false);
  }
}

/** Drops a dead participant's private runs that are nowhere else. The map is correct already. */
export function repairRuns(participant: usize): void {
  for (let index = <i32>privateCount(participant) - 1; index >= 0; index--) {
    const block = privateBlock(participant, index);
    const size = privateBytes(participant, index);
    if (block !== 0 && size > MAX_SMALL && !isRun(block, size)) dropPrivate(participant, block);
  }
}

/** Whether a block is a page run of that many bytes. Under the lock, or for the caller's own block. */
export function isRun(block: usize, size: u32): bool {
  return entry(<u32>(block >> PAGE_SHIFT)) === wordOf(RUN, pagesFor(size));
}

/** Clears what an unfinished growth wrote (growth.ts). */
function trim(): void {
  const end = extent();
  for (let page = end; (page & (SEGMENT_PAGES - 1)) !== 0; page++) {
    if (entry(page) !== INSIDE) setEntry(page, INSIDE, 0);
  }
  for (let segment = segments(end); segment < DIRECTORY_ENTRIES; segment++) {
    if (mapPageOf(segment) !== 0) dropMapPage(segment);
  }
}

function isMapPage(page: u32): bool {
  const address = (<usize>page) << PAGE_SHIFT;
  const end = segments(extent());
  for (let segment: u32 = 0; segment < end; segment++) {
    if (mapPageOf(segment) === address) return true;
  }
  return false;
}

function isDescriptor(page: u32): bool {
  const address = (<usize>page) << PAGE_SHIFT;
  const number = load<u32>(address, PARTICIPANT_NUMBER);
  return number - 1 < MAX_PARTICIPANTS && participantAt(number - 1) === address;
}

/** Whether the header, the directory or the participant table refers to a system run. */
function isKnown(page: u32, length: u32): bool {
  return page === 0 || (length === DESCRIPTOR_PAGES && isDescriptor(page)) || isMapPage(page);
}

/** Sets the words of a run after its head. */
function sweep(page: u32, kind: u32, length: u32): void {
  for (let offset: u32 = 1; offset < length; offset++) {
    let word = INSIDE;
    if (kind === SLAB) word = wordOf(SLAB_PAGE, offset);
    else if (kind === FREE && offset === length - 1) word = wordOf(FREE, length);
    if (entry(page + offset) !== word) setEntry(page + offset, kindOf(word), lengthOf(word));
  }
}

/** Adds a run that is free, or becomes free now, to the free run before it (MAP2). */
function addFree(page: u32, length: u32): void {
  if (freeLength === 0) freeStart = page;
  freeLength += length;
  if (entry(freeStart) !== wordOf(FREE, freeLength)) commitHead(freeStart, FREE, freeLength);
}

function endFree(): void {
  if (freeLength === 0) return;
  sweep(freeStart, FREE, freeLength);
  enlist(freeStart, freeLength);
  freeLength = 0;
}

/** Whether a run is in use; if so, counts it. */
function isUsed(page: u32, kind: u32, length: u32): bool {
  if (kind === RUN) {
    blocks++;
    bytes += (<u64>length) << PAGE_SHIFT;
    return true;
  }
  if (kind === SYSTEM) {
    if (!isKnown(page, length)) return false;
    unusable += (<u64>length) << PAGE_SHIFT;
    return true;
  }
  if (kind !== SLAB) return false;
  const slab = (<usize>page) << PAGE_SHIFT;
  const sizeClass = slabClass(slab);
  const out = classObjects(sizeClass) - recountSlab(slab);
  if (out === 0) return false;
  blocks += out;
  bytes += <u64>out * classBytes(sizeClass);
  unusable += slabSlack(sizeClass);
  return true;
}

/** Derives everything from the heads, the bitmaps, the directory and the participant table. */
export function rebuild(): void {
  trim();
  clearBins();
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) setPartialSlabs(sizeClass, 0);
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    if (participantAt(index) !== 0) raiseParticipantLimit(index + 1);
  }
  blocks = 0;
  bytes = 0;
  unusable = 0;
  freeLength = 0;
  const end = extent();
  for (let page: u32 = 0; page < end; ) {
    const kind = kindOf(entry(page));
    const length = lengthOf(entry(page));
    if (isUsed(page, kind, length)) {
      endFree();
      sweep(page, kind, length);
    } else addFree(page, length);
    page += length;
  }
  endFree();
  setCounts(blocks, bytes, unusable);
}
