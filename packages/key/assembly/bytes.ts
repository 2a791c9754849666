/*
 * Compares bytes a word at a time, without reading beyond either end.
 *
 * The last word ends where the bytes end. It overlaps bytes that are already known to be equal:
 *
 *   |0 1 2 3 4 5 6 7|
 *         |3 4 5 6 7 8 9 10|      11 bytes in two words
 *
 * From 4 to 7 bytes are read as two overlapping words of 4; up to 3 bytes are read one by one.
 *
 * The bytes must be private to the thread, or published and never changed. If they change during a call, the
 * result is meaningless, but the call still ends and stays within its bounds.
 */

/**
 * Compares two byte strings as unsigned bytes. A prefix comes before the longer string.
 *
 * Linear in the shorter length, 8 bytes per step. Reads only the given bytes.
 *
 * @param a address of the first string's first byte; need not be aligned
 * @param aLength its length in bytes; if it is 0, `a` may be any number
 * @param b address of the second string's first byte; need not be aligned
 * @param bLength its length in bytes; if it is 0, `b` may be any number
 * @returns -1, 0 or 1
 */
export function compareBytes(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const shared = min(aLength, bLength);
  if (shared >= 8) {
    const last = shared - 8;
    for (let i: u32 = 0; i < last; i += 8) {
      const x = load<u64>(a + i);
      const y = load<u64>(b + i);
      if (x !== y) return order(x, y);
    }
    const x = load<u64>(a + last);
    const y = load<u64>(b + last);
    if (x !== y) return order(x, y);
  } else if (shared >= 4) {
    const last = shared - 4;
    const x = <u64>load<u32>(a) | ((<u64>load<u32>(a + last)) << 32);
    const y = <u64>load<u32>(b) | ((<u64>load<u32>(b + last)) << 32);
    if (x !== y) return order(x, y);
  } else {
    for (let i: u32 = 0; i < shared; i++) {
      const x = load<u8>(a + i);
      const y = load<u8>(b + i);
      if (x !== y) return x < y ? -1 : 1;
    }
  }
  return i32(aLength > bLength) - i32(aLength < bLength);
}

/**
 * Whether two byte strings of the same length are equal.
 *
 * Linear in the length, 8 bytes per step. Reads only the given bytes.
 *
 * @param a address of the first string's first byte; need not be aligned
 * @param b address of the second string's first byte; need not be aligned
 * @param length of each string, in bytes; if it is 0, `a` and `b` may be any numbers
 */
export function equalBytes(a: usize, b: usize, length: u32): bool {
  if (length >= 8) {
    const last = length - 8;
    for (let i: u32 = 0; i < last; i += 8) {
      if (load<u64>(a + i) !== load<u64>(b + i)) return false;
    }
    return load<u64>(a + last) === load<u64>(b + last);
  }
  if (length >= 4) {
    const last = length - 4;
    if (load<u32>(a) !== load<u32>(b)) return false;
    return load<u32>(a + last) === load<u32>(b + last);
  }
  for (let i: u32 = 0; i < length; i++) {
    if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  }
  return true;
}

/** Orders two different words by the first byte, in memory order, in which they differ. */
function order(x: u64, y: u64): i32 {
  return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
}

/** Up to this many bytes, a loop is faster than a call of memory.copy. */
const SHORT: u32 = 128;

/**
 * Copies bytes between areas that do not overlap. Reads and writes nothing beyond them.
 *
 * @param to address of the first byte to write; need not be aligned
 * @param from address of the first byte to read; need not be aligned
 * @param length how many bytes
 */
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length > SHORT) {
    memory.copy(to, from, length);
    return;
  }
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) store<u64>(to + at, load<u64>(from + at));
  for (; at < length; at++) store<u8>(to + at, load<u8>(from + at));
}

/**
 * Copies bytes as `copyBytes` does, and looks at them.
 *
 * @returns bits of all of them, for `isAscii`
 */
export function copyText(to: usize, from: usize, length: u32): u64 {
  let bits: u64 = 0;
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) {
    const word = load<u64>(from + at);
    bits |= word;
    store<u64>(to + at, word);
  }
  for (; at < length; at++) {
    const byte = load<u8>(from + at);
    bits |= byte;
    store<u8>(to + at, byte);
  }
  return bits;
}

/** Whether all the bytes are ASCII of which `copyText` returned these bits. Bits of several copies may be combined by or. */
export function isAscii(bits: u64): bool {
  return (bits & 0x8080_8080_8080_8080) === 0;
}
