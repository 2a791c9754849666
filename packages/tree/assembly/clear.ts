/*
 * Removing everything, or a range: leaf by leaf, in order.
 *
 * Invariants
 *   CLEAR1  One write takes all entries of the range out of a leaf. So to other threads each of its keys is removed, at
 *           one moment, and no key outside the range is. A key that is present from start to end is removed; one that
 *           is inserted meanwhile may stay.
 *   CLEAR2  The place to go on from is a key, the last that the last write removed. So no key is removed twice.
 *   CLEAR3  A layer is in the way: what comes behind its slot waits until its keys are removed (CLEAR2).
 */

import { pin } from "@masstree/epoch/assembly";
import {
  classOf,
  compareBytes,
  compareKey,
  ikeyAt,
  storeIkey,
  TAG_LAYER,
  TAG_SUFFIX,
  tagOf,
} from "@masstree/key/assembly";
import { BOUND_SCRATCH, KEY_SCRATCH, spillAll } from "@masstree/memory/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import { abortWrite, participant, reclaim } from "@masstree/session/assembly";
import { copyWords, suffixAddress, suffixLength } from "./bag";
import { TreeClient } from "./client";
import { drainWorklist } from "./coalesce";
import { lockLeaf } from "./descend";
import { Located, locate } from "./find";
import { ikeyOf, permutationHighOf, permutationOf, tagIn, valueIn } from "./leaf";
import { keyLengthOf } from "./many";
import { commitRemoval } from "./remove";
import { removeEntries } from "./remove-entry";
import { isScanDone, SCAN_END_INCLUSIVE, SCAN_HAS_END, SCAN_HAS_START, scan } from "./scan";
import { ENTRY_KEY, firstEntry, setWordOut, wordOut } from "./scratch";
import { suffixOf } from "./suffix";
import { writeSize } from "./tree-words";
import { PlainWords, retireValue } from "./values";
import { endOperation } from "./wait";

/** The key's leaf is another one by now. No position is that high. */
const AGAIN: u32 = 1 << 31;

/** Removes every key. Returns how many it removed. O(n). */
export function clear<V extends PlainWords>(): u32 {
  let flags: u32 = 0;
  let length: u32 = 0;
  let removed: u32 = 0;
  do {
    removed += clearLeaf<V>(length, 0, flags);
    length = <u32>wordOut();
    flags = SCAN_HAS_START;
  } while (!isScanDone());
  // So that nothing of what is free stays by itself, and the free pages join.
  reclaim<TreeClient>();
  spillAll(participant);
  return removed;
}

/**
 * Removes the keys of a range that are in one leaf, the one with the first of them. The bounds are as for `scan`, upward.
 * Unless the range is empty (`isScanDone`), the last of the keys is then in the key scratch, and its length a value
 * word: the range goes on behind it (CLEAR2).
 *
 * @returns how many it removed, which may be none
 */
export function clearLeaf<V extends PlainWords>(startLength: u32, endLength: u32, flags: u32): u32 {
  pin(participant);
  let removed: u32 = 0;
  if (scan(startLength, endLength, flags, 1) !== 0) {
    const first = firstEntry() + ENTRY_KEY;
    removed = removeFrom<V>(first, keyLengthOf(firstEntry()), endLength, flags);
    if (removed !== 0) drainWorklist();
    const length = keyLengthOf(firstEntry());
    memory.copy(participant + KEY_SCRATCH, first, length);
    setWordOut(length);
  }
  endOperation();
  return removed;
}

/**
 * CLEAR1: from a key on, as far as the key's leaf and the range go. The key is that of the first entry in the result
 * scratch, and becomes the last one that was removed.
 */
function removeFrom<V extends PlainWords>(
  key: usize,
  length: u32,
  endLength: u32,
  flags: u32,
): u32 {
  let leaf: usize;
  let offset: u32;
  let positions: u32;
  do {
    locate(key, length);
    offset = Located.offset;
    const ikey = ikeyAt(key, length, offset);
    leaf = lockLeaf(Located.leaf, Located.root, ikey, tagOf(length, offset));
    positions = leaf === 0 ? AGAIN : positionsIn(leaf, key, length, offset, endLength, flags);
    if (leaf !== 0 && (positions === 0 || positions === AGAIN)) abortWrite();
  } while (positions === AGAIN);
  if (positions === 0) return 0;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  for (let left = positions; left !== 0; left &= left - 1) {
    retireValue<V>(valueIn(leaf, slot(lo, hi, ctz(left))));
  }
  becomeKeyOf(leaf, slot(lo, hi, 31 - clz(positions)), key, offset);
  const count = popcnt(positions);
  writeSize(-(<i32>count));
  commitRemoval(leaf, key, offset, removeEntries(leaf, positions));
  return count;
}

/**
 * Which entries of a locked leaf are between a key and the end of the range, as bits by position. AGAIN if the key may
 * be in a layer below by now.
 */
function positionsIn(
  leaf: usize,
  key: usize,
  length: u32,
  offset: u32,
  endLength: u32,
  flags: u32,
): u32 {
  const end = participant + BOUND_SCRATCH;
  // Where the end lies beyond all keys of this layer, it does not matter: the leaf's keys begin as this one does.
  const hasEnd =
    (flags & SCAN_HAS_END) !== 0 && compareBytes(key, offset, end, min(offset, endLength)) === 0;
  const isEndIn = (flags & SCAN_END_INCLUSIVE) !== 0;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const count = size(lo);
  let positions: u32 = 0;
  for (let position: u32 = 0; position < count; position++) {
    const at = slot(lo, hi, position);
    if (tagIn(leaf, at) === TAG_LAYER) {
      const slice = ikeyOf(leaf, at);
      const ikey = ikeyAt(key, length, offset);
      if (slice < ikey) continue;
      if (slice === ikey && tagOf(length, offset) === TAG_SUFFIX) return AGAIN;
      break; // CLEAR3
    }
    if (order(leaf, at, key, length, offset) < 0) continue;
    if (hasEnd) {
      const toEnd = order(leaf, at, end, endLength, offset);
      if (toEnd > 0 || (toEnd === 0 && !isEndIn)) break;
    }
    positions |= 1 << position;
  }
  return positions;
}

/** CLEAR2: makes the first entry's key that of a slot, which begins with the same `offset` bytes. */
function becomeKeyOf(leaf: usize, at: u32, key: usize, offset: u32): void {
  const tag = tagIn(leaf, at);
  const suffix: u64 = tag === TAG_SUFFIX ? suffixOf(leaf, at) : 0;
  storeIkey(key + offset, ikeyOf(leaf, at));
  copyWords(key + offset + 8, suffixAddress(suffix), suffixLength(suffix));
  store<u32>(firstEntry(), offset + min<u32>(tag, 8) + suffixLength(suffix));
}

/** Compares the key of a slot with another one that begins with the same `offset` bytes. */
function order(leaf: usize, at: u32, key: usize, length: u32, offset: u32): i32 {
  const tag = tagIn(leaf, at);
  const cls = tagOf(length, offset);
  const bySlice = compareKey(ikeyOf(leaf, at), classOf(tag), ikeyAt(key, length, offset), cls);
  if (bySlice !== 0 || cls !== TAG_SUFFIX) return bySlice;
  // The scratch of a scan that has ended: the entry of its only key comes first.
  const spare = firstEntry() + ENTRY_KEY + ((keyLengthOf(firstEntry()) + 7) & ~7);
  const suffix = suffixOf(leaf, at);
  copyWords(spare, suffixAddress(suffix), suffixLength(suffix));
  const rest = length - offset - 8;
  return compareBytes(spare, suffixLength(suffix), key + offset + 8, rest);
}
