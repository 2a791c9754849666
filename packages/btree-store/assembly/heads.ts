/*
 * Heads: of the keys of a clean page, the first bytes behind what all of them have in common, side by side in its frame
 * (frame.ts has the place). A binary search of cells waits for memory at each step, for each cell is in a cache line of
 * its own; one of heads looks at two or three lines that were fetched at once, and leaves a cell or two to compare.
 *
 *   the frame's word `heads`, u32:  0 | 1 the page was searched once | READY + shift << 16 + prefix
 *   head i, u32                     of cell i << shift: 4 bytes of its key from `prefix` on, the first one highest, zeros
 *                                   behind the key's end
 *
 * Invariants
 *   HEADS1  The order of heads is that of their keys, where these differ: all keys of the page have the same `prefix` bytes,
 *           and what a head has is among a cell's own bytes, also if the key goes on in a chain (`mostPrefix`).
 *   HEADS2  Heads follow from a page that never changes (FRAME2). So threads that make them at once write the same, and
 *           whoever finds READY finds all of them. A dirty page has none.
 */
import { compareBytes } from "@masstree/key/assembly";
import { headsAt, headsRoom, headsWord, isDirty, setHeadsWord } from "./frame";
import { cellAt, countOf, IN_CHAIN, keyBytes, keyWord, kindOf, longKeyHead } from "./page";

const READY: u32 = 0x80000000;
const HEAD_BYTES: u32 = 4;
/** A page with fewer cells is searched without heads. */
const FEWEST: u32 = DEBUG ? 2 : 4;
/** How many heads are compared at once; so up to so many more are read behind the last one. */
const LANES: u32 = 4;
const BEHIND: u32 = LANES - 1;
/** Up to how many heads all are compared. */
const WINDOW: u32 = DEBUG ? 8 : 64;

/** The cells among which `narrow` leaves the answer to a search. */
export let lowest: u32 = 0;
export let highest: u32 = 0;

/** The heads of a page, as its frame's word says; 0 if there are none. They are made when a page is searched again. */
export function readyHeads(page: usize): u32 {
  const word = headsWord(page);
  if ((word & READY) !== 0) return word;
  if (isDirty(page) || countOf(page) < FEWEST) return 0;
  if (word !== 0) return make(page);
  // Of the many pages that one commit copies, most are not searched again before the next.
  setHeadsWord(page, 1);
  return 0;
}

/** With that, HEADS1 holds: the cell of a key with a chain has its first `longKeyHead` bytes. */
function mostPrefix(): u32 {
  return longKeyHead() - HEAD_BYTES;
}

/** O(heads). */
function make(page: usize): u32 {
  const kind = kindOf(page);
  const count = countOf(page);
  const most = headsRoom() - BEHIND;
  let shift: u32 = 0;
  while ((count - 1) >> shift >= most) shift++;
  const prefix = commonPrefix(kind, cellAt(page, 0), cellAt(page, count - 1));
  const heads = headsAt(page);
  for (let i: u32 = 0; i << shift < count; i++) {
    const cell = cellAt(page, i << shift);
    const head = headOf(keyBytes(kind, cell), keyWord(kind, cell) & ~IN_CHAIN, prefix);
    store<u32>(heads + ((<usize>i) << 2), head);
  }
  const end = ((count - 1) >> shift) + 1;
  for (let i = end; i < end + BEHIND; i++) store<u32>(heads + ((<usize>i) << 2), <u32>-1);
  const word = READY | (shift << 16) | prefix;
  setHeadsWord(page, word);
  return word;
}

/** How many bytes the first and the last key, and so all keys, have in common. */
function commonPrefix(kind: u32, first: usize, last: usize): u32 {
  const a = keyBytes(kind, first);
  const b = keyBytes(kind, last);
  const local = min(keyWord(kind, first) & ~IN_CHAIN, keyWord(kind, last) & ~IN_CHAIN);
  const most = min(local, mostPrefix());
  let shared: u32 = 0;
  while (shared < most && load<u8>(a + shared) === load<u8>(b + shared)) shared++;
  return shared;
}

function headOf(key: usize, length: u32, prefix: u32): u32 {
  if (length >= prefix + HEAD_BYTES) return bswap<u32>(load<u32>(key + prefix));
  let head: u32 = 0;
  for (let i = prefix; i < prefix + HEAD_BYTES; i++) {
    head = (head << 8) | (i < length ? <u32>load<u8>(key + i) : 0);
  }
  return head;
}

/**
 * Finds the cells between which a key belongs, if it begins as all of them do: none before `lowest` is at least the key,
 * and none from `highest` on is below it. O(log heads).
 *
 * @param word what `readyHeads` has returned
 */
export function narrow(page: usize, word: u32, key: usize, length: u32): void {
  const shift = (word >> 16) & 255;
  const count = countOf(page);
  const all = ((count - 1) >> shift) + 1;
  const head = headOf(key, length, word & 0xffff);
  const heads = headsAt(page);
  let from: u32 = 0;
  let left = all;
  // Without a branch that depends on a head: the processor would guess wrong half of the time.
  while (left > WINDOW) {
    const half = left >> 1;
    from += half & -u32(load<u32>(heads + ((<usize>(from + half)) << 2) - 4) < head);
    left -= half;
  }
  // All of the rest, because that waits for memory once: how many are below the head, and how many are the same.
  const splat = i32x4.splat(head);
  let lows = i32x4.splat(0);
  let sames = i32x4.splat(0);
  const end = heads + ((<usize>(from + left)) << 2);
  for (let at = heads + ((<usize>from) << 2); at < end; at += LANES << 2) {
    const four = v128.load(at);
    lows = i32x4.sub(lows, i32x4.lt_u(four, splat));
    sames = i32x4.sub(sames, i32x4.eq(four, splat));
  }
  // What is read behind the end is never below: later heads, or what `make` has put behind the last one.
  const below = from + sum(lows);
  const upTo = below + sum(sames);
  lowest = below === 0 ? 0 : ((below - 1) << shift) + 1;
  highest = upTo < from + left ? upTo << shift : count;
}

function sum(four: v128): u32 {
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}

/**
 * How a key compares with what all keys of the page have in common: 0 if it begins so, -1 if it is below all of them, 1 if
 * it is above all.
 */
export function compareWithPrefix(
  page: usize,
  word: u32,
  kind: u32,
  key: usize,
  length: u32,
  near: u32,
): i32 {
  const prefix = word & 0xffff;
  if (prefix === 0) return 0;
  const cell = cellAt(page, min(near, countOf(page) - 1));
  return compareBytes(key, min(length, prefix), keyBytes(kind, cell), prefix);
}
