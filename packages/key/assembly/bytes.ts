// Comparing bytes a word at a time, without reading beyond either end.
//
// The last word is read so that it ends where the bytes do, over some that are known to be equal:
//
//   |0 1 2 3 4 5 6 7|
//         |3 4 5 6 7 8 9 10|      11 bytes in two words
//
// Fewer than 8 bytes are two words of 4 in the same way, or up to three single bytes.
//
// The bytes must be private to the thread, or be published and never change. If a caller lets
// them change meanwhile, the answer means nothing, but the call still ends, within the bounds.

/**
 * Compares two byte strings as unsigned bytes, a prefix before what it is a prefix of.
 *
 * Linear in the shorter length, 8 bytes a step. Reads only the bytes that it is given.
 *
 * @param a address of the first byte of one, not necessarily aligned
 * @param aLength its length in bytes; `a` may be anything when this is 0
 * @param b address of the first byte of the other
 * @param bLength its length in bytes
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
 * Whether two byte strings of one length are equal.
 *
 * Linear in the length, 8 bytes a step. Reads only the bytes that it is given.
 *
 * @param a address of the first byte of one, not necessarily aligned
 * @param b address of the first byte of the other
 * @param length of both in bytes
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

/** Orders two different words by the first of their bytes in memory that differs. */
function order(x: u64, y: u64): i32 {
  return bswap<u64>(x) < bswap<u64>(y) ? -1 : 1;
}
