/*
 * Removing a key (the paper's section 4.6.5).
 *
 * Invariants
 *   REMOVE1  The entry is removed under the leaf's lock (remove-entry.ts).
 *   REMOVE2  A leaf that becomes empty stays where it is, and can be filled again. Its route goes to the worklist;
 *            it is never unlinked here, under the lock (coalesce.ts).
 *   REMOVE3  If there is no memory for a route, this operation itself unlinks the leaf, by the spare route
 *            (route.ts ROUTE2).
 *   REMOVE4  A leaf that becomes sparse is merged with a neighbour in the same way (merge.ts), if there is memory for
 *            a route.
 */

import { pin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, tagOf } from "@masstree/key/assembly";
import { abortWrite, commitWrite, participant } from "@masstree/session/assembly";
import { tellRemoved } from "./changes";
import { coalesceSpare, drainWorklist } from "./coalesce";
import { lockLeaf } from "./descend";
import { Located, locate, PRESENT } from "./find";
import {
  boundPosition,
  isLeftmost,
  isMatch,
  isPending,
  lowestClassOf,
  lowestOf,
  matchedSlot,
  nextOf,
  permutationHighOf,
  permutationOf,
  tagIn,
  valueIn,
  writePending,
} from "./leaf";
import { leafToMerge } from "./merge";
import { removeEntry } from "./remove-entry";
import { createRoute } from "./route";
import { setWordOut } from "./scratch";
import { entryOf } from "./search";
import { writeSize } from "./tree-words";
import { PlainWords, retireValue } from "./values";
import { endOperation } from "./wait";
import { pushRoute, writeSpareRoute } from "./worklist";

/** Outcomes of `remove`. */
export const NOT_FOUND: u32 = 0;
export const REMOVED: u32 = 1;
const AGAIN: u32 = 2;

/**
 * Removes a key.
 *
 * @param key address of its bytes, private to the thread
 * @returns NOT_FOUND or REMOVED. After REMOVED, the previous word is in the result scratch (WORD_OUT); what it
 *   points to stays in memory while the caller is pinned
 */
export function remove<V extends PlainWords>(key: usize, length: u32): u32 {
  return removeIf<V>(key, length, false, 0);
}

/**
 * Removes a key if its value word is `expected`. If that is the address of a block, the caller has been pinned
 * since it read it, so that no other block can have the address.
 *
 * @returns as `remove`; NOT_FOUND if the key has another word
 */
export function removeEqual<V extends PlainWords>(key: usize, length: u32, expected: u64): u32 {
  return removeIf<V>(key, length, true, expected);
}

function removeIf<V extends PlainWords>(
  key: usize,
  length: u32,
  isConditional: bool,
  expected: u64,
): u32 {
  pin(participant);
  let outcome: u32;
  do {
    outcome = NOT_FOUND;
    if (locate(key, length) !== PRESENT) break;
    if (isConditional && Located.value !== expected) break;
    outcome = removeFrom<V>(key, length, isConditional, expected);
  } while (outcome === AGAIN);
  if (outcome === REMOVED) {
    tellRemoved(key, length);
    drainWorklist();
  }
  endOperation();
  return outcome;
}

/** One attempt, in the leaf that `locate` has just found. */
function removeFrom<V extends PlainWords>(
  key: usize,
  length: u32,
  isConditional: bool,
  expected: u64,
): u32 {
  const offset = Located.offset;
  const ikey = ikeyAt(key, length, offset);
  const cls = tagOf(length, offset);
  const leaf = lockLeaf(Located.leaf, Located.root, ikey, cls);
  if (leaf === 0) return AGAIN;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const bound = entryOf(leaf, lo, hi, ikey, cls, key + offset + 8, length - offset - 8);
  const slot = matchedSlot(bound);
  if (!isMatch(bound)) {
    abortWrite();
    return NOT_FOUND;
  }
  if (tagIn(leaf, slot) === TAG_LAYER) {
    abortWrite();
    return AGAIN;
  }
  const word = valueIn(leaf, slot);
  if (isConditional && word !== expected) {
    abortWrite();
    return NOT_FOUND;
  }
  retireValue<V>(word);
  writeSize(-1);
  commitRemoval(leaf, key, offset, removeEntry(leaf, boundPosition(bound)));
  setWordOut(word);
  return REMOVED;
}

/**
 * Commits a write that takes entries out of a locked leaf of the layer that `offset` bytes of `key` lead to, and leaves
 * `rest`; and sees to it that an empty leaf is unlinked, and a sparse one merged (REMOVE2, REMOVE3, REMOVE4).
 */
export function commitRemoval(leaf: usize, key: usize, offset: u32, rest: u32): void {
  const isUnlinked = rest === 0 && isWorthUnlinking(leaf, offset);
  const target = isUnlinked ? leaf : leafToMerge(leaf, rest);
  if (target === 0) {
    commitWrite();
    return;
  }
  const lowest = lowestOf(target);
  const lowestClass = lowestClassOf(target);
  const route = createRoute(key, offset, lowest, lowestClass);
  const isSpare = route === 0 && isUnlinked; // REMOVE3
  if (route !== 0) pushRoute(route);
  if (isSpare) writeSpareRoute(key, offset, lowest, lowestClass);
  if (target === leaf && (route !== 0 || isSpare)) writePending(leaf, true);
  commitWrite();
  if (isSpare) coalesceSpare();
}

/** REMOVE2: an empty leaf can go unless it is the last of layer 0, or the first of several leaves of its layer. */
function isWorthUnlinking(leaf: usize, offset: u32): bool {
  if (isPending(leaf)) return false;
  return !isLeftmost(leaf) || (offset !== 0 && nextOf(leaf) === 0);
}
