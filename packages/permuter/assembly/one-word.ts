/*
 * A permutation in one word, for WIDTH 1..15: 4-bit fields.
 *
 *   bit  63                   4(WIDTH+1)        4(i+2)    4(i+1)        8        4        0
 *        +----------------------+----------+-   -+-----------+-   -+----------+--------+
 *        |  0 (none: WIDTH 15)  | last pos |     | position i|     |position 0|  size  |
 *        +----------------------+----------+-   -+-----------+-   -+----------+--------+
 *
 * One 64-bit atomic store publishes it and one atomic load reads it, so a reader always has a whole
 * permutation. The empty permutation of WIDTH 15 is 0x0123456789ABCDE0.
 *
 * Wasm takes shift counts modulo 64. Every shift below stays under 64 by construction; a shift that
 * could reach 64 is done in two steps.
 */

/** All bits that may be set: the fields and the size. */
function usedBits(): u64 {
  return ~(<u64>0) >> (60 - 4 * WIDTH);
}

/** The number of the lowest bit of a position's field. */
function at(position: u32): u64 {
  return <u64>(4 * (position + 1));
}

/** All bits below a bit number, which must be under 64. */
function below(bit: u64): u64 {
  return ((<u64>1) << bit) - 1;
}

/** Fields that count down from WIDTH - 1 at position 0 to 0 at the last position. */
function descending(): u64 {
  return (<u64>0x0123456789abcde0 >> (4 * (15 - WIDTH))) & ~(<u64>15);
}

/** Fields that count up from 0 at position 0. */
const ASCENDING: u64 = 0xedcba98765432100;

export function identity(n: u32): u64 {
  // Shifted up by n positions, the descending fields go from WIDTH - 1 at position n to n at the last.
  const live = ASCENDING & (below(4 * n) << 4);
  const free = (descending() << (4 * n)) & usedBits();
  return live | free | <u64>n;
}

export function size(lo: u64): u32 {
  return <u32>lo & 15;
}

export function slot(lo: u64, position: u32): u32 {
  return <u32>(lo >> at(position)) & 15;
}

export function insert(lo: u64, position: u32): u64 {
  const bit = at(position);
  const kept = lo & below(bit);
  const moved = ((lo ^ kept) << 4) & usedBits();
  return (kept | moved | ((<u64>slot(lo, WIDTH - 1)) << bit)) + 1;
}

export function remove(lo: u64, position: u32): u64 {
  const first = at(position);
  const last = at(size(lo) - 1);
  const kept = lo & (below(first) | (~below(last) << 4));
  const moved = (lo >> 4) & (below(last) ^ below(first));
  return (kept | moved | ((<u64>slot(lo, position)) << last)) - 1;
}

export function exchange(lo: u64, i: u32, j: u32): u64 {
  const difference = ((lo >> at(i)) ^ (lo >> at(j))) & 15;
  return lo ^ (difference << at(i)) ^ (difference << at(j));
}

export function rotate(lo: u64, from: u32, to: u32): u64 {
  // `from` may be WIDTH, so its bit may be 64. Hence the mask is shifted in two steps.
  const upper = (~(<u64>0) << (4 * from)) << 4;
  const forward = (lo >> (4 * (to - from))) & upper;
  const behind = ((lo & upper) << (4 * (WIDTH - to))) & usedBits();
  return (lo & ~upper) | forward | behind;
}

export function truncate(lo: u64, n: u32): u64 {
  return (lo & ~(<u64>15)) | <u64>n;
}

export function positionOf(lo: u64, slot: u32): u32 {
  // The field that equals the slot becomes 0, and the lowest borrow out of a zero field finds it.
  // Bits beyond the fields are set; otherwise WIDTH < 15 would find zeros there.
  const ones: u64 = 0x1111111111111111;
  const fields = ((lo >> 4) ^ (ones * <u64>slot)) | ~(usedBits() >> 4);
  return <u32>(ctz((fields - ones) & ~fields & (ones << 3)) >> 2);
}

/** The set bits that PERM3 requires to be 0. */
export function strayBits(lo: u64): u64 {
  return lo & ~usedBits();
}
