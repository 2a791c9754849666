/*
 * The region header: what the first pages of every region hold.
 *
 *   byte        what                          written by              read by
 *   ---------   ---------------------------   ---------------------   -------------------------
 *   0..63       nothing: 0 is the null pointer
 *   64          magic            u32          createRegion, last      checkRegion (atomic)
 *   68          layoutVersion    u32          createRegion            checkRegion
 *   72          maxPages         u32          createRegion            the allocator
 *   76          mixed            u32          holder of the lock,     every free (atomic)
 *                                             once: 0 -> 1
 *   80..111     config           8 x u32      setConfig, before       config
 *                                             the region is shared
 *   128         lock             u64          @masstree/nodeversion   everyone (atomic)
 *   192..255    counters         (Counters)   holder of the lock      statistics (atomic)
 *   256         participantLimit u32          register (atomic)       participantLimit (atomic)
 *   384..511    EPOCH_WORDS      128 bytes    @masstree/epoch: the first line is the global
 *                                             epoch's, the second belongs to its shared lists
 *   512..767    STRUCTURE_WORDS  256 bytes    the structure built on the region
 *   768..1791   PARTICIPANTS     256 x u32    see tickets.ts (atomic)
 *   1792..2303  CLASS_OF         512 x u8     createRegion            every allocate and free
 *   2304..2943  SIZE_CLASSES     40 x 16      see sizeclass.ts
 *   2944..3199  BINS             64 x u32     see pages.ts
 *   3200..3711  ASKING           256 x u16    JavaScript; session    JavaScript (atomic)
 *   4096..8191  DIRECTORY        1024 x u32   see pagemap.ts
 *   8192..12287 the map of the first 4 MiB    see pagemap.ts
 *   12288..15359 TICKETS, REPAIRS, ROLES 3 x 256 x u32   see tickets.ts and lock.ts (atomic)
 *   15360..16383 SENTINELS       256 x u32    JavaScript              JavaScript (atomic)
 *
 * A page is 4 KiB here; WebAssembly's own pages of 64 KiB are called wasm pages. Sizes of the whole region are
 * counted in pages, because 4 GiB does not fit in 32 bits.
 *
 * Invariants
 *   HEADER1  Everything from `counters` on that the allocator owns changes only under the lock, whose word names
 *            its holder.
 *   HEADER2  magic is stored last: a region that has it is complete.
 *   HEADER3  mixed is 1 before the first block is of a larger class than its size (SLAB5 in slab.ts). It is never
 *            0 again, because a thread that frees such a block must not read 0.
 */

import { initialise } from "@masstree/nodeversion/assembly";

/** The size of a page in bytes, the unit of the page allocator. */
export const PAGE_BYTES: u32 = 4096;
/** log2 of PAGE_BYTES. */
export const PAGE_SHIFT: u32 = 12;
/** How many pages a wasm page of 64 KiB has. */
export const PAGES_PER_WASM_PAGE: u32 = 16;

/** What the first word of every region holds: "MTR1" read as a little-endian word. */
export const MAGIC: u32 = 0x3152544d;
/** The version of this package's part of the layout. A region with another version is refused. */
export const LAYOUT_VERSION: u32 = 2;

/** Done. */
export const OK: u32 = 0;
/** The region is at its maximum, or the platform refused to grow it. */
export const FULL: u32 = 1;
/** Every participant number is taken. */
export const TOO_MANY: u32 = 2;
/** Not a region of this layout, or a region where none was expected, or impossible sizes. */
export const BAD: u32 = 3;

/** How many configuration words a region has. */
export const CONFIG_WORDS: u32 = 8;
/** How many numbers there are: those of participants, then those of visitors (tickets.ts). */
export const NUMBERS: u32 = 256;
/** How many visitors there can be at once. */
const VISITORS: u32 = 8;
/** How many participants can be live at once. */
export const MAX_PARTICIPANTS: u32 = NUMBERS - VISITORS;
/** How many size classes the header has room for. */
export const MAX_SIZE_CLASSES: u32 = 40;

@unmanaged
class Identity {
  magic: u32;
  layoutVersion: u32;
  maxPages: u32;
  mixed: u32;
  // config follows: 8 x u32
}

/** The words that the lock guards and that statistics read. */
@unmanaged
class Counters {
  /** Bytes of the blocks outside of their slab or page run: live and cached ones. */
  outBytes: u64;
  /** The number of those blocks. */
  outBlocks: u64;
  /** Bytes that can never be a block: header, maps, descriptors, and what slabs lose to their layout. */
  overheadBytes: u64;
  /** One bit for every non-empty bin. */
  binMask: u64;
  /** How many pages the page map describes. Never more than the memory has. */
  extent: u32;
}

const LINE: usize = 64;
const IDENTITY: usize = LINE;
const CONFIG: usize = IDENTITY + offsetof<Identity>();
/** Address of the region's lock, see lock.ts. */
export const LOCK: usize = 2 * LINE;
const COUNTERS: usize = LOCK + LINE;
const PARTICIPANT_LIMIT: usize = COUNTERS + LINE;

/** Address of 128 bytes for @masstree/epoch: two cache lines that nothing else touches. Zero in a new region. */
export const EPOCH_WORDS: usize = PARTICIPANT_LIMIT + 2 * LINE;
/** Address of the global epoch word (u64), the first of EPOCH_WORDS. */
export const GLOBAL_EPOCH: usize = EPOCH_WORDS;
/** Address of 256 bytes for the structure built on the region. Zero in a new region. */
export const STRUCTURE_WORDS: usize = EPOCH_WORDS + 2 * LINE;
/** Address of the participant table, NUMBERS words. Those of visitors stay 0. */
export const PARTICIPANTS: usize = STRUCTURE_WORDS + 256;
/** Address of the table from a size in units of 16 bytes to its class, one byte each. */
export const CLASS_OF: usize = PARTICIPANTS + NUMBERS * 4;
/** Address of the size class records. */
export const SIZE_CLASSES: usize = CLASS_OF + 512;
/** Address of the heads of the bins of free page runs. */
export const BINS: usize = SIZE_CLASSES + MAX_SIZE_CLASSES * 16;
/** Address of a half word for each number, NUMBERS of them: for @masstree/session, in JavaScript. */
export const ASKING: usize = BINS + 64 * 4;
/** Address of the directory of the page map. */
export const DIRECTORY: usize = PAGE_BYTES;
/** The page of the map of the first segment. */
export const FIRST_MAP_PAGE: u32 = 2;
/** Address of the tickets, NUMBERS words. */
export const TICKETS: usize = 3 * PAGE_BYTES;
/** Address of REPAIRS, NUMBERS words: for each number, that of the participant for which it repairs the region. */
export const REPAIRS: usize = TICKETS + NUMBERS * 4;
/** Address of ROLES, NUMBERS words: for each number, that of the participant that it acts for. */
export const ROLES: usize = REPAIRS + NUMBERS * 4;
/** Address of a word for each number, NUMBERS words: for @masstree/session, in JavaScript. */
export const SENTINELS: usize = ROLES + NUMBERS * 4;
/** Pages that a new region uses: this header, the directory, the first map page, the tickets. */
export const HEADER_PAGES: u32 = 4;
/** Bytes of them. Words below never move. */
export const HEADER_BYTES: u32 = HEADER_PAGES * PAGE_BYTES;

/** The most pages that the region may have. */
export function maxPages(): u32 {
  return load<u32>(IDENTITY, offsetof<Identity>("maxPages"));
}

/** Whether blocks may be of a larger class than their size (HEADER3). */
export function isMixed(): bool {
  return atomic.load<u32>(IDENTITY, offsetof<Identity>("mixed")) !== 0;
}

/** Under the lock: from now on blocks may be of a larger class (HEADER3). The line is written only once. */
export function setMixed(): void {
  if (!isMixed()) atomic.store<u32>(IDENTITY, 1, offsetof<Identity>("mixed"));
}

/** How many pages the region has now. Any thread may read it; only the lock's holder can rely on it. */
export function extent(): u32 {
  return atomic.load<u32>(COUNTERS, offsetof<Counters>("extent"));
}

/** Under the lock: from now on the page map describes this many pages. */
export function setExtent(pages: u32): void {
  atomic.store<u32>(COUNTERS, pages, offsetof<Counters>("extent"));
}

/** The set of non-empty bins. Under the lock. */
export function binMask(): u64 {
  return load<u64>(COUNTERS, offsetof<Counters>("binMask"));
}

/** Under the lock. */
export function setBinMask(mask: u64): void {
  store<u64>(COUNTERS, mask, offsetof<Counters>("binMask"));
}

/** Bytes of the blocks that are live or in a participant's cache. */
export function outBytes(): u64 {
  return atomic.load<u64>(COUNTERS, offsetof<Counters>("outBytes"));
}

/** How many blocks are live or in a participant's cache. */
export function outBlocks(): u64 {
  return atomic.load<u64>(COUNTERS, offsetof<Counters>("outBlocks"));
}

/** Bytes that can never be a block. */
export function overhead(): u64 {
  return atomic.load<u64>(COUNTERS, offsetof<Counters>("overheadBytes"));
}

/** Under the lock: `blocks` more blocks, of `bytes` in total, are out. Both may be negative. */
export function countOut(blocks: i64, bytes: i64): void {
  atomic.store<u64>(COUNTERS, outBlocks() + blocks, offsetof<Counters>("outBlocks"));
  atomic.store<u64>(COUNTERS, outBytes() + bytes, offsetof<Counters>("outBytes"));
}

/** Under the lock: sets the counters. */
export function setCounts(blocks: u64, bytes: u64, unusable: u64): void {
  atomic.store<u64>(COUNTERS, blocks, offsetof<Counters>("outBlocks"));
  atomic.store<u64>(COUNTERS, bytes, offsetof<Counters>("outBytes"));
  atomic.store<u64>(COUNTERS, unusable, offsetof<Counters>("overheadBytes"));
}

/** Under the lock: `bytes` more can never be a block. May be negative. */
export function countOverhead(bytes: i64): void {
  atomic.store<u64>(COUNTERS, overhead() + bytes, offsetof<Counters>("overheadBytes"));
}

/** The region lock's word, for checks. */
export function regionLockWord(): u64 {
  return atomic.load<u64>(LOCK);
}

/**
 * How many participant numbers were ever used: their indices are below this.
 *
 * It only grows. A participant is below it before its `register` returns.
 */
export function participantLimit(): u32 {
  return atomic.load<u32>(PARTICIPANT_LIMIT);
}

/** Raises participantLimit to at least `limit`. Any thread may call it at any time. */
export function raiseParticipantLimit(limit: u32): void {
  let seen = participantLimit();
  while (seen < limit) {
    const found = atomic.cmpxchg<u32>(PARTICIPANT_LIMIT, seen, limit);
    if (found === seen) return;
    seen = found;
  }
}

/**
 * Reads configuration word `index` (0..7) of the region.
 *
 * The region's owner defines what the words mean; in a new region they are zero.
 */
export function config(index: u32): u32 {
  return atomic.load<u32>(CONFIG + (index << 2));
}

/**
 * Writes configuration word `index` (0..7).
 *
 * For the creator, before it shares the region with another thread.
 */
export function setConfig(index: u32, value: u32): void {
  atomic.store<u32>(CONFIG + (index << 2), value);
}

/** Whether the memory, which has at least one page, holds a complete region of any layout. */
export function isRegion(): bool {
  return atomic.load<u32>(IDENTITY, offsetof<Identity>("magic")) === MAGIC;
}

/** Whether the memory holds a complete region of this layout: OK or BAD. Any thread may call it at any time. */
export function checkRegion(): u32 {
  if (memory.size() === 0 || !isRegion()) return BAD;
  return layoutVersion() === LAYOUT_VERSION ? OK : BAD;
}

/** The region's layout version, whether or not this package knows it. */
export function layoutVersion(): u32 {
  return load<u32>(IDENTITY, offsetof<Identity>("layoutVersion"));
}

/** Writes the identity, without the magic, of a region that no other thread knows. */
export function initialiseIdentity(pages: u32): void {
  store<u32>(IDENTITY, LAYOUT_VERSION, offsetof<Identity>("layoutVersion"));
  store<u32>(IDENTITY, pages, offsetof<Identity>("maxPages"));
  initialise(LOCK, 0);
}

/** HEADER2: marks the region as complete. */
export function publishIdentity(): void {
  atomic.store<u32>(IDENTITY, MAGIC, offsetof<Identity>("magic"));
}
