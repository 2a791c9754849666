/*
 * The words that the tree keeps in the region, and in each participant's descriptor.
 *
 *     region header, from STRUCTURE_WORDS      descriptor, from PARTICIPANT_STRUCTURE (TreeWords)
 *     0   u32  root of layer 0                 0    i64  entries inserted less entries removed by it
 *     8   u64  the events that are waited for  8    u64  splits since the slot was first used
 *     20  u32  changes that are not recorded   16   u64  searches that started over
 *     24  u32  whether a watcher may sleep     24   u32  the route it is working on, taken from the worklist
 *                (changes.ts)                  28   u32  the chain of layers that it is building (layer.ts)
 *     64  u64  lock of the worklist            32   i64  leaves,
 *     72  u32  head of the worklist            40   i64  internodes,
 *     128 u32  the counts of 32 events         48   i64  layers: created less removed by it
 *                (events.ts)                   56   u32  the events that it waits for (events.ts)
 *                                              60   u32  the ring with the changes that it tells of,
 *                                              64   u64  where the last of them ends,
 *                                              72   u64  how far the ring is taken (changes.ts)
 *                                              80   u32  changes until it asks for memory for a ring again
 *                                              ...
 *                                              its last 24 bytes: the header of the spare route, whose
 *                                              prefix is the key scratch behind it (route.ts)
 *
 * Invariants
 *   WORDS1  Each participant alone writes its counters, in the write that changes what they count. Their sums over
 *           all participants are the map's numbers of entries, leaves, internodes and layers.
 */
import { STRUCTURE_WORDS } from "@masstree/memory/assembly";
import { structureWord, sumOfShares, writeCounter } from "@masstree/session/assembly";

/** The tree's words in a descriptor. */
@unmanaged
export class TreeWords {
  entries: i64;
  splits: u64;
  restarts: u64;
  work: u32;
  chain: u32;
  leaves: i64;
  internodes: i64;
  layers: i64;
  waits: u32;
  ring: u32;
  told: u64;
  taken: u64;
  pause: u32;
}

/** Address of the word that names the route that this participant is working on. */
export function workField(): usize {
  return structureWord(offsetof<TreeWords>("work"));
}

/** Address of the word that names the top of the chain that this participant is building. */
export function chainField(): usize {
  return structureWord(offsetof<TreeWords>("chain"));
}

/** Address of the word that leads to the root of layer 0. */
export const MAP_ROOT: usize = STRUCTURE_WORDS;
/** Address of the worklist's lock, on a line with its head. */
export const WORKLIST_LOCK: usize = STRUCTURE_WORDS + 64;
/** Address of the worklist's head. */
export const WORKLIST_HEAD: usize = WORKLIST_LOCK + 8;

/** Address of the word that says which events are waited for. On the root's line, which every call reads. */
export const WAITED: usize = STRUCTURE_WORDS + 8;
/** Address of the number of changes that are in no ring (changes.ts). */
export const MISSED: usize = STRUCTURE_WORDS + 20;
/** Address of the word that says whether somebody who watches may be asleep (changes.ts). */
export const ASLEEP: usize = STRUCTURE_WORDS + 24;
/** Address of the counts of the events, which fill the last two lines of the words. */
export const EVENTS: usize = STRUCTURE_WORDS + 128;

/** The root of layer 0, which may be stale (DESCEND3). */
export function mapRoot(): usize {
  return atomic.load<u32>(MAP_ROOT);
}

/** Address of this participant's share of the number of leaves (WORDS1). */
export function leavesField(): usize {
  return structureWord(offsetof<TreeWords>("leaves"));
}

/** The same for internodes. */
export function internodesField(): usize {
  return structureWord(offsetof<TreeWords>("internodes"));
}

/** The same for layers. */
export function layersField(): usize {
  return structureWord(offsetof<TreeWords>("layers"));
}

/** Logs a change of the number of entries. */
export function writeSize(difference: i32): void {
  writeCounter(structureWord(offsetof<TreeWords>("entries")), difference);
}

function count(field: usize): void {
  atomic.store<u64>(field, load<u64>(field) + 1);
}

/** Counts a split. */
export function countSplit(): void {
  count(structureWord(offsetof<TreeWords>("splits")));
}

/** Counts a search that starts over. */
export function countRestart(): void {
  count(structureWord(offsetof<TreeWords>("restarts")));
}

// Sums over all participants. Exact if nobody is writing. O(participants).

/** The number of entries. */
export function totalEntries(): i64 {
  return sumOfShares(offsetof<TreeWords>("entries"));
}

/** The number of leaves. */
export function totalLeaves(): i64 {
  return sumOfShares(offsetof<TreeWords>("leaves"));
}

/** The number of internodes. */
export function totalInternodes(): i64 {
  return sumOfShares(offsetof<TreeWords>("internodes"));
}

/** The number of layers. */
export function totalLayers(): i64 {
  return sumOfShares(offsetof<TreeWords>("layers"));
}

/** The number of splits since the map was created. */
export function totalSplits(): i64 {
  return sumOfShares(offsetof<TreeWords>("splits"));
}

/** The number of searches that started over since the map was created. */
export function totalRestarts(): i64 {
  return sumOfShares(offsetof<TreeWords>("restarts"));
}
