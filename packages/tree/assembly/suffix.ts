/**
 * The suffix bag: what the keys of one leaf have beyond the slice (the paper's keysuffixes, section 4.2).
 *
 *     0       4          bytes    size of the block, tail included    before publication
 *     4       4          used     where free space begins             lock holder, under the lock
 *     8       4 * WIDTH  offset   of each slot's suffix in the bag    lock holder (atomic), read optimistically
 *     DATA    ...        [u16 length][length bytes], one after another
 *     end - 8 8          the epoch package
 *
 * Invariants
 *  B1  A bag only grows: bytes below `used` never change while the bag can be reached, so a reader that finds an offset can
 *      read what it leads to, however old its permutation; the leaf's version then says whether it was the right one.
 *  B2  When space runs out, a new bag is filled with the live suffixes, published whole, and the old one retired. Both say
 *      the same about every slot that was ever live under the present version (leaf.ts L4), so this needs no version change.
 *  B3  A slot's offset is stored before the slot is published with tag SUFFIX.
 *  B4  A live slot has a suffix in the bag exactly if its tag is SUFFIX; its length is at least 1.
 */

import { RETIRE_TAIL } from "@masstree/epoch/assembly";
import { equalBytes, TAG_SUFFIX } from "@masstree/key/assembly";
import { allocate, blockBytes, free, reachTo } from "@masstree/memory/assembly";
import { slot as permutationSlot, size } from "@masstree/permuter/assembly";
import { bagOf, permutationHighOf, permutationOf, SLOTS, tagIn, writeBag } from "./leaf";
import { participant } from "./session";
import { retireAfterwards, write32 } from "./transaction";

@unmanaged
class Bag {
  bytes: u32;
  used: u32;
}

const OFFSETS: usize = offsetof<Bag>();
const DATA: u32 = <u32>OFFSETS + 4 * WIDTH;
const LENGTH_BYTES: u32 = 2;

/** Bytes that a suffix of this length takes in a bag. */
export function suffixRoom(length: u32): u32 {
  return LENGTH_BYTES + length;
}

/** The suffix of a slot: the address of its bytes; its length is in `suffixLength`. 0 when torn reads found no bag. */
export function suffixOf(leaf: usize, slot: u32): usize {
  const bag = bagOf(leaf);
  if (bag !== 0) {
    reachTo(bag, bagBytes(bag));
    const offset = atomic.load<u32>(bag + ((<usize>slot) << 2), OFFSETS);
    if (offset !== 0) {
      suffixLength = load<u16>(bag + offset);
      return bag + offset + LENGTH_BYTES;
    }
  }
  suffixLength = 0;
  return 0;
}

/** The length of what `suffixOf` found last, in bytes. */
export let suffixLength: u32 = 0;

export function suffixEquals(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const suffix = suffixOf(leaf, slot);
  return suffix !== 0 && suffixLength === length && equalBytes(suffix, bytes, length);
}

/** Bytes that the suffixes at positions [from, to) take. The leaf is locked. */
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

/** The size of the smallest bag with room for `room` bytes of suffixes. */
export function tightBagBytes(room: u32): u32 {
  return blockBytes(DATA + room + RETIRE_TAIL);
}

/**
 * A new, private bag with room for `room` bytes of suffixes of `count` slots, and some for the slots still free. 0 when
 * memory is full.
 */
export function createBag(room: u32, count: u32): usize {
  const expected = count === 0 ? 0 : ((room / count) * (SLOTS - min<u32>(count, SLOTS))) >> 1;
  const tight = DATA + room + RETIRE_TAIL;
  let bytes = blockBytes(tight + min<u32>(expected, tight >> 1));
  let bag = allocate(participant, bytes);
  if (bag === 0) {
    bytes = blockBytes(tight);
    bag = allocate(participant, bytes);
    if (bag === 0) return 0;
  }
  memory.fill(bag, 0, DATA);
  changetype<Bag>(bag).bytes = bytes;
  changetype<Bag>(bag).used = DATA;
  return bag;
}

export function bagHasRoom(bag: usize, room: u32): bool {
  return bag !== 0 && changetype<Bag>(bag).used + room + RETIRE_TAIL <= changetype<Bag>(bag).bytes;
}

/** Puts suffix bytes into the free space of a bag, where nobody looks yet; returns their offset. There is room. */
function appendSuffix(bag: usize, bytes: usize, length: u32): u32 {
  const used = changetype<Bag>(bag).used;
  store<u16>(bag + used, <u16>length);
  memory.copy(bag + used + LENGTH_BYTES, bytes, length);
  changetype<Bag>(bag).used = used + suffixRoom(length);
  return used;
}

/** Puts a slot's suffix into a bag that nobody else knows yet. */
export function fillSuffix(bag: usize, slot: u32, bytes: usize, length: u32): void {
  store<u32>(bag + ((<usize>slot) << 2), appendSuffix(bag, bytes, length), OFFSETS);
}

/** Copies the suffix of one leaf's slot, if it has one, to a slot of a bag that nobody else knows yet. */
export function copySuffix(bag: usize, slot: u32, leaf: usize, from: u32): void {
  if (tagIn(leaf, from) !== TAG_SUFFIX) return;
  const suffix = suffixOf(leaf, from);
  fillSuffix(bag, slot, suffix, suffixLength);
}

/** Logs a slot's suffix in the leaf's present bag, which has room (B1, B3). */
export function writeSuffix(leaf: usize, slot: u32, bytes: usize, length: u32): void {
  const bag = bagOf(leaf);
  write32(bag + ((<usize>slot) << 2) + OFFSETS, appendSuffix(bag, bytes, length));
}

/** Logs that `bag` takes the place of the leaf's present one (B2). */
export function replaceBag(leaf: usize, bag: usize): void {
  const old = bagOf(leaf);
  writeBag(leaf, bag);
  if (old !== 0) retireAfterwards(old, bagBytes(old));
}

/**
 * Logs a suffix for a free slot of a locked leaf, in a larger bag if need be (B2). False when memory is full; nothing has
 * been logged then.
 */
export function addSuffix(leaf: usize, slot: u32, bytes: usize, length: u32): bool {
  const room = suffixRoom(length);
  if (bagHasRoom(bagOf(leaf), room)) {
    writeSuffix(leaf, slot, bytes, length);
    return true;
  }
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const count = size(lo);
  const bag = createBag(liveSuffixRoom(leaf, lo, hi, 0, count) + room, count + 1);
  if (bag === 0) return false;
  copySuffixes(bag, leaf, lo, hi, count);
  fillSuffix(bag, slot, bytes, length);
  replaceBag(leaf, bag);
  return true;
}

/** Copies the suffixes at the first `count` positions, slot for slot. */
export function copySuffixes(bag: usize, leaf: usize, lo: u64, hi: u64, count: u32): void {
  for (let position: u32 = 0; position < count; position++) {
    const at = permutationSlot(lo, hi, position);
    copySuffix(bag, at, leaf, at);
  }
}

export function bagBytes(bag: usize): u32 {
  return changetype<Bag>(bag).bytes;
}

/** Frees a bag that was never published. */
export function freeBag(bag: usize): void {
  free(participant, bag, bagBytes(bag));
}
