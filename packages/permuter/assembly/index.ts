/// <reference path="./constants.d.ts" />
/*
 * A permutation of the slots 0 .. WIDTH-1: which slots of a leaf are in use, in key order, and which
 * are free. The live slots are at positions 0 .. size-1, the free slots behind them.
 *
 *   position      0    1   ...  size-1 | size   ...   WIDTH-1
 *   holds a      live slots in order   |        free slots
 *                                        ^ parked by         ^ taken by
 *                                          remove              insert
 *
 * `insert` takes the free slot at the last position, and `remove` parks a slot at the first free
 * position. A removed slot is therefore reused as late as possible: readers may still be reading it.
 *
 * A permutation is a pair of 64-bit words (lo, hi), passed by value. Nothing here accesses memory.
 *   WIDTH 1..15   one word; hi is 0 and unused         one-word.ts draws it
 *   WIDTH 24      two words                            two-words.ts draws them
 *
 * Functions that create a permutation return its low word and leave its high word in the global `high`.
 * Read `high` before the next call. For one word, `high` is the constant 0 and costs nothing.
 *
 * Invariants
 *   PERM1  The WIDTH fields are a bijection onto 0 .. WIDTH-1.
 *   PERM2  0 <= size <= WIDTH.
 *   PERM3  Every bit outside the fields and the size is 0, so equal permutations have equal words.
 * `isBijection` checks all three. Every function preserves them if its preconditions hold. Only builds
 * with DEBUG=1 check preconditions: they trap if one does not hold.
 *
 * Compile with `--use WIDTH=n --use DEBUG=0|1`. All functions are O(1) except isBijection, O(WIDTH).
 *
 * Source: Mao, Kohler, Morris, "Cache craftiness for fast multicore key-value storage" (EuroSys
 * 2012), section 4.6.2. The order of the free slots follows the authors' implementation.
 */
import * as one from "./one-word";
import * as two from "./two-words";

export { high } from "./two-words";

/** WIDTH as a u32. */
const SLOTS: u32 = WIDTH;

/** The number of slots: the compile-time constant WIDTH. */
export function width(): u32 {
  return WIDTH;
}

/**
 * The permutation without live slots. Inserts take slots 0, 1, 2, ... in turn.
 * @returns the low word; the high word is in `high`
 */
export function empty(): u64 {
  return identity(0);
}

/**
 * The permutation of `n` live slots in which position i holds slot i. Inserts take slots n, n + 1, ...
 * in turn. A leaf that was filled in sorted order has this permutation.
 * @param n the number of live slots, 0 .. WIDTH
 * @returns the low word; the high word is in `high`
 */
export function identity(n: u32): u64 {
  if (WIDTH < 1 || (WIDTH > 15 && WIDTH !== 24)) ERROR("WIDTH must be 1 to 15, or 24");
  if (DEBUG) precondition(n <= SLOTS);
  return WIDTH <= 15 ? one.identity(n) : two.identity(n);
}

/** The number of live slots, 0 .. WIDTH. For every width, it is in the low word. */
export function size(lo: u64): u32 {
  return WIDTH <= 15 ? one.size(lo) : two.size(lo);
}

/**
 * The slot at a position.
 * @param position 0 .. WIDTH-1; positions from size on hold free slots
 * @returns 0 .. WIDTH-1, even if `lo` and `hi` were read from two different permutations
 */
export function slot(lo: u64, hi: u64, position: u32): u32 {
  if (DEBUG) precondition(position < SLOTS);
  return WIDTH <= 15 ? one.slot(lo, position) : two.slot(lo, hi, position);
}

/**
 * The slot that the next insert takes: the one at the last position. It is free only if size < WIDTH.
 */
export function freeSlot(lo: u64, hi: u64): u32 {
  return WIDTH <= 15 ? one.slot(lo, WIDTH - 1) : two.slot(lo, hi, WIDTH - 1);
}

/**
 * Makes `freeSlot` live at a position. The live slots from there on move up by one.
 * @param position 0 .. size; size must be below WIDTH
 * @returns the low word; the high word is in `high`
 */
export function insert(lo: u64, hi: u64, position: u32): u64 {
  if (DEBUG) precondition(size(lo) < SLOTS && position <= size(lo));
  return WIDTH <= 15 ? one.insert(lo, position) : two.insert(lo, hi, position);
}

/**
 * Frees the slot at a position. The live slots behind it move down by one. The freed slot is parked
 * just behind them, at the position size - 1 that they vacated, so that it is reused last.
 * @param position 0 .. size-1
 * @returns the low word; the high word is in `high`
 */
export function remove(lo: u64, hi: u64, position: u32): u64 {
  if (DEBUG) precondition(position < size(lo));
  return WIDTH <= 15 ? one.remove(lo, position) : two.remove(lo, hi, position);
}

/**
 * Exchanges the slots at two positions, live or free. The size stays the same.
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
 * at to .. WIDTH-1, followed by what was at from .. to-1. The size stays the same; `truncate` cuts off
 * the part you do not want. `rotate(0, mid)` brings the upper part of a split leaf to the front.
 * `rotate(size, to)` rotates the free slots, so that the next insert takes the slot that was at to - 1.
 * @param from 0 .. to
 * @param to from .. WIDTH
 * @returns the low word; the high word is in `high`
 */
export function rotate(lo: u64, hi: u64, from: u32, to: u32): u64 {
  if (DEBUG) precondition(from <= to && to <= SLOTS);
  return WIDTH <= 15 ? one.rotate(lo, from, to) : two.rotate(lo, hi, from, to);
}

/**
 * Keeps the first `n` live slots. The others become free in place, just behind the live slots, so that
 * slots that were free before are reused first.
 * @param n 0 .. size
 * @returns the low word; the high word is in `high`
 */
export function truncate(lo: u64, hi: u64, n: u32): u64 {
  if (DEBUG) precondition(n <= size(lo));
  return WIDTH <= 15 ? one.truncate(lo, n) : two.truncate(lo, hi, n);
}

/**
 * The position that holds a slot. It is below size if the slot is live.
 * @param slot 0 .. WIDTH-1
 * @returns 0 .. WIDTH-1; WIDTH or more if no position holds the slot, which PERM1 rules out
 */
export function positionOf(lo: u64, hi: u64, slot: u32): u32 {
  if (DEBUG) precondition(slot < SLOTS);
  return WIDTH <= 15 ? one.positionOf(lo, slot) : two.positionOf(lo, hi, slot);
}

/** Whether PERM1, PERM2 and PERM3 hold for two arbitrary words. O(WIDTH). */
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
