/*
 * The structure's words in the region's header: 256 bytes at STRUCTURE_WORDS, zero in a new region.
 *
 *   byte  word          what
 *   ----  -----------   -----------------------------------------------------------------------------
 *   0     pageBytes     P; never changes
 *   4     crcTables     crc32c.ts
 *   8     table         the table of frames: frame.ts
 *   12    tableBits     log2 of its slots
 *   16    frames        how many frames are in it
 *   20    limit         how many clean frames may stay in it
 *   24    hand          the slot where eviction goes on
 *   28    nowhere       a page that is an empty leaf: what a search goes on with after a fault
 *   32    commit  u64   the commit that is being written
 *   40    newest  u64   no page of the file is from a later commit
 *   48    dirty         the first dirty frame, 0 = none
 *   52    dirtyCount    how many there are
 *   56    freed         block of LIST_RUNS pairs of u32: (first page, pages), of earlier commits, no longer in use
 *   60    freedCount
 *   64    returned      the same, of pages that this commit had taken
 *   68    returnedCount
 *   72    stage         block of STAGE_BYTES: pages on their way to and from the file
 */
import { STRUCTURE_WORDS } from "@masstree/memory/assembly";

@unmanaged
class Words {
  pageBytes: u32;
  crcTables: u32;
  table: u32;
  tableBits: u32;
  frames: u32;
  limit: u32;
  hand: u32;
  nowhere: u32;
  commit: u64;
  newest: u64;
  dirty: u32;
  dirtyCount: u32;
  freed: u32;
  freedCount: u32;
  returned: u32;
  returnedCount: u32;
  stage: u32;
}

/** How many runs each of the lists of freed pages has room for. */
export const LIST_RUNS: u32 = 4096;
/** An operation starts with at most this many in each: no operation adds more than the rest. */
export const LIST_MOST: u32 = 2048;
/** Bytes of the stage: 4 to 64 pages. */
export const STAGE_BYTES: u32 = 262144;

/** Addresses of words that JavaScript reads and writes, divided by 4. */
export const FREED_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("freed")) / 4;
export const FREED_COUNT_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("freedCount")) / 4;
export const RETURNED_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("returned")) / 4;
export const RETURNED_COUNT_AT: u32 =
  (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("returnedCount")) / 4;
export const DIRTY_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("dirty")) / 4;
export const DIRTY_COUNT_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("dirtyCount")) / 4;
export const STAGE_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("stage")) / 4;
export const FRAMES_AT: u32 = (<u32>STRUCTURE_WORDS + <u32>offsetof<Words>("frames")) / 4;

const WORDS: usize = STRUCTURE_WORDS;

/** The words as an object. */
export function words(): Words {
  return changetype<Words>(WORDS);
}

export function pageBytes(): u32 {
  return load<u32>(WORDS, offsetof<Words>("pageBytes"));
}

export function crcTables(): usize {
  return load<u32>(WORDS, offsetof<Words>("crcTables"));
}
