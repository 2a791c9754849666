/**
 * Writing a key: insert or replace (the paper's section 4.6.1).
 *
 * Invariants
 *  W1  The leaf is found without locks, then locked, then searched again: what is done under the lock rests on nothing that
 *      was read before it.
 *  W2  Everything that can fail (suffix room, split, layer) is prepared before the first visible change.
 *  W3  An entry is complete before the permutation that names it is published (leaf.ts L4, L5 for the marks).
 *  W4  Replacing a value is one atomic store, and needs no version change: a reader has either the old word or the new.
 */
import { pin, unpin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { markInserting, unlock } from "@masstree/nodeversion/assembly";
import { freeSlot, insert, size } from "@masstree/permuter/assembly";
import { refreshRoot } from "./coalesce";
import { lockFrom } from "./descend";
import { locate, locatedLeaf, locatedOffset, locatedRoot } from "./find";
import { makeLayer } from "./layer";
import {
  bagOf,
  clearStale,
  isStale,
  lowerBound,
  matched,
  matchedSlot,
  permutationHighOf,
  permutationOf,
  publish,
  SLOTS,
  setEntry,
  setValue,
  TWO_WORDS,
  tagIn,
  valueIn,
} from "./leaf";
import { countEntries, participant } from "./session";
import { grewRoot, splitInsert } from "./split";
import { putSuffix, reserveSuffix, suffixEquals } from "./suffix";

/** Outcomes of `put`. */
export const INSERTED: u32 = 0;
export const REPLACED: u32 = 1;
export const FULL: u32 = 2;
const AGAIN: u32 = 3;

/** The word that the last REPLACED took the place of. */
export let replaced: u64 = 0;

/** Writes a value word under a key. FULL changes nothing. The caller is pinned while it looks at `replaced`. */
export function put(key: usize, length: u32, value: u64): u32 {
  pin(participant);
  let outcome: u32;
  do {
    locate(key, length);
    outcome = putInto(key, length, value, locatedLeaf, locatedRoot, locatedOffset);
  } while (outcome === AGAIN);
  unpin(participant);
  return outcome;
}

function putInto(key: usize, length: u32, value: u64, start: usize, root: usize, offset: u32): u32 {
  const ikey = ikeyAt(key, length, offset);
  const tag = tagOf(length, offset);
  const leaf = lockFrom(start, root, ikey, tag);
  if (leaf === 0) return AGAIN;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const position = lowerBound(leaf, lo, hi, ikey, tag); // W1
  const suffix = key + offset + 8;
  const suffixLength = tag === TAG_SUFFIX ? length - offset - 8 : 0;
  if (matched) {
    const slot = matchedSlot;
    const found = tagIn(leaf, slot);
    if (found === TAG_LAYER) {
      unlock(leaf);
      return AGAIN;
    }
    if (found !== TAG_SUFFIX || suffixEquals(leaf, slot, suffix, suffixLength)) {
      replaced = valueIn(leaf, slot);
      setValue(leaf, slot, value); // W4
      unlock(leaf);
      return REPLACED;
    }
    const made = makeLayer(leaf, slot, suffix, suffixLength, value);
    if (made) countEntries(1);
    unlock(leaf);
    return made ? INSERTED : FULL;
  }
  if (size(lo) === SLOTS) {
    if (!splitInsert(leaf, lo, hi, position, ikey, tag, suffix, suffixLength, value, offset)) {
      unlock(leaf);
      return FULL;
    }
    countEntries(1);
    if (grewRoot && offset !== 0) refreshRoot(key, offset);
    return INSERTED;
  }
  if (tag === TAG_SUFFIX && !reserveSuffix(leaf, suffixLength)) {
    unlock(leaf);
    return FULL;
  }
  const slot = freeSlot(lo, hi);
  if (TWO_WORDS || isStale(leaf, slot)) {
    markInserting(leaf);
    clearStale(leaf);
  }
  if (tag === TAG_SUFFIX) putSuffix(bagOf(leaf), slot, suffix, suffixLength);
  setEntry(leaf, slot, ikey, tag, value);
  publish(leaf, insert(lo, hi, position)); // W3
  countEntries(1);
  unlock(leaf);
  return INSERTED;
}
