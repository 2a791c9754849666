/**
 * What one instance (one thread's use of one map) knows, and the words that the tree keeps in the region.
 *
 *     region header, from TREE_WORDS           participant descriptor, from PARTICIPANT_TREE
 *     0  u32  root of layer 0                  0    i64      entries inserted less entries removed by it
 *     4  u32  head of the coalescing queue     8    u64      splits since the slot was first used
 *                                              16   u64      searches that started over
 *                                              64   u32[64]  nodes that the write in flight has locked, from the leaf up
 *                                              320  u32[64]  blocks that it has allocated and not yet published
 *                                              576  u32[64]  scan: where each upper layer was left
 *
 * Invariants
 *  S1  The counters are written by their participant alone; their sum over all participants is the size of the map.
 */
import {
  PARTICIPANT_NUMBER,
  PARTICIPANT_TREE,
  participantAt,
  participantLimit,
  TREE_WORDS,
} from "@masstree/memory/assembly";

@unmanaged
export class TreeWords {
  root: u32;
  queue: u32;
}

@unmanaged
export class TreeCounters {
  entries: i64;
  splits: u64;
  restarts: u64;
}

/** Room in each of the arrays of the descriptor. A tree of 2^32 bytes is at most some 27 nodes high at width 3. */
export const PATH_CAPACITY: u32 = 64;
const LOCKED: usize = PARTICIPANT_TREE + 64;
const SPARE: usize = LOCKED + 4 * PATH_CAPACITY;
const RESUME: usize = SPARE + 4 * PATH_CAPACITY;

/** This instance's participant descriptor, 0 while detached. */
export let participant: usize = 0;
/** Its number, which is how its locks name it. */
export let owner: u32 = 0;

export function enter(descriptor: usize): void {
  participant = descriptor;
  owner = descriptor === 0 ? 0 : load<u32>(descriptor, PARTICIPANT_NUMBER);
}

export function mapRoot(): usize {
  return atomic.load<u32>(TREE_WORDS, offsetof<TreeWords>("root"));
}

export function setMapRoot(root: usize): void {
  atomic.store<u32>(TREE_WORDS, <u32>root, offsetof<TreeWords>("root"));
}

export function lockedAt(index: u32): usize {
  return load<u32>(participant + ((<usize>index) << 2), LOCKED);
}

export function setLockedAt(index: u32, node: usize): void {
  store<u32>(participant + ((<usize>index) << 2), <u32>node, LOCKED);
}

export function spareAt(index: u32): usize {
  return load<u32>(participant + ((<usize>index) << 2), SPARE);
}

export function setSpareAt(index: u32, block: usize): void {
  store<u32>(participant + ((<usize>index) << 2), <u32>block, SPARE);
}

export function resumeAt(index: u32): usize {
  return load<u32>(participant + ((<usize>index) << 2), RESUME);
}

export function setResumeAt(index: u32, leaf: usize): void {
  store<u32>(participant + ((<usize>index) << 2), <u32>leaf, RESUME);
}

/** S1. */
export function countEntries(difference: i32): void {
  const field = participant + PARTICIPANT_TREE + offsetof<TreeCounters>("entries");
  atomic.store<i64>(field, load<i64>(field) + difference);
}

export function countSplit(): void {
  const field = participant + PARTICIPANT_TREE + offsetof<TreeCounters>("splits");
  atomic.store<u64>(field, load<u64>(field) + 1);
}

export function countRestart(): void {
  const field = participant + PARTICIPANT_TREE + offsetof<TreeCounters>("restarts");
  atomic.store<u64>(field, load<u64>(field) + 1);
}

/** The number of entries; exact when nobody is writing. O(participants). */
export function entries(): i64 {
  let sum: i64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor === 0) continue;
    sum += atomic.load<i64>(descriptor + PARTICIPANT_TREE, offsetof<TreeCounters>("entries"));
  }
  return sum;
}
