/*
 * A saved map. docs/formats/saved-map.md says what a reader checks, and why it looks like this. All numbers are
 * little-endian.
 *
 *   header   0      8 bytes  MAGIC: 89 "MTREE" 0D 0A
 *            8      u16      VERSION
 *            10     u16      length of the text, n
 *            12     n bytes  UTF-8: a JSON array of the class, the kind of key and the kind of value
 *            12+n   u32      check
 *
 *   block    0      u32      length of the payload in bytes, at least 1
 *            4      u32      number of entries, at least 1
 *            8      u32      CRC-32 of the payload
 *            12     u32      check
 *            16              payload: entries in ascending order of their keys
 *
 *   trailer  0      u32      0
 *            4      u64      number of entries in all blocks
 *            12     u32      check
 *
 *   entry           varint   bytes that the key shares with the one before it in this block; 0 for the first
 *                   varint   bytes of the key after these
 *                   varint   bytes of the value
 *                            those bytes of the key, then those of the value
 *
 * A check is the CRC-32 of all bytes so far that are neither in a payload nor in a check. So it also says that no
 * block is missing, repeated or in another place. A varint is a LEB128 number below 2^32, in up to five bytes.
 */

/** Bytes that no text file starts with, and that break if something takes the file for text. */
export const MAGIC: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x89,
  0x4d,
  0x54,
  0x52,
  0x45,
  0x45,
  0x0d,
  0x0a,
);
export const VERSION = 1;
/** Bytes of a header before its text. */
export const HEADER_BYTES = 12;
/** Bytes of a block before its payload, and of the trailer. */
export const HEAD_BYTES = 16;
/** Bytes of a head that its check is about. */
export const CHECKED_BYTES = 12;
/** A block is complete once its payload has so many bytes. It is longer by one entry at most. */
export const BLOCK_BYTES: number = 64 * 1024;
/** The most bytes that a varint has. */
export const VARINT_BYTES = 5;

/** The kind of value of a set, whose class has no option for it. The values of its entries have no bytes. */
export const NO_VALUE = "member";

/** What a header says. */
export interface SavedKind {
  /** The class, as in a handle. */
  readonly className: string;
  /** The kinds of key and value, as in a handle. */
  readonly key: string;
  readonly value: string;
}
