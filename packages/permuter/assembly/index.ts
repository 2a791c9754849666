/// <reference path="./constants.d.ts" />
/*
 * A permutation of the slots 0 .. WIDTH-1: which slots of a leaf are in use, in key order, and which
 * are free. The live slots stand at positions 0 .. size-1, the free ones behind them.
 *
 *   position      0    1   ...  size-1 | size   ...   WIDTH-1
 *   holds a      live slots in order   |        free slots
 *                                        ^ parked by         ^ taken by
 *                                          remove              insert
 *
 * Insert takes the free slot from the last position and remove parks a slot at the first free one, so
 * that a removed slot is reused as late as can be: readers may still be looking at it.
 *
 * The value is a pair of 64-bit words (lo, hi), passed and kept by value; nothing here touches memory.
 *   WIDTH 1..15   one word, hi is 0 and unused         one-word.ts draws it
 *   WIDTH 24      two words                            two-words.ts draws it
 *
 * Functions that make a permutation return its low word and leave its high word in the global `high`,
 * which must be read before the next call. For one word `high` is the constant 0 and costs nothing.
 *
 * Invariants
 *   P1  the WIDTH fields are a bijection onto 0 .. WIDTH-1.
 *   P2  0 <= size <= WIDTH.
 *   P3  every bit outside the fields and the size is 0, so equal permutations are equal words.
 * `isBijection` checks all three. Every function keeps them, if its preconditions hold; the
 * preconditions are checked (by a trap) only in builds with DEBUG=1.
 *
 * Compile with `--use WIDTH=n --use DEBUG=0|1`. All functions are O(1) but isBijection, O(WIDTH).
 *
 * Source: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage" (EuroSys
 * 2012), section 4.6.2; the order of the free slots is that of the authors' implementation.
 */
import * as one from "./one-word";
import * as two from "./two-words";

export { high } from "./two-words";

/** WIDTH with a type. */
const SLOTS: u32 = WIDTH;

/** How many slots there are: the compile-time constant WIDTH. */
export function width(): u32 {
  return WIDTH;
}

/**
 * The permutation without live slots. Inserts into it take the slots 0, 1, 2, ... in turn.
 * @returns the low word; the high word is in `high`
 */
export function empty(): u64 {
  return identity(0);
}

/**
 * The permutation of `n` live slots in which position i holds slot i. Inserts take the slots n,
 * n + 1, ... in turn. A leaf that was filled in sorted order has this one.
 * @param n how many slots are live, 0 .. WIDTH
 * @returns the low word; the high word is in `high`
 */
export function identity(n: u32): u64 {
  if (WIDTH < 1 || (WIDTH > 15 && WIDTH !== 24)) ERROR("WIDTH must be 1 to 15, or 24");
  if (DEBUG) precondition(n <= SLOTS);
  return WIDTH <= 15 ? one.identity(n) : two.identity(n);
}

/** How many slots are live, 0 .. WIDTH. It is in the low word for every width. */
export function size(lo: u64): u32 {
  return WIDTH <= 15 ? one.size(lo) : two.size(lo);
}

/**
 * The slot at a position.
 * @param position 0 .. WIDTH-1; from size on, these are free slots
 * @returns 0 .. WIDTH-1, even when `lo` and `hi` were read from two different permutations
 */
export function slot(lo: u64, hi: u64, position: u32): u32 {
  if (DEBUG) precondition(position < SLOTS);
  return WIDTH <= 15 ? one.slot(lo, position) : two.slot(lo, hi, position);
}

/**
 * The slot that the next insert takes: the one at the last position. Only a free slot when
 * size < WIDTH.
 */
export function freeSlot(lo: u64, hi: u64): u32 {
  return WIDTH <= 15 ? one.slot(lo, WIDTH - 1) : two.slot(lo, hi, WIDTH - 1);
}

/**
 * Makes `freeSlot` live at a position; the live slots from there on move up by one.
 * @param position 0 .. size, where size < WIDTH
 * @returns the low word; the high word is in `high`
 */
export function insert(lo: u64, hi: u64, position: u32): u64 {
  if (DEBUG) precondition(size(lo) < SLOTS && position <= size(lo));
  return WIDTH <= 15 ? one.insert(lo, position) : two.insert(lo, hi, position);
}

/**
 * Frees the slot at a position; the live slots behind it move down by one, and it is parked just
 * after them, at the position size - 1 that they left: it will be reused last.
 * @param position 0 .. size-1
 * @returns the low word; the high word is in `high`
 */
export function remove(lo: u64, hi: u64, position: u32): u64 {
  if (DEBUG) precondition(position < size(lo));
  return WIDTH <= 15 ? one.remove(lo, position) : two.remove(lo, hi, position);
}

/**
 * Exchanges the slots at two positions, live or free. The size stays.
 * @param i 0 .. WIDTH-1
 * @param j 0 .. WIDTH-1, may equal i
 * @returns the low word; the high word is in `high`
 */
export function exchange(lo: u64, hi: u64, i: u32, j: u32): u64 {
  if (DEBUG) precondition(i < SLOTS && j < SLOTS);
  return WIDTH <= 15 ? one.exchange(lo, i, j) : two.exchange(lo, hi, i, j);
}

/**
 * Moves the slots at from .. to-1 behind all others: the positions from `from` on then hold what was
 * at to .. WIDTH-1, followed by what was at from .. to-1. The size stays, so choose the part with
 * truncate: `rotate(0, mid)` brings the upper part of a split leaf to the front; `rotate(size, to)`
 * turns the free slots, so that the one that was at to - 1 is taken next.
 * @param from 0 .. to
 * @param to from .. WIDTH
 * @returns the low word; the high word is in `high`
 */
export function rotate(lo: u64, hi: u64, from: u32, to: u32): u64 {
  if (DEBUG) precondition(from <= to && to <= SLOTS);
  return WIDTH <= 15 ? one.rotate(lo, from, to) : two.rotate(lo, hi, from, to);
}

/**
 * Keeps the first `n` live slots. The others become free where they stand, just after the live ones:
 * slots that were free before are reused first.
 * @param n 0 .. size
 * @returns the low word; the high word is in `high`
 */
export function truncate(lo: u64, hi: u64, n: u32): u64 {
  if (DEBUG) precondition(n <= size(lo));
  return WIDTH <= 15 ? one.truncate(lo, n) : two.truncate(lo, hi, n);
}

/**
 * The position that holds a slot; below size when the slot is live.
 * @param slot 0 .. WIDTH-1
 * @returns 0 .. WIDTH-1; WIDTH or more when no position holds it, which P1 excludes
 */
export function positionOf(lo: u64, hi: u64, slot: u32): u32 {
  if (DEBUG) precondition(slot < SLOTS);
  return WIDTH <= 15 ? one.positionOf(lo, slot) : two.positionOf(lo, hi, slot);
}

/** Whether P1, P2 and P3 hold for a pair of words, which may be any. O(WIDTH). */
export function isBijection(lo: u64, hi: u64): bool {
  const strayBits = WIDTH <= 15 ? hi | one.strayBits(lo) : two.strayBits(hi);
  if (strayBits !== 0 || size(lo) > SLOTS) return false;
  let seen: u32 = 0;
  for (let position: u32 = 0; position < SLOTS; position++) seen |= 1 << slot(lo, hi, position);
  return seen === (1 << SLOTS) - 1;
}

function precondition(holds: bool): void {
  if (!holds) unreachable();
}
