/*
 * Searching: from a root to the leaf where a key belongs.
 */
import { FAULT_CORRUPT, note, WRONG_LEVEL } from "./fault";
import { fetch } from "./fetch";
import { compareWithPrefix, highest, lowest, narrow, readyHeads } from "./heads";
import { compareKey } from "./key";
import { BRANCH, cellAt, childAt, countOf, kindOf, LEAF, levelOf } from "./page";
import { words } from "./words";

/** Whether the last `lowerBound` found the key itself. */
export let matched: bool = false;

/** The index of the first cell whose key is not below the given one, 0 to the page's count. O(log count). */
export function lowerBound(page: usize, kind: u32, key: usize, length: u32): u32 {
  const heads = readyHeads(page);
  if (heads === 0) return search(page, kind, key, length, 0, countOf(page));
  narrow(page, heads, key, length);
  const found = search(page, kind, key, length, lowest, highest);
  if (matched) return found;
  // Last, because the cells that were compared are at hand by now.
  const order = compareWithPrefix(page, heads, kind, key, length, found);
  return order === 0 ? found : order < 0 ? 0 : countOf(page);
}

/** The same among the cells from one to another, exclusive. */
function search(page: usize, kind: u32, key: usize, length: u32, from: u32, to: u32): u32 {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareKey(key, length, kind, cellAt(page, middle));
    if (order === 0) {
      matched = true;
      return middle;
    }
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  matched = false;
  return low;
}

/** The index of the child where a key belongs, 0 to the page's count. */
export function childIndex(page: usize, key: usize, length: u32): u32 {
  const index = lowerBound(page, BRANCH, key, length);
  return matched ? index + 1 : index;
}

/** A tree's root page; after a fault, an empty leaf. */
export function rootPage(root: u32): usize {
  const page = fetch(root);
  const kind = kindOf(page);
  if (kind === LEAF || kind === BRANCH) return page;
  note(FAULT_CORRUPT, root, WRONG_LEVEL);
  return words().nowhere;
}

/** The page of a tree that has to be at a level; after a fault, an empty leaf. */
export function nodePage(number: u32, level: u32): usize {
  const page = fetch(number);
  if (levelOf(page) === level && kindOf(page) === (level === 0 ? LEAF : BRANCH)) return page;
  note(FAULT_CORRUPT, number, WRONG_LEVEL);
  return words().nowhere;
}

/** The leaf where a key belongs. O(log size). */
export function findLeaf(root: u32, key: usize, length: u32): usize {
  let page = rootPage(root);
  while (kindOf(page) === BRANCH) {
    page = nodePage(childAt(page, childIndex(page, key, length)), levelOf(page) - 1);
  }
  return page;
}
