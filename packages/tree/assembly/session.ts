/**
 * What one instance (one thread's use of one map) knows, and the words that the tree keeps in the region.
 *
 *     region header, from TREE_WORDS           participant descriptor, from PARTICIPANT_TREE
 *     0   u32  root of layer 0                 0    i64  entries inserted less entries removed by it
 *     64  u64  lock of the coalescing queue    8    u64  splits since the slot was first used
 *     72  u32  head of the queue               16   u64  searches that started over
 *                                              24   u32  the route it is working on, taken from the queue
 *                                              28   u32  the chain of layers that it is building (layer.ts)
 *                                              32   i64  leaves, internodes and layers made less those
 *                                              40   i64  taken away by it
 *                                              48   i64
 *                                              64   ...  the journal of the write in flight (transaction.ts)
 *                                              1000 ...  the spare route, which the key scratch goes on (queue.ts)
 *
 *     participant descriptor, from PARTICIPANT_LOG
 *     0      u32[8192]  scan: the leaves in which the upper layers were left
 *     32768  u32[64]    the blocks that a split has allocated and not yet hung in
 *     33024  ...        the journal's log (transaction.ts)
 *
 * Invariants
 *  S1  The counters are written by their participant alone, by the transaction that changes what they count; their sums over
 *      all participants are the size of the map, and how many leaves, internodes and layers it has.
 */
import {
  PARTICIPANT_LOG,
  PARTICIPANT_NUMBER,
  PARTICIPANT_TREE,
  participantAt,
  participantLimit,
  TREE_WORDS,
} from "@masstree/memory/assembly";

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
}

/** Address of the word that names the route this participant is working on. */
export function workField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("work");
}

/** Address of the word that names the top of the chain this participant is building. */
export function chainField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("chain");
}

/** Address of the word that leads to the root of layer 0. */
export const MAP_ROOT: usize = TREE_WORDS;
/** Addresses of the queue's lock and of its head, on a line of their own. */
export const QUEUE_LOCK: usize = TREE_WORDS + 64;
export const QUEUE_HEAD: usize = TREE_WORDS + 72;

/** Layers that a key of 65,536 bytes can go through: a scan remembers its place in each. */
const RESUME_CAPACITY: u32 = 8192;

/** This instance's participant descriptor, 0 while detached. */
export let participant: usize = 0;
/** Its number, which is how its locks name it. */
export let owner: u32 = 0;

/** Makes this instance the participant with this descriptor, registered or in whose stead it acts; 0 for none. */
export function enter(descriptor: usize): void {
  participant = descriptor;
  owner = descriptor === 0 ? 0 : load<u32>(descriptor, PARTICIPANT_NUMBER);
}

export function mapRoot(): usize {
  return atomic.load<u32>(MAP_ROOT);
}

export function resumeAt(layer: u32): usize {
  return load<u32>(participant + ((<usize>layer) << 2), PARTICIPANT_LOG);
}

export function setResumeAt(layer: u32, leaf: usize): void {
  store<u32>(participant + ((<usize>layer) << 2), <u32>leaf, PARTICIPANT_LOG);
}

const SPARES: usize = PARTICIPANT_LOG + 4 * RESUME_CAPACITY;

export function spareAt(index: u32): usize {
  return load<u32>(participant + ((<usize>index) << 2), SPARES);
}

export function setSpareAt(index: u32, block: usize): void {
  store<u32>(participant + ((<usize>index) << 2), <u32>block, SPARES);
}

/** Addresses of this participant's shares of the counts (S1). */
export function entriesField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("entries");
}

export function leavesField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("leaves");
}

export function internodesField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("internodes");
}

export function layersField(): usize {
  return participant + PARTICIPANT_TREE + offsetof<TreeWords>("layers");
}

export function countSplit(): void {
  const field = participant + PARTICIPANT_TREE + offsetof<TreeWords>("splits");
  atomic.store<u64>(field, load<u64>(field) + 1);
}

export function countRestart(): void {
  const field = participant + PARTICIPANT_TREE + offsetof<TreeWords>("restarts");
  atomic.store<u64>(field, load<u64>(field) + 1);
}

/** The sum over all participants of a counter, given where this participant's is. Exact when nobody is writing. O(participants). */
export function total(field: usize): i64 {
  const offset = field - participant;
  let sum: i64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0) sum += atomic.load<i64>(descriptor + offset);
  }
  return sum;
}

/** The number of entries. As `total`. */
export function entries(): i64 {
  return total(entriesField());
}

export function splits(): i64 {
  return total(participant + PARTICIPANT_TREE + offsetof<TreeWords>("splits"));
}

export function restarts(): i64 {
  return total(participant + PARTICIPANT_TREE + offsetof<TreeWords>("restarts"));
}
