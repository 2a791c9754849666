/*
 * Writing a key: insert or replace (the paper's sections 4.6.1 and 4.6.2).
 *
 * Invariants
 *   PUT1  The leaf is found without locks, then locked, then searched again. Nothing that is done under the lock
 *         relies on earlier reads.
 *   PUT2  One write: it fails before it commits, or it happens whole (journal.ts).
 *   PUT3  An entry is complete before the permutation that names it, which is the log's last word but the count.
 *         LEAF4 and LEAF5 (leaf.ts) say when readers have to be warned in addition.
 *   PUT4  Replacing a value is one atomic store and needs no version change: a reader gets either the old word or
 *         the new one.
 */

import { pin } from "@masstree/epoch/assembly";
import { ikeyAt, TAG_LAYER, TAG_SUFFIX, tagOf } from "@masstree/key/assembly";
import { freeSlot, insert, size } from "@masstree/permuter/assembly";
import {
  abortWrite,
  commitWrite,
  INSERTS,
  markNode,
  participant,
} from "@masstree/session/assembly";
import { tellWritten } from "./changes";
import { refreshRoot } from "./coalesce";
import { combineNumbers } from "./combine";
import {
  combines,
  isForPresent,
  isMet,
  outcomeUnlocked,
  PUT_ALWAYS,
  PUT_FULL,
  PUT_INSERTED,
  PUT_REFUSED,
  PUT_REPLACED,
  UNDECIDED,
} from "./condition";
import { lockLeaf } from "./descend";
import { Located, locateFrom, PRESENT } from "./find";
import { makeLayer } from "./layer";
import {
  boundPosition,
  isMatch,
  isStale,
  lowerBound,
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
import { setWordOut } from "./scratch";
import { fullGroup, NO_GROUP, placeInGroup } from "./search";
import { SPLIT_FULL, SPLIT_NEW_ROOT, splitInsert } from "./split";
import { addSuffix, suffixEquals } from "./suffix";
import { countSplit, mapRoot, writeSize } from "./tree-words";
import { PlainWords, retireValue } from "./values";
import { endOperation } from "./wait";

// Further outcomes of one attempt.
/** The leaf is no longer the right one. */
const AGAIN: u32 = UNDECIDED;
/**
 * Like PUT_INSERTED; in addition, a layer below the first has a new root, which the slot above does not name yet.
 */
const PUT_INSERTED_AND_GREW: u32 = 5;

/** How `put` is compiled: once for PUT_ALWAYS, and once for all other conditions. */
@unmanaged
class Always {
  isConditional(): bool {
    return false;
  }
}

@unmanaged
class OnCondition {
  isConditional(): bool {
    return true;
  }
}

/** Whether a condition never holds for a key that is not there. */
function needsValue<C extends Always>(condition: u32): bool {
  return changetype<C>(0).isConditional() && isForPresent(condition);
}

/**
 * Writes a value word under a key.
 *
 * @param key address of its bytes, private to the thread
 * @param condition when to write: PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT or PUT_IF_EQUAL; or what to write: a
 *   COMBINE_ operation plus a kind of number (combine.ts)
 * @param expected the word that PUT_IF_EQUAL wants. If it is the address of a block, the caller has been pinned
 *   since it read it, so that no other block can have the address
 * @returns PUT_INSERTED, PUT_REPLACED, PUT_FULL or PUT_REFUSED. If the key has or had a word, it is in the result
 *   scratch; what it points to stays in memory while the caller is pinned. After an operation, the new word is there
 */
export function put<V extends PlainWords>(
  key: usize,
  length: u32,
  value: u64,
  condition: u32,
  expected: u64 = 0,
): u32 {
  if (condition === PUT_ALWAYS) return write<V, Always>(key, length, value, PUT_ALWAYS, 0, 0, 0, 0);
  return write<V, OnCondition>(key, length, value, condition, expected, 0, 0, 0);
}

/**
 * As `put` with PUT_ALWAYS, from a place on the key's way that was read under a pin that the caller still has.
 *
 * @param root of a layer, possibly stale, and `offset` and `leaf`: as for `locateFrom`
 */
export function putFrom<V extends PlainWords>(
  key: usize,
  length: u32,
  value: u64,
  root: usize,
  offset: u32,
  leaf: usize,
): u32 {
  return write<V, Always>(key, length, value, PUT_ALWAYS, 0, root, offset, leaf);
}

/** As `put`, or as `putFrom` if `root` is not 0. */
function write<V extends PlainWords, C extends Always>(
  key: usize,
  length: u32,
  value: u64,
  condition: u32,
  expected: u64,
  root: usize,
  start: u32,
  leaf: usize,
): u32 {
  pin(participant);
  let outcome: u32;
  let offset: u32;
  do {
    const from = root === 0 ? mapRoot() : root;
    const isThere = locateFrom(key, length, from, start, leaf) === PRESENT;
    // Once only: what has changed meanwhile is found from the map's root.
    root = 0;
    start = 0;
    leaf = 0;
    offset = Located.offset;
    outcome = AGAIN;
    if (changetype<C>(0).isConditional()) {
      outcome = outcomeUnlocked<V>(condition, isThere, Located.value, value, expected);
    }
    if (outcome === AGAIN) outcome = putInto<V, C>(key, length, value, condition, expected);
  } while (outcome === AGAIN);
  if (outcome !== PUT_FULL && outcome !== PUT_REFUSED) tellWritten(key, length);
  if (outcome === PUT_INSERTED_AND_GREW) {
    refreshRoot(key, offset);
    outcome = PUT_INSERTED;
  }
  endOperation();
  return outcome;
}

/** One attempt, in the leaf that `locate` has just found. */
function putInto<V extends PlainWords, C extends Always>(
  key: usize,
  length: u32,
  value: u64,
  condition: u32,
  expected: u64,
): u32 {
  const offset = Located.offset;
  const ikey = ikeyAt(key, length, offset);
  const tag = tagOf(length, offset);
  const leaf = lockLeaf(Located.leaf, Located.root, ikey, tag);
  if (leaf === 0) return AGAIN;
  const lo = permutationOf(leaf);
  const hi = permutationHighOf(leaf);
  const suffix = key + offset + 8;
  const suffixLength = tag === TAG_SUFFIX ? length - offset - 8 : 0;
  let bound = lowerBound(leaf, lo, hi, ikey, tag); // PUT1
  const found: u32 = isMatch(bound) ? tagIn(leaf, matchedSlot(bound)) : 0;
  if (found === TAG_LAYER) return giveUp(AGAIN);
  if (found === TAG_SUFFIX && !suffixEquals(leaf, matchedSlot(bound), suffix, suffixLength)) {
    bound = placeInGroup(leaf, lo, hi, bound, ikey, suffix, suffixLength);
  }
  if (isMatch(bound)) {
    const slot = matchedSlot(bound);
    const before = valueIn(leaf, slot);
    setWordOut(before);
    if (changetype<C>(0).isConditional()) {
      if (!isMet(condition, true, before, expected)) return giveUp(PUT_REFUSED);
      if (combines<V>(condition)) {
        value = combineNumbers(condition, before, value);
        setWordOut(value);
      }
    }
    writeValue(leaf, slot, value); // PUT4
    retireValue<V>(before);
    commitWrite();
    return PUT_REPLACED;
  }
  if (needsValue<C>(condition)) return giveUp(PUT_REFUSED);
  const position = boundPosition(bound);
  value = fresh<V, C>(condition, value);
  const group = tag === TAG_SUFFIX ? fullGroup(leaf, lo, hi, ikey, position) : NO_GROUP;
  if (group !== NO_GROUP) {
    const isMade = makeLayer(leaf, group, position, suffix, suffixLength, value);
    if (!isMade) return giveUp(PUT_FULL);
  } else if (size(lo) === SLOTS) {
    const grew = splitInsert(leaf, position, ikey, tag, suffix, suffixLength, value, offset);
    if (grew === SPLIT_FULL) return giveUp(PUT_FULL);
    countSplit();
    writeSize(1);
    commitWrite();
    return grew === SPLIT_NEW_ROOT && offset !== 0 ? PUT_INSERTED_AND_GREW : PUT_INSERTED;
  } else {
    const slot = freeSlot(lo, hi);
    if (tag === TAG_SUFFIX && !addSuffix(leaf, slot, suffix, suffixLength)) return giveUp(PUT_FULL);
    if (TWO_WORDS || isStale(leaf)) {
      markNode(leaf, INSERTS);
      writeStale(leaf, false);
    }
    writeEntry(leaf, slot, ikey, tag, value);
    writePermutation(leaf, insert(lo, hi, position)); // PUT3
  }
  writeSize(1);
  commitWrite();
  return PUT_INSERTED;
}

/** The word of a key that is not there: what comes of 0 and another, if the write combines. */
function fresh<V extends PlainWords, C extends Always>(condition: u32, value: u64): u64 {
  if (!changetype<C>(0).isConditional() || !combines<V>(condition)) return value;
  const word = combineNumbers(condition, 0, value);
  setWordOut(word);
  return word;
}

/** Gives the locks back. Nothing has changed. */
function giveUp(outcome: u32): u32 {
  abortWrite();
  return outcome;
}
