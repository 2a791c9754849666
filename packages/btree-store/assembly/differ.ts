/*
 * Whether two states of a tree differ in a part of it: docs/design.md, 'Optimistic transactions'.
 *
 * A cursor in each tree goes from page to page, both at the same keys. Its path is a series of pages with an index each,
 * as in scratch.ts; that of the newer tree begins at NEWER. The last one of the path is the top: a leaf, where the cursor
 * is in front of the cell with that index; or a branch, where it is in front of that child, which was not looked into.
 *
 * Invariants
 *   DIFFER1  The pages of the older state have not been used again: so a number that both trees lead to stands for one
 *            page, with the same contents and everything below it. The same goes for chains.
 *   DIFFER2  The entries of the range that are behind both cursors are the same in both trees.
 */
import { compareBytes } from "@masstree/key/assembly";
import { FAULT_NONE, fault } from "./fault";
import { childIndex, findLeaf, lowerBound, matched, nodePage, rootPage } from "./find";
import { compareKey, gatherKey } from "./key";
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
  MAX_LEVELS,
  numberOf,
  valueTail,
  valueWord,
} from "./page";
import { END_INCLUSIVE, HAS_END, HAS_START, KEYS_ONLY, START_INCLUSIVE } from "./scan";
import { boundAt, keyAt, OUT_LENGTH, out, pathIndex, pathPage, setPath } from "./scratch";
import { words } from "./words";

/** The states are the same there. */
export const SAME: i32 = 0;
/** They differ: the key scratch has the first key of which that is so, OUT_LENGTH its length. */
export const DIFFERENT: i32 = 1;
/** They are the same up to the key in the key scratch. Go on behind it. */
export const SAME_SO_FAR: i32 = 2;
/** A fault. */
export const DIFFER_FAILED: i32 = -1;

/** After this many pages a call ends, so that it does not keep them from being evicted. */
const MOST_PAGES: u32 = 256;

/** Where the path of a cursor begins. */
const OLDER: u32 = 0;
const NEWER: u32 = MAX_LEVELS;

/** Where the path of each cursor ends. */
let olderTop: u32 = 0;
let newerTop: u32 = 0;
/** How many pages this call has looked into. */
let visited: u32 = 0;

function topOf(side: u32): u32 {
  return side === OLDER ? olderTop : newerTop;
}

function setTop(side: u32, depth: u32): void {
  if (side === OLDER) olderTop = depth;
  else newerTop = depth;
}

/** The root of a tree, which may be empty. */
function rootOf(root: u32): usize {
  if (root === 0) return words().nowhere;
  return rootPage(root);
}

/** Places a cursor at the beginning of the range. */
function seek(side: u32, root: u32, startLength: u32, flags: u32): void {
  const isBounded = (flags & HAS_START) !== 0;
  let depth = side;
  let page = rootOf(root);
  while (kindOf(page) === BRANCH) {
    const index = isBounded ? childIndex(page, keyAt(), startLength) : 0;
    setPath(depth++, page, index);
    page = nodePage(childAt(page, index), levelOf(page) - 1);
    visited++;
  }
  let index: u32 = 0;
  if (isBounded) {
    index = lowerBound(page, LEAF, keyAt(), startLength);
    if (matched && (flags & START_INCLUSIVE) === 0) index++;
  }
  setPath(depth, page, index);
  setTop(side, depth);
}

/** How many places a page has: cells of a leaf, children of a branch. */
function placesOf(page: usize): u32 {
  return kindOf(page) === LEAF ? countOf(page) : countOf(page) + 1;
}

/** Moves a cursor as far up as it can stand in front of the same key. False at the end of the tree. */
function climb(side: u32): bool {
  let depth = topOf(side);
  while (pathIndex(depth) >= placesOf(pathPage(depth))) {
    if (depth === side) {
      setTop(side, depth);
      return false;
    }
    depth--;
    setPath(depth, pathPage(depth), pathIndex(depth) + 1);
  }
  // In front of a page's first place is in front of the page.
  while (depth > side && pathIndex(depth) === 0) depth--;
  setTop(side, depth);
  return true;
}

/** Moves a cursor that is in front of a child into it. */
function descend(side: u32): void {
  const depth = topOf(side);
  const page = pathPage(depth);
  setPath(depth + 1, nodePage(childAt(page, pathIndex(depth)), levelOf(page) - 1), 0);
  setTop(side, depth + 1);
  visited++;
}

/** Moves a cursor behind the next `places` of its page. */
function pass(side: u32, places: u32): void {
  const depth = topOf(side);
  setPath(depth, pathPage(depth), pathIndex(depth) + places);
}

/** The level of the page that a cursor is in front of, plus 1; 0 in a leaf. */
function levelAhead(side: u32): u32 {
  return levelOf(pathPage(topOf(side)));
}

/** The page that a cursor is in front of. */
function childAhead(side: u32): u32 {
  const depth = topOf(side);
  return childAt(pathPage(depth), pathIndex(depth));
}

/** Moves both cursors past a page that both are in front of. False if there is none: then both are in leaves. */
function passShared(): bool {
  while (true) {
    const older = levelAhead(OLDER);
    const newer = levelAhead(NEWER);
    if (older === 0 && newer === 0) return false;
    if (older === newer && childAhead(OLDER) === childAhead(NEWER)) {
      pass(OLDER, 1);
      pass(NEWER, 1);
      return true;
    }
    if (older >= newer) descend(OLDER);
    if (newer >= older) descend(NEWER);
  }
}

/** Whether the key in the key scratch is behind the end of the range. */
function isBeyond(length: u32, endLength: u32, flags: u32): bool {
  if ((flags & HAS_END) === 0) return false;
  const order = compareBytes(keyAt(), length, boundAt(), endLength);
  return (flags & END_INCLUSIVE) !== 0 ? order > 0 : order >= 0;
}

function valuesDiffer(a: usize, b: usize): bool {
  const word = valueWord(a);
  if (word !== valueWord(b)) return true;
  if ((word & IN_CHAIN) !== 0) {
    return load<u64>(valueTail(a)) !== load<u64>(valueTail(b)); // Its length and its chain.
  }
  const from = keyBytes(LEAF, a) + (keyWord(LEAF, a) & ~IN_CHAIN);
  const other = keyBytes(LEAF, b) + (keyWord(LEAF, b) & ~IN_CHAIN);
  return compareBytes(from, word, other, word) !== 0;
}

/** The key in the key scratch is in one of the trees only, or has another value. */
function found(length: u32, endLength: u32, flags: u32): i32 {
  if (isBeyond(length, endLength, flags)) return SAME;
  out(OUT_LENGTH, length);
  return DIFFERENT;
}

/** The rest of the range is in one tree only: whether it has anything. */
function compareWithNothing(side: u32, endLength: u32, flags: u32): i32 {
  while (levelAhead(side) !== 0) descend(side);
  const leaf = pathPage(topOf(side));
  const index = pathIndex(topOf(side));
  if (index >= countOf(leaf)) return SAME; // After a fault.
  return found(gatherKey(LEAF, cellAt(leaf, index), keyAt()), endLength, flags);
}

function walk(endLength: u32, flags: u32): i32 {
  while (fault() === FAULT_NONE) {
    const hasOlder = climb(OLDER);
    const hasNewer = climb(NEWER);
    if (!hasOlder && !hasNewer) return SAME;
    if (!hasOlder) return compareWithNothing(NEWER, endLength, flags);
    if (!hasNewer) return compareWithNothing(OLDER, endLength, flags);
    const page = pathPage(olderTop);
    if (
      numberOf(page) === numberOf(pathPage(newerTop)) &&
      pathIndex(olderTop) === pathIndex(newerTop)
    ) {
      // The same place in one page (DIFFER1): the rest of it is the same.
      pass(OLDER, placesOf(page));
      pass(NEWER, placesOf(page));
      continue;
    }
    if (passShared()) continue;
    const older = pathPage(olderTop);
    const newer = pathPage(newerTop);
    let length: u32 = 0;
    let compared: u32 = 0;
    while (pathIndex(olderTop) < countOf(older) && pathIndex(newerTop) < countOf(newer)) {
      const a = cellAt(older, pathIndex(olderTop));
      const b = cellAt(newer, pathIndex(newerTop));
      length = gatherKey(LEAF, a, keyAt());
      const order = compareKey(keyAt(), length, LEAF, b);
      if (order !== 0) {
        // The lower one is in its tree only.
        if (order > 0) length = gatherKey(LEAF, b, keyAt());
        return found(length, endLength, flags);
      }
      if (isBeyond(length, endLength, flags)) return SAME;
      if ((flags & KEYS_ONLY) === 0 && valuesDiffer(a, b)) return found(length, endLength, flags);
      pass(OLDER, 1);
      pass(NEWER, 1);
      compared++;
    }
    if (visited > MOST_PAGES && compared > 0) {
      out(OUT_LENGTH, length);
      return SAME_SO_FAR;
    }
  }
  return DIFFER_FAILED;
}

/**
 * Whether two states of a tree differ in a range. The key scratch has its lower bound, the bound scratch its upper one.
 * O(pages of the range that differ × log size).
 *
 * @param older root of the state whose pages are kept (DIFFER1)
 * @param newer root of a later state
 * @param flags HAS_START and so on; with KEYS_ONLY, values do not matter
 * @returns SAME, DIFFERENT, SAME_SO_FAR or DIFFER_FAILED
 */
export function differ(older: u32, newer: u32, startLength: u32, endLength: u32, flags: u32): i32 {
  if (older === newer) return SAME;
  visited = 0;
  seek(OLDER, older, startLength, flags);
  seek(NEWER, newer, startLength, flags);
  const result = walk(endLength, flags);
  return fault() === FAULT_NONE ? result : DIFFER_FAILED;
}

/** The leaf where the key in the key scratch belongs; an empty one in an empty tree. */
function leafIn(root: u32, length: u32): usize {
  if (root === 0) return words().nowhere;
  return findLeaf(root, keyAt(), length);
}

/** The same for the key in the key scratch alone, which stays there. O(log size). */
export function differAt(older: u32, newer: u32, length: u32, flags: u32): i32 {
  if (older === newer) return SAME;
  const key = keyAt();
  const a = leafIn(older, length);
  const b = leafIn(newer, length);
  if (fault() !== FAULT_NONE) return DIFFER_FAILED;
  if (numberOf(a) === numberOf(b)) return SAME; // DIFFER1
  const i = lowerBound(a, LEAF, key, length);
  const isInOlder = matched;
  const j = lowerBound(b, LEAF, key, length);
  const isInNewer = matched;
  if (fault() !== FAULT_NONE) return DIFFER_FAILED;
  if (isInOlder !== isInNewer) return DIFFERENT;
  if (!isInOlder || (flags & KEYS_ONLY) !== 0) return SAME;
  return valuesDiffer(cellAt(a, i), cellAt(b, j)) ? DIFFERENT : SAME;
}
