/*
 * Counting a range. It goes the way of a scan (scan.ts) and copies no keys but one of some thousands, to go on from.
 *
 * Invariants
 *   COUNT1  What was counted of a leaf counts once its version is checked: if it changed, the leaf is visited again
 *           (SCAN1).
 *   COUNT2  If the layer being counted vanishes, the call starts over: it has no key to go on from.
 */

import {
  classOf,
  compareBytes,
  compareKey,
  copyBytes,
  ikeyAt,
  storeIkey,
  TAG_SUFFIX,
  tagOf,
} from "@masstree/key/assembly";
import { BOUND_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import { participant } from "@masstree/session/assembly";
import { copyWords, suffixAddress, suffixLength } from "./bag";
import {
  boundPosition,
  ikeyOf,
  isMatch,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
} from "./leaf";
import {
  ENOUGH,
  enterLayer,
  isReverse,
  isScanDone,
  LEFT_LEAF,
  PAST_END,
  path,
  perform,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_START_INCLUSIVE,
  Scan,
  startIn,
  startIsWanted,
  startKey,
} from "./scan";
import { ENTRIES, ENTRY_KEY, setWordOut } from "./scratch";
import { compareSuffix, suffixOf } from "./suffix";

/** Where the end of the range lies, seen from the layer at `offset`: its slice decides, or all is within or past it. */
const END_DECIDES: u32 = 0;
const ALL_WITHIN: u32 = 1;
const ALL_PAST: u32 = 2;

function endSide(it: Scan): u32 {
  if ((it.flags & SCAN_HAS_END) === 0) return ALL_WITHIN;
  const shared = min(it.offset, it.endLength);
  let order = compareBytes(path(), shared, participant + BOUND_SCRATCH, shared);
  // What continues behind the end comes after it.
  if (order === 0 && it.endLength < it.offset) order = 1;
  if (order === 0) return END_DECIDES;
  return order > 0 !== isReverse(it) ? ALL_PAST : ALL_WITHIN;
}

/** Whether an entry is past the end, whose slice and class it has. */
function isPastEnd(it: Scan, leaf: usize, at: u32, tag: u32): bool {
  let order = 0;
  if (tag === TAG_SUFFIX) {
    const rest = participant + BOUND_SCRATCH + it.offset + 8;
    order = compareSuffix(leaf, at, rest, it.endLength - it.offset - 8);
  }
  if (order === 0) return (it.flags & SCAN_END_INCLUSIVE) === 0;
  return order > 0 !== isReverse(it);
}

/** Counts the wanted entries of a leaf. Copies the key of the last entry that the limit allows. */
function countLeaf(it: Scan, leaf: usize): u32 {
  const side = endSide(it);
  if (side === ALL_PAST) return PAST_END;
  const offset = it.offset;
  const end = participant + BOUND_SCRATCH;
  const endIkey: u64 = side === END_DECIDES ? ikeyAt(end, it.endLength, offset) : 0;
  const endClass: u32 = side === END_DECIDES ? tagOf(it.endLength, offset) : 0;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const entries = <i32>size(lo);
  const step = isReverse(it) ? -1 : 1;
  const start = startIn(it, leaf, lo, hi);
  const spare = participant + RESULT_SCRATCH + ENTRIES + ENTRY_KEY;
  let position = <i32>boundPosition(start);
  let isNext = isMatch(start);
  if (isReverse(it) && !isNext) position--;
  for (; position >= 0 && position < entries; position += step) {
    const at = slot(lo, hi, position);
    const tag = tagIn(leaf, at);
    const isStart = isNext;
    isNext = false;
    if (isStart && tag <= TAG_SUFFIX && !startIsWanted(it)) continue;
    const slice = ikeyOf(leaf, at);
    let order = -1;
    if (side === END_DECIDES) {
      order = compareKey(slice, classOf(tag), endIkey, endClass);
      if (isReverse(it)) order = -order;
      if (order > 0) return PAST_END;
    }
    if (tag > TAG_SUFFIX) return enterLayer(it, slice, valueIn(leaf, at), isStart);
    if (it.count === it.limit) return ENOUGH;
    if (order === 0 && isPastEnd(it, leaf, at, tag)) return PAST_END;
    it.count++;
    if (it.count === it.limit) {
      const suffix: u64 = tag === TAG_SUFFIX ? suffixOf(leaf, at) : 0;
      const rest = suffixLength(suffix);
      copyBytes(spare, path(), offset);
      storeIkey(spare + offset, slice);
      if (tag === TAG_SUFFIX) copyWords(spare + offset + 8, suffixAddress(suffix), rest);
      store<u32>(spare - ENTRY_KEY, offset + min<u32>(tag, 8) + rest);
    }
  }
  return LEFT_LEAF;
}

/** What a count does with the leaves of its range. */
@unmanaged
class Counting {
  visit(it: Scan, leaf: usize): u32 {
    return countLeaf(it, leaf);
  }

  endsEarly(): bool {
    return false; // COUNT2
  }
}

/** Entries that `count` counts while it is pinned. */
const COUNTED: u32 = 4096;

/**
 * Counts the entries of a range, `most` at most. The bounds are as for `scan`. If there are that many, leaves the last
 * key that it counted in the key scratch, and its length as a value word: a scan can go on behind it.
 */
export function count(startLength: u32, endLength: u32, flags: u32, most: u32): u32 {
  let length = startLength;
  let from = flags;
  let counted: u32 = 0;
  while (counted < most) {
    const limit = min(COUNTED, most - counted);
    const some = perform<Counting>(length, endLength, from, limit);
    counted += some;
    if (some === limit) {
      const entry = participant + RESULT_SCRATCH + ENTRIES;
      length = load<u32>(entry);
      copyBytes(startKey(), entry + ENTRY_KEY, length);
      from = (flags & ~SCAN_START_INCLUSIVE) | SCAN_HAS_START;
    }
    if (isScanDone()) break;
  }
  setWordOut(length);
  return counted;
}
