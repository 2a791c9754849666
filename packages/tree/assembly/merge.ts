/*
 * Merging: a leaf that removals have left sparse is unlinked as an empty one is (coalesce.ts), once its entries are in
 * its left neighbour.
 *
 * Invariants
 *   MERGE1  A removal that leaves at most SPARSE entries in a leaf looks at both neighbours. If the leaf and one of them
 *           have at most MERGED entries together, a route to the right one of the two goes to the worklist. MERGED
 *           leaves room for as many inserts before the leaf is split again.
 *   MERGE2  What a removal sees of a neighbour is a hint. What counts is what both have once both are locked.
 *   MERGE3  The entries move in the write that unlinks their leaf. The left leaf is marked, the right one deleted: a
 *           reader of either starts over. Nothing that the entries lead to changes hands: not values, and not layers,
 *           which find the leaf above them by its bounds (COALESCE5).
 *   MERGE4  The left leaf keeps its lower bound and gets the right one's upper bound (COALESCE3). So a leftmost leaf only
 *           takes entries in, and a group, which is in one leaf, stays in one (leaf.ts LEAF6).
 */

import { reachTo } from "@masstree/memory/assembly";
import { high, insert, size, slot } from "@masstree/permuter/assembly";
import {
  ikeyOf,
  isLeftmost,
  isPending,
  NODE_BYTES,
  nextOf,
  permutationHighOf,
  permutationOf,
  prevOf,
  SLOTS,
  tagIn,
  valueIn,
  writeEntry,
  writePermutation,
  writeStale,
} from "./leaf";
import { takeSuffixes } from "./suffix";

/** The most entries of a leaf that is sparse; none in the tiniest leaves of tests, which are never merged. */
const SPARSE: u32 = SLOTS >> 2;
/** The most entries of a leaf that two others become. */
const MERGED: u32 = SPARSE === 0 ? 0 : SLOTS >> 1;

/** How many entries a neighbour seems to have (MERGE2). */
function seenIn(leaf: usize): u32 {
  reachTo(leaf, NODE_BYTES);
  return size(permutationOf(leaf));
}

/**
 * The right one of two leaves that can become one (MERGE1): of a locked leaf, of which a removal leaves `rest` entries,
 * and a neighbour. 0 if there is none, or a route leads there already.
 */
export function leafToMerge(leaf: usize, rest: u32): usize {
  if (rest > SPARSE || isPending(leaf)) return 0;
  if (!isLeftmost(leaf) && rest + seenIn(prevOf(leaf)) <= MERGED) return leaf;
  const next = nextOf(leaf);
  if (next === 0) return 0;
  const there = seenIn(next);
  // An empty one has a route of its own.
  return there !== 0 && rest + there <= MERGED ? next : 0;
}

/**
 * Plans that the entries of a leaf move to its left neighbour, both of which the write has locked; it marks the latter
 * as well (MERGE3). False if they are too many, or memory is full; then nothing is planned.
 */
export function planMerge(left: usize, leaf: usize): bool {
  const fromLo = permutationOf(leaf);
  const fromHi = permutationHighOf(leaf);
  let lo = permutationOf(left);
  let hi = permutationHighOf(left);
  const kept = size(lo);
  const moved = size(fromLo);
  if (kept + moved > MERGED) return false;
  for (let position = kept; position < kept + moved; position++) {
    lo = insert(lo, hi, position);
    hi = high;
  }
  if (!takeSuffixes(left, lo, hi, kept, leaf)) return false;
  for (let position: u32 = 0; position < moved; position++) {
    const from = slot(fromLo, fromHi, position);
    const to = slot(lo, hi, kept + position);
    writeEntry(left, to, ikeyOf(leaf, from), tagIn(leaf, from), valueIn(leaf, from));
  }
  writeStale(left, false);
  writePermutation(left, lo, hi);
  return true;
}
