/**
 * Taking an entry out of a leaf: what a removal and the collapse of a layer have in common.
 *
 * Invariants
 *  T1  It is one store of the permutation. The leaf is marked stale by the same transaction, so that the next insert makes the
 *      readers of an older permutation start over (leaf.ts L4).
 *  T2  A leaf that is left with few entries gives back what it no longer needs for their suffixes; an empty one has no block
 *      for them.
 */

import { high, remove, size } from "@masstree/permuter/assembly";
import { permutationHighOf, permutationOf, TWO_WORDS, writePermutation, writeStale } from "./leaf";
import { shrinkBag } from "./suffix";
import { INSERTS, mark } from "./transaction";

/** Plans that the entry at `position` leaves a locked leaf. True when that leaves the leaf empty. */
export function takeOut(leaf: usize, position: u32): bool {
  const shorter = remove(permutationOf(leaf), permutationHighOf(leaf), position);
  const shorterHigh = high;
  const left = size(shorter);
  if (TWO_WORDS) mark(leaf, INSERTS);
  writeStale(leaf, true); // T1
  writePermutation(leaf, shorter);
  // T2: at 8, 4, 2, 1 and 0 entries, so that it costs little.
  if ((left & (left - 1)) === 0) shrinkBag(leaf, shorter, shorterHigh, left);
  return left === 0;
}
