/**
 * The suffix bag: what the keys of one leaf have beyond the slice (the paper's keysuffixes, section 4.2).
 *
 *     0       4          end      where the room for suffixes ends           before publication
 *     4       4          used     where free space begins                    lock holder, under the lock
 *     8       4 * WIDTH  places   of each slot's suffix: offset, length      lock holder (atomic), read optimistically
 *     DATA    ...        words    the suffixes, each filled up with zeros    lock holder (atomic), read optimistically
 *     end     8          the epoch package, where the bag is a block of its own
 *
 *     place   bit 31       16 15        0
 *                 +----------+----------+     the offset counts units from the bag's start: of 8 bytes, or of 32 in a bag of
 *                 | offset   | length   |     more than 512 KiB. 0: no suffix.
 *                 +----------+----------+
 *
 * Invariants
 *  B1  Every place that was ever stored lies within the bag, so a reader that goes by an old one reads something of the bag;
 *      the leaf's version then says whether it was the right thing. All of it is read by atomic loads.
 *  B2  What lies below `used` changes only while the leaf is marked. Beyond it nobody looks who saw the present version.
 *  B3  A slot's place is stored before the slot is published with tag SUFFIX.
 *  B4  A live slot has a suffix in the bag exactly if its tag is SUFFIX; its length is at least 1.
 */

import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { reachTo } from "@masstree/memory/assembly";
import { SLOTS } from "./leaf";
import { write32, write64 } from "./transaction";

@unmanaged
class Bag {
  end: u32;
  used: u32;
}

const PLACES: usize = offsetof<Bag>();
/** Where the suffixes begin. */
export const DATA: u32 = (<u32>PLACES + 4 * WIDTH + 7) & ~7;
/** Bags that end beyond this count in the larger unit. */
const SMALL_UNIT_END: u32 = 0x80000;

function unitShift(end: u32): u32 {
  return end > SMALL_UNIT_END ? 5 : 3;
}

/** Bytes that a suffix of this length takes in a bag, less what the larger unit may add. */
export function suffixRoom(length: u32): u32 {
  return (length + 7) & ~7;
}

/** The least `end` of a bag with room for `room` bytes of suffixes. */
export function endFor(room: u32): u32 {
  const end = DATA + room;
  return end > SMALL_UNIT_END ? end + (SLOTS << 5) : end;
}

/** Where a bag ends. Everything that is done with one begins with this: the instance reaches all of it from here on. */
export function endOf(bag: usize): u32 {
  reachTo(bag, DATA);
  const end = changetype<Bag>(bag).end;
  reachTo(bag, end);
  return end;
}

/** The size of the block of a bag that is one of its own. */
export function bagBytes(bag: usize): u32 {
  return endOf(bag) + RETIRE_TAIL;
}

/** Makes a bag without suffixes in private memory. */
export function initialiseBag(bag: usize, end: u32): void {
  memory.fill(bag, 0, DATA);
  changetype<Bag>(bag).end = end;
  changetype<Bag>(bag).used = DATA;
}

/** The length of what `suffixIn` found last, in bytes. */
export let suffixLength: u32 = 0;

/** The suffix of a slot: the address of its words; its length is in `suffixLength`. 0 when torn reads found none. */
export function suffixIn(bag: usize, slot: u32): usize {
  const end = endOf(bag);
  const place = atomic.load<u32>(bag + ((<usize>slot) << 2), PLACES);
  suffixLength = place & 0xffff;
  return place === 0 ? 0 : bag + ((place >> 16) << unitShift(end));
}

/** B4, and that the suffix lies where suffixes are. */
export function isPlaceSound(bag: usize, slot: u32): bool {
  const suffix = suffixIn(bag, slot);
  const end = suffix + suffixRoom(suffixLength);
  return suffixLength !== 0 && suffix >= bag + DATA && end <= bag + changetype<Bag>(bag).used;
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

/** Copies a suffix to private memory; writes up to 7 bytes beyond. */
export function copyWords(to: usize, suffix: usize, length: u32): void {
  for (let at: u32 = 0; at < length; at += 8) store<u64>(to + at, atomic.load<u64>(suffix + at));
}

/** The word at `at` of a private suffix, filled up with zeros. Reads up to 7 bytes beyond it. */
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

export function hasRoom(bag: usize, room: u32): bool {
  const end = endOf(bag);
  return alignTo(changetype<Bag>(bag).used, end) + room <= end;
}

/** Puts a slot's suffix into a bag that nobody else knows yet. There is room. */
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
 * Puts a slot's suffix into the free space of a bag that is in use, and logs its place (B3). There is room. The words
 * need no log: they count only with the place.
 */
export function appendSuffix(bag: usize, slot: u32, bytes: usize, length: u32): void {
  const end = endOf(bag);
  const offset = alignTo(changetype<Bag>(bag).used, end);
  for (let at: u32 = 0; at < length; at += 8) {
    atomic.store<u64>(bag + offset + at, wordAt(bytes, length, at));
  }
  write32(placeField(bag, slot), placeOf(offset, length, end));
  write32(bag + offsetof<Bag>("used"), offset + suffixRoom(length));
}

/** Where the rewriting in hand has got to. */
let rewritten: u32 = 0;

/** Begins to log new contents for a bag in use; the leaf is marked (B2). */
export function beginRewrite(): void {
  rewritten = DATA;
}

/** Logs a slot's suffix as the next of the new contents. There is room. */
export function rewriteSuffix(bag: usize, slot: u32, bytes: usize, length: u32): void {
  const end = endOf(bag);
  const offset = alignTo(rewritten, end);
  for (let at: u32 = 0; at < length; at += 8) {
    write64(bag + offset + at, wordAt(bytes, length, at));
  }
  write32(placeField(bag, slot), placeOf(offset, length, end));
  rewritten = offset + suffixRoom(length);
}

export function endRewrite(bag: usize): void {
  write32(bag + offsetof<Bag>("used"), rewritten);
}
