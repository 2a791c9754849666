/**
 * Splitting a full leaf (the paper's section 4.6.4). The internodes above it are hang.ts's.
 *
 * Invariants
 *  P1  See hang.ts.
 *  P2  New nodes are filled privately and complete before the transaction commits.
 *  P3  The right leaf gets the upper entries; the left one keeps the rest and its new upper bound.
 *  P4  The boundary lies between two different ikeys (leaf.ts L6), except in the narrow widths of tests.
 */

import { classOf, TAG_SUFFIX } from "@masstree/key/assembly";
import { allocate, free } from "@masstree/memory/assembly";
import { LEAF } from "@masstree/nodeversion/assembly";
import { freeSlot, high, identity, insert, slot, truncate } from "@masstree/permuter/assembly";
import { fillSuffix, suffixRoom } from "./bag";
import { hang, takePath } from "./hang";
import { INTERNODE_BYTES } from "./internode";
import {
  bagOf,
  fillBag,
  fillBounds,
  fillEntry,
  fillLinks,
  fillPermutation,
  highestClassOf,
  highestOf,
  ikeyOf,
  isLeftmost,
  LAST_CLASS,
  lowestClassOf,
  lowestOf,
  nextOf,
  SLOTS,
  STRADDLE,
  tagIn,
  valueIn,
  writeEntry,
  writeHighest,
  writeNext,
  writePermutation,
  writePrev,
  writeStale,
} from "./leaf";
import { internodesField, leavesField, participant, setSpareAt, spareAt } from "./session";
import {
  chooseBag,
  copySuffix,
  createBag,
  createLeaf,
  expectedRoom,
  freeBag,
  freeLeaf,
  freshBag,
  liveSuffixRoom,
  needsBag,
  writeSuffix,
} from "./suffix";
import { held, mark, SPLITS, writeCounter } from "./transaction";

/** The entries of the full leaf and the new one, in order: WIDTH + 1 items. */
const ITEMS: u32 = WIDTH + 1;
/** Indices in the list of spare blocks: the right leaf; bags, if they are to be blocks, for it and the left leaf; internodes. */
const RIGHT: u32 = 0;
const RIGHT_BAG: u32 = 1;
const LEFT_BAG: u32 = 2;
const FIRST_INTERNODE: u32 = 3;

/** Whether the last split gave its layer a new root. */
export let grewRoot: bool = false;

let spareCount: u32 = 0;

/** Slot of item i of the old leaf; not for the new item itself. */
function itemSlot(lo: u64, hi: u64, position: u32, item: u32): u32 {
  return slot(lo, hi, item < position ? item : item - 1);
}

function itemIkey(leaf: usize, lo: u64, hi: u64, position: u32, ikey: u64, item: u32): u64 {
  return item === position ? ikey : ikeyOf(leaf, itemSlot(lo, hi, position, item));
}

function itemClass(leaf: usize, lo: u64, hi: u64, position: u32, cls: u32, item: u32): u32 {
  return item === position ? cls : classOf(tagIn(leaf, itemSlot(lo, hi, position, item)));
}

/** Whether `kept` items on the left part no equal ikeys (P4). */
function isBoundary(leaf: usize, lo: u64, hi: u64, position: u32, ikey: u64, kept: u32): bool {
  return (
    itemIkey(leaf, lo, hi, position, ikey, kept - 1) !==
    itemIkey(leaf, lo, hi, position, ikey, kept)
  );
}

/** How many items stay in the left leaf: half, or nearly all or none at the edges of the layer, so that sorted inserts fill leaves. */
function chooseKept(leaf: usize, lo: u64, hi: u64, position: u32, ikey: u64): u32 {
  let wanted: u32 = (ITEMS + 1) >> 1;
  if (position === SLOTS && nextOf(leaf) === 0) wanted = SLOTS;
  else if (position === 0 && isLeftmost(leaf)) wanted = 1;
  for (let distance: u32 = 0; distance < ITEMS; distance++) {
    if (wanted > distance && isBoundary(leaf, lo, hi, position, ikey, wanted - distance)) {
      return wanted - distance;
    }
    if (wanted + distance < ITEMS && isBoundary(leaf, lo, hi, position, ikey, wanted + distance)) {
      return wanted + distance;
    }
  }
  return wanted;
}

function addSpare(block: usize): void {
  setSpareAt(spareCount++, block);
}

function freeSpares(): void {
  while (spareCount > 0) {
    const index = --spareCount;
    const block = spareAt(index);
    if (block === 0) continue;
    if (index === RIGHT) freeLeaf(block);
    else if (index === RIGHT_BAG || index === LEFT_BAG) freeBag(block);
    else free(participant, block, INTERNODE_BYTES);
  }
}

/** Allocates the right leaf with a bag for its suffixes. */
function reserveRight(room: u32, count: u32): bool {
  const right = createLeaf(LEAF, room, expectedRoom(room, count));
  if (right === 0) return false;
  addSpare(right);
  if (needsBag(right, room)) {
    const bag = createBag(room, count);
    if (bag === 0) return false;
    addSpare(bag);
    fillBag(right, bag);
  } else addSpare(0);
  return true;
}

/** Allocates what the left leaf needs for a new suffix. */
function reserveLeft(leaf: usize, lo: u64, hi: u64, count: u32, added: u32): bool {
  if (added !== 0 && !chooseBag(leaf, lo, hi, count, added, true)) return false;
  addSpare(added !== 0 ? freshBag() : 0);
  return true;
}

function reserveInternodes(count: u32): bool {
  for (let left = count; left > 0; left--) {
    const block = allocate(participant, INTERNODE_BYTES);
    if (block === 0) return false;
    addSpare(block);
  }
  return true;
}

/** Allocates all that the split needs; false, with nothing kept, when memory is full. */
function reserve(
  leaf: usize,
  lo: u64,
  hi: u64,
  position: u32,
  kept: u32,
  tag: u32,
  suffixLength: u32,
  internodes: u32,
): bool {
  spareCount = 0;
  const added = tag === TAG_SUFFIX ? suffixRoom(suffixLength) : 0;
  const goesLeft = position < kept;
  const oldKept = goesLeft ? kept - 1 : kept;
  const rightRoom = liveSuffixRoom(leaf, lo, hi, oldKept, SLOTS) + (goesLeft ? 0 : added);
  if (
    reserveRight(rightRoom, ITEMS - kept) &&
    reserveLeft(leaf, lo, hi, oldKept, goesLeft ? added : 0) &&
    reserveInternodes(internodes)
  ) {
    return true;
  }
  freeSpares();
  return false;
}

/** P2: fills the right leaf with the items from `kept` on. */
function fillRight(
  leaf: usize,
  lo: u64,
  hi: u64,
  position: u32,
  kept: u32,
  ikey: u64,
  tag: u32,
  suffix: usize,
  suffixLength: u32,
  value: u64,
): void {
  const right = spareAt(RIGHT);
  const bag = bagOf(right);
  const count = ITEMS - kept;
  for (let to: u32 = 0; to < count; to++) {
    const item = kept + to;
    if (item === position) {
      fillEntry(right, to, ikey, tag, value);
      if (tag === TAG_SUFFIX) fillSuffix(bag, to, suffix, suffixLength);
    } else {
      const from = itemSlot(lo, hi, position, item);
      fillEntry(right, to, ikeyOf(leaf, from), tagIn(leaf, from), valueIn(leaf, from));
      if (bag !== 0) copySuffix(bag, to, leaf, from);
    }
  }
  fillPermutation(right, identity(count));
  fillLinks(right, leaf, nextOf(leaf));
}

/** P3: logs that the moved entries leave the left leaf, and that the new one comes if it stays. */
function writeLeft(
  leaf: usize,
  lo: u64,
  hi: u64,
  position: u32,
  kept: u32,
  ikey: u64,
  tag: u32,
  suffix: usize,
  suffixLength: u32,
  value: u64,
): void {
  const right = spareAt(RIGHT);
  const goesLeft = position < kept;
  const oldKept = goesLeft ? kept - 1 : kept;
  const next = nextOf(leaf);
  mark(leaf, SPLITS);
  writeStale(leaf, false);
  if (next !== 0) writePrev(next, right);
  writeNext(leaf, right);
  const lowest = lowestOf(right);
  const lowestClass = lowestClassOf(right);
  if (STRADDLE && lowestClass !== 0) writeHighest(leaf, lowest, lowestClass - 1);
  else writeHighest(leaf, lowest - 1, LAST_CLASS);
  let shrunk = truncate(lo, hi, oldKept);
  if (goesLeft) {
    const shrunkHigh = high;
    const at = freeSlot(shrunk, shrunkHigh);
    if (tag === TAG_SUFFIX) {
      writeSuffix(leaf, lo, hi, oldKept, at, suffix, suffixLength);
    }
    writeEntry(leaf, at, ikey, tag, value);
    shrunk = insert(shrunk, shrunkHigh, position);
  }
  writePermutation(leaf, shrunk);
}

/**
 * Plans the insertion of an entry at `position` of a full leaf, the first that the transaction has locked, by splitting it.
 * False when memory is full: then nothing new is kept, and the caller aborts.
 */
export function splitInsert(
  leaf: usize,
  lo: u64,
  hi: u64,
  position: u32,
  ikey: u64,
  tag: u32,
  suffix: usize,
  suffixLength: u32,
  value: u64,
  offset: u32,
): bool {
  const cls = classOf(tag);
  const kept = chooseKept(leaf, lo, hi, position, ikey);
  const needsRoot = takePath(leaf);
  const internodes = needsRoot ? held() : held() - 2;
  if (!reserve(leaf, lo, hi, position, kept, tag, suffixLength, internodes)) return false;
  writeCounter(leavesField(), 1);
  writeCounter(internodesField(), internodes);
  const right = spareAt(RIGHT);
  fillRight(leaf, lo, hi, position, kept, ikey, tag, suffix, suffixLength, value);
  const lowest = itemIkey(leaf, lo, hi, position, ikey, kept);
  // Where the boundary parts two ikeys, the right leaf begins at the ikey itself, whatever classes may come.
  const parts = STRADDLE && !isBoundary(leaf, lo, hi, position, ikey, kept);
  const lowestClass = parts ? itemClass(leaf, lo, hi, position, cls, kept) : 0;
  fillBounds(right, lowest, lowestClass, highestOf(leaf), highestClassOf(leaf));
  writeLeft(leaf, lo, hi, position, kept, ikey, tag, suffix, suffixLength, value);
  const appending = position === SLOTS && kept === SLOTS;
  grewRoot = hang(leaf, right, lowest, lowestClass, offset, FIRST_INTERNODE, appending);
  return true;
}
