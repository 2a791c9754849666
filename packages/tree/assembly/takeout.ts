/**
 * Taking an entry out of a leaf: what a removal and the collapse of a layer have in common.
 *
 * Invariants
 *  T1  It is one store of the permutation. The leaf is marked stale by the same transaction, so that the next insert makes the
 *      readers of an older permutation start over (leaf.ts L4).
 *  T2  An empty leaf has no bag. The bag goes under INSERTING, as a reader of the older permutation would miss its suffixes.
 */

import { high, remove, size } from "@masstree/permuter/assembly";
import {
  bagOf,
  permutationHighOf,
  permutationOf,
  SLOTS,
  TWO_WORDS,
  writePermutation,
  writeStale,
} from "./leaf";
import {
  bagBytes,
  copySuffixes,
  createBag,
  liveSuffixRoom,
  replaceBag,
  tightBagBytes,
} from "./suffix";
import { INSERTS, mark } from "./transaction";

/** Plans that the entry at `position` leaves a locked leaf. True when that leaves the leaf empty. */
export function takeOut(leaf: usize, position: u32): bool {
  const shorter = remove(permutationOf(leaf), permutationHighOf(leaf), position);
  const shorterHigh = high;
  const left = size(shorter);
  if (TWO_WORDS) mark(leaf, INSERTS);
  writeStale(leaf, true); // T1
  writePermutation(leaf, shorter);
  if (left === 0) dropBag(leaf);
  else if ((left & (left - 1)) === 0) shrinkBag(leaf, shorter, shorterHigh, left);
  return left === 0;
}

/** T2. */
function dropBag(leaf: usize): void {
  if (bagOf(leaf) === 0) return;
  mark(leaf, INSERTS);
  replaceBag(leaf, 0);
}

/**
 * T3: gives the leaf a smaller bag if what is left needs at most three quarters of it, and memory allows. It is looked at when 8, 4, 2
 * or 1 entries are left, so that it costs little.
 */
function shrinkBag(leaf: usize, lo: u64, hi: u64, count: u32): void {
  const old = bagOf(leaf);
  if (old === 0) return;
  const room = liveSuffixRoom(leaf, lo, hi, 0, count);
  if (room === 0) {
    dropBag(leaf);
    return;
  }
  if (tightBagBytes(room) * 4 > bagBytes(old) * 3) return;
  const bag = createBag(room, SLOTS);
  if (bag === 0) return;
  copySuffixes(bag, leaf, lo, hi, count);
  mark(leaf, INSERTS);
  replaceBag(leaf, bag);
}
