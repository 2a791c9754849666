/*
 * Removing a key: its slot becomes a tombstone.
 */
import { pin } from "@masstree/epoch/assembly";
import {
  abortWrite,
  commitWrite,
  endOperation,
  participant,
  write64,
} from "@masstree/session/assembly";
import { tellRemoved } from "@masstree/tree/assembly/changes";
import { NOT_FOUND, REMOVED } from "@masstree/tree/assembly/remove";
import { setWordOut } from "@masstree/tree/assembly/scratch";
import { writeSize } from "@masstree/tree/assembly/tree-words";
import { PlainWords, retireValue } from "@masstree/tree/assembly/values";
import { afterRemoval } from "./charge";
import { LearnedClient } from "./client";
import { Found, find } from "./find";
import { writeBit } from "./group";
import { isVacant, slotOf, stateField, stateOf, TOMBSTONE, valueIn, withSlot } from "./line";
import { indexOf } from "./node";
import { ordinalOf } from "./ordinal";
import { lockLine } from "./put";

/** The line is no longer the right one. */
const AGAIN: u32 = 2;

/**
 * Removes a key.
 *
 * @param keyBytes address of its 8 bytes, private to the thread
 * @returns NOT_FOUND or REMOVED. After REMOVED, the previous word is in the result scratch
 */
export function remove<V extends PlainWords>(keyBytes: usize): u32 {
  return removeIf<V>(keyBytes, false, 0);
}

/** Removes a key if its value word is `expected`. Returns as `remove`; NOT_FOUND if the key has another word. */
export function removeEqual<V extends PlainWords>(keyBytes: usize, expected: u64): u32 {
  return removeIf<V>(keyBytes, true, expected);
}

function removeIf<V extends PlainWords>(keyBytes: usize, isConditional: bool, expected: u64): u32 {
  const key = ordinalOf(keyBytes);
  pin(participant);
  let outcome: u32;
  let node: usize = 0;
  do {
    outcome = NOT_FOUND;
    if (!find(key) || (isConditional && Found.value !== expected)) break;
    node = Found.node;
    outcome = removeFrom<V>(Found.line, node, key, isConditional, expected);
  } while (outcome === AGAIN);
  if (outcome === REMOVED) {
    tellRemoved(keyBytes, 8);
    if (node !== 0) afterRemoval(key, node);
  }
  endOperation<LearnedClient>();
  return outcome;
}

/** One attempt, in the line that a search has just found. */
function removeFrom<V extends PlainWords>(
  line: usize,
  node: usize,
  key: u64,
  isConditional: bool,
  expected: u64,
): u32 {
  if (!lockLine(line)) return AGAIN;
  const state = stateOf(line); // WRITE1
  const slot = slotOf(line, state, key);
  if (slot < 0) {
    abortWrite();
    return NOT_FOUND;
  }
  const word = valueIn(line, slot);
  if (isConditional && word !== expected) {
    abortWrite();
    return NOT_FOUND;
  }
  const next = withSlot(state, slot, TOMBSTONE);
  write64(stateField(line), next);
  if (node !== 0 && isVacant(next)) writeBit(node, indexOf(node, line), false); // GROUP2
  retireValue<V>(word);
  writeSize(-1);
  commitWrite();
  setWordOut(word);
  return REMOVED;
}
