/*
 * Removing a key.
 */
import { removeCell } from "./cell";
import { FAILED, FAULT_NONE, fault } from "./fault";
import { findLeaf, lowerBound, matched } from "./find";
import { cellAt, IN_CHAIN, keyTail, keyWord, LEAF } from "./page";
import { descendOwning, noteChain } from "./put";
import { rebalance } from "./rebalance";
import { keyAt, OUT_CHAIN, OUT_ROOT, out, pathPage } from "./scratch";
import { giveUpChain } from "./transaction";

/** There was no such key; nothing has changed. */
export const ABSENT: u32 = 0;
/** The key is gone. */
export const REMOVED: u32 = 1;

/**
 * Removes the key in the key scratch. O(log size).
 *
 * @returns ABSENT, REMOVED or FAILED. OUT_ROOT is the new root; OUT_CHAIN and OUT_LENGTH are the chain that the value
 *   had, which JavaScript gives up
 */
export function remove(root: u32, length: u32): u32 {
  const key = keyAt();
  out(OUT_CHAIN, 0);
  out(OUT_ROOT, root);
  if (root === 0) return ABSENT;
  // A look first: what changes nothing copies nothing.
  lowerBound(findLeaf(root, key, length), LEAF, key, length);
  if (fault() !== FAULT_NONE) return FAILED;
  if (!matched) return ABSENT;
  const depth = descendOwning(root, key, length);
  if (depth === FAILED || fault() !== FAULT_NONE) return FAILED;
  const leaf = pathPage(depth);
  const index = lowerBound(leaf, LEAF, key, length);
  const cell = cellAt(leaf, index);
  noteChain(cell);
  if ((keyWord(LEAF, cell) & IN_CHAIN) !== 0) giveUpChain(load<u32>(keyTail(LEAF, cell), 4));
  removeCell(leaf, index);
  rebalance(depth);
  return fault() !== FAULT_NONE ? FAILED : REMOVED;
}
