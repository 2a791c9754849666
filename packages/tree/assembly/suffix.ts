/**
 * The suffixes of a leaf: which bag they are in (bag.ts), and when they move to another.
 *
 *     leaf's block   | the leaf                  | home: a bag in what room is left | retire tail |
 *                    0                           HOME                               leafBytes - 8
 *
 * A leaf is made with a home for the suffixes that it begins with and some more; a suffix is found there without
 * another wait for memory (touch.ts). When they outgrow it, they move out to a bag that is a block of its own; when they fit again and
 * the leaf is marked anyway, they move back.
 *
 * Invariants
 *  H1  `bag` is the home, a block of its own, or, in a leaf without a home, 0.
 *  H2  A new bag is filled with the live suffixes and published whole, and the old one retired if it is a block. Both say the
 *      same about every slot that was ever live under the present version (leaf.ts L4), so this needs no version change.
 *      Dead suffixes are cleared away in place, and suffixes move home, while the leaf is marked INSERTING.
 */

import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { TAG_SUFFIX } from "@masstree/key/assembly";
import { allocate, blockBytes, free } from "@masstree/memory/assembly";
import { slot as permutationSlot, size } from "@masstree/permuter/assembly";
import {
  appendSuffix,
  bagBytes,
  beginRewrite,
  endFor,
  endOf,
  endRewrite,
  fillSuffix,
  hasRoom,
  initialiseBag,
  rewriteSuffix,
  suffixIn,
  suffixLength,
  suffixRoom,
  wordsEqual,
} from "./bag";
import {
  bagOf,
  fillBag,
  HOME,
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
import { participant } from "./session";
import { INSERTS, mark, retireAfterwards } from "./transaction";

/** Larger bags are replaced rather than rewritten in place, which takes a word of the log for every 8 bytes. */
const REWRITE_END: u32 = 8192;

/** The bag in a leaf's own block; 0 when it has none, being of the smallest size. */
export function homeOf(leaf: usize): usize {
  return leafBytes(leaf) === LEAF_BYTES ? 0 : leaf + HOME;
}

/** The leaf's bag if it is a block of its own, else 0. */
export function bagBlockOf(leaf: usize): usize {
  const bag = bagOf(leaf);
  return bag === leaf + HOME ? 0 : bag;
}

/** Whether a bag could hold `room` bytes of suffixes if it were empty. */
function fits(bag: usize, room: u32): bool {
  return bag !== 0 && endFor(room) <= endOf(bag);
}

/** The suffix of a slot: the address of its words; its length is in `suffixLength`. 0 when torn reads found none. */
export function suffixOf(leaf: usize, slot: u32): usize {
  const bag = bagOf(leaf);
  return bag === 0 ? 0 : suffixIn(bag, slot);
}

/** Whether a slot's suffix equals private bytes. Reads up to 7 bytes beyond those. */
export function suffixEquals(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const suffix = suffixOf(leaf, slot);
  return suffix !== 0 && suffixLength === length && wordsEqual(suffix, bytes, length);
}

/** Bytes that the suffixes at positions [from, to) take in a bag. The leaf is locked. */
export function liveSuffixRoom(leaf: usize, lo: u64, hi: u64, from: u32, to: u32): u32 {
  let room: u32 = 0;
  for (let position = from; position < to; position++) {
    const at = permutationSlot(lo, hi, position);
    if (tagIn(leaf, at) !== TAG_SUFFIX) continue;
    suffixOf(leaf, at);
    room += suffixRoom(suffixLength);
  }
  return room;
}

// Making leaves and bags. Private until they are hung in.

/** The size of a leaf's block with a home for `room` bytes of suffixes. */
function roomyLeafBytes(room: u32): u32 {
  // Whole cache lines: the class is one, too.
  return blockBytes((<u32>HOME + endFor(room) + RETIRE_TAIL + 63) & ~63);
}

/**
 * A new, private, empty leaf. It has a home for the `room` bytes of suffixes that it begins with and `more` to come, if they
 * are short; for the first alone, if there is no memory for both. 0 when memory is full.
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
  const home = homeOf(leaf);
  if (home === 0) return leaf;
  initialiseBag(home, bytes - <u32>HOME - RETIRE_TAIL);
  fillBag(leaf, home);
  return leaf;
}

/** Whether a new leaf that begins with `room` bytes of suffixes needs a bag besides what it has. */
export function needsBag(leaf: usize, room: u32): bool {
  return room !== 0 && !fits(bagOf(leaf), room);
}

/** Frees a leaf that was never hung in. */
export function freeLeaf(leaf: usize): void {
  free(participant, leaf, leafBytes(leaf));
}

/** Bytes that `count` suffixes may come to take in all SLOTS, beyond the `room` they take now. */
export function expectedRoom(room: u32, count: u32): u32 {
  return count === 0 ? 0 : (room / count) * (SLOTS - min<u32>(count, SLOTS));
}

/** The size of a new bag, as a block of its own, with room for `room` bytes of suffixes of `count` slots, and some for the slots still free. */
function roomyBagBytes(room: u32, count: u32): u32 {
  const more = expectedRoom(room, count) >> 1;
  return tightBagBytes(room + min<u32>(more, endFor(room) >> 1));
}

/** A new, private bag as a block of that size, or a tight one if there is no memory for that. 0 when memory is full. */
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

/** The size of the smallest block of a bag with room for `room` bytes of suffixes. */
function tightBagBytes(room: u32): u32 {
  return blockBytes(endFor(room) + RETIRE_TAIL);
}

/** Frees a bag, a block of its own, that was never published. */
export function freeBag(bag: usize): void {
  free(participant, bag, bagBytes(bag));
}

/** Copies the suffix of one leaf's slot, if it has one, to a slot of a bag that nobody else knows yet. */
export function copySuffix(bag: usize, slot: u32, leaf: usize, from: u32): void {
  if (tagIn(leaf, from) !== TAG_SUFFIX) return;
  const suffix = suffixOf(leaf, from);
  fillSuffix(bag, slot, suffix, suffixLength);
}

// Changing the suffixes of a leaf that the transaction has locked.

const APPEND: u32 = 0;
const REWRITE: u32 = 1;
const MOVE_OUT: u32 = 2;

/** What `chooseBag` chose, and what has to be done for it. */
let chosen: usize = 0;
let plan: u32 = 0; // APPEND

/**
 * Chooses the bag for what is to be the leaf's suffixes: those at its first `count` positions, and one more that takes `room`
 * bytes. Home, if they fit there again and the leaf is marked anyway; else the present bag, as it is or, unless it is much
 * too large, cleared of dead suffixes; else a new one. False when memory is full; nothing is logged in any case.
 */
export function chooseBag(
  leaf: usize,
  lo: u64,
  hi: u64,
  count: u32,
  room: u32,
  isMarked: bool,
): bool {
  const present = bagOf(leaf);
  const home = homeOf(leaf);
  const appends = present !== 0 && hasRoom(present, room);
  chosen = present;
  plan = APPEND;
  if (appends && (!isMarked || present === home)) return true;
  const all = liveSuffixRoom(leaf, lo, hi, 0, count) + room;
  plan = REWRITE;
  if (fits(home, all)) {
    chosen = home;
    return true;
  }
  if (appends) {
    plan = APPEND;
    return true;
  }
  const rewritable = fits(present, all) && endOf(present) <= REWRITE_END;
  if (rewritable && !isMuchLarger(bagBytes(present), roomyBagBytes(all, count + 1))) return true;
  const fresh = createBag(all, count + 1);
  if (fresh === 0) return rewritable;
  plan = MOVE_OUT;
  chosen = fresh;
  return true;
}

/** Whether a block is so much larger than what would do that it is worth exchanging. */
function isMuchLarger(bytes: u32, wanted: u32): bool {
  return wanted * 4 <= bytes * 3;
}

/** The bag that `chooseBag` made and nobody knows yet; 0 when it made none. */
export function freshBag(): usize {
  return plan === MOVE_OUT ? chosen : 0;
}

/** Logs the suffix of a free slot, and what else `chooseBag` decided for the same arguments. */
export function writeSuffix(
  leaf: usize,
  lo: u64,
  hi: u64,
  count: u32,
  slot: u32,
  bytes: usize,
  length: u32,
): void {
  if (plan === APPEND) {
    appendSuffix(chosen, slot, bytes, length);
    return;
  }
  if (plan === REWRITE) {
    writeRewrite(leaf, chosen, lo, hi, count);
    rewriteSuffix(chosen, slot, bytes, length);
    endRewrite(chosen);
  } else {
    copySuffixes(chosen, leaf, lo, hi, count);
    fillSuffix(chosen, slot, bytes, length);
  }
  if (chosen !== bagOf(leaf)) replaceBag(leaf, chosen);
}

/**
 * Logs a suffix for a free slot of a locked leaf. False when memory is full; nothing has been logged then.
 */
export function addSuffix(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const count = size(lo);
  if (!chooseBag(leaf, lo, hi, count, suffixRoom(length), false)) return false;
  writeSuffix(leaf, lo, hi, count, slot, bytes, length);
  return true;
}

/** Begins to log that a bag in use holds the suffixes at the first `count` positions and no others. */
function writeRewrite(leaf: usize, bag: usize, lo: u64, hi: u64, count: u32): void {
  mark(leaf, INSERTS);
  beginRewrite();
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(lo, hi, position);
    if (tagIn(leaf, at) !== TAG_SUFFIX) continue;
    const suffix = suffixOf(leaf, at);
    rewriteSuffix(bag, at, suffix, suffixLength);
  }
}

/** Copies the suffixes at the first `count` positions, slot for slot, to a bag that nobody else knows yet. */
function copySuffixes(bag: usize, leaf: usize, lo: u64, hi: u64, count: u32): void {
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(lo, hi, position);
    copySuffix(bag, at, leaf, at);
  }
}

/** Logs that `bag` takes the place of the leaf's present one (H2). */
function replaceBag(leaf: usize, bag: usize): void {
  retireBag(leaf);
  writeBag(leaf, bag);
}

/** Has the leaf's bag retired if it is a block of its own. */
export function retireBag(leaf: usize): void {
  const block = bagBlockOf(leaf);
  if (block !== 0) retireAfterwards(block, bagBytes(block));
}

/**
 * Logs that the suffixes at the first `count` positions, all that are left, move home or to a smaller bag, if the present one
 * is a block that they no longer need. The leaf is marked: a reader of an older permutation would miss a suffix.
 */
export function shrinkBag(leaf: usize, lo: u64, hi: u64, count: u32): void {
  const block = bagBlockOf(leaf);
  if (block === 0) return;
  const room = liveSuffixRoom(leaf, lo, hi, 0, count);
  const home = homeOf(leaf);
  if (room === 0 || fits(home, room)) {
    writeRewrite(leaf, home, lo, hi, count);
    if (home !== 0) endRewrite(home);
    replaceBag(leaf, home);
    return;
  }
  if (!isMuchLarger(bagBytes(block), tightBagBytes(room))) return;
  const bag = createBag(room, SLOTS);
  if (bag === 0) return;
  copySuffixes(bag, leaf, lo, hi, count);
  mark(leaf, INSERTS);
  replaceBag(leaf, bag);
}
