/*
 * What the epoch scheme keeps in shared memory.
 *
 * The global epoch: one u64 in the region's header, at GLOBAL_EPOCH, on a cache line of its own. It
 * starts at 0 in zeroed memory and is only ever increased by one, by compare-and-swap (global.ts).
 * An announcement has 63 bits of it: at a billion steps a second, 292 years.
 *
 * The epoch area: 128 bytes in every participant's descriptor, at PARTICIPANT_EPOCH.
 *
 *   offset bytes name       written by     read by   how
 *        0     8 announced  owner          all       atomic   0: not pinned; else epoch << 1 | 1
 *        8     8 held       holder         all       atomic   blocks << 32 | bytes in the bags
 *       16     4 orphaned   holder         all       atomic   1: may hold blocks though nobody owns it
 *       20     4 depth      owner          owner     plain    how many pins are nested
 *       24     4 debt       owner          owner     plain    retired since the last collection
 *       28     4 freeing    owner          owner     plain    block in the middle of being freed, or 0
 *       32     4 claimed    owner          owner     plain    1 + index of a descriptor being claimed, or 0
 *       36     4 delays     all         all       atomic   collections that `delayed` has held up
 *       40     8 delayed    all         all       atomic   the announcement that `delays` counts for
 *       48     8 since      all         all       atomic   when `delays` began, by the host's clock; 0 without one
 *       56     8 (unused: the bags have a line to themselves)
 *       64    32 bags       holder         holder    plain    2 x { epoch u64, head u32, unused u32 }
 *       96    32 (unused)
 *
 * The owner is the thread that the participant is registered for. The holder is the owner, or, while
 * nobody is registered, the thread that has claimed the descriptor (orphans.ts): never two at a time.
 * Whoever recovers a dead participant takes the owner's part (recover.ts).
 *
 * A bag is a list of the blocks that were retired in one epoch: one bag for even epochs, one for odd
 * ones. It is linked through the last RETIRE_TAIL bytes of each block, so that retiring needs no memory:
 *
 *   block                        bytes - 8   bytes - 4    bytes
 *   +----------------------------+-----------+-----------+
 *   | whatever it was, untouched | next tail |   bytes   |       little-endian u32 each
 *   +----------------------------+-----------+-----------+
 *                                ^ what head and next point to; 0 ends the list
 *
 * `held` is derived from the bags (by one walk); everything else is primary.
 */
import { PARTICIPANT_EPOCH, reachTo } from "@masstree/memory/assembly";
import { now } from "./host";

/**
 * Bytes at the end of every block that is ever retired which belong to this package, from the moment
 * of retirement: readers that still hold the block must not look there.
 */
export const RETIRE_TAIL: u32 = 8;

/**
 * Bags of a participant. Blocks of the current epoch and of the one before have to wait, older ones
 * need not: when the epoch comes round to a bag, what is in it is two epochs old or more.
 */
export const BAGS: u32 = 2;

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
export class Bag {
  epoch: u64;
  head: u32;
  unused: u32;
}

@unmanaged
export class Tail {
  next: u32;
  bytes: u32;
}

/** The tail of a retired block, at its address. Another thread may have retired it, in memory that it has just added. */
export function tailAt(address: usize): Tail {
  reachTo(address, RETIRE_TAIL);
  return changetype<Tail>(address);
}

/** A participant's epoch area. */
export function areaOf(participant: usize): EpochArea {
  return changetype<EpochArea>(participant + PARTICIPANT_EPOCH);
}

/** The bag for blocks retired in `epoch`; also bag number `epoch` when that is below BAGS. */
export function bagOf(area: EpochArea, epoch: u64): Bag {
  const index = (epoch as usize) & (BAGS - 1);
  return changetype<Bag>(changetype<usize>(area) + offsetof<EpochArea>() + index * offsetof<Bag>());
}

export function loadAnnounced(area: EpochArea): u64 {
  return atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("announced"));
}

export function storeAnnounced(area: EpochArea, word: u64): void {
  atomic.store<u64>(changetype<usize>(area), word, offsetof<EpochArea>("announced"));
}

/** Counts that a participant was found behind, with this announcement. Roughly: two threads may count as one. */
export function noteDelay(area: EpochArea, announced: u64): void {
  const at = changetype<usize>(area);
  if (atomic.load<u64>(at, offsetof<EpochArea>("delayed")) !== announced) {
    atomic.store<u32>(at, 0, offsetof<EpochArea>("delays"));
    if (isDefined(HOST)) atomic.store<u64>(at, <u64>now(), offsetof<EpochArea>("since"));
    atomic.store<u64>(at, announced, offsetof<EpochArea>("delayed"));
  }
  atomic.add<u32>(at, 1, offsetof<EpochArea>("delays"));
}

/** Whether a participant was found behind with the announcement that it makes now. */
function isDelaying(area: EpochArea): bool {
  const announced = loadAnnounced(area);
  const delayed = atomic.load<u64>(changetype<usize>(area), offsetof<EpochArea>("delayed"));
  return announced !== 0 && delayed === announced;
}

/** How often a participant was found behind with the announcement that it makes now. */
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

/** `blocks` and `bytes` as one word, of which sums and differences are those of its halves. */
export function packHeld(blocks: u32, bytes: u32): u64 {
  return ((blocks as u64) << 32) | (bytes as u64);
}

export function heldBlocks(held: u64): u32 {
  return (held >> 32) as u32;
}

export function heldBytes(held: u64): u32 {
  return held as u32;
}

export function loadOrphaned(area: EpochArea): u32 {
  return atomic.load<u32>(changetype<usize>(area), offsetof<EpochArea>("orphaned"));
}

export function storeOrphaned(area: EpochArea, orphaned: u32): void {
  atomic.store<u32>(changetype<usize>(area), orphaned, offsetof<EpochArea>("orphaned"));
}
