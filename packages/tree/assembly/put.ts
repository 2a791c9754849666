/**
 * Writing a key: insert or replace (the paper's sections 4.6.1 and 4.6.2).
 *
 * Invariants
 *  W1  The leaf is found without locks, then locked, then searched again: what is done under the lock rests on nothing that
 *      was read before it.
 *  W2  One transaction: it fails, before it commits, or happens whole (transaction.ts).
 *  W3  An entry is complete before the permutation that names it, which is the log's last word but the count (leaf.ts L4
 *      and L5 say when readers have to be warned besides).
 *  W4  Replacing a value is one atomic store, and needs no version change: a reader has either the old word or the new.
 */

import { pin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { freeSlot, insert, size } from "@masstree/permuter/assembly";
import { refreshRoot } from "./coalesce";
import { takeLeaf } from "./descend";
import { locate, locatedLeaf, locatedOffset, locatedRoot } from "./find";
import { makeLayer } from "./layer";
import {
  isStale,
  lowerBound,
  matched,
  matchedSlot,
  permutationHighOf,
  permutationOf,
  SLOTS,
  TWO_WORDS,
  tagIn,
  valueIn,
  writeEntry,
  writePermutation,
  writeStale,
  writeValue,
} from "./leaf";
import { endOperation } from "./recover";
import { countSplit, participant } from "./session";
import { grewRoot, splitInsert } from "./split";
import { addSuffix, suffixEquals } from "./suffix";
import { abort, commit, INSERTS, mark, writeSize } from "./transaction";
import { PlainWords, retireValue } from "./values";

/** Outcomes of `put`. */
export const INSERTED: u32 = 0;
export const REPLACED: u32 = 1;
export const FULL: u32 = 2;
const AGAIN: u32 = 3;

/** The word that the last REPLACED took the place of. */
export let replaced: u64 = 0;

/** Whether the last attempt gave a layer below the first one a new root, which the slot above does not know yet. */
let layerGrew: bool = false;

/** Writes a value word under a key. FULL changes nothing. The caller is pinned while it looks at `replaced`. */
export function put<V extends PlainWords>(key: usize, length: u32, value: u64): u32 {
  pin(participant);
  let outcome: u32;
  do {
    locate(key, length);
    outcome = putInto<V>(key, length, value, locatedLeaf, locatedRoot, locatedOffset);
  } while (outcome === AGAIN);
  if (layerGrew) refreshRoot(key, locatedOffset);
  endOperation();
  return outcome;
}

function putInto<V extends PlainWords>(
  key: usize,
  length: u32,
  value: u64,
  start: usize,
  root: usize,
  offset: u32,
): u32 {
  const ikey = ikeyAt(key, length, offset);
  const tag = tagOf(length, offset);
  const leaf = takeLeaf(start, root, ikey, tag);
  if (leaf === 0) return AGAIN;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const position = lowerBound(leaf, lo, hi, ikey, tag); // W1
  const suffix = key + offset + 8;
  const suffixLength = tag === TAG_SUFFIX ? length - offset - 8 : 0;
  layerGrew = false;
  if (matched) {
    const slot = matchedSlot;
    const found = tagIn(leaf, slot);
    if (found === TAG_LAYER) {
      abort();
      return AGAIN;
    }
    if (found !== TAG_SUFFIX || suffixEquals(leaf, slot, suffix, suffixLength)) {
      replaced = valueIn(leaf, slot);
      writeValue(leaf, slot, value); // W4
      retireValue<V>(replaced);
      commit();
      return REPLACED;
    }
    if (!makeLayer(leaf, slot, suffix, suffixLength, value)) return failFull();
  } else if (size(lo) === SLOTS) {
    if (!splitInsert(leaf, lo, hi, position, ikey, tag, suffix, suffixLength, value, offset)) {
      return failFull();
    }
    countSplit();
    layerGrew = grewRoot && offset !== 0;
  } else {
    const slot = freeSlot(lo, hi);
    if (tag === TAG_SUFFIX && !addSuffix(leaf, slot, suffix, suffixLength)) return failFull();
    if (TWO_WORDS || isStale(leaf)) {
      mark(leaf, INSERTS);
      writeStale(leaf, false);
    }
    writeEntry(leaf, slot, ikey, tag, value);
    writePermutation(leaf, insert(lo, hi, position)); // W3
  }
  writeSize(1);
  commit();
  return INSERTED;
}

function failFull(): u32 {
  abort();
  return FULL;
}
