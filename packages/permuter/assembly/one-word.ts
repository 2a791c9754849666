/*
 * A permutation in one word, for WIDTH 1..15: 4-bit fields.
 *
 *   bit  63                   4(WIDTH+1)        4(i+2)    4(i+1)        8        4        0
 *        +----------------------+----------+-   -+-----------+-   -+----------+--------+
 *        |  0 (none: WIDTH 15)  | last pos |     | position i|     |position 0|  size  |
 *        +----------------------+----------+-   -+-----------+-   -+----------+--------+
 *
 * It is published by one 64-bit atomic store and read by one atomic load, so a reader always has a
 * whole permutation. The empty one of WIDTH 15 is 0x0123456789ABCDE0.
 *
 * Wasm shifts count modulo 64: every shift below stays under 64 by construction, and where a distance
 * could reach 64 it is made in two steps.
 */

/** The fields and the size: all bits that may be set. */
function usedBits(): u64 {
  return ~(0 as u64) >> (60 - 4 * WIDTH);
}

/** The lowest bit of a position's field. */
function at(position: u32): u64 {
  return (4 * (position + 1)) as u64;
}

/** The bits below a bit number under 64. */
function below(bit: u64): u64 {
  return ((1 as u64) << bit) - 1;
}

/** Fields that count down from WIDTH - 1 at position 0 to 0 at the last one. */
function descending(): u64 {
  return ((0x0123456789abcde0 as u64) >> (4 * (15 - WIDTH))) & ~(15 as u64);
}

/** Fields that count up from 0 at position 0. */
const ASCENDING: u64 = 0xedcba98765432100;

export function identity(n: u32): u64 {
  // Moved up by n positions, the descending fields have WIDTH - 1 at position n and n at the last one.
  const live = ASCENDING & (below(4 * n) << 4);
  const free = (descending() << (4 * n)) & usedBits();
  return live | free | (n as u64);
}

export function size(lo: u64): u32 {
  return (lo as u32) & 15;
}

export function slot(lo: u64, position: u32): u32 {
  return ((lo >> at(position)) as u32) & 15;
}

export function insert(lo: u64, position: u32): u64 {
  const bit = at(position);
  const kept = lo & below(bit);
  const moved = ((lo ^ kept) << 4) & usedBits();
  return (kept | moved | ((slot(lo, WIDTH - 1) as u64) << bit)) + 1;
}

export function remove(lo: u64, position: u32): u64 {
  const first = at(position);
  const last = at(size(lo) - 1);
  const kept = lo & (below(first) | (~below(last) << 4));
  const moved = (lo >> 4) & (below(last) ^ below(first));
  return (kept | moved | ((slot(lo, position) as u64) << last)) - 1;
}

export function exchange(lo: u64, i: u32, j: u32): u64 {
  const difference = ((lo >> at(i)) ^ (lo >> at(j))) & 15;
  return lo ^ (difference << at(i)) ^ (difference << at(j));
}

export function rotate(lo: u64, from: u32, to: u32): u64 {
  // `from` may be WIDTH, whose bit may be 64: the mask is shifted in two steps.
  const upper = (~(0 as u64) << (4 * from)) << 4;
  const forward = (lo >> (4 * (to - from))) & upper;
  const behind = ((lo & upper) << (4 * (WIDTH - to))) & usedBits();
  return (lo & ~upper) | forward | behind;
}

export function truncate(lo: u64, n: u32): u64 {
  return (lo & ~(15 as u64)) | (n as u64);
}

export function positionOf(lo: u64, slot: u32): u32 {
  // The field that equals the slot becomes 0, and the lowest borrow out of a zero field finds it.
  // Bits beyond the fields are set, or WIDTH < 15 would find zeros there.
  const ones: u64 = 0x1111111111111111;
  const fields = ((lo >> 4) ^ (ones * (slot as u64))) | ~(usedBits() >> 4);
  return (ctz((fields - ones) & ~fields & (ones << 3)) >> 2) as u32;
}

/** Bits that P3 wants to be 0. */
export function strayBits(lo: u64): u64 {
  return lo & ~usedBits();
}
