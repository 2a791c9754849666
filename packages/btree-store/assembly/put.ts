/*
 * Setting the value of a key. On the way down, each page becomes the transaction's own copy; so after a fault the
 * transaction can only be rolled back.
 */
import {
  appendSeries,
  describeChild,
  describeKey,
  describeKeyOf,
  describeValue,
  empty,
  fits,
  insertCell,
  newCellBytes,
  removeCell,
  seriesBytes,
} from "./cell";
import { FAILED, FAULT_NONE, fault } from "./fault";
import { childIndex, lowerBound, matched, nodePage, rootPage } from "./find";
import { numberIn } from "./frame";
import { chainReaches, gatherKey, makeChain } from "./key";
import {
  BRANCH,
  cellAt,
  childAt,
  childOf,
  countOf,
  IN_CHAIN,
  initialise,
  keyBytes,
  keyTail,
  keyWord,
  kindOf,
  LEAF,
  leafKeyWord,
  levelOf,
  longestCell,
  longestLocalKey,
  longKeyHead,
  numberOf,
  room,
  setChildAt,
  setLink,
  usedOf,
  valueTail,
  valueWord,
} from "./page";
import { rebalance } from "./rebalance";
import {
  keyAt,
  OUT_CHAIN,
  OUT_LENGTH,
  OUT_ROOT,
  out,
  pathIndex,
  pathPage,
  separatorAt,
  setPath,
  valueAt,
} from "./scratch";
import { freshPage, giveUpChain, own } from "./transaction";
import { words } from "./words";

/** The key is new. */
export const INSERTED: u32 = 0;
/** The key had a value, which was replaced. */
export const REPLACED: u32 = 1;

/** Whether the path goes down the tree's right edge, and its left edge. */
let isRightmost: bool = false;
let isLeftmost: bool = false;

/**
 * Goes from the root to the leaf where a key belongs, and makes all pages on the way the transaction's own. Fills the
 * path, whose last index is undefined. Returns the leaf's depth; FAILED after a fault. The new root is in the path.
 */
export function descendOwning(root: u32, key: usize, length: u32): u32 {
  let page = own(rootPage(root));
  let depth: u32 = 0;
  isRightmost = true;
  isLeftmost = true;
  while (page !== 0 && kindOf(page) === BRANCH) {
    const index = childIndex(page, key, length);
    const child = own(nodePage(childAt(page, index), levelOf(page) - 1));
    if (child === 0) return FAILED;
    setPath(depth, page, index);
    setChildAt(page, index, numberOf(child));
    if (index !== 0) isLeftmost = false;
    if (index !== countOf(page)) isRightmost = false;
    page = child;
    depth++;
  }
  if (page === 0) return FAILED;
  setPath(depth, page, 0);
  return depth;
}

/**
 * Sets the value of the key in the key scratch. O(log size).
 *
 * @param root the tree's root page, 0 if it is empty
 * @param length of the key
 * @param valueLength of the value, which is in the result scratch unless it has a chain
 * @param chain the first page of the value's chain, which JavaScript has written; 0 if it has none. Without one, the
 *   value fits in a cell: see `mustChain`
 * @returns INSERTED, REPLACED or FAILED. OUT_ROOT is the new root; OUT_CHAIN and OUT_LENGTH are the chain that the
 *   former value had, which JavaScript gives up
 */
export function put(root: u32, length: u32, valueLength: u32, chain: u32): u32 {
  const key = keyAt();
  out(OUT_CHAIN, 0);
  let depth: u32 = 0;
  if (root === 0) {
    const leaf = freshPage();
    if (leaf === 0) return FAILED;
    initialise(leaf, numberIn(leaf), words().commit, LEAF, 0);
    setPath(0, leaf, 0);
    isRightmost = true;
    isLeftmost = false;
  } else {
    depth = descendOwning(root, key, length);
    if (depth === FAILED || fault() !== FAULT_NONE) return FAILED;
  }
  const leaf = pathPage(depth);
  const index = lowerBound(leaf, LEAF, key, length);
  if (fault() !== FAULT_NONE) return FAILED;
  const isThere = matched;
  if (isThere) {
    const cell = cellAt(leaf, index);
    const word = leafKeyWord(cell);
    const tail = keyTail(LEAF, cell);
    noteChain(cell);
    if ((word & IN_CHAIN) === 0) describeKey(word, 0, 0, key);
    else describeKey(word, load<u32>(tail), load<u32>(tail, 4), key);
    removeCell(leaf, index);
  } else if (length <= longestLocalKey()) {
    describeKey(length, 0, 0, key);
  } else {
    const head = longKeyHead();
    const rest = makeChain(key + head, length - head);
    if (rest === 0) return FAILED;
    describeKey(head | IN_CHAIN, length, rest, key);
  }
  if (chain === 0) describeValue(valueLength, 0, 0, valueAt());
  else describeValue(IN_CHAIN, valueLength, chain, 0);
  out(OUT_ROOT, numberOf(pathPage(0)));
  if (fits(leaf, newCellBytes())) {
    insertCell(leaf, index);
    if (isThere && usedOf(leaf) << 2 < room()) rebalance(depth);
  } else {
    split(depth, index);
  }
  return fault() !== FAULT_NONE ? FAILED : isThere ? REPLACED : INSERTED;
}

/**
 * Copies the pages from the root to the leaf where the key in the key scratch belongs, and those chains of their keys that
 * reach behind a page of the file. Nothing changes but where they are. O(log size).
 *
 * @param root the tree's root page, not 0
 * @param cutoff chains with a page from here on are copied
 * @returns 0 or FAILED. OUT_ROOT is the new root
 */
export function touch(root: u32, length: u32, cutoff: u32): u32 {
  const depth = descendOwning(root, keyAt(), length);
  if (depth === FAILED || fault() !== FAULT_NONE) return FAILED;
  for (let i: u32 = 0; i <= depth; i++) moveChains(pathPage(i), cutoff);
  out(OUT_ROOT, numberOf(pathPage(0)));
  return fault() !== FAULT_NONE ? FAILED : 0;
}

function moveChains(page: usize, cutoff: u32): void {
  const kind = kindOf(page);
  const count = countOf(page);
  for (let i: u32 = 0; i < count && fault() === FAULT_NONE; i++) {
    const cell = cellAt(page, i);
    const word = keyWord(kind, cell);
    if ((word & IN_CHAIN) === 0) continue;
    const tail = keyTail(kind, cell);
    const former = load<u32>(tail, 4);
    if (!chainReaches(former, cutoff)) continue;
    const local = word & ~IN_CHAIN;
    const total = gatherKey(kind, cell, valueAt());
    const chain = makeChain(valueAt() + local, total - local);
    if (chain === 0) return;
    store<u32>(tail, chain, 4);
    giveUpChain(former);
  }
}

/** Tells JavaScript which chain the value of a cell has, if it has one. */
export function noteChain(cell: usize): void {
  if ((valueWord(cell) & IN_CHAIN) === 0) return;
  const tail = valueTail(cell);
  out(OUT_LENGTH, load<u32>(tail));
  out(OUT_CHAIN, load<u32>(tail, 4));
}

/** Whether a value is so long that it needs a chain, with a key of a length. */
export function mustChain(length: u32, valueLength: u32): u32 {
  const key = length <= longestLocalKey() ? length : longKeyHead() + 8;
  return u32(4 + key + valueLength > longestCell() || valueLength >= IN_CHAIN);
}

/** Inserts the described cell in front of the leaf's cell at `index`, where it does not fit, and grows the tree. */
function split(leafDepth: u32, leafIndex: u32): void {
  let depth = leafDepth;
  let index = leafIndex;
  while (true) {
    const left = pathPage(depth);
    const right = freshPage();
    if (right === 0) return;
    const kind = kindOf(left);
    initialise(right, numberIn(right), words().commit, kind, levelOf(left));
    const middle = splitPoint(left, index, kind);
    const source = empty(left);
    const count = countOf(source) + 1;
    appendSeries(left, source, index, 0, middle);
    if (kind === LEAF) {
      appendSeries(right, source, index, middle, count);
      describeSeparator(left, right);
      if (fault() !== FAULT_NONE) return;
    } else {
      // The cell in the middle goes up. Its child is the leftmost one of the right page.
      const cell: usize =
        middle === index ? 0 : cellAt(source, middle < index ? middle : middle - 1);
      setLink(right, cell === 0 ? raisedChild : childOf(cell));
      appendSeries(right, source, index, middle + 1, count);
      if (cell !== 0) describeKeyOf(BRANCH, cell, separatorAt());
    }
    raise(numberOf(right));
    if (depth === 0) {
      growRoot(left);
      return;
    }
    depth--;
    index = pathIndex(depth);
    if (fits(pathPage(depth), newCellBytes())) {
      insertCell(pathPage(depth), index);
      return;
    }
  }
}

/** The child of the cell that goes up. */
let raisedChild: u32 = 0;

function raise(child: u32): void {
  raisedChild = child;
  describeChild(child);
}

function growRoot(left: usize): void {
  const root = freshPage();
  if (root === 0) return;
  initialise(root, numberIn(root), words().commit, BRANCH, levelOf(left) + 1);
  setLink(root, numberOf(left));
  insertCell(root, 0);
  out(OUT_ROOT, numberOf(root));
}

/**
 * Where to part a page and the cell that does not fit in it: the first cell of the right part; in a branch, the one
 * that goes up.
 *
 * Both parts fit. The page and the cell together have at most 1.5 times the room of a page. If the part before some
 * cell is the longest of at most half of that, then it has less than 0.75 of a page; and either the part with the cell
 * fits, or what follows the cell has less than half a page, and with the cell less than a page.
 */
function splitPoint(page: usize, index: u32, kind: u32): u32 {
  const count = countOf(page) + 1;
  // Keys that come in order fill their pages.
  if (isRightmost && index === count - 1) return kind === LEAF ? count - 1 : count - 2;
  if (isLeftmost && index === 0) return 1;
  const half = (usedOf(page) + newCellBytes() + 2) >> 1;
  let before: u32 = 0;
  let i: u32 = 0;
  for (; i < count - 1; i++) {
    const bytes = seriesBytes(page, index, i);
    if (before + bytes > half) {
      // The one that is nearer to the half, if it fits.
      if (before + bytes <= room() && before + bytes - half < half - before) i++;
      break;
    }
    before += bytes;
  }
  return max<u32>(1, min(i, kind === LEAF ? count - 1 : count - 2));
}

/**
 * Describes the shortest separator between two leaves: the first bytes of the right one's first key, up to the first
 * byte in which it differs from the left one's last key.
 */
function describeSeparator(left: usize, right: usize): void {
  const last = cellAt(left, countOf(left) - 1);
  const first = cellAt(right, 0);
  const lastLocal = keyWord(LEAF, last) & ~IN_CHAIN;
  const firstLocal = keyWord(LEAF, first) & ~IN_CHAIN;
  const to = separatorAt();
  const shared = commonBytes(
    keyBytes(LEAF, last),
    keyBytes(LEAF, first),
    min(lastLocal, firstLocal),
  );
  const ends = (keyWord(LEAF, last) & IN_CHAIN) === 0 && shared === lastLocal;
  if (shared < firstLocal && (ends || shared < lastLocal)) {
    memory.copy(to, keyBytes(LEAF, first), shared + 1);
    describeKey(shared + 1, 0, 0, to);
    return;
  }
  // The local bytes do not decide. The value that was put is in its page, so its scratch is free.
  const a = valueAt();
  const b = valueAt() + 65536;
  const aLength = gatherKey(LEAF, last, a);
  const bLength = gatherKey(LEAF, first, b);
  if (fault() !== FAULT_NONE) return;
  const length = min(bLength, commonBytes(a, b, min(aLength, bLength)) + 1);
  if (length <= longestLocalKey()) {
    memory.copy(to, b, length);
    describeKey(length, 0, 0, to);
    return;
  }
  const head = longKeyHead();
  memory.copy(to, b, head);
  const chain = makeChain(b + head, length - head);
  if (chain !== 0) describeKey(head | IN_CHAIN, length, chain, to);
}

function commonBytes(a: usize, b: usize, length: u32): u32 {
  let at: u32 = 0;
  while (at < length && load<u8>(a + at) === load<u8>(b + at)) at++;
  return at;
}
