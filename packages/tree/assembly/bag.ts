/*
 * The suffix bag: what the keys of one leaf have beyond the slice (the paper's keysuffixes, section 4.2).
 *
 *     0       4          end      where the room for suffixes ends           before publication
 *     4       4          used     where free space begins                    lock holder, under the lock
 *     8       4 * WIDTH  places   of each slot's suffix: offset, length      lock holder (atomic), read optimistically
 *     DATA    ...        words    the suffixes, each padded with zeros       lock holder (atomic), read optimistically
 *     end     8          the epoch package, if the bag is a block of its own
 *
 *     place   bit 31       16 15        0
 *                 +----------+----------+     the offset counts units from the bag's start: of 8 bytes, or of 32 in
 *                 | offset   | length   |     a bag of more than 512 KiB. 0: no suffix.
 *                 +----------+----------+
 *
 * Invariants
 *   BAG1  Every place that was ever stored lies within the bag. So a reader that follows an old place reads some
 *         part of the bag, and the leaf's version then tells whether it was the right part. All of it is read with
 *         atomic loads.
 *   BAG2  What lies below `used` changes only while the leaf is marked. A reader that saw the present version does
 *         not look beyond `used`.
 *   BAG3  A slot's place is stored before the slot is published with tag SUFFIX.
 *   BAG4  A live slot has a suffix in the bag if and only if its tag is SUFFIX; the suffix has at least 1 byte.
 */

import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { reachTo } from "@masstree/memory/assembly";
import { write32, write64 } from "@masstree/session/assembly";
import { SLOTS } from "./leaf";

@unmanaged
class Bag {
  end: u32;
  used: u32;
}

const PLACES: usize = offsetof<Bag>();
/** Where the suffixes begin. */
export const DATA: u32 = (<u32>PLACES + 4 * WIDTH + 7) & ~7;
/** Bags that end beyond this offset count in the larger unit. */
const SMALL_UNIT_END: u32 = 0x80000;

function unitShift(end: u32): u32 {
  return end > SMALL_UNIT_END ? 5 : 3;
}

/** Bytes that a suffix of this length takes in a bag, without the padding that the larger unit may add. */
export function suffixRoom(length: u32): u32 {
  return (length + 7) & ~7;
}

/** The smallest `end` of a bag with room for `room` bytes of suffixes. */
export function endFor(room: u32): u32 {
  const end = DATA + room;
  return end > SMALL_UNIT_END ? end + (SLOTS << 5) : end;
}

/** Where a bag ends. Every use of a bag begins with this call: from here on the instance reaches all of it. */
export function endOf(bag: usize): u32 {
  reachTo(bag, DATA);
  const end = changetype<Bag>(bag).end;
  reachTo(bag, end);
  return end;
}

/** The block size of a bag that is a block of its own. */
export function bagBytes(bag: usize): u32 {
  return endOf(bag) + RETIRE_TAIL;
}

/** Initialises a bag without suffixes in private memory. */
export function initialiseBag(bag: usize, end: u32): void {
  memory.fill(bag, 0, DATA);
  changetype<Bag>(bag).end = end;
  changetype<Bag>(bag).used = DATA;
}

/**
 * The suffix of a slot: address and length in one word. 0 if torn reads found none.
 *
 *     63     32 31      0
 *     +--------+---------+
 *     | length | address |
 *     +--------+---------+
 */
export function suffixIn(bag: usize, slot: u32): u64 {
  const end = endOf(bag);
  const place = atomic.load<u32>(bag + ((<usize>slot) << 2), PLACES);
  if (place === 0) return 0;
  return ((<u64>place & 0xffff) << 32) | <u64>(bag + ((place >> 16) << unitShift(end)));
}

/** The address of a suffix's words. */
export function suffixAddress(suffix: u64): usize {
  return <usize>suffix;
}

/** How many bytes a suffix has. */
export function suffixLength(suffix: u64): u32 {
  return <u32>(suffix >> 32);
}

/** Checks BAG4, and that the suffix lies in the used part of the bag. */
export function isPlaceSound(bag: usize, slot: u32): bool {
  const suffix = suffixIn(bag, slot);
  const start = suffixAddress(suffix);
  const end = start + suffixRoom(suffixLength(suffix));
  return (
    suffixLength(suffix) !== 0 && start >= bag + DATA && end <= bag + changetype<Bag>(bag).used
  );
}

/** Whether a suffix in a bag equals private bytes. Reads up to 7 bytes beyond the private ones. */
export function wordsEqual(suffix: usize, bytes: usize, length: u32): bool {
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) {
    if (atomic.load<u64>(suffix + at) !== load<u64>(bytes + at)) return false;
  }
  if (at === length) return true;
  // The key's first bytes are the word's lowest.
  const difference = atomic.load<u64>(suffix + at) ^ load<u64>(bytes + at);
  return difference << ((8 - (length - at)) << 3) === 0;
}

/**
 * Compares a suffix in a bag with private bytes: -1, 0 or 1. A prefix comes before the longer string. Reads up to 7
 * bytes beyond the private ones.
 */
export function compareWords(suffix: usize, length: u32, bytes: usize, bytesLength: u32): i32 {
  const shared = min(length, bytesLength);
  let at: u32 = 0;
  for (; at + 8 <= shared; at += 8) {
    const order = orderOf(atomic.load<u64>(suffix + at), load<u64>(bytes + at));
    if (order !== 0) return order;
  }
  if (at < shared) {
    const unused = (8 - (shared - at)) << 3;
    const order = orderOf(atomic.load<u64>(suffix + at) << unused, load<u64>(bytes + at) << unused);
    if (order !== 0) return order;
  }
  return i32(length > bytesLength) - i32(length < bytesLength);
}

/** Orders two words by the first byte, in memory order, in which they differ. */
function orderOf(a: u64, b: u64): i32 {
  if (a === b) return 0;
  return bswap<u64>(a) < bswap<u64>(b) ? -1 : 1;
}

/** Copies a suffix to private memory. Writes up to 7 bytes beyond its end. */
export function copyWords(to: usize, suffix: usize, length: u32): void {
  for (let at: u32 = 0; at < length; at += 8) store<u64>(to + at, atomic.load<u64>(suffix + at));
}

/** The word at `at` of a private suffix, padded with zeros. Reads up to 7 bytes beyond the suffix. */
function wordAt(bytes: usize, length: u32, at: u32): u64 {
  const word = load<u64>(bytes + at);
  const left = length - at;
  return left >= 8 ? word : word & (((<u64>1) << (left << 3)) - 1);
}

function placeField(bag: usize, slot: u32): usize {
  return bag + ((<usize>slot) << 2) + PLACES;
}

/** Where the next suffix would begin in a bag that ends at `end` and is used up to `used`. */
function alignTo(used: u32, end: u32): u32 {
  const unit: u32 = 1 << unitShift(end);
  return (used + unit - 1) & ~(unit - 1);
}

function placeOf(offset: u32, length: u32, end: u32): u32 {
  return ((offset >> unitShift(end)) << 16) | length;
}

/** Whether there is room for `count` suffixes that take `room` bytes together. */
export function hasRoom(bag: usize, room: u32, count: u32 = 1): bool {
  const end = endOf(bag);
  const padding = ((count - 1) << unitShift(end)) - ((count - 1) << 3);
  return alignTo(changetype<Bag>(bag).used, end) + room + padding <= end;
}

/** Where free space begins in a bag. */
export function usedOf(bag: usize): u32 {
  return changetype<Bag>(bag).used;
}

/** Takes all suffixes out of a bag that no other thread knows yet. Their words stay until others are added. */
export function emptyBag(bag: usize): void {
  changetype<Bag>(bag).used = DATA;
}

/**
 * Adds a slot's suffix to a bag that no other thread knows yet. There is room. The bytes may be in this bag, at or
 * behind the place that they get.
 */
export function fillSuffix(bag: usize, slot: u32, bytes: usize, length: u32): void {
  const end = endOf(bag);
  const offset = alignTo(changetype<Bag>(bag).used, end);
  for (let at: u32 = 0; at < length; at += 8) {
    store<u64>(bag + offset + at, wordAt(bytes, length, at));
  }
  store<u32>(placeField(bag, slot), placeOf(offset, length, end));
  changetype<Bag>(bag).used = offset + suffixRoom(length);
}

/**
 * Writes a slot's suffix to the free space of a bag in use, which begins at `used` so far, and logs its place (BAG3).
 * There is room. The words need no log: they only count once the place is stored. Returns where free space begins
 * then, which `endWrite` logs.
 */
export function appendSuffix(bag: usize, used: u32, slot: u32, bytes: usize, length: u32): u32 {
  const end = endOf(bag);
  const offset = alignTo(used, end);
  for (let at: u32 = 0; at < length; at += 8) {
    atomic.store<u64>(bag + offset + at, wordAt(bytes, length, at));
  }
  write32(placeField(bag, slot), placeOf(offset, length, end));
  return offset + suffixRoom(length);
}

// Logging new contents for a bag in use. The leaf is marked (BAG2).

/** Where the new contents begin. */
export const REWRITE_START: u32 = DATA;

/**
 * Logs a slot's suffix as the next part of the new contents, which end at `used` so far. There is room. Returns
 * their new end.
 */
export function rewriteSuffix(bag: usize, used: u32, slot: u32, bytes: usize, length: u32): u32 {
  const end = endOf(bag);
  const offset = alignTo(used, end);
  for (let at: u32 = 0; at < length; at += 8) {
    write64(bag + offset + at, wordAt(bytes, length, at));
  }
  write32(placeField(bag, slot), placeOf(offset, length, end));
  return offset + suffixRoom(length);
}

/** Logs where what was appended, or the new contents, end. */
export function endWrite(bag: usize, used: u32): void {
  write32(bag + offsetof<Bag>("used"), used);
}
