/*
 * The private blocks of a participant: those that it has allocated and that nothing else leads to yet.
 *
 * A block is always in exactly one place. It is in a slab or page run, or in a participant's cache, or private, or
 * live (something leads to it: a structure, a retire list, its user). If a thread dies, nobody could find its
 * private blocks unless they are listed. So each participant lists them:
 *
 *   PARTICIPANT_PRIVATE_COUNT  u32         how many entries there are, with holes among them
 *   PARTICIPANT_PRIVATE        80 x u64    31..0 block, 63..32 bytes as requested; block 0: a hole
 *
 *             allocate                  dropPrivate, dropAllPrivate
 *   cache  -------------->  private  --------------------------------->  live
 *     ^         free           |  <-----------------------------------    |
 *     +------------------------+               addPrivate                 |
 *     +-------------------------------------------------------------------+
 *                                      free
 *
 * Invariants
 *   PRIVATE1  A block is listed before it leaves its old place, and its entry is dropped only once the block is in
 *             its new place. A recoverer may find a block in both places; then it drops the entry:
 *             - a small block is the head of its cache: it was not popped yet, or was already pushed;
 *             - a run is not in the page map: it was not taken yet, or was already given back (under the
 *               region's lock, so that no other thread can have it: repair.ts);
 *             - a retired block is the head of a retire list (@masstree/epoch).
 *   PRIVATE2  Only the participant's own thread, or its recoverer, writes its list.
 *   PRIVATE3  The last entry is not a hole.
 */

import {
  PARTICIPANT_PRIVATE,
  PARTICIPANT_PRIVATE_COUNT,
  PARTICIPANT_PRIVATE_ENTRIES,
} from "./descriptor";

/** How many private blocks a participant's list has room for. */
export const PRIVATE_CAPACITY: u32 = PARTICIPANT_PRIVATE_ENTRIES;

function entryAt(participant: usize, index: u32): usize {
  return participant + PARTICIPANT_PRIVATE + (index << 3);
}

/** How many entries the list has: their indices are below this. Some may be holes. O(1). */
export function privateCount(participant: usize): u32 {
  return load<u32>(participant, PARTICIPANT_PRIVATE_COUNT);
}

function setCount(participant: usize, count: u32): void {
  store<u32>(participant, count, PARTICIPANT_PRIVATE_COUNT);
}

/** The block of entry `index`, below `privateCount`; 0 for a hole. O(1). */
export function privateBlock(participant: usize, index: u32): usize {
  return load<u32>(entryAt(participant, index));
}

/** How many bytes the block of entry `index` was allocated with. O(1). */
export function privateBytes(participant: usize, index: u32): u32 {
  return load<u32>(entryAt(participant, index), 4);
}

/** The index of a block among the first `count` entries, newest first; -1 if it is not there. */
export function findPrivate(participant: usize, block: usize, count: u32): i32 {
  let index = <i32>count - 1;
  while (index >= 0 && privateBlock(participant, index) !== block) index--;
  return index;
}

/** Clears an entry. If it is the last one, also removes the holes below it (PRIVATE3). One store. */
export function clearPrivate(participant: usize, index: u32, count: u32): void {
  if (index + 1 < count) {
    store<u64>(entryAt(participant, index), 0);
    return;
  }
  while (index > 0 && privateBlock(participant, index - 1) === 0) index--;
  setCount(participant, index);
}

/** Moves the last entry into a hole. If there is no hole, drops all entries. Returns the new count. */
function makeRoom(participant: usize): u32 {
  const last = PRIVATE_CAPACITY - 1;
  const hole = findPrivate(participant, 0, last);
  if (hole < 0) {
    setCount(participant, 0);
    return 0;
  }
  // A thread that dies between the two stores leaves the block in the list twice: `repairPrivate` handles that.
  store<u64>(entryAt(participant, hole), load<u64>(entryAt(participant, last)));
  clearPrivate(participant, last, PRIVATE_CAPACITY);
  return privateCount(participant);
}

/**
 * Lists a block as private (PRIVATE1). `allocate` does so for a new block. For a live block, call it first, and
 * then cut the path to the block, which must be the only one.
 *
 * @param bytes what the block was allocated with
 *
 * O(1), two stores.
 */
export function addPrivate(participant: usize, block: usize, bytes: u32): void {
  let count = privateCount(participant);
  if (count === PRIVATE_CAPACITY) count = makeRoom(participant);
  store<u64>(entryAt(participant, count), <u64>block | ((<u64>bytes) << 32));
  setCount(participant, count + 1);
}

/**
 * Drops a block from the list, if it is there: the block is live now, or freed. A recoverer drops a block that it
 * has found in its new place. O(entries above it).
 */
export function dropPrivate(participant: usize, block: usize): void {
  const count = privateCount(participant);
  if (count === 0) return;
  const index = findPrivate(participant, block, count);
  if (index >= 0) clearPrivate(participant, index, count);
}

/**
 * Drops every block from the list: something that outlives the thread now leads to them, or knows about them. One
 * store.
 *
 * The list of a participant that never drops anything keeps its last PRIVATE_CAPACITY blocks: one more drops all
 * before it.
 */
export function dropAllPrivate(participant: usize): void {
  setCount(participant, 0);
}

/** Whether a block is in the list. O(entries). */
export function isPrivate(participant: usize, block: usize): bool {
  return findPrivate(participant, block, privateCount(participant)) >= 0;
}
