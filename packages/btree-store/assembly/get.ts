/*
 * Reading the value of a key.
 */
import { copyBytes } from "@masstree/key/assembly";
import { FAULT_NONE, fault } from "./fault";
import { findLeaf, lowerBound, matched } from "./find";
import { cellAt, IN_CHAIN, keyBytes, keyWord, LEAF, valueWord } from "./page";
import { noteChain } from "./put";
import { keyAt, valueAt } from "./scratch";

/** There is no value. */
export const GET_ABSENT: i32 = -1;
/** The value is in a chain: OUT_CHAIN and OUT_LENGTH. */
export const GET_CHAIN: i32 = -2;
/** A fault. */
export const GET_FAILED: i32 = -3;

/**
 * Copies the value of the key in the key scratch to the result scratch. O(log size + value).
 *
 * @returns its length, or GET_ABSENT, GET_CHAIN or GET_FAILED
 */
export function get(root: u32, length: u32): i32 {
  if (root === 0) return GET_ABSENT;
  const key = keyAt();
  const leaf = findLeaf(root, key, length);
  const index = lowerBound(leaf, LEAF, key, length);
  if (fault() !== FAULT_NONE) return GET_FAILED;
  if (!matched) return GET_ABSENT;
  const cell = cellAt(leaf, index);
  const word = valueWord(cell);
  if ((word & IN_CHAIN) !== 0) {
    noteChain(cell);
    return GET_CHAIN;
  }
  copyBytes(valueAt(), keyBytes(LEAF, cell) + (keyWord(LEAF, cell) & ~IN_CHAIN), word);
  return word;
}

/** Whether the key in the key scratch is there: 1, 0, or GET_FAILED. */
export function has(root: u32, length: u32): i32 {
  if (root === 0) return 0;
  const key = keyAt();
  lowerBound(findLeaf(root, key, length), LEAF, key, length);
  return fault() !== FAULT_NONE ? GET_FAILED : i32(matched);
}
