/*
 * A permutation in two words, for WIDTH 24: one 128-bit number hi:lo, with a size of 6 bits followed by
 * 5-bit fields.
 *
 *   lo  bit 63   61                                   11        6        0
 *       +---------+-----------+-   -+------------------+--------+--------+
 *       | pos 11, |position 10|     |    position 1    | pos 0  |  size  |
 *       | low 3   |           |     |                  |        |        |
 *       +---------+-----------+-   -+------------------+--------+--------+
 *   hi  bit 63  62     57                              2        0
 *       +--------+------+-----------+-   -+------------+---------+
 *       |   0    | position 23      |     |position 12 | pos 11, |
 *       |        |                  |     |            | high 2  |
 *       +--------+------+-----------+-   -+------------+---------+
 *
 * Two words cannot be stored at once. So writers must change them inside a marked section of the node's
 * version, and readers validate the version after loading both words. Until then, a reader may hold
 * the words of two different permutations. The size has 6 bits so that even then every slot is below
 * 24: the cut falls between the low 3 and the high 2 bits of position 11, the high 2 bits are never 11
 * in binary, and the size is whole in lo. Such a mix may name a slot twice, but never one that does not
 * exist.
 */

/** The high word of the permutation created last. Read it before creating another. */
export let high: u64 = 0;

/** The number of the lowest bit of a position's field in the 128-bit number; 126 for position 24. */
function at(position: u32): u32 {
  return 6 + 5 * position;
}

// Shifts of a 128-bit number by 0 .. 127, one word at a time. `x >> 1 >> (63 - n)` is x >> (64 - n) but
// gives 0 for n = 0, where wasm would shift by 64 modulo 64, that is, by 0.

function leftLow(lo: u64, n: u32): u64 {
  return n < 64 ? lo << n : 0;
}

function leftHigh(lo: u64, hi: u64, n: u32): u64 {
  return n < 64 ? (hi << n) | ((lo >> 1) >> (63 - n)) : lo << (n - 64);
}

function rightLow(lo: u64, hi: u64, n: u32): u64 {
  return n < 64 ? (lo >> n) | ((hi << 1) << (63 - n)) : hi >> (n - 64);
}

function rightHigh(hi: u64, n: u32): u64 {
  return n < 64 ? hi >> n : 0;
}

// All bits below a bit number, 0 .. 126, one word at a time.

function belowLow(bit: u32): u64 {
  return bit < 64 ? ((<u64>1) << bit) - 1 : ~(<u64>0);
}

function belowHigh(bit: u32): u64 {
  return bit < 64 ? 0 : ((<u64>1) << (bit - 64)) - 1;
}

/** The bits of the high word that belong to fields. */
const USED_HIGH: u64 = 0x3fffffffffffffff;

// Fields that count up from 0 at position 0, and fields that count down from 23 at position 0.
const ASCENDING_LOW: u64 = 0x6a4a0e6290620800;
const ASCENDING_HIGH: u64 = 0x2f6ad2728c1ee6b1;
const DESCENDING_LOW: u64 = 0x8d73e1194e95b5c0;
const DESCENDING_HIGH: u64 = 0x00110c8531d0952d;

export function identity(n: u32): u64 {
  // Shifted up by n positions, the descending fields go from 23 at position n to n at the last.
  const live = at(n);
  const free = 5 * n;
  high =
    (ASCENDING_HIGH & belowHigh(live)) |
    (leftHigh(DESCENDING_LOW, DESCENDING_HIGH, free) & USED_HIGH);
  return (ASCENDING_LOW & belowLow(live)) | leftLow(DESCENDING_LOW, free) | <u64>n;
}

export function size(lo: u64): u32 {
  return <u32>lo & 63;
}

export function slot(lo: u64, hi: u64, position: u32): u32 {
  return <u32>rightLow(lo, hi, at(position)) & 31;
}

export function insert(lo: u64, hi: u64, position: u32): u64 {
  const bit = at(position);
  const taken = <u64>slot(lo, hi, 23);
  const keptLow = lo & belowLow(bit);
  const keptHigh = hi & belowHigh(bit);
  const movedHigh = leftHigh(lo ^ keptLow, hi ^ keptHigh, 5) & USED_HIGH;
  high = keptHigh | movedHigh | leftHigh(taken, 0, bit);
  return (keptLow | ((lo ^ keptLow) << 5) | leftLow(taken, bit)) + 1;
}

export function remove(lo: u64, hi: u64, position: u32): u64 {
  const first = at(position);
  const last = at(size(lo) - 1);
  const parked = <u64>slot(lo, hi, position);
  const keptLow = lo & (belowLow(first) | ~belowLow(last + 5));
  const keptHigh = hi & (belowHigh(first) | ~belowHigh(last + 5));
  const movedLow = rightLow(lo, hi, 5) & (belowLow(last) ^ belowLow(first));
  const movedHigh = rightHigh(hi, 5) & (belowHigh(last) ^ belowHigh(first));
  high = keptHigh | movedHigh | leftHigh(parked, 0, last);
  return (keptLow | movedLow | leftLow(parked, last)) - 1;
}

export function exchange(lo: u64, hi: u64, i: u32, j: u32): u64 {
  const difference = <u64>(slot(lo, hi, i) ^ slot(lo, hi, j));
  high = hi ^ leftHigh(difference, 0, at(i)) ^ leftHigh(difference, 0, at(j));
  return lo ^ leftLow(difference, at(i)) ^ leftLow(difference, at(j));
}

export function rotate(lo: u64, hi: u64, from: u32, to: u32): u64 {
  const upperLow = ~belowLow(at(from));
  const upperHigh = ~belowHigh(at(from));
  const forward = 5 * (to - from);
  const behind = 5 * (24 - to);
  high =
    (hi & ~upperHigh) |
    (rightHigh(hi, forward) & upperHigh) |
    (leftHigh(lo & upperLow, hi & upperHigh, behind) & USED_HIGH);
  return (lo & ~upperLow) | (rightLow(lo, hi, forward) & upperLow) | leftLow(lo & upperLow, behind);
}

export function truncate(lo: u64, hi: u64, n: u32): u64 {
  high = hi;
  return (lo & ~(<u64>63)) | <u64>n;
}

export function positionOf(lo: u64, hi: u64, slot: u32): u32 {
  const lower = positionAmongTwelve(rightLow(lo, hi, 6), slot);
  return lower < 12 ? lower : 12 + positionAmongTwelve(hi >> 2, slot);
}

/** Which of the lowest twelve 5-bit fields of a word equals the slot; 12 if none does. */
function positionAmongTwelve(word: u64, slot: u32): u32 {
  // The field that equals the slot becomes 0, and the lowest borrow out of a zero field finds it. A bit
  // beyond the fields ends the search.
  const ones: u64 = 0x0084210842108421;
  const end: u64 = (<u64>1) << 60;
  const fields = (word & (end - 1)) ^ (ones * <u64>slot);
  return <u32>(ctz(((fields - ones) & ~fields & (ones << 4)) | end) / 5);
}

/** The set bits that PERM3 requires to be 0. */
export function strayBits(hi: u64): u64 {
  return hi & ~USED_HIGH;
}
