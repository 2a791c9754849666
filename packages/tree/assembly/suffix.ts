/*
 * The suffixes of a leaf: which bag they are in (bag.ts), and when they move to another.
 *
 *     leaf's block   | the leaf                  | inner bag, in what room is left  | retire tail |
 *                    0                           INNER_BAG                               leafBytes - 8
 *
 * A leaf is created with an inner bag for its first suffixes and some more. A search finds a suffix there without
 * another wait for memory (prefetch.ts). When the suffixes outgrow the inner bag, they move to an outer bag, a
 * block of its own. When they fit again and the leaf is marked anyway, they move back.
 *
 * Invariants
 *   SUFFIX1  `bag` is the inner bag, or an outer bag (a block of its own), or 0 in a leaf without an inner bag.
 *   SUFFIX2  A new bag is filled with the live suffixes and published whole; the old one is retired if it is a
 *            block. Both say the same about every slot that was ever live under the present version (leaf.ts
 *            LEAF4), so this needs no version change. But the leaf is marked INSERTING while dead suffixes are
 *            cleared away in place, or suffixes move back in.
 */

import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { TAG_SUFFIX } from "@masstree/key/assembly";
import { allocate, blockBytes, free } from "@masstree/memory/assembly";
import { slot as permutationSlot, size } from "@masstree/permuter/assembly";
import { INSERTS, markNode, participant, retireAfterwards } from "@masstree/session/assembly";
import {
  appendSuffix,
  bagBytes,
  compareWords,
  endFor,
  endOf,
  endWrite,
  fillSuffix,
  hasRoom,
  initialiseBag,
  REWRITE_START,
  rewriteSuffix,
  suffixAddress,
  suffixIn,
  suffixLength,
  suffixRoom,
  usedOf,
  wordsEqual,
} from "./bag";
import {
  bagOf,
  fillBag,
  INNER_BAG,
  initialiseLeaf,
  LARGEST_LEAF,
  LEAF_BYTES,
  leafBytes,
  permutationHighOf,
  permutationOf,
  SLOTS,
  tagIn,
  writeBag,
} from "./leaf";

/** Larger bags are replaced. A rewrite in place takes one entry of the log for every 8 bytes. */
const REWRITE_END: u32 = 8192;

/** The inner bag; 0 in a leaf of the smallest size, which has none. */
export function innerBagOf(leaf: usize): usize {
  return leafBytes(leaf) === LEAF_BYTES ? 0 : leaf + INNER_BAG;
}

/** The leaf's bag if it is an outer bag, else 0. */
export function bagBlockOf(leaf: usize): usize {
  const bag = bagOf(leaf);
  return bag === leaf + INNER_BAG ? 0 : bag;
}

/** Whether a bag could hold `room` bytes of suffixes if it were empty. */
function fits(bag: usize, room: u32): bool {
  return bag !== 0 && endFor(room) <= endOf(bag);
}

/** The suffix of a slot (address and length, bag.ts). 0 if torn reads found none. */
export function suffixOf(leaf: usize, slot: u32): u64 {
  const bag = bagOf(leaf);
  return bag === 0 ? 0 : suffixIn(bag, slot);
}

/** Whether a slot's suffix equals private bytes. Reads up to 7 bytes beyond those. */
export function suffixEquals(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const suffix = suffixOf(leaf, slot);
  return suffixLength(suffix) === length && wordsEqual(suffixAddress(suffix), bytes, length);
}

/** Compares a slot's suffix with private bytes: -1, 0 or 1. Reads up to 7 bytes beyond those. */
export function compareSuffix(leaf: usize, slot: u32, bytes: usize, length: u32): i32 {
  const suffix = suffixOf(leaf, slot);
  return compareWords(suffixAddress(suffix), suffixLength(suffix), bytes, length);
}

/** Bytes that the suffixes at positions [from, to) take in a bag. The leaf is locked. */
export function liveSuffixRoom(leaf: usize, lo: u64, hi: u64, from: u32, to: u32): u32 {
  let room: u32 = 0;
  for (let position = from; position < to; position++) {
    const at = permutationSlot(lo, hi, position);
    if (tagIn(leaf, at) !== TAG_SUFFIX) continue;
    room += suffixRoom(suffixLength(suffixOf(leaf, at)));
  }
  return room;
}

// Creating leaves and bags. They are private until they are linked.

/** The size of a leaf's block with an inner bag for `room` bytes of suffixes. */
function roomyLeafBytes(room: u32): u32 {
  // Whole cache lines, so its size class has whole lines too.
  return blockBytes((<u32>INNER_BAG + endFor(room) + RETIRE_TAIL + 63) & ~63);
}

/**
 * Creates a private, empty leaf. If its suffixes are short, it has an inner bag for the `room` bytes of suffixes
 * that it begins with and for `more` later ones. Without memory for both, the bag only has the room for the first.
 * 0 if memory is full.
 */
export function createLeaf(flags: u64, room: u32, more: u32): usize {
  const roomy = room === 0 ? LEAF_BYTES : roomyLeafBytes(room + more);
  let bytes = roomy <= LARGEST_LEAF ? roomy : LEAF_BYTES;
  let leaf = allocate(participant, bytes);
  if (leaf === 0 && bytes > LEAF_BYTES && roomyLeafBytes(room) < bytes) {
    bytes = roomyLeafBytes(room);
    leaf = allocate(participant, bytes);
  }
  if (leaf === 0) return 0;
  initialiseLeaf(leaf, bytes, flags);
  const inner = innerBagOf(leaf);
  if (inner === 0) return leaf;
  initialiseBag(inner, bytes - <u32>INNER_BAG - RETIRE_TAIL);
  fillBag(leaf, inner);
  return leaf;
}

/** Whether a new leaf that begins with `room` bytes of suffixes needs an outer bag. */
export function needsBag(leaf: usize, room: u32): bool {
  return room !== 0 && !fits(bagOf(leaf), room);
}

/** Frees a leaf that was never linked. */
export function freeLeaf(leaf: usize): void {
  free(participant, leaf, leafBytes(leaf));
}

/** Bytes that suffixes of all SLOTS are expected to take, beyond the `room` that `count` of them take now. */
export function expectedRoom(room: u32, count: u32): u32 {
  return count === 0 ? 0 : (room / count) * (SLOTS - min<u32>(count, SLOTS));
}

/**
 * The size of a new outer bag with room for `room` bytes of suffixes of `count` slots, and for some in the slots
 * still free.
 */
function roomyBagBytes(room: u32, count: u32): u32 {
  const more = expectedRoom(room, count) >> 1;
  return tightBagBytes(room + min<u32>(more, endFor(room) >> 1));
}

/**
 * Creates a private outer bag of that size, or a tight one if there is no memory for that. 0 if memory is full.
 */
export function createBag(room: u32, count: u32): usize {
  let bytes = roomyBagBytes(room, count);
  let bag = allocate(participant, bytes);
  if (bag === 0) {
    bytes = tightBagBytes(room);
    bag = allocate(participant, bytes);
    if (bag === 0) return 0;
  }
  initialiseBag(bag, bytes - RETIRE_TAIL);
  return bag;
}

/** The size of the smallest outer bag with room for `room` bytes of suffixes. */
function tightBagBytes(room: u32): u32 {
  return blockBytes(endFor(room) + RETIRE_TAIL);
}

/** Frees an outer bag that was never published. */
export function freeBag(bag: usize): void {
  free(participant, bag, bagBytes(bag));
}

/** Copies the suffix of one leaf's slot, if it has one, to a slot of a bag that no other thread knows yet. */
export function copySuffix(bag: usize, slot: u32, leaf: usize, from: u32): void {
  if (tagIn(leaf, from) !== TAG_SUFFIX) return;
  const suffix = suffixOf(leaf, from);
  fillSuffix(bag, slot, suffixAddress(suffix), suffixLength(suffix));
}

// Changing the suffixes of a leaf that the write has locked.

/**
 * What `chooseBag` decided: which bag, and how the suffixes get there.
 *
 *     63   32 31   0
 *     +------+------+
 *     | how  | bag  |
 *     +------+------+
 */
const APPEND: u64 = 0 << 32;
const REWRITE: u64 = 1 << 32;
const MOVE_OUT: u64 = 2 << 32;
const HOW: u64 = 3 << 32;

/** What `chooseBag` returns if memory is full. */
export const NO_BAG: u64 = 4 << 32;

/**
 * Chooses the bag for the suffixes that the leaf will have: those at its first `count` positions, and `added` more
 * that take `room` bytes. The inner bag, if they fit there again and the leaf is marked anyway. Otherwise the
 * present bag: as it is, or cleared of dead suffixes unless it is much too large. Otherwise a new bag. NO_BAG if
 * memory is full. Nothing is logged in any case.
 */
export function chooseBag(
  leaf: usize,
  lo: u64,
  hi: u64,
  count: u32,
  room: u32,
  isMarked: bool,
  added: u32 = 1,
): u64 {
  const present = bagOf(leaf);
  const inner = innerBagOf(leaf);
  const appends = present !== 0 && hasRoom(present, room, added);
  if (appends && (!isMarked || present === inner)) return APPEND | <u64>present;
  const all = liveSuffixRoom(leaf, lo, hi, 0, count) + room;
  if (fits(inner, all)) return REWRITE | <u64>inner;
  if (appends) return APPEND | <u64>present;
  const rewritable = fits(present, all) && endOf(present) <= REWRITE_END;
  if (rewritable && !isMuchLarger(bagBytes(present), roomyBagBytes(all, count + added))) {
    return REWRITE | <u64>present;
  }
  const fresh = createBag(all, count + added);
  if (fresh !== 0) return MOVE_OUT | <u64>fresh;
  return rewritable ? REWRITE | <u64>present : NO_BAG;
}

/** Whether a block is so much larger than needed that replacing it is worthwhile. */
function isMuchLarger(bytes: u32, wanted: u32): bool {
  return wanted * 4 <= bytes * 3;
}

/** The bag that `chooseBag` created and no other thread knows yet; 0 if it created none. */
export function freshBag(choice: u64): usize {
  return (choice & HOW) === MOVE_OUT ? <usize>choice : 0;
}

/** Logs the suffix of a free slot, and the other changes that `chooseBag` chose for the same arguments. */
export function writeSuffix(
  choice: u64,
  leaf: usize,
  lo: u64,
  hi: u64,
  count: u32,
  slot: u32,
  bytes: usize,
  length: u32,
): void {
  const used = beginSuffixes(choice, leaf, lo, hi, count);
  endSuffixes(choice, leaf, putSuffix(choice, used, slot, bytes, length));
}

/** Logs the suffixes at the first `count` positions where `chooseBag` wants them. Returns where more begin. */
function beginSuffixes(choice: u64, leaf: usize, lo: u64, hi: u64, count: u32): u32 {
  const bag = <usize>choice;
  const how = choice & HOW;
  if (how === REWRITE) return writeRewrite(leaf, bag, lo, hi, count);
  if (how === MOVE_OUT) copySuffixes(bag, leaf, lo, hi, count);
  return usedOf(bag);
}

/** Logs one more, of a free slot, which begins at `used`. Returns where the next one begins. */
function putSuffix(choice: u64, used: u32, slot: u32, bytes: usize, length: u32): u32 {
  const bag = <usize>choice;
  const how = choice & HOW;
  if (how === APPEND) return appendSuffix(bag, used, slot, bytes, length);
  if (how === REWRITE) return rewriteSuffix(bag, used, slot, bytes, length);
  fillSuffix(bag, slot, bytes, length);
  return usedOf(bag);
}

/** Logs that these are all, and end at `used`. */
function endSuffixes(choice: u64, leaf: usize, used: u32): void {
  const bag = <usize>choice;
  if ((choice & HOW) !== MOVE_OUT) endWrite(bag, used);
  if (bag !== bagOf(leaf)) replaceBag(leaf, bag);
}

/** Logs a suffix for a free slot of a locked leaf. False if memory is full; then nothing has been logged. */
export function addSuffix(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const count = size(lo);
  const choice = chooseBag(leaf, lo, hi, count, suffixRoom(length), false);
  if (choice === NO_BAG) return false;
  writeSuffix(choice, leaf, lo, hi, count, slot, bytes, length);
  return true;
}

/**
 * Logs that a bag in use holds only the suffixes at the first `count` positions so far. Returns where they end.
 */
function writeRewrite(leaf: usize, bag: usize, lo: u64, hi: u64, count: u32): u32 {
  markNode(leaf, INSERTS);
  let used = REWRITE_START;
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(lo, hi, position);
    if (tagIn(leaf, at) !== TAG_SUFFIX) continue;
    const suffix = suffixOf(leaf, at);
    used = rewriteSuffix(bag, used, at, suffixAddress(suffix), suffixLength(suffix));
  }
  return used;
}

/** Copies the suffixes at the first `count` positions, slot by slot, to a bag that no other thread knows yet. */
function copySuffixes(bag: usize, leaf: usize, lo: u64, hi: u64, count: u32): void {
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(lo, hi, position);
    copySuffix(bag, at, leaf, at);
  }
}

/**
 * Logs that a leaf gets the suffixes of another one, both of which the write has locked. Its permutation will be (lo,
 * hi), in which the other one's entries follow its own `kept` ones. The leaf is marked. False if memory is full; then
 * nothing has been logged.
 */
export function takeSuffixes(leaf: usize, lo: u64, hi: u64, kept: u32, from: usize): bool {
  const fromLo = permutationOf(from);
  const fromHi = permutationHighOf(from);
  const count = size(fromLo);
  const room = liveSuffixRoom(from, fromLo, fromHi, 0, count);
  if (room === 0) return true;
  const choice = chooseBag(leaf, lo, hi, kept, room, true, count);
  if (choice === NO_BAG) return false;
  let used = beginSuffixes(choice, leaf, lo, hi, kept);
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(fromLo, fromHi, position);
    if (tagIn(from, at) !== TAG_SUFFIX) continue;
    const suffix = suffixOf(from, at);
    const slot = permutationSlot(lo, hi, kept + position);
    used = putSuffix(choice, used, slot, suffixAddress(suffix), suffixLength(suffix));
  }
  endSuffixes(choice, leaf, used);
  return true;
}

/** Logs that `bag` replaces the leaf's present one (SUFFIX2). */
function replaceBag(leaf: usize, bag: usize): void {
  retireBag(leaf);
  writeBag(leaf, bag);
}

/** Plans that the leaf's bag is retired, if it is an outer bag. */
export function retireBag(leaf: usize): void {
  const block = bagBlockOf(leaf);
  if (block !== 0) retireAfterwards(block, bagBytes(block));
}

/**
 * Logs that the suffixes at the first `count` positions, all that are left, move to the inner bag or to a smaller
 * outer one, if the present one is an outer bag that they no longer need. The leaf is marked: a reader of an older
 * permutation would miss a suffix.
 */
export function shrinkBag(leaf: usize, lo: u64, hi: u64, count: u32): void {
  const block = bagBlockOf(leaf);
  if (block === 0) return;
  const room = liveSuffixRoom(leaf, lo, hi, 0, count);
  const inner = innerBagOf(leaf);
  if (room === 0 || fits(inner, room)) {
    const used = writeRewrite(leaf, inner, lo, hi, count);
    if (inner !== 0) endWrite(inner, used);
    replaceBag(leaf, inner);
    return;
  }
  if (!isMuchLarger(bagBytes(block), tightBagBytes(room))) return;
  const bag = createBag(room, SLOTS);
  if (bag === 0) return;
  copySuffixes(bag, leaf, lo, hi, count);
  markNode(leaf, INSERTS);
  replaceBag(leaf, bag);
}
