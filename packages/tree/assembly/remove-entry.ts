/*
 * Taking an entry out of a leaf: the part that a removal and the collapse of a layer have in common.
 *
 * Invariants
 *   ENTRY1  It is one store of the permutation. The same write marks the leaf stale, so that the next insert makes
 *           readers of an older permutation start over (leaf.ts LEAF4).
 *   ENTRY2  A leaf with few entries left gives back what it no longer needs for their suffixes. An empty one has
 *           no block for them.
 */

import { high, remove, size } from "@masstree/permuter/assembly";
import { INSERTS, markNode } from "@masstree/session/assembly";
import { permutationHighOf, permutationOf, TWO_WORDS, writePermutation, writeStale } from "./leaf";
import { shrinkBag } from "./suffix";

/** Plans the removal of the entry at `position` from a locked leaf. True if that leaves the leaf empty. */
export function removeEntry(leaf: usize, position: u32): bool {
  const shorter = remove(permutationOf(leaf), permutationHighOf(leaf), position);
  const shorterHigh = high;
  const left = size(shorter);
  if (TWO_WORDS) markNode(leaf, INSERTS);
  writeStale(leaf, true); // ENTRY1
  writePermutation(leaf, shorter);
  // ENTRY2: only at 8, 4, 2, 1 and 0 entries, so that it costs little.
  if ((left & (left - 1)) === 0) shrinkBag(leaf, shorter, shorterHigh, left);
  return left === 0;
}
