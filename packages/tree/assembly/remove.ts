/**
 * Removing a key (the paper's section 4.6.5).
 *
 * Invariants
 *  R1  The entry is taken out under the leaf's lock (takeout.ts).
 *  R2  A leaf that becomes empty stays where it is, and can be filled again; its unlinking is queued, never done here
 *      while the lock is held (coalesce.ts).
 *  R3  When there is no memory for a route, the leaf is looked after at once instead, by the spare route (queue.ts Q3).
 */

import { pin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { coalesceSpare, drainQueue } from "./coalesce";
import { takeLeaf } from "./descend";
import { locate, locatedLeaf, locatedOffset, locatedRoot, PRESENT } from "./find";
import {
  isLeftmost,
  isQueued,
  lowerBound,
  lowestClassOf,
  lowestOf,
  matched,
  matchedSlot,
  nextOf,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
  writeQueued,
} from "./leaf";
import { createRoute, writeRoute, writeSpareRoute } from "./queue";
import { endOperation } from "./recover";
import { participant } from "./session";
import { suffixEquals } from "./suffix";
import { takeOut } from "./takeout";
import { abort, commit, writeSize } from "./transaction";
import { PlainWords, retireValue } from "./values";

/** Outcomes of `remove`. */
export const NOT_FOUND: u32 = 0;
export const REMOVED: u32 = 1;
const AGAIN: u32 = 2;

/** The word that the last REMOVED took out. */
export let removed: u64 = 0;

/** Removes a key. The caller is pinned while it looks at `removed`. */
export function remove<V extends PlainWords>(key: usize, length: u32): u32 {
  pin(participant);
  let outcome: u32;
  do {
    outcome = NOT_FOUND;
    if (locate(key, length) !== PRESENT) break;
    outcome = removeFrom<V>(key, length, locatedLeaf, locatedRoot, locatedOffset);
  } while (outcome === AGAIN);
  if (outcome === REMOVED) drainQueue();
  endOperation();
  return outcome;
}

function removeFrom<V extends PlainWords>(
  key: usize,
  length: u32,
  start: usize,
  root: usize,
  offset: u32,
): u32 {
  const ikey = ikeyAt(key, length, offset);
  const cls = tagOf(length, offset);
  const leaf = takeLeaf(start, root, ikey, cls);
  if (leaf === 0) return AGAIN;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const position = lowerBound(leaf, lo, hi, ikey, cls);
  const slot = matchedSlot;
  if (!matched) {
    abort();
    return NOT_FOUND;
  }
  const tag = tagIn(leaf, slot);
  if (tag === TAG_LAYER) {
    abort();
    return AGAIN;
  }
  if (tag === TAG_SUFFIX && !suffixEquals(leaf, slot, key + offset + 8, length - offset - 8)) {
    abort();
    return NOT_FOUND;
  }
  removed = valueIn(leaf, slot);
  retireValue<V>(removed);
  writeSize(-1);
  if (!takeOut(leaf, position) || !isWorthQueueing(leaf, offset)) {
    commit();
    return REMOVED;
  }
  const lowest = lowestOf(leaf);
  const lowestClass = lowestClassOf(leaf);
  const route = createRoute(key, offset, lowest, lowestClass);
  if (route !== 0) writeRoute(route);
  else writeSpareRoute(key, offset, lowest, lowestClass);
  writeQueued(leaf, true);
  commit();
  if (route === 0) coalesceSpare();
  return REMOVED;
}

/** R2: an empty leaf can go unless it is the last of layer 0 or the first of a layer with others. */
function isWorthQueueing(leaf: usize, offset: u32): bool {
  if (isQueued(leaf)) return false;
  return !isLeftmost(leaf) || (offset !== 0 && nextOf(leaf) === 0);
}
