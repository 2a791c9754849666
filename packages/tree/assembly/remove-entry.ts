/*
 * Taking entries out of a leaf: the part that a removal, the collapse of a layer and the clearing of a leaf have in
 * common.
 *
 * Invariants
 *   ENTRY1  It is one store of the permutation, however many entries go. The same write marks the leaf stale, so that
 *           the next insert makes readers of an older permutation start over (leaf.ts LEAF4).
 *   ENTRY2  A leaf with few entries left gives back what it no longer needs for their suffixes. An empty one has
 *           no block for them.
 */

import { high, remove, size } from "@masstree/permuter/assembly";
import { INSERTS, markNode } from "@masstree/session/assembly";
import { permutationHighOf, permutationOf, TWO_WORDS, writePermutation, writeStale } from "./leaf";
import { shrinkBag } from "./suffix";

/** Plans the removal of the entry at `position` from a locked leaf. Returns how many are left. */
export function removeEntry(leaf: usize, position: u32): u32 {
  return removeEntries(leaf, position, position + 1);
}

/** The same for the entries at the positions [first, end), at least one. */
export function removeEntries(leaf: usize, first: u32, end: u32): u32 {
  let shorter = permutationOf(leaf);
  let shorterHigh = permutationHighOf(leaf);
  for (let count = end - first; count > 0; count--) {
    shorter = remove(shorter, shorterHigh, first);
    shorterHigh = high;
  }
  const left = size(shorter);
  if (TWO_WORDS) markNode(leaf, INSERTS);
  writeStale(leaf, true); // ENTRY1
  writePermutation(leaf, shorter);
  // ENTRY2: if few go, only at 8, 4, 2, 1 and 0 entries, so that it costs little.
  if (end - first > 1 || (left & (left - 1)) === 0) shrinkBag(leaf, shorter, shorterHigh, left);
  return left;
}
