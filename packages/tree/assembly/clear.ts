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
  compareBytes,
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
import { beginRecords, recordKey, tellRecorded, UNRECORDED } from "./changes";
import { TreeClient } from "./client";
import { drainWorklist } from "./coalesce";
import { lockLeaf } from "./descend";
import { Located, locate } from "./find";
import {
  boundPosition,
  ikeyOf,
  isMatch,
  matchedSlot,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
} from "./leaf";
import { keyLengthOf } from "./many";
import { commitRemoval } from "./remove";
import { removeEntries } from "./remove-entry";
import { isScanDone, SCAN_END_INCLUSIVE, SCAN_HAS_END, SCAN_HAS_START, scan } from "./scan";
import { ENTRY_KEY, firstEntry, setWordOut, wordOut } from "./scratch";
import { lowerBoundOf } from "./search";
import { suffixOf } from "./suffix";
import { writeSize } from "./tree-words";
import { PlainWords, retireValue } from "./values";
import { endOperation } from "./wait";

/** No entry of the leaf is in the range. */
const NOTHING: u32 = 0;
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

/** Positions [first, end) of a leaf, in one word. */
function positions(first: u32, end: u32): u32 {
  return (end << 8) | first;
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
  let found: u32;
  let place = beginRecords(); // WATCH6
  do {
    locate(key, length);
    offset = Located.offset;
    leaf = lockLeaf(Located.leaf, Located.root, ikeyAt(key, length, offset), tagOf(length, offset));
    found = leaf === 0 ? AGAIN : positionsIn(leaf, key, length, offset, endLength, flags);
    if (leaf !== 0 && (found === NOTHING || found === AGAIN)) abortWrite();
  } while (found === AGAIN);
  if (found === NOTHING) return 0;
  const first = found & 0xff;
  const end = found >> 8;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  for (let position = first; position < end; position++) {
    const at = slot(lo, hi, position);
    retireValue<V>(valueIn(leaf, at));
    if (place === UNRECORDED) continue;
    becomeKeyOf(leaf, at, key, offset);
    place = recordKey(place, key, keyLengthOf(firstEntry()));
  }
  becomeKeyOf(leaf, slot(lo, hi, end - 1), key, offset);
  writeSize(<i32>first - <i32>end);
  commitRemoval(leaf, key, offset, removeEntries(leaf, first, end));
  tellRecorded(place);
  return end - first;
}

/**
 * Which entries of a locked leaf are between a key and the end of the range, as `positions`; NOTHING if none is. AGAIN if
 * the key may be in a layer below by now.
 */
function positionsIn(
  leaf: usize,
  key: usize,
  length: u32,
  offset: u32,
  endLength: u32,
  flags: u32,
): u32 {
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const start = placeOf(leaf, lo, hi, key, length, offset);
  if (isMatch(start) && tagIn(leaf, matchedSlot(start)) === TAG_LAYER) return AGAIN;
  const first = boundPosition(start);
  const limit = endIn(leaf, lo, hi, key, offset, endLength, flags);
  let end = first;
  while (end < limit && tagIn(leaf, slot(lo, hi, end)) !== TAG_LAYER) end++; // CLEAR3
  return end === first ? NOTHING : positions(first, end);
}

/** The position behind the last entry of the range. */
function endIn(
  leaf: usize,
  lo: u64,
  hi: u64,
  key: usize,
  offset: u32,
  endLength: u32,
  flags: u32,
): u32 {
  const end = participant + BOUND_SCRATCH;
  // Where the end lies beyond all keys of this layer, it does not matter: the leaf's keys begin as this one does.
  const isHere =
    (flags & SCAN_HAS_END) !== 0 && compareBytes(key, offset, end, min(offset, endLength)) === 0;
  if (!isHere) return size(lo);
  const bound = placeOf(leaf, lo, hi, end, endLength, offset);
  const isIn = isMatch(bound) && (flags & SCAN_END_INCLUSIVE) !== 0;
  return boundPosition(bound) + u32(isIn);
}

/** Where a key that goes through the leaf's layer belongs, as `lowerBoundOf` says it. */
function placeOf(leaf: usize, lo: u64, hi: u64, key: usize, length: u32, offset: u32): u32 {
  const cls = tagOf(length, offset);
  const rest = cls === TAG_SUFFIX ? length - offset - 8 : 0;
  return lowerBoundOf(leaf, lo, hi, ikeyAt(key, length, offset), cls, key + offset + 8, rest);
}

/** CLEAR2: makes the first entry's key that of a slot, which begins with the same `offset` bytes. */
function becomeKeyOf(leaf: usize, at: u32, key: usize, offset: u32): void {
  const tag = tagIn(leaf, at);
  const suffix: u64 = tag === TAG_SUFFIX ? suffixOf(leaf, at) : 0;
  storeIkey(key + offset, ikeyOf(leaf, at));
  copyWords(key + offset + 8, suffixAddress(suffix), suffixLength(suffix));
  store<u32>(firstEntry(), offset + min<u32>(tag, 8) + suffixLength(suffix));
}
