/*
 * Conditions of a write, and what comes of it: for every structure that writes value words under keys.
 *
 *     condition         writes if                              a key that is not there
 *     PUT_ALWAYS        always                                 gets the word
 *     PUT_IF_PRESENT    there is a value                       stays away
 *     PUT_IF_ABSENT     there is none                          gets the word
 *     PUT_IF_EQUAL      the value word is the expected one     stays away
 *     COMBINE_ADD, ...  always, what comes of both words       counts as 0 (combine.ts)
 */
import { COMBINE_ADD, combineNumbers } from "./combine";
import { setWordOut } from "./scratch";
import { PlainWords } from "./values";

/** Outcomes of `put`: there was no value. */
export const PUT_INSERTED: u32 = 0;
/** There was one. It is in the result scratch now (WORD_OUT). */
export const PUT_REPLACED: u32 = 1;
/** Memory is full; nothing has changed. */
export const PUT_FULL: u32 = 2;
/** The condition does not hold; nothing has changed. */
export const PUT_REFUSED: u32 = 3;
/** None of these yet. */
export const UNDECIDED: u32 = 4;

/** Conditions of `put`. This one: always write. */
export const PUT_ALWAYS: u32 = 0;
/** Write only if there is a value. */
export const PUT_IF_PRESENT: u32 = 1;
/** Write only if there is none. */
export const PUT_IF_ABSENT: u32 = 2;
/** Write only if the value word is a certain one. */
export const PUT_IF_EQUAL: u32 = 3;

/** Whether a condition is to write what comes of the word that is there and another (combine.ts). */
export function combines<V extends PlainWords>(condition: u32): bool {
  return changetype<V>(0).isNumber() && condition >= COMBINE_ADD;
}

/** Whether a condition holds for a key that was found, or not. */
export function isMet(condition: u32, isThere: bool, word: u64, expected: u64): bool {
  if (condition === PUT_ALWAYS || condition >= COMBINE_ADD) return true;
  if (condition === PUT_IF_ABSENT) return !isThere;
  return isThere && (condition === PUT_IF_PRESENT || word === expected);
}

/** Whether a condition never holds for a key that is not there. */
export function isForPresent(condition: u32): bool {
  return condition === PUT_IF_PRESENT || condition === PUT_IF_EQUAL;
}

/**
 * Ends a `put` that has nothing to write, without a lock: its condition does not hold, or a number stays as it is.
 * `word` is the key's, if it is there. Returns its outcome, or UNDECIDED: what decides has to be locked.
 */
export function outcomeUnlocked<V extends PlainWords>(
  condition: u32,
  isThere: bool,
  word: u64,
  value: u64,
  expected: u64,
): u32 {
  const isRefused = !isMet(condition, isThere, word, expected);
  const isSame =
    isThere && combines<V>(condition) && combineNumbers(condition, word, value) === word;
  if (!isRefused && !isSame) return UNDECIDED;
  if (isThere) setWordOut(word);
  return isRefused ? PUT_REFUSED : PUT_REPLACED;
}
