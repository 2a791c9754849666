/*
 * Splitting a full leaf (the paper's section 4.6.4). internode-split.ts splits the internodes above it.
 *
 * Invariants
 *   SPLIT2  New nodes are filled privately and are complete before the write commits.
 *   SPLIT3  The right leaf gets the upper entries; the left one keeps the rest and gets a new upper bound.
 *   SPLIT4  The boundary lies between two different ikeys (leaf.ts LEAF6); in the narrow widths of tests, at least
 *           between two different classes. So it never separates a group.
 */

import { classOf, TAG_SUFFIX } from "@masstree/key/assembly";
import { allocate, free } from "@masstree/memory/assembly";
import { LEAF } from "@masstree/nodeversion/assembly";
import { freeSlot, high, identity, insert, slot, truncate } from "@masstree/permuter/assembly";
import {
  lockedCount,
  markNode,
  participant,
  SPLITS,
  writeCounter,
} from "@masstree/session/assembly";
import { fillSuffix, suffixRoom } from "./bag";
import { INTERNODE_BYTES } from "./internode";
import { insertIntoAncestors, lockAncestors } from "./internode-split";
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
  permutationHighOf,
  permutationOf,
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
import { setSpareAt, spareAt, stateArea } from "./scratch";
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
  NO_BAG,
  needsBag,
  writeSuffix,
} from "./suffix";
import { internodesField, leavesField } from "./tree-words";

/** The entries of the full leaf and the new one, in order: WIDTH + 1 items. */
const ITEMS: u32 = WIDTH + 1;
/**
 * Indices in the list of spare blocks: the right leaf; bags for it and for the left leaf, if they have to be
 * blocks; internodes.
 */
const RIGHT: u32 = 0;
const RIGHT_BAG: u32 = 1;
const LEFT_BAG: u32 = 2;
const FIRST_INTERNODE: u32 = 3;

/** Outcomes of `splitInsert`. This one: memory is full, and no new block is kept. */
export const SPLIT_FULL: u32 = 0;
/** The split is logged. */
export const SPLIT_PLANNED: u32 = 1;
/** The same, and the layer gets a new root. */
export const SPLIT_NEW_ROOT: u32 = 2;

/** A split and the entry that causes it. It lies in the participant's scratch, because a split waits for locks. */
@unmanaged
class Split {
  /** The full leaf's permutation. */
  lo: u64;
  hi: u64;
  /** The new entry. */
  ikey: u64;
  value: u64;
  /** What `chooseBag` decided for the left leaf, if the new entry's suffix stays there. */
  choice: u64;
  leaf: u32;
  suffix: u32;
  suffixLength: u32;
  tag: u32;
  /** Where the new entry belongs among the items. */
  position: u32;
  /** How many items stay in the left leaf. */
  kept: u32;
  /** How many spare blocks are allocated. */
  spares: u32;
}

function theSplit(): Split {
  return changetype<Split>(stateArea(offsetof<Split>()));
}

/** The old leaf's slot of item i. Not for the new item. */
function itemSlot(it: Split, item: u32): u32 {
  return slot(it.lo, it.hi, item < it.position ? item : item - 1);
}

function itemIkey(it: Split, item: u32): u64 {
  return item === it.position ? it.ikey : ikeyOf(it.leaf, itemSlot(it, item));
}

function itemClass(it: Split, item: u32): u32 {
  return classOf(item === it.position ? it.tag : tagIn(it.leaf, itemSlot(it, item)));
}

/** Whether no equal ikeys are separated if `kept` items stay on the left (SPLIT4). */
function isBoundary(it: Split, kept: u32): bool {
  return itemIkey(it, kept - 1) !== itemIkey(it, kept);
}

/** The same for equal classes of an ikey, where all items have one ikey. */
function isNarrowBoundary(it: Split, kept: u32): bool {
  return itemClass(it, kept - 1) !== itemClass(it, kept);
}

/** Whether the new entry stays in the left leaf. */
function goesLeft(it: Split): bool {
  return it.position < it.kept;
}

/** How many of the old entries stay in the left leaf. */
function oldKept(it: Split): u32 {
  return goesLeft(it) ? it.kept - 1 : it.kept;
}

/**
 * How many items stay in the left leaf: half of them; at the edges of the layer nearly all or nearly none, so that
 * sorted inserts fill leaves.
 */
function chooseKept(it: Split): u32 {
  let wanted: u32 = (ITEMS + 1) >> 1;
  if (it.position === SLOTS && nextOf(it.leaf) === 0) wanted = SLOTS;
  else if (it.position === 0 && isLeftmost(it.leaf)) wanted = 1;
  for (let distance: u32 = 0; distance < ITEMS; distance++) {
    if (wanted > distance && isBoundary(it, wanted - distance)) return wanted - distance;
    if (wanted + distance < ITEMS && isBoundary(it, wanted + distance)) return wanted + distance;
  }
  // All items have one ikey. A group is smaller than a leaf, so it ends or begins somewhere.
  for (let distance: u32 = 0; STRADDLE && distance < ITEMS; distance++) {
    const less = wanted - distance;
    const more = wanted + distance;
    if (distance < wanted && isNarrowBoundary(it, less)) return less;
    if (more < ITEMS && isNarrowBoundary(it, more)) return more;
  }
  if (DEBUG) unreachable();
  return wanted;
}

function addSpare(it: Split, block: usize): void {
  setSpareAt(it.spares, block);
  it.spares++;
}

function freeSpares(it: Split): void {
  while (it.spares > 0) {
    const index = --it.spares;
    const block = spareAt(index);
    if (block === 0) continue;
    if (index === RIGHT) freeLeaf(block);
    else if (index === RIGHT_BAG || index === LEFT_BAG) freeBag(block);
    else free(participant, block, INTERNODE_BYTES);
  }
}

/** Allocates the right leaf with a bag for its suffixes. */
function reserveRight(it: Split, room: u32, count: u32): bool {
  const right = createLeaf(LEAF, room, expectedRoom(room, count));
  if (right === 0) return false;
  addSpare(it, right);
  if (needsBag(right, room)) {
    const bag = createBag(room, count);
    if (bag === 0) return false;
    addSpare(it, bag);
    fillBag(right, bag);
  } else addSpare(it, 0);
  return true;
}

/** Allocates what the left leaf needs for a new suffix. */
function reserveLeft(it: Split, added: u32): bool {
  it.choice = 0;
  if (added !== 0) {
    it.choice = chooseBag(it.leaf, it.lo, it.hi, oldKept(it), added, true);
    if (it.choice === NO_BAG) return false;
  }
  addSpare(it, freshBag(it.choice));
  return true;
}

function reserveInternodes(it: Split, count: u32): bool {
  for (let left = count; left > 0; left--) {
    const block = allocate(participant, INTERNODE_BYTES);
    if (block === 0) return false;
    addSpare(it, block);
  }
  return true;
}

/** Allocates all blocks that the split needs. False, with nothing kept, if memory is full. */
function reserve(it: Split, internodes: u32): bool {
  const added = it.tag === TAG_SUFFIX ? suffixRoom(it.suffixLength) : 0;
  const addedLeft: u32 = goesLeft(it) ? added : 0;
  const rightRoom = liveSuffixRoom(it.leaf, it.lo, it.hi, oldKept(it), SLOTS) + added - addedLeft;
  if (
    reserveRight(it, rightRoom, ITEMS - it.kept) &&
    reserveLeft(it, addedLeft) &&
    reserveInternodes(it, internodes)
  ) {
    return true;
  }
  freeSpares(it);
  return false;
}

/** SPLIT2: fills the right leaf with the items from `kept` on. */
function fillRight(it: Split): void {
  const leaf: usize = it.leaf;
  const right = spareAt(RIGHT);
  const bag = bagOf(right);
  const count = ITEMS - it.kept;
  for (let to: u32 = 0; to < count; to++) {
    const item = it.kept + to;
    if (item === it.position) {
      fillEntry(right, to, it.ikey, it.tag, it.value);
      if (it.tag === TAG_SUFFIX) fillSuffix(bag, to, it.suffix, it.suffixLength);
    } else {
      const from = itemSlot(it, item);
      fillEntry(right, to, ikeyOf(leaf, from), tagIn(leaf, from), valueIn(leaf, from));
      if (bag !== 0) copySuffix(bag, to, leaf, from);
    }
  }
  fillPermutation(right, identity(count));
  fillLinks(right, leaf, nextOf(leaf));
}

/** SPLIT3: logs that the moved entries leave the left leaf, and that the new entry is added if it stays there. */
function writeLeft(it: Split): void {
  const leaf: usize = it.leaf;
  const right = spareAt(RIGHT);
  const next = nextOf(leaf);
  markNode(leaf, SPLITS);
  writeStale(leaf, false);
  if (next !== 0) writePrev(next, right);
  writeNext(leaf, right);
  const lowest = lowestOf(right);
  const lowestClass = lowestClassOf(right);
  if (STRADDLE && lowestClass !== 0) writeHighest(leaf, lowest, lowestClass - 1);
  else writeHighest(leaf, lowest - 1, LAST_CLASS);
  let shrunk = truncate(it.lo, it.hi, oldKept(it));
  if (goesLeft(it)) {
    const shrunkHigh = high;
    const at = freeSlot(shrunk, shrunkHigh);
    if (it.tag === TAG_SUFFIX) {
      writeSuffix(it.choice, leaf, it.lo, it.hi, oldKept(it), at, it.suffix, it.suffixLength);
    }
    writeEntry(leaf, at, it.ikey, it.tag, it.value);
    shrunk = insert(shrunk, shrunkHigh, it.position);
  }
  writePermutation(leaf, shrunk);
}

/**
 * Plans the insertion of an entry at `position` of a full leaf by splitting the leaf, which is the first that the
 * write has locked. `offset` is the layer's. After SPLIT_FULL the caller aborts.
 */
export function splitInsert(
  leaf: usize,
  position: u32,
  ikey: u64,
  tag: u32,
  suffix: usize,
  suffixLength: u32,
  value: u64,
  offset: u32,
): u32 {
  const it = theSplit();
  it.leaf = <u32>leaf;
  it.lo = permutationOf(leaf);
  it.hi = permutationHighOf(leaf);
  it.position = position;
  it.ikey = ikey;
  it.tag = tag;
  it.suffix = <u32>suffix;
  it.suffixLength = suffixLength;
  it.value = value;
  it.spares = 0;
  it.kept = chooseKept(it);
  const needsRoot = lockAncestors(leaf);
  const internodes = needsRoot ? lockedCount() : lockedCount() - 2;
  if (!reserve(it, internodes)) return SPLIT_FULL;
  writeCounter(leavesField(), 1);
  writeCounter(internodesField(), internodes);
  const right = spareAt(RIGHT);
  fillRight(it);
  const lowest = itemIkey(it, it.kept);
  // If the boundary separates two ikeys, the right leaf begins at the ikey itself, whatever classes are added
  // later.
  const parts = STRADDLE && !isBoundary(it, it.kept);
  const lowestClass = parts ? itemClass(it, it.kept) : 0;
  fillBounds(right, lowest, lowestClass, highestOf(leaf), highestClassOf(leaf));
  writeLeft(it);
  const isAppending = position === SLOTS && it.kept === SLOTS;
  insertIntoAncestors(leaf, right, lowest, lowestClass, offset, FIRST_INTERNODE, isAppending);
  return needsRoot ? SPLIT_NEW_ROOT : SPLIT_PLANNED;
}
