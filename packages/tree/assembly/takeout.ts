/**
 * Taking an entry out of a leaf: what a removal and the collapse of a layer have in common.
 *
 * Invariants
 *  T1  It is one store of the permutation. The leaf is marked stale by the same transaction, so that the next insert makes the
 *      readers of an older permutation start over (leaf.ts L4).
 *  T2  An empty leaf has no bag. The bag goes under INSERTING, as a reader of the older permutation would miss its suffixes.
 */

import { remove, size } from "@masstree/permuter/assembly";
import {
  bagOf,
  permutationHighOf,
  permutationOf,
  TWO_WORDS,
  writePermutation,
  writeStale,
} from "./leaf";
import { replaceBag } from "./suffix";
import { INSERTS, mark } from "./transaction";

/** Plans that the entry at `position` leaves a locked leaf. True when that leaves the leaf empty. */
export function takeOut(leaf: usize, position: u32): bool {
  const lo = permutationOf(leaf);
  const empties = size(lo) === 1;
  const bag: usize = empties ? bagOf(leaf) : 0;
  if (TWO_WORDS || bag !== 0) mark(leaf, INSERTS);
  writeStale(leaf, true); // T1
  writePermutation(leaf, remove(lo, permutationHighOf(leaf), position));
  if (bag !== 0) replaceBag(leaf, 0); // T2
  return empties;
}
