/*
 * The structure's words in the region's header: 256 bytes at STRUCTURE_WORDS, zero in a new region. docs/design.md,
 * 'Several threads', says who writes each of them, and what a death leaves.
 *
 *   byte  word          what                                                                     written by
 *   ----  -----------   ----------------------------------------------------------------------   -----------------
 *   0     pageBytes     P; never changes                                                         first participant
 *   4     crcTables     crc32c.ts                                                                first participant
 *   8     table    u64  the table of frames: frame.ts                                            the table's lock
 *   16    frames        how many frames are in it                                                the table's lock
 *   20    limit         how many clean frames may stay in it                                     first participant
 *   24    hand          the bucket where eviction goes on                                        everyone (atomic)
 *   28    nowhere       a page that is an empty leaf: what a search goes on with after a fault   first participant
 *   32    commit   u64  the commit that is being written                                         the writer
 *   40    dirty         the first dirty frame, 0 = none                                          the writer
 *   44    dirtyCount    how many there are                                                       the writer
 *   48    freed         block of LIST_RUNS pairs of u32: (first page, pages), of earlier commits
 *   52    freedCount                                                                             the writer
 *   56    returned      the same, of pages that this commit had taken
 *   60    returnedCount                                                                          the writer
 *   64    tableLock u64 a node of @masstree/session: around changes of the table
 *   72    stateLock u64 a node of @masstree/session: marked while the newest state changes
 *   80    state         40 bytes: the newest state, see book.ts                                  the writer
 *   128   writer   u64  the writer's lock: writer.ts
 *   136   orphaned      1 if a writer has died: the next one puts right what it left             recovery; the writer
 *   140   closed        1 once nobody has the store open                                         the table's lock
 *   144   failed        1 once a write or a sync has failed                                      everyone (atomic)
 *   148   book          block of what only writers know: book.ts                                 first participant
 */
import { STRUCTURE_WORDS } from "@masstree/memory/assembly";

@unmanaged
class Words {
  pageBytes: u32;
  crcTables: u32;
  table: u64;
  frames: u32;
  limit: u32;
  hand: u32;
  nowhere: u32;
  commit: u64;
  dirty: u32;
  dirtyCount: u32;
  freed: u32;
  freedCount: u32;
  returned: u32;
  returnedCount: u32;
  tableLock: u64;
  stateLock: u64;
  state0: u64;
  state1: u64;
  state2: u64;
  state3: u64;
  state4: u64;
  unused: u64;
  writer: u64;
  orphaned: u32;
  closed: u32;
  failed: u32;
  book: u32;
}

/** How many runs each of the lists of freed pages has room for. */
export const LIST_RUNS: u32 = DEBUG ? 16 : 4096;
/** An operation starts with at most this many in each: no operation adds more than the rest. */
export const LIST_MOST: u32 = 2048;
/** Bytes of a participant's stage: 4 to 64 pages. */
export const STAGE_BYTES: u32 = DEBUG ? 4096 : 262144;

const WORDS: usize = STRUCTURE_WORDS;

/** Addresses of words that JavaScript reads and writes, divided by 4. */
export const FREED_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("freed")) / 4;
export const FREED_COUNT_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("freedCount")) / 4;
export const RETURNED_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("returned")) / 4;
export const RETURNED_COUNT_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("returnedCount")) / 4;
export const DIRTY_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("dirty")) / 4;
export const DIRTY_COUNT_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("dirtyCount")) / 4;
export const FRAMES_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("frames")) / 4;
export const PAGE_BYTES_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("pageBytes")) / 4;
export const ORPHANED_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("orphaned")) / 4;
export const FAILED_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("failed")) / 4;
export const BOOK_AT: u32 = (<u32>WORDS + <u32>offsetof<Words>("book")) / 4;

/** Addresses of words that several threads use at once: all accesses are atomic. */
export const TABLE: usize = WORDS + offsetof<Words>("table");
export const FRAMES: usize = WORDS + offsetof<Words>("frames");
export const HAND: usize = WORDS + offsetof<Words>("hand");
export const DIRTY_COUNT: usize = WORDS + offsetof<Words>("dirtyCount");
export const TABLE_LOCK: usize = WORDS + offsetof<Words>("tableLock");
export const STATE_LOCK: usize = WORDS + offsetof<Words>("stateLock");
export const STATE: usize = WORDS + offsetof<Words>("state0");
export const WRITER: usize = WORDS + offsetof<Words>("writer");
export const ORPHANED: usize = WORDS + offsetof<Words>("orphaned");
export const CLOSED: usize = WORDS + offsetof<Words>("closed");

/** The words as an object: those that only one thread at a time uses. */
export function words(): Words {
  return changetype<Words>(WORDS);
}

export function pageBytes(): u32 {
  return load<u32>(WORDS, offsetof<Words>("pageBytes"));
}

export function crcTables(): usize {
  return load<u32>(WORDS, offsetof<Words>("crcTables"));
}
