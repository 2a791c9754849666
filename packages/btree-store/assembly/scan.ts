/*
 * Scans: a part of a range, copied to the result scratch; or how many keys a range has.
 */
import { copyBytes } from "@masstree/key/assembly";
import { FAULT_NONE, fault } from "./fault";
import { childIndex, lowerBound, matched, nodePage, rootPage } from "./find";
import { compareKey, gatherKey, keyLength } from "./key";
import {
  BRANCH,
  cellAt,
  childAt,
  countOf,
  IN_CHAIN,
  keyBytes,
  keyWord,
  kindOf,
  LEAF,
  levelOf,
  valueTail,
  valueWord,
} from "./page";
import {
  boundAt,
  ENTRY_HEAD,
  keyAt,
  OUT_BYTES,
  OUT_COUNT,
  OUT_DONE,
  out,
  pathIndex,
  pathPage,
  setPath,
  VALUE_ROOM,
  valueAt,
} from "./scratch";

/** Flags of a scan. The key scratch has the bound at which it starts, which is the upper one in REVERSE. */
export const HAS_START: u32 = 1;
export const START_INCLUSIVE: u32 = 2;
/** The bound scratch has the other bound. */
export const HAS_END: u32 = 4;
export const END_INCLUSIVE: u32 = 8;
export const REVERSE: u32 = 16;
/** Entries have no values. */
export const KEYS_ONLY: u32 = 32;

/** What `scan` returns after a fault. */
export const SCAN_FAILED: i32 = -1;

/** The depth of the leaf that the path leads to. */
let leafDepth: u32 = 0;

/** Goes down from a page at a depth to the leaf at one of the edges of its part of the tree. */
function descendEdge(from: usize, fromDepth: u32, isLast: bool): usize {
  let page = from;
  let depth = fromDepth;
  while (kindOf(page) === BRANCH) {
    const index = isLast ? countOf(page) : 0;
    setPath(depth++, page, index);
    page = nodePage(childAt(page, index), levelOf(page) - 1);
  }
  leafDepth = depth;
  return page;
}

function descend(root: u32, length: u32): usize {
  const key = keyAt();
  let page = rootPage(root);
  let depth: u32 = 0;
  while (kindOf(page) === BRANCH) {
    const index = childIndex(page, key, length);
    setPath(depth++, page, index);
    page = nodePage(childAt(page, index), levelOf(page) - 1);
  }
  leafDepth = depth;
  return page;
}

/** The leaf beside that of the path; 0 if that is the last one, or after a fault. */
function neighbour(isReverse: bool): usize {
  let depth = leafDepth;
  while (depth > 0) {
    depth--;
    const page = pathPage(depth);
    const index = pathIndex(depth);
    if (isReverse ? index === 0 : index === countOf(page)) continue;
    const next = isReverse ? index - 1 : index + 1;
    setPath(depth, page, next);
    const child = nodePage(childAt(page, next), levelOf(page) - 1);
    const leaf = descendEdge(child, depth + 1, isReverse);
    return fault() === FAULT_NONE ? leaf : 0;
  }
  return 0;
}

/** The cells of a leaf that a scan visits: from `first` to before `last`, or down from `last` - 1. */
let first: u32 = 0;
let last: u32 = 0;
/** Whether the range ends in this leaf. */
let isEnd: bool = false;

/** Finds out which cells of a leaf are before the end of the range. */
function clip(leaf: usize, endLength: u32, flags: u32): void {
  first = 0;
  last = countOf(leaf);
  isEnd = false;
  if ((flags & HAS_END) === 0 || last === 0) return;
  const end = boundAt();
  const isInclusive = (flags & END_INCLUSIVE) !== 0;
  const isReverse = (flags & REVERSE) !== 0;
  // One comparison where the range goes on behind the leaf.
  const order = compareKey(end, endLength, LEAF, cellAt(leaf, isReverse ? 0 : last - 1));
  if (isReverse ? order < 0 : order > 0) return;
  const at = lowerBound(leaf, LEAF, end, endLength);
  isEnd = true;
  if (isReverse) first = matched && !isInclusive ? at + 1 : at;
  else last = matched && isInclusive ? at + 1 : at;
}

/** The leaf where a scan starts. Then first and last say where. */
function begin(root: u32, startLength: u32, endLength: u32, flags: u32): usize {
  const isReverse = (flags & REVERSE) !== 0;
  if ((flags & HAS_START) === 0) {
    const leaf = descendEdge(rootPage(root), 0, isReverse);
    clip(leaf, endLength, flags);
    return leaf;
  }
  const leaf = descend(root, startLength);
  const at = lowerBound(leaf, LEAF, keyAt(), startLength);
  const isIncluded = matched && (flags & START_INCLUSIVE) !== 0;
  const isExcluded = matched && !isIncluded;
  clip(leaf, endLength, flags);
  if (isReverse) last = min(last, isIncluded ? at + 1 : at);
  else first = max(first, isExcluded ? at + 1 : at);
  return leaf;
}

/**
 * Copies entries of a range to the result scratch, as many as fit.
 *
 * @param root the tree's root page
 * @param startLength of the bound in the key scratch
 * @param endLength of the bound in the bound scratch
 * @param flags HAS_START and so on
 * @param limit of entries
 * @returns how many entries there are at VALUE_AT, or SCAN_FAILED. OUT_DONE is 1 if there are no more
 */
export function scan(root: u32, startLength: u32, endLength: u32, flags: u32, limit: u32): i32 {
  out(OUT_DONE, 1);
  out(OUT_BYTES, 0);
  if (root === 0) return 0;
  const isReverse = (flags & REVERSE) !== 0;
  const base = valueAt();
  let at: u32 = 0;
  let count: u32 = 0;
  let leaf = begin(root, startLength, endLength, flags);
  while (leaf !== 0 && fault() === FAULT_NONE) {
    while (first < last) {
      const cell = cellAt(leaf, isReverse ? last - 1 : first);
      const bytes = entryBytes(cell, flags);
      if (count === limit || at + bytes > VALUE_ROOM) {
        out(OUT_DONE, 0);
        out(OUT_BYTES, at);
        return fault() !== FAULT_NONE ? SCAN_FAILED : <i32>count;
      }
      emit(cell, base + at, bytes, flags);
      at += bytes;
      count++;
      if (isReverse) last--;
      else first++;
    }
    if (isEnd) break;
    leaf = neighbour(isReverse);
    if (leaf !== 0) clip(leaf, endLength, flags);
  }
  out(OUT_BYTES, at);
  return fault() !== FAULT_NONE ? SCAN_FAILED : <i32>count;
}

function entryBytes(cell: usize, flags: u32): u32 {
  const value = (flags & KEYS_ONLY) !== 0 ? 0 : valueWord(cell) & ~IN_CHAIN;
  return (ENTRY_HEAD + keyLength(LEAF, cell) + value + 3) & ~3;
}

function emit(cell: usize, to: usize, bytes: u32, flags: u32): void {
  const length = gatherKey(LEAF, cell, to + ENTRY_HEAD);
  store<u32>(to, bytes);
  store<u32>(to, length, 4);
  const word = valueWord(cell);
  if ((word & IN_CHAIN) !== 0) {
    const tail = valueTail(cell);
    store<u32>(to, load<u32>(tail), 8);
    store<u32>(to, load<u32>(tail, 4), 12);
    return;
  }
  store<u32>(to, word, 8);
  store<u32>(to, 0, 12);
  if ((flags & KEYS_ONLY) !== 0) return;
  const from = keyBytes(LEAF, cell) + (keyWord(LEAF, cell) & ~IN_CHAIN);
  copyBytes(to + ENTRY_HEAD + length, from, word);
}

/**
 * Counts the keys of a range; arguments as for `scan`. O(leaves of the range).
 *
 * @returns 0 or SCAN_FAILED; OUT_COUNT is the count
 */
export function count(root: u32, startLength: u32, endLength: u32, flags: u32): i32 {
  out(OUT_COUNT, 0);
  if (root === 0) return 0;
  const isReverse = (flags & REVERSE) !== 0;
  let sum: u32 = 0;
  let leaf = begin(root, startLength, endLength, flags);
  while (leaf !== 0 && fault() === FAULT_NONE) {
    if (first < last) sum += last - first;
    if (isEnd) break;
    leaf = neighbour(isReverse);
    if (leaf !== 0) clip(leaf, endLength, flags);
  }
  out(OUT_COUNT, sum);
  return fault() !== FAULT_NONE ? SCAN_FAILED : 0;
}
