/*
 * What the epoch scheme keeps in shared memory.
 *
 * The global epoch: one u64 in the region's header, at GLOBAL_EPOCH, on its own cache line. It starts at 0 in
 * zeroed memory, and only a compare-and-swap that adds one changes it (global.ts). An announcement has 63 bits of
 * it: at a billion steps per second, 292 years.
 *
 * The epoch area: 128 bytes in every participant's descriptor, at PARTICIPANT_EPOCH.
 *
 *   offset bytes name       written by     read by   how
 *        0     8 announced  owner          all       atomic   0: not pinned; else epoch << 1 | 1
 *        8     8 held       holder         all       atomic   blocks << 32 | bytes in the retire lists
 *       16     4 orphaned   holder         all       atomic   1: may hold blocks though it has no owner
 *       20     4 depth      owner          owner     plain    how many pins are nested
 *       24     4 debt       owner          owner     plain    retired since the last collection
 *       28     4 freeing    owner          owner     plain    block that is being freed, or 0
 *       32     4 claimed    owner          owner     plain    1 + index of a descriptor being claimed, or 0
 *       36     4 delays     all            all       atomic   collections that `delayed` has held up
 *       40     8 delayed    all            all       atomic   the announcement that `delays` counts for
 *       48     8 since      all            all       atomic   when `delays` began, by the host's clock; 0 without
 *       56     8 (unused: the retire lists have their own line)
 *       64    32 retire lists  holder      holder    plain    2 x { epoch u64, head u32, unused u32 }
 *       96    32 (unused)
 *
 * The owner is the thread that the participant is registered for. The holder is the owner. While no thread is
 * registered, the holder is the thread that has claimed the descriptor (orphans.ts). There are never two holders
 * at a time. The recoverer of a dead participant acts as its owner (recover.ts).
 *
 * A retire list holds the blocks that were retired in one epoch. There is one list for even epochs and one for odd
 * ones. It is linked through the last RETIRE_TAIL bytes of each block, so retiring needs no memory:
 *
 *   block                        bytes - 8   bytes - 4    bytes
 *   +----------------------------+-----------+-----------+
 *   | whatever it was, untouched | next tail |   bytes   |       little-endian u32 each
 *   +----------------------------+-----------+-----------+
 *                                ^ what head and next point to; 0 ends the list
 *
 * `held` can be derived from the retire lists by one walk; everything else is primary.
 */
import { PARTICIPANT_EPOCH, reachTo } from "@masstree/memory/assembly";
import { now } from "./host";

/**
 * How many bytes at the end of every retired block belong to this package, from the moment of retirement: readers
 * that still hold the block must not use them.
 */
export const RETIRE_TAIL: u32 = 8;

/**
 * How many retire lists a participant has. Blocks of the current epoch and of the one before have to wait; older
 * ones need not. When the epoch comes round to a retire list, its blocks are at least two epochs old.
 */
export const RETIRE_LISTS: u32 = 2;

@unmanaged
export class EpochArea {
  announced: u64;
  held: u64;
  orphaned: u32;
  depth: u32;
  debt: u32;
  freeing: u32;
  claimed: u32;
  delays: u32;
  delayed: u64;
  since: u64;
  unused: u64;
}

@unmanaged
export class RetireList {
  epoch: u64;
  head: u32;
  unused: u32;
}

@unmanaged
export class Tail {
  next: u32;
  bytes: u32;
}

/**
 * The tail of a retired block, by its address. Another thread may have retired the block, in memory that it has
 * just added.
 */
export function tailAt(address: usize): Tail {
  reachTo(address, RETIRE_TAIL);
  return changetype<Tail>(address);
}

/** A participant's epoch area. */
export function areaOf(participant: usize): EpochArea {
  return changetype<EpochArea>(participant + PARTICIPANT_EPOCH);
}

/**
 * The retire list for blocks retired in `epoch`. If `epoch` is below RETIRE_LISTS, also the list with that number.
 */
export function listOf(area: EpochArea, epoch: u64): RetireList {
  const index = <usize>epoch & (RETIRE_LISTS - 1);
  return changetype<RetireList>(
    changetype<usize>(area) + offsetof<EpochArea>() + index * offsetof<RetireList>(),
  );
}

export function loadAnnounced(area: EpochArea): u64 {
  return atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("announced"));
}

export function storeAnnounced(area: EpochArea, word: u64): void {
  atomic.store<u64>(changetype<usize>(area), word, offsetof<EpochArea>("announced"));
}

/**
 * Counts that a participant was found behind, with this announcement. The count is approximate: two threads may
 * count as one.
 */
export function noteDelay(area: EpochArea, announced: u64): void {
  const at = changetype<usize>(area);
  if (atomic.load<u64>(at, offsetof<EpochArea>("delayed")) !== announced) {
    atomic.store<u32>(at, 0, offsetof<EpochArea>("delays"));
    if (isDefined(HOST)) atomic.store<u64>(at, <u64>now(), offsetof<EpochArea>("since"));
    atomic.store<u64>(at, announced, offsetof<EpochArea>("delayed"));
  }
  atomic.add<u32>(at, 1, offsetof<EpochArea>("delays"));
}

/** Whether a participant was found behind with its present announcement. */
function isDelaying(area: EpochArea): bool {
  const announced = loadAnnounced(area);
  const delayed = atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("delayed"));
  return announced !== 0 && delayed === announced;
}

/** How often a participant was found behind with its present announcement. */
export function loadDelays(area: EpochArea): u32 {
  if (!isDelaying(area)) return 0;
  return atomic.load<u32>(changetype<usize>(area), offsetof<EpochArea>("delays"));
}

/** When a participant was first found behind with that announcement. */
export function loadDelayedSince(area: EpochArea): u64 {
  if (!isDelaying(area)) return 0;
  return atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("since"));
}

export function loadHeld(area: EpochArea): u64 {
  return atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("held"));
}

export function storeHeld(area: EpochArea, held: u64): void {
  atomic.store<u64>(changetype<usize>(area), held, offsetof<EpochArea>("held"));
}

/** `blocks` and `bytes` in one word. Sums and differences of such words are those of their halves. */
export function packHeld(blocks: u32, bytes: u32): u64 {
  return ((<u64>blocks) << 32) | <u64>bytes;
}

export function heldBlocks(held: u64): u32 {
  return <u32>(held >> 32);
}

export function heldBytes(held: u64): u32 {
  return <u32>held;
}

export function loadOrphaned(area: EpochArea): u32 {
  return atomic.load<u32>(changetype<usize>(area), offsetof<EpochArea>("orphaned"));
}

export function storeOrphaned(area: EpochArea, orphaned: u32): void {
  atomic.store<u32>(changetype<usize>(area), orphaned, offsetof<EpochArea>("orphaned"));
}
