/*
 * Searching a leaf for a whole key. Where slices are equal, suffixes decide (leaf.ts LEAF1):
 *
 *     position    0       1        2        3        4
 *     ikey        "a"     "shared" "shared" "shared" "z"          lowerBound("shared", 9)     1, a match
 *     class       1       8        9        9        1            upperBound("shared", 9)     4
 *     suffix                       "one"    "two"                 lowerBoundOf("shared...s")  3, no match
 *                                  `--- a group ---'
 *
 * These are optimistic reads: the caller checks the version afterwards, or has locked the leaf. A group that has turned
 * into a layer meanwhile, or a permutation that is older than the slots, gives a wrong answer and no more.
 */
import { classOf, TAG_SUFFIX } from "@masstree/key/assembly";
import { size, slot } from "@masstree/permuter/assembly";
import {
  boundPosition,
  ikeyOf,
  isMatch,
  lowerBound,
  matchAt,
  matchedSlot,
  SHARING,
  tagIn,
} from "./leaf";
import { compareSuffix, suffixEquals } from "./suffix";

/** Whether a match is one of a group, so that its suffix decides. */
function isInGroup(leaf: usize, bound: u32, cls: u32): bool {
  return cls === TAG_SUFFIX && isMatch(bound) && tagIn(leaf, matchedSlot(bound)) === TAG_SUFFIX;
}

/** Whether the group of this ikey goes on at a position. */
function goesOn(leaf: usize, lo: u64, hi: u64, ikey: u64, position: u32): bool {
  // Nothing of this ikey comes behind its group.
  return position < size(lo) && ikeyOf(leaf, slot(lo, hi, position)) === ikey;
}

/**
 * Where a key belongs in a leaf, as `lowerBound` says it. A match is the key itself, or a layer that it leads into.
 *
 * @param rest address of the bytes of the key behind the slice, if `cls` is TAG_SUFFIX. Private; up to 7 bytes beyond
 *   them are read
 * @param restLength how many bytes these are
 */
export function lowerBoundOf(
  leaf: usize,
  lo: u64,
  hi: u64,
  ikey: u64,
  cls: u32,
  rest: usize,
  restLength: u32,
): u32 {
  const bound = lowerBound(leaf, lo, hi, ikey, cls);
  if (!isInGroup(leaf, bound, cls)) return bound;
  return placeInGroup(leaf, lo, hi, bound, ikey, rest, restLength);
}

/** The same, from what `lowerBound` has given: a match that is the first of a group. */
export function placeInGroup(
  leaf: usize,
  lo: u64,
  hi: u64,
  bound: u32,
  ikey: u64,
  rest: usize,
  restLength: u32,
): u32 {
  let position = boundPosition(bound);
  let at = matchedSlot(bound);
  while (true) {
    const order = compareSuffix(leaf, at, rest, restLength);
    if (order === 0) return matchAt(at, position);
    if (order > 0) return position;
    position++;
    if (!goesOn(leaf, lo, hi, ikey, position)) return position;
    at = slot(lo, hi, position);
  }
}

/**
 * The entry of a key, or the layer that it leads into, as a match; otherwise no match, and the position is of no use.
 * It looks at lengths first: faster than `lowerBoundOf`, which has to know the order.
 */
export function entryOf(
  leaf: usize,
  lo: u64,
  hi: u64,
  ikey: u64,
  cls: u32,
  rest: usize,
  restLength: u32,
): u32 {
  const bound = lowerBound(leaf, lo, hi, ikey, cls);
  if (!isInGroup(leaf, bound, cls)) return bound;
  if (suffixEquals(leaf, matchedSlot(bound), rest, restLength)) return bound;
  return restOfGroup(leaf, lo, hi, bound, ikey, rest, restLength);
}

/** The same, if the match of `lowerBound` is the first of a group, and not the key itself. */
export function restOfGroup(
  leaf: usize,
  lo: u64,
  hi: u64,
  bound: u32,
  ikey: u64,
  rest: usize,
  restLength: u32,
): u32 {
  let position = boundPosition(bound) + 1;
  for (; goesOn(leaf, lo, hi, ikey, position); position++) {
    const at = slot(lo, hi, position);
    if (suffixEquals(leaf, at, rest, restLength)) return matchAt(at, position);
  }
  return position;
}

/** The first position whose entry is above (ikey, cls), with all that a group has, or the size if there is none. */
export function upperBound(leaf: usize, lo: u64, hi: u64, ikey: u64, cls: u32): u32 {
  let position = boundPosition(lowerBound(leaf, lo, hi, ikey, cls));
  for (; goesOn(leaf, lo, hi, ikey, position); position++) {
    if (classOf(tagIn(leaf, slot(lo, hi, position))) > cls) break;
  }
  return position;
}

/** What `fullGroup` returns if there is room for one more. */
export const NO_GROUP: u32 = u32.MAX_VALUE;

/**
 * The position of the first entry of a group that has SHARING entries already, so that a key that belongs to it at
 * `position` makes a layer of it. Otherwise NO_GROUP. The leaf is locked, and has no layer for the ikey.
 */
export function fullGroup(leaf: usize, lo: u64, hi: u64, ikey: u64, position: u32): u32 {
  let first = position;
  while (first > 0) {
    const at = slot(lo, hi, first - 1);
    if (ikeyOf(leaf, at) !== ikey || tagIn(leaf, at) !== TAG_SUFFIX) break;
    first--;
  }
  let end = position;
  while (goesOn(leaf, lo, hi, ikey, end)) end++;
  return end - first === SHARING ? first : NO_GROUP;
}
