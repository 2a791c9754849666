// Slices of a key: what one layer of the trie compares.
//
//   key      | 61 62 63 64 65 66 67 68 | 69 6A |         10 bytes
//   offset   0                         8
//   ikey     0x6162636465666768        0x696A000000000000
//   tag      9: goes on (10 left)      2: ends here, 2 bytes left
//
// An ikey is a slice of up to 8 bytes as a big-endian number, with zeros below a short one, so
// that comparing two of them as unsigned numbers compares the bytes. The zeros are told from
// bytes of the key by the tag: "a" and "a\0" have one ikey, and the tags 1 and 2.
//
// Order. For keys a and b that agree before `offset`, a < b if and only if (ikey, class) of a is
// less than that of b at `offset`, or these are equal, the class is TAG_SUFFIX and a < b at
// `offset + SLICE_BYTES`. The pair of an ikey and a class below TAG_SUFFIX is the whole rest of a
// key.
//
// Source: Mao, Kohler, Morris: Cache Craftiness for Fast Multicore Key-Value Storage, EuroSys
// 2012, section 4.2 (layout) and 4.1 (one slice per layer).

/** Bytes of a key that one layer compares. */
export const SLICE_BYTES: u32 = 8;

/** Tag of an entry whose key goes on beyond the slice. Tags below count the bytes in the slice. */
export const TAG_SUFFIX: u32 = 9;

/** Tag of an entry that points to the next layer. Never a key's own: the tree sets it. */
export const TAG_LAYER: u32 = 255;

/** The longest key, in bytes. */
export const MAX_KEY_BYTES: u32 = 65536;

/**
 * The slice of a key at an offset, as a number that compares as its bytes do.
 *
 * Constant time. Reads 8 bytes from `key + offset` whatever is left of the key, and uses only
 * those of the key: the caller makes sure that 7 bytes beyond it can be read. The bytes must be
 * private to the thread, or be published and never change.
 *
 * @param key address of the key's first byte, not necessarily aligned
 * @param length of the key in bytes
 * @param offset of the slice in bytes, 0 to `length`
 * @returns bytes `offset` to `min(offset + 8, length)`, the first one in the highest 8 bits, zeros
 *   in the place of missing ones; 0 when `offset` is `length`
 */
export function ikeyAt(key: usize, length: u32, offset: u32): u64 {
  const word = bswap<u64>(load<u64>(key + offset));
  const left = length - offset;
  if (left >= SLICE_BYTES) return word;
  // With 0 left the shift is by 0 and nothing is kept.
  return word & ~(u64.MAX_VALUE >> ((<u64>left) << 3));
}

/**
 * How many bytes a key has in its slice at an offset, or that it goes on beyond it.
 *
 * @param length of the key in bytes
 * @param offset of the slice in bytes, 0 to `length`
 * @returns 0 to 8 when the key ends in the slice, else `TAG_SUFFIX`
 */
export function tagOf(length: u32, offset: u32): u32 {
  return classOf(length - offset);
}

/**
 * The class in which a tag is compared: a suffix and a layer are one, for a key that goes on
 * beyond the slice may be in either.
 *
 * @param tag 0 to 8, or any above
 * @returns `min(tag, TAG_SUFFIX)`
 */
export function classOf(tag: u32): u32 {
  return min(tag, TAG_SUFFIX);
}

/**
 * Compares two slices: the ikeys as unsigned numbers, then the classes.
 *
 * @returns -1, 0 or 1
 */
export function compareKey(ikeyA: u64, classA: u32, ikeyB: u64, classB: u32): i32 {
  if (ikeyA === ikeyB) return i32(classA > classB) - i32(classA < classB);
  return ikeyA < ikeyB ? -1 : 1;
}

/**
 * Writes an ikey back as the bytes it stands for: the inverse of `ikeyAt` for a whole slice. Of a
 * shorter one only the first bytes, as many as its tag says, are the key's.
 *
 * @param target address of the 8 bytes to write, not necessarily aligned
 * @param ikey its highest 8 bits are written first
 */
export function storeIkey(target: usize, ikey: u64): void {
  store<u64>(target, bswap<u64>(ikey));
}
