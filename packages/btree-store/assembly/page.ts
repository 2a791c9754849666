/*
 * What lies where in a page: docs/design.md draws it. A page's address is that of its first byte, in a frame
 * (frame.ts) or anywhere else in memory.
 *
 *   0   crc      u32        16  kind   u8         20  content  u32
 *   4   number   u32        17  level  u8         24  loose    u32
 *   8   commit   u64        18  count  u16        28  link     u32
 *   32  slots, u16 each, in the order of the keys; then free bytes; then cells, from `content` to the end
 *
 * Cells: `word` is how many bytes are here, with the bit IN_CHAIN if the rest (of a key) or all (of a value) is in a
 * chain.
 *
 *   leaf    u16 key word, u16 value word, [u32 key length, u32 chain], [u32 value length, u32 chain], key, value
 *   branch  u32 child, u16 key word, [u32 key length, u32 chain], key
 *
 * Invariant
 *   PAGE1  Whatever a file holds, a page that `validate` accepts can be searched and copied without an access outside
 *          of it: slots and cells lie within it. Only order, and what child pointers lead to, is not known yet.
 */
import { MAX_KEY_BYTES } from "@masstree/key/assembly";
import { crc32c } from "./crc32c";
import { pageBytes } from "./words";

/** Bytes of a page's header. */
export const PAGE_HEAD: u32 = 32;
/** Kinds of pages. */
export const LEAF: u32 = 1;
export const BRANCH: u32 = 2;
export const CHAIN: u32 = 3;
export const MAP: u32 = 4;
export const INDEX: u32 = 5;
/** In a word of a cell: the rest of the key, or the whole value, is in a chain. */
export const IN_CHAIN: u32 = 0x8000;
/** How many levels a tree may have. */
export const MAX_LEVELS: u32 = 32;

@unmanaged
class Page {
  crc: u32;
  number: u32;
  commit: u64;
  kind: u8;
  level: u8;
  count: u16;
  content: u32;
  loose: u32;
  link: u32;
}

export function numberOf(page: usize): u32 {
  return load<u32>(page, offsetof<Page>("number"));
}

export function commitOf(page: usize): u64 {
  return load<u64>(page, offsetof<Page>("commit"));
}

export function kindOf(page: usize): u32 {
  return load<u8>(page, offsetof<Page>("kind"));
}

export function levelOf(page: usize): u32 {
  return load<u8>(page, offsetof<Page>("level"));
}

export function countOf(page: usize): u32 {
  return load<u16>(page, offsetof<Page>("count"));
}

export function setCount(page: usize, count: u32): void {
  store<u16>(page, <u16>count, offsetof<Page>("count"));
}

/** Where the lowest cell begins; of the first page of a run, how many pages the run has. */
export function contentOf(page: usize): u32 {
  return load<u32>(page, offsetof<Page>("content"));
}

export function setContent(page: usize, content: u32): void {
  store<u32>(page, content, offsetof<Page>("content"));
}

export function looseOf(page: usize): u32 {
  return load<u32>(page, offsetof<Page>("loose"));
}

export function setLoose(page: usize, loose: u32): void {
  store<u32>(page, loose, offsetof<Page>("loose"));
}

/** A branch's leftmost child; of the first page of a run, the first page of the next run. */
export function linkOf(page: usize): u32 {
  return load<u32>(page, offsetof<Page>("link"));
}

export function setLink(page: usize, link: u32): void {
  store<u32>(page, link, offsetof<Page>("link"));
}

/** Writes an empty page. It is zeroed: what was in memory before does not belong in the file. */
export function initialise(page: usize, number: u32, commit: u64, kind: u32, level: u32): void {
  memory.fill(page, 0, pageBytes());
  store<u8>(page, <u8>kind, offsetof<Page>("kind"));
  store<u8>(page, <u8>level, offsetof<Page>("level"));
  if (kind !== CHAIN) setContent(page, pageBytes());
  rename(page, number, commit);
}

/** Gives a page another number, in a commit. */
export function rename(page: usize, number: u32, commit: u64): void {
  store<u32>(page, number, offsetof<Page>("number"));
  store<u64>(page, commit, offsetof<Page>("commit"));
}

/** Bytes in use after the header: slots and cells. */
export function usedOf(page: usize): u32 {
  return 2 * countOf(page) + pageBytes() - contentOf(page) - looseOf(page);
}

/** Bytes that a page has for slots and cells. */
export function room(): u32 {
  return pageBytes() - PAGE_HEAD;
}

/** Keys of up to this many bytes are in the cell. */
export function longestLocalKey(): u32 {
  return pageBytes() >> 3;
}

/** This many bytes of a longer key are in the cell. */
export function longKeyHead(): u32 {
  return pageBytes() >> 4;
}

/** The longest cell of a leaf, without its slot. */
export function longestCell(): u32 {
  return (room() >> 1) - 2;
}

/** Address of a cell. */
export function cellAt(page: usize, index: u32): usize {
  return page + load<u16>(page + (index << 1), PAGE_HEAD);
}

/** Address of the slot of a cell. */
export function slotAt(page: usize, index: u32): usize {
  return page + PAGE_HEAD + (index << 1);
}

export function leafKeyWord(cell: usize): u32 {
  return load<u16>(cell);
}

export function valueWord(cell: usize): u32 {
  return load<u16>(cell, 2);
}

export function childOf(cell: usize): u32 {
  return load<u32>(cell);
}

export function setChildOf(cell: usize, child: u32): void {
  store<u32>(cell, child);
}

/** Bytes of a cell before its key, apart from what is there for chains. */
export function cellHead(kind: u32): u32 {
  return kind === LEAF ? 4 : 6;
}

/** The key word of a cell. */
export function keyWord(kind: u32, cell: usize): u32 {
  return load<u16>(kind === LEAF ? cell : cell + 4);
}

/** Where the length and the chain of a key that has one are. */
export function keyTail(kind: u32, cell: usize): usize {
  return cell + cellHead(kind);
}

/** Where the length and the chain of a value that has one are. */
export function valueTail(cell: usize): usize {
  return cell + 4 + ((leafKeyWord(cell) & IN_CHAIN) >>> 12);
}

/** Where the key's local bytes are. */
export function keyBytes(kind: u32, cell: usize): usize {
  const word = keyWord(kind, cell);
  const tails = (word & IN_CHAIN) >>> 12; // 8 if there is a chain
  return kind === LEAF
    ? cell + 4 + tails + ((valueWord(cell) & IN_CHAIN) >>> 12)
    : cell + 6 + tails;
}

/** Bytes of a cell. */
export function cellBytes(kind: u32, cell: usize): u32 {
  const word = keyWord(kind, cell);
  const key = <u32>(keyBytes(kind, cell) - cell) + (word & ~IN_CHAIN);
  return kind === LEAF ? key + (valueWord(cell) & ~IN_CHAIN) : key;
}

/**
 * The children of a branch, from 0: the leftmost one is in the header, the others in the cells.
 *
 * @param index 0 to the page's count
 */
export function childAt(page: usize, index: u32): u32 {
  return index === 0 ? linkOf(page) : childOf(cellAt(page, index - 1));
}

export function setChildAt(page: usize, index: u32, child: u32): void {
  if (index === 0) setLink(page, child);
  else setChildOf(cellAt(page, index - 1), child);
}

/** Computes and writes a page's checksum. O(page). */
export function seal(page: usize): void {
  store<u32>(page, crc32c(0, page + 4, pageBytes() - 4));
}

/** What is wrong with a page: nothing, or a number for messages. */
export const SOUND: u32 = 0;
export const BAD_CRC: u32 = 1;
export const BAD_NUMBER: u32 = 2;
export const BAD_COMMIT: u32 = 3;
export const BAD_KIND: u32 = 4;
export const BAD_CELLS: u32 = 5;

/**
 * Checks a page that comes from a file: checksum, number, commit, and that all of it lies within it (PAGE1).
 * O(page).
 *
 * @param newest no page may be from a later commit
 */
export function validate(page: usize, number: u32, newest: u64): u32 {
  if (load<u32>(page) !== crc32c(0, page + 4, pageBytes() - 4)) return BAD_CRC;
  if (numberOf(page) !== number) return BAD_NUMBER;
  if (commitOf(page) > newest) return BAD_COMMIT;
  const kind = kindOf(page);
  if (kind === LEAF || kind === BRANCH) return validateNode(page, kind);
  return kind === CHAIN || kind === MAP || kind === INDEX ? SOUND : BAD_KIND;
}

function validateNode(page: usize, kind: u32): u32 {
  const bytes = pageBytes();
  const count = countOf(page);
  const level = levelOf(page);
  const start = contentOf(page);
  const slotsEnd = PAGE_HEAD + 2 * count;
  if (kind === LEAF ? level !== 0 : level === 0 || level >= MAX_LEVELS) return BAD_KIND;
  if (start > bytes || slotsEnd > start) return BAD_CELLS;
  let taken: u32 = 0;
  const head = cellHead(kind);
  for (let i: u32 = 0; i < count; i++) {
    const offset = <u32>load<u16>(slotAt(page, i));
    if (offset < start || offset + head > bytes) return BAD_CELLS;
    const cell = page + offset;
    // The words of a cell decide how long it is: they lie in its head.
    const length = cellBytes(kind, cell);
    if (offset + length > bytes || (kind === LEAF && length > longestCell())) return BAD_CELLS;
    const word = keyWord(kind, cell);
    if ((word & IN_CHAIN) === 0) {
      if (word > longestLocalKey()) return BAD_CELLS;
    } else {
      const total = load<u32>(keyTail(kind, cell));
      if (total > MAX_KEY_BYTES || total <= longestLocalKey()) return BAD_CELLS;
      if ((word & ~IN_CHAIN) !== longKeyHead()) return BAD_CELLS;
    }
    taken += length;
  }
  const loose = looseOf(page);
  return loose <= bytes && taken + loose === bytes - start ? SOUND : BAD_CELLS;
}
