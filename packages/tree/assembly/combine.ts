/*
 * Value words that are numbers, and what a write makes of two of them (put.ts). A condition of `put` says which
 * operation, and what the words are:
 *
 *     COMBINE_ADD, ... + kind    kind   1  u32    in the lower half of the word; the upper half is 0
 *                                       2  i32    the same
 *                                       3  f64    every NaN is the same word
 *                                       4  u64
 *                                       5  i64
 *
 * So bits are combined alike in all words, and equal values are equal words.
 */

/** Conditions of `put` from this one on: write what comes of the word that is there, 0 if there is none, and another. */
export const COMBINE_ADD: u32 = 16;
export const COMBINE_MIN: u32 = 24;
export const COMBINE_MAX: u32 = 32;
export const COMBINE_AND: u32 = 40;
export const COMBINE_OR: u32 = 48;
export const COMBINE_XOR: u32 = 56;

const KIND: u32 = 7;
const I32: u32 = 2;
const F64: u32 = 3;
const I64: u32 = 5;

/** Above this word, whatever the sign, is no number. */
const INFINITE: u64 = 0x7ff0_0000_0000_0000;
/** The one word for all of those. */
const NOT_A_NUMBER: u64 = 0x7ff8_0000_0000_0000;

/** The word that comes of two numbers. */
export function combineNumbers(condition: u32, a: u64, b: u64): u64 {
  const kind = condition & KIND;
  const operation = condition - kind;
  if (operation === COMBINE_AND) return a & b;
  if (operation === COMBINE_OR) return a | b;
  if (operation === COMBINE_XOR) return a ^ b;
  if (kind === F64) return combineFloats(operation, reinterpret<f64>(a), reinterpret<f64>(b));
  if (operation === COMBINE_ADD) return kind <= I32 ? <u64>(<u32>a + <u32>b) : a + b;
  return isLess(kind, a, b) === (operation === COMBINE_MIN) ? a : b;
}

function isLess(kind: u32, a: u64, b: u64): bool {
  if (kind === I32) return <i32>a < <i32>b;
  return kind === I64 ? <i64>a < <i64>b : a < b;
}

/** As `+`, `Math.min` and `Math.max` of JavaScript. */
function combineFloats(operation: u32, a: f64, b: f64): u64 {
  let result = a + b;
  if (operation === COMBINE_MIN) result = min(a, b);
  if (operation === COMBINE_MAX) result = max(a, b);
  const word = reinterpret<u64>(result);
  return word << 1 > INFINITE << 1 ? NOT_A_NUMBER : word;
}
