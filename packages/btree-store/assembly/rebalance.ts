/*
 * What follows a removal: empty pages go, pages with little in them are merged with a neighbour, and a root with one
 * child gives way to it.
 */
import {
  appendCopy,
  describeChild,
  describeKeyOf,
  insertCell,
  newCellBytes,
  removeCell,
} from "./cell";
import { FAULT_NONE, fault } from "./fault";
import { nodePage } from "./find";
import {
  BRANCH,
  cellAt,
  childAt,
  childOf,
  countOf,
  IN_CHAIN,
  keyTail,
  keyWord,
  kindOf,
  LEAF,
  levelOf,
  linkOf,
  numberOf,
  room,
  setChildAt,
  setLink,
  usedOf,
} from "./page";
import { OUT_ROOT, out, pathIndex, pathPage, separatorAt } from "./scratch";
import { giveUp, giveUpChain, own } from "./transaction";

/** Puts the page at a depth of the path in order, and those above it as far as they change. Sets OUT_ROOT. */
export function rebalance(from: u32): void {
  let depth = from;
  while (depth > 0 && fault() === FAULT_NONE) {
    const page = pathPage(depth);
    const isEmpty = kindOf(page) === LEAF && countOf(page) === 0;
    if (!isEmpty && usedOf(page) << 2 >= room()) break;
    const parent = pathPage(depth - 1);
    const index = pathIndex(depth - 1);
    if (isEmpty && countOf(parent) === 0) {
      // The only child of its parent: both go.
      giveUp(page);
      if (!removeOnlyChild(depth - 1)) return;
      break;
    }
    if (isEmpty) {
      giveUp(page);
      removeChild(parent, index);
    } else if (!merge(parent, index, page)) {
      break;
    }
    depth--;
  }
  settleRoot();
}

/** Removes a child, which was given up, and the separator beside it. The page has another child. */
function removeChild(page: usize, index: u32): void {
  const at = index === 0 ? 0 : index - 1;
  if (index === 0) setLink(page, childOf(cellAt(page, 0)));
  dropSeparator(page, at);
}

function dropSeparator(page: usize, index: u32): void {
  const cell = cellAt(page, index);
  if ((keyWord(BRANCH, cell) & IN_CHAIN) !== 0) giveUpChain(load<u32>(keyTail(BRANCH, cell), 4));
  removeCell(page, index);
}

/** Gives up branches whose only child has gone, from a depth of the path upwards. False if the tree is empty then. */
function removeOnlyChild(from: u32): bool {
  let depth = from;
  while (true) {
    giveUp(pathPage(depth));
    if (depth === 0) {
      out(OUT_ROOT, 0);
      return false;
    }
    depth--;
    const page = pathPage(depth);
    if (countOf(page) > 0) {
      removeChild(page, pathIndex(depth));
      return true;
    }
  }
}

/** Merges a page with its left neighbour or else its right one, if both fit in one. */
function merge(parent: usize, index: u32, page: usize): bool {
  const level = levelOf(page);
  if (index > 0) {
    const left = nodePage(childAt(parent, index - 1), level);
    if (mergesWith(parent, index - 1, left, page)) return mergePair(parent, index - 1, left, page);
  }
  if (index < countOf(parent)) {
    const right = nodePage(childAt(parent, index + 1), level);
    if (mergesWith(parent, index, page, right)) return mergePair(parent, index, page, right);
  }
  return false;
}

/** Whether two neighbours fit in one page; of branches, together with the separator between them. */
function mergesWith(parent: usize, separator: u32, left: usize, right: usize): bool {
  if (fault() !== FAULT_NONE) return false;
  let bytes = usedOf(left) + usedOf(right);
  if (kindOf(left) === BRANCH) {
    describeKeyOf(BRANCH, cellAt(parent, separator), separatorAt());
    describeChild(linkOf(right));
    bytes += newCellBytes() + 2;
  }
  return bytes <= room();
}

/** Moves the right page's cells to the left one. */
function mergePair(parent: usize, separator: u32, left: usize, right: usize): bool {
  const target = own(left);
  if (target === 0) return false;
  setChildAt(parent, separator, numberOf(target));
  const kind = kindOf(target);
  const count = countOf(right);
  if (kind === BRANCH) {
    insertCell(target, countOf(target)); // The separator, described by mergesWith: its chain goes with it.
    removeCell(parent, separator);
  } else {
    dropSeparator(parent, separator);
  }
  for (let i: u32 = 0; i < count; i++) appendCopy(target, kind, cellAt(right, i));
  giveUp(right);
  return true;
}

/** While the root is a branch with one child, that child is the root; an empty leaf is no root. */
function settleRoot(): void {
  if (fault() !== FAULT_NONE) return;
  let page = pathPage(0);
  while (kindOf(page) === BRANCH && countOf(page) === 0) {
    const child = nodePage(linkOf(page), levelOf(page) - 1);
    if (fault() !== FAULT_NONE) return;
    giveUp(page);
    page = child;
  }
  if (kindOf(page) === LEAF && countOf(page) === 0) {
    giveUp(page);
    out(OUT_ROOT, 0);
  } else {
    out(OUT_ROOT, numberOf(page));
  }
}
