/*
 * Writing a key: into a free slot of its line, over its value, or into a child that the line gets.
 *
 * Invariants
 *   WRITE1  The line is found without locks, then locked, then read again. Nothing that is done under the lock relies on
 *           earlier reads.
 *   WRITE2  One write: it fails before it commits, or it happens whole (the session's journal).
 *   WRITE3  A line that is frozen, or has a child, is not written to. The caller of `writeInto` starts over.
 */
import { pin } from "@masstree/epoch/assembly";
import {
  abortWrite,
  commitWrite,
  endOperation,
  INSERTS,
  lockNode,
  markNode,
  participant,
  write64,
} from "@masstree/session/assembly";
import { tellWritten } from "@masstree/tree/assembly/changes";
import { combineNumbers } from "@masstree/tree/assembly/combine";
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
} from "@masstree/tree/assembly/condition";
import { setWordOut } from "@masstree/tree/assembly/scratch";
import { countSplit, writeSize } from "@masstree/tree/assembly/tree-words";
import { PlainWords, retireValue } from "@masstree/tree/assembly/values";
import { afterConflict, afterReuse, MOST_DEPTH, makeShallow } from "./charge";
import { LearnedClient } from "./client";
import { writeConflict } from "./conflict";
import { Found, find } from "./find";
import { writeBit } from "./group";
import {
  ENTRY,
  freeSlot,
  frozenBy,
  isChild,
  isTombstone,
  isVacant,
  keyField,
  slotOf,
  stateField,
  stateOf,
  valueField,
  valueIn,
  withSlot,
} from "./line";
import { indexOf } from "./node";
import { ordinalOf } from "./ordinal";
import { awaitRebuild } from "./rebuild";

// Further outcomes of one attempt.
/** The line is no longer the right one. */
const AGAIN: u32 = UNDECIDED;
/** Like PUT_INSERTED; the line has got a child. */
const INSERTED_BELOW: u32 = 5;
/** Like PUT_INSERTED; into a tombstone. */
const INSERTED_AGAIN: u32 = 6;

/** Gives the locks back. Nothing has changed. */
function giveUp(outcome: u32): u32 {
  abortWrite();
  return outcome;
}

/**
 * Locks a line that a search has found. False if it is not the place for its keys any more: then the lock is given
 * back, and what was in the way has ended or will be found by another search.
 */
export function lockLine(line: usize): bool {
  lockNode<LearnedClient>(line);
  const state = stateOf(line);
  const by = frozenBy(state);
  if (by === 0 && !isChild(state)) return true;
  abortWrite();
  if (by !== 0) awaitRebuild(by); // WRITE3
  return false;
}

/**
 * Writes a value word under a key.
 *
 * @param keyBytes address of the key's 8 bytes, private to the thread
 * @param condition when to write, or what: as of the tree's `put`
 * @param expected the word that PUT_IF_EQUAL wants
 * @returns PUT_INSERTED, PUT_REPLACED, PUT_FULL or PUT_REFUSED. If the key has or had a word, it is in the result
 *   scratch; after an operation on numbers, the new one is
 */
export function put<V extends PlainWords>(
  keyBytes: usize,
  value: u64,
  condition: u32,
  expected: u64,
): u32 {
  const key = ordinalOf(keyBytes);
  pin(participant);
  let outcome: u32;
  let node: usize = 0;
  do {
    const isThere = find(key);
    node = Found.node;
    outcome = AGAIN;
    if (condition !== PUT_ALWAYS) {
      outcome = outcomeUnlocked<V>(condition, isThere, Found.value, value, expected);
    }
    if (outcome === AGAIN) {
      if (Found.depth < MOST_DEPTH) {
        outcome = writeInto<V>(Found.line, node, key, value, condition, expected);
      } else if (!makeShallow(key)) outcome = PUT_FULL;
    }
  } while (outcome === AGAIN);
  if (outcome !== PUT_FULL && outcome !== PUT_REFUSED) tellWritten(keyBytes, 8);
  if (outcome > AGAIN) {
    if (outcome === INSERTED_BELOW) afterConflict(key);
    else if (node !== 0) afterReuse(node);
    outcome = PUT_INSERTED;
  }
  endOperation<LearnedClient>();
  return outcome;
}

/** One attempt, in the line that a search has just found. */
function writeInto<V extends PlainWords>(
  line: usize,
  node: usize,
  key: u64,
  value: u64,
  condition: u32,
  expected: u64,
): u32 {
  if (!lockLine(line)) return AGAIN;
  const state = stateOf(line); // WRITE1
  const at = slotOf(line, state, key);
  if (at >= 0) {
    const before = valueIn(line, at);
    setWordOut(before);
    if (!isMet(condition, true, before, expected)) return giveUp(PUT_REFUSED);
    let word = value;
    if (combines<V>(condition)) {
      word = combineNumbers(condition, before, value);
      setWordOut(word);
    }
    write64(valueField(line, at), word); // LINE4
    retireValue<V>(before);
    commitWrite();
    return PUT_REPLACED;
  }
  if (isForPresent(condition)) return giveUp(PUT_REFUSED);
  let word = value;
  if (combines<V>(condition)) {
    word = combineNumbers(condition, 0, value);
    setWordOut(word);
  }
  const slot = freeSlot(state);
  if (slot < 0) {
    if (!writeConflict(line, key, word)) return giveUp(PUT_FULL);
    countSplit();
    writeSize(1);
    commitWrite();
    return INSERTED_BELOW;
  }
  const isUsed = isTombstone(state, slot);
  if (isUsed) markNode(line, INSERTS); // LINE3
  if (node !== 0 && isVacant(state)) writeBit(node, indexOf(node, line), true); // GROUP2
  write64(keyField(line, slot), key);
  write64(valueField(line, slot), word);
  write64(stateField(line), withSlot(state, slot, ENTRY)); // LINE2
  writeSize(1);
  commitWrite();
  return isUsed ? INSERTED_AGAIN : PUT_INSERTED;
}
