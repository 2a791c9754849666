// The hand: the blocks that a participant has allocated and not yet handed over.
//
// A block is always in exactly one place: in a slab or page run, in a participant's cache, in a
// participant's hand, or handed over (something else leads to it: a tree, an epoch bag, its user). The
// hand is what a thread that dies would take with it, so it is written down:
//
//   PARTICIPANT_HAND_COUNT  u32         how many entries there are, with holes among them
//   PARTICIPANT_HAND        80 x u64    31..0 block, 63..32 bytes as asked for; block 0: a hole
//
//             allocate                    handOver, letGo
//   cache  ------------->  hand  -------------------------->  live
//     ^         free        |  <---------------------------    |
//     +---------------------+           takeInHand             |
//     +--------------------------------------------------------+
//                               free
//
// Invariants
//   A1  A block enters the hand before it leaves where it was, and leaves the hand only once it has
//       arrived. Whoever takes over from a thread that died finds a block on its way in both places,
//       and the entry is the one that goes:
//         - a small block is the head of its cache: it was not popped yet, or was pushed already;
//         - a run is not in the page map: it was not taken yet, or was given back already (under the
//           region's lock, so that nobody else can have it: repair.ts);
//         - a bag's block is the head of the bag (@masstree/epoch).
//   A2  Only the participant's own thread writes its hand, or whoever takes over from it.
//   A3  The last entry is not a hole.

import {
  cacheHead,
  cacheOf,
  PARTICIPANT_HAND,
  PARTICIPANT_HAND_COUNT,
  PARTICIPANT_HAND_ENTRIES,
} from "./descriptor";
import { MAX_SMALL } from "./sizeclass";
import { classOfBlock } from "./slab";

/** How many blocks a hand has room for. */
export const HAND_CAPACITY: u32 = PARTICIPANT_HAND_ENTRIES;

function entryAt(participant: usize, index: u32): usize {
  return participant + PARTICIPANT_HAND + (index << 3);
}

/** How many entries the hand has: their indices are below this. Some may be holes. O(1). */
export function handCount(participant: usize): u32 {
  return load<u32>(participant, PARTICIPANT_HAND_COUNT);
}

function setCount(participant: usize, count: u32): void {
  store<u32>(participant, count, PARTICIPANT_HAND_COUNT);
}

/** The block of entry `index`, below `handCount`; 0 for a hole. O(1). */
export function handBlock(participant: usize, index: u32): usize {
  return load<u32>(entryAt(participant, index));
}

/** How many bytes the block of entry `index` was allocated with. O(1). */
export function handBytes(participant: usize, index: u32): u32 {
  return load<u32>(entryAt(participant, index), 4);
}

/** The index of a block's entry, looked for from the newest on; -1 when it is not in the hand. */
function find(participant: usize, block: usize, count: u32): i32 {
  let index = <i32>count - 1;
  while (index >= 0 && handBlock(participant, index) !== block) index--;
  return index;
}

/** Clears an entry, and with the last one the holes below it (A3): one store. */
function clearAt(participant: usize, index: u32, count: u32): void {
  if (index + 1 < count) {
    store<u64>(entryAt(participant, index), 0);
    return;
  }
  while (index > 0 && handBlock(participant, index - 1) === 0) index--;
  setCount(participant, index);
}

/** Fills a hole with the last entry, or, if there is none, lets go of everything. Returns the new count. */
function makeRoom(participant: usize): u32 {
  const last = HAND_CAPACITY - 1;
  const hole = find(participant, 0, last);
  if (hole < 0) {
    setCount(participant, 0);
    return 0;
  }
  // A thread that dies between the two leaves the block in there twice: `settleHand` sees that.
  store<u64>(entryAt(participant, hole), load<u64>(entryAt(participant, last)));
  clearAt(participant, last, HAND_CAPACITY);
  return handCount(participant);
}

/** Writes a block down as in the hand, before it leaves the place where it is (A1). O(1), two stores. */
export function append(participant: usize, block: usize, bytes: u32): void {
  let count = handCount(participant);
  if (count === HAND_CAPACITY) count = makeRoom(participant);
  store<u64>(entryAt(participant, count), <u64>block | ((<u64>bytes) << 32));
  setCount(participant, count + 1);
}

/** Clears the entry of a block that has arrived elsewhere, if it was in the hand. O(entries above it). */
export function forget(participant: usize, block: usize): void {
  const count = handCount(participant);
  if (!count) return;
  const index = find(participant, block, count);
  if (index >= 0) clearAt(participant, index, count);
}

/**
 * Hands over everything in the hand: something that outlives the thread leads to the blocks now, or
 * knows of them. One store.
 *
 * A participant that never does keeps the last HAND_CAPACITY blocks at most in its hand: the one after
 * that lets go of all before it.
 */
export function handOver(participant: usize): void {
  setCount(participant, 0);
}

/** Hands over one block of the hand. Nothing happens when it is not in it. O(entries above it). */
export function letGo(participant: usize, block: usize): void {
  forget(participant, block);
}

/**
 * Takes a block that was handed over back into the hand. Nothing but what the caller is about to
 * change leads to the block: call it first, then cut that.
 *
 * @param bytes what the block was allocated with
 */
export function takeInHand(participant: usize, block: usize, bytes: u32): void {
  append(participant, block, bytes);
}

/** Says whether a block is in the hand. O(entries). */
export function isInHand(participant: usize, block: usize): bool {
  return find(participant, block, handCount(participant)) >= 0;
}

/**
 * Forgets a block of a dead participant's hand that the caller has found elsewhere: something leads to
 * it. Nothing happens when it is not in the hand. O(entries).
 */
export function dropFromHand(participant: usize, block: usize): void {
  forget(participant, block);
}

/** Says whether a block is small and the head of its cache. */
function isHead(participant: usize, block: usize, bytes: u32): bool {
  return (
    bytes <= MAX_SMALL && cacheHead(cacheOf(participant, classOfBlock(block, bytes))) === block
  );
}

/** Drops what a dead thread's move of a small block left in two places (A1). O(entries^2). */
export function settleHand(participant: usize): void {
  for (let index = <i32>handCount(participant) - 1; index >= 0; index--) {
    const count = handCount(participant);
    const block = handBlock(participant, index);
    if (!block) continue;
    const bytes = handBytes(participant, index);
    const twice = find(participant, block, index) >= 0;
    if (twice || isHead(participant, block, bytes)) clearAt(participant, index, count);
  }
}
