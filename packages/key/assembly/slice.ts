/*
 * Slices of a key: the 8 bytes that one layer of the trie compares.
 *
 *   key      | 61 62 63 64 65 66 67 68 | 69 6A |         10 bytes
 *   offset   0                         8
 *   ikey     0x6162636465666768        0x696A000000000000
 *   tag      9: continues (10 left)    2: ends here, 2 bytes left
 *
 * An ikey is a slice of up to 8 bytes, read as a big-endian number. A short slice is padded with zeros, so
 * comparing two ikeys as unsigned numbers compares the bytes. The tag tells the padding from zero bytes of the
 * key: "a" and "a\0" have the same ikey, and the tags 1 and 2.
 *
 * Order. Let keys a and b agree before `offset`. Then a < b if and only if
 * - (ikey, class) of a is less than (ikey, class) of b at `offset`, or
 * - the two pairs are equal, the class is TAG_SUFFIX, and a < b at `offset + SLICE_BYTES`.
 *
 * An ikey and a class below TAG_SUFFIX together hold the whole rest of a key.
 *
 * Source: Mao, Kohler, Morris: Cache Craftiness for Fast Multicore Key-Value Storage, EuroSys 2012, section 4.2
 * (layout) and 4.1 (one slice per layer).
 */

/** How many bytes of a key one layer compares. */
export const SLICE_BYTES: u32 = 8;

/** Tag of an entry whose key continues beyond the slice. Lower tags count the bytes in the slice. */
export const TAG_SUFFIX: u32 = 9;

/** Tag of an entry that points to the next layer. No key has it: only the tree sets it. */
export const TAG_LAYER: u32 = 255;

/** Length of the longest key, in bytes. */
export const MAX_KEY_BYTES: u32 = 65536;

/**
 * The slice of a key at an offset, as a number that compares as its bytes do.
 *
 * Constant time. Always reads 8 bytes from `key + offset`, but uses only those of the key. The caller
 * makes sure that the 7 bytes after the key are readable. The key must be private to the thread, or
 * published and never changed.
 *
 * @param key address of the key's first byte; need not be aligned
 * @param length of the key, in bytes
 * @param offset of the slice, in bytes: 0 to `length`
 * @returns bytes `offset` to `min(offset + 8, length)` with the first byte in the highest 8 bits and
 *   zeros for missing bytes; 0 if `offset` is `length`
 */
export function ikeyAt(key: usize, length: u32, offset: u32): u64 {
  const word = bswap<u64>(load<u64>(key + offset));
  const left = length - offset;
  if (left >= SLICE_BYTES) return word;
  // If nothing is left, the shift is by 0 and the mask keeps nothing.
  return word & ~(u64.MAX_VALUE >> ((<u64>left) << 3));
}

/**
 * The tag of a key's slice at an offset: how many bytes the key has there, or that it continues.
 *
 * @param length of the key, in bytes
 * @param offset of the slice, in bytes: 0 to `length`
 * @returns 0 to 8 if the key ends in the slice, else `TAG_SUFFIX`
 */
export function tagOf(length: u32, offset: u32): u32 {
  return classOf(length - offset);
}

/**
 * The class by which a tag is compared. A suffix and a layer have the same class, because a key that
 * continues beyond the slice may be in either.
 *
 * @param tag 0 to 8, or any larger number
 * @returns `min(tag, TAG_SUFFIX)`
 */
export function classOf(tag: u32): u32 {
  return min(tag, TAG_SUFFIX);
}

/**
 * Compares two slices: first the ikeys as unsigned numbers, then the classes.
 *
 * @returns -1, 0 or 1; with 0 and `TAG_SUFFIX`, the next slice decides
 */
export function compareKey(ikeyA: u64, classA: u32, ikeyB: u64, classB: u32): i32 {
  if (ikeyA === ikeyB) return i32(classA > classB) - i32(classA < classB);
  return ikeyA < ikeyB ? -1 : 1;
}

/**
 * Writes an ikey as the 8 bytes it stands for: the inverse of `ikeyAt` for a whole slice. In a
 * shorter slice, only the first bytes belong to the key, as many as the tag says.
 *
 * @param target address of the 8 bytes to write; need not be aligned
 * @param ikey its highest 8 bits are written first
 */
export function storeIkey(target: usize, ikey: u64): void {
  store<u64>(target, bswap<u64>(ikey));
}
