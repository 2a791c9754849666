// The participant descriptor: what one thread's use of a region owns.
//
//   byte       what                             written by                     read by
//   --------   ------------------------------   ----------------------------   ----------------
//   0          PARTICIPANT_NUMBER   u32         register, the first time       everyone
//   4          PARTICIPANT_STATE    u32         register, unregister,          everyone (atomic)
//                                               whoever knows of a death
//   8          PARTICIPANT_RECOVERER u32        claimRecovery                  everyone (atomic)
//   12         PARTICIPANT_THREAD   u32         JavaScript, once registered    everyone (atomic)
//   16         PARTICIPANT_OS_THREAD u32        JavaScript, once registered    everyone (atomic)
//   20         PARTICIPANT_HAND_COUNT u32       the participant, see hand.ts
//   64..383    caches               40 x 8      the participant                statistics (atomic)
//   384..511   PARTICIPANT_EPOCH    128 bytes   @masstree/epoch
//   512..1535  PARTICIPANT_TREE     1024 bytes  the tree
//   1536..     KEY_SCRATCH          65,600      the participant only
//   67136..    BOUND_SCRATCH        65,600      the participant only
//   132736..   RESULT_SCRATCH       135,168     the participant only
//   267904..   PARTICIPANT_LOG      65,536      the tree
//   333440..   PARTICIPANT_HAND     80 x 8      the participant, see hand.ts
//
// A cache is a stack of blocks of one class, through their own first words:
//
//   byte 0   head  u32   the block on top, 0 = empty
//   byte 4   room  u32   how many more blocks the cache takes: the class's limit less its count
//
// A descriptor is a run of pages, made when its number is first used, kept for good and used again
// by whoever gets the number next. What the scratch areas do not use is never touched, and so costs
// addresses but no memory.
//
// Invariants
//   D1  Caches change only by their participant's own thread, without the lock. Others read `room`, for
//       statistics: it is stored and, by others, loaded atomically, and exact whenever its owner neither
//       allocates nor frees. `head` is nobody else's while the owner lives.
//   D2  The caches and the hand of a participant that is not in use are empty.
//   D3  What a dead participant owns is changed only by who holds its recovery (recover.ts), or, of its
//       caches and hand what a section under the region's lock left undone, by who repairs the region.

import { MAX_SIZE_CLASSES, PAGE_BYTES } from "./header";
import { CLASSES, cacheLimit } from "./sizeclass";

@unmanaged
class Descriptor {
  number: u32;
  state: u32;
  recoverer: u32;
  thread: u32;
  osThread: u32;
  handCount: u32;
}

@unmanaged
class Cache {
  head: u32;
  room: u32;
}

const LINE: usize = 64;
const SCRATCH_BYTES: usize = 65536 + LINE;

/** Offset of the participant's number (u32, 1..256), which is also what its locks are owned by. */
export const PARTICIPANT_NUMBER: usize = offsetof<Descriptor>("number");
/** Offset of the participant's state (u32): UNUSED or IN_USE. */
export const PARTICIPANT_STATE: usize = offsetof<Descriptor>("state");
/** Offset of a word (u32) that names the participant that recovers this one, which is dead: see recover.ts. */
export const PARTICIPANT_RECOVERER: usize = offsetof<Descriptor>("recoverer");
/** Offset of a word (u32) for JavaScript: which thread this is, so that others can tell. 0 when not in use. */
export const PARTICIPANT_THREAD: usize = offsetof<Descriptor>("thread");
/** Offset of a second such word (u32). */
export const PARTICIPANT_OS_THREAD: usize = offsetof<Descriptor>("osThread");
/** Offset of the hand's count (u32), see hand.ts. */
export const PARTICIPANT_HAND_COUNT: usize = offsetof<Descriptor>("handCount");

const CACHES: usize = LINE;

/** Offset of 128 bytes on two cache lines of their own, for @masstree/epoch. Kept on reuse; zero at first. */
export const PARTICIPANT_EPOCH: usize = CACHES + MAX_SIZE_CLASSES * offsetof<Cache>();
/** Offset of 1,024 bytes for the tree. Kept on reuse; zero at first. */
export const PARTICIPANT_TREE: usize = PARTICIPANT_EPOCH + 2 * LINE;
/** Offset of 65,536 + 64 bytes for a key. */
export const KEY_SCRATCH: usize = PARTICIPANT_TREE + 1024;
/** Offset of 65,536 + 64 bytes for a range's far bound. */
export const BOUND_SCRATCH: usize = KEY_SCRATCH + SCRATCH_BYTES;
/** Offset of 2 * 65,536 + 4,096 bytes for results. */
export const RESULT_SCRATCH: usize = BOUND_SCRATCH + SCRATCH_BYTES;
/** Bytes from RESULT_SCRATCH on. */
export const RESULT_SCRATCH_BYTES: usize = 2 * 65536 + 4096;

/** Offset of PARTICIPANT_LOG_BYTES for the tree: the long part of the journal of the write in flight. Undefined at first. */
export const PARTICIPANT_LOG: usize = RESULT_SCRATCH + RESULT_SCRATCH_BYTES;
/** Bytes from PARTICIPANT_LOG on. */
export const PARTICIPANT_LOG_BYTES: u32 = 65536;

/** Entries of a hand. */
export const PARTICIPANT_HAND_ENTRIES: u32 = 80;
/** Offset of the entries of the hand (8 bytes each), see hand.ts. */
export const PARTICIPANT_HAND: usize = PARTICIPANT_LOG + PARTICIPANT_LOG_BYTES;

/** PARTICIPANT_STATE: no thread has the number. */
export const UNUSED: u32 = 0;
/** PARTICIPANT_STATE: a thread has registered it. */
export const IN_USE: u32 = 1;

/** Pages of a descriptor. */
export const DESCRIPTOR_PAGES: u32 =
  (<u32>PARTICIPANT_HAND + PARTICIPANT_HAND_ENTRIES * 8 + PAGE_BYTES - 1) / PAGE_BYTES;

/** The participant's number, 1..256. */
export function participantNumber(participant: usize): u32 {
  return load<u32>(participant, PARTICIPANT_NUMBER);
}

/** UNUSED or IN_USE. */
export function participantState(participant: usize): u32 {
  return atomic.load<u32>(participant, PARTICIPANT_STATE);
}

/** Changes the state. */
export function setParticipantState(participant: usize, state: u32): void {
  atomic.store<u32>(participant, state, PARTICIPANT_STATE);
}

/** Makes a descriptor that of nobody: the last but one thing that happens to it, before its ticket goes. */
export function retireDescriptor(participant: usize): void {
  atomic.store<u32>(participant, 0, PARTICIPANT_HAND_COUNT);
  atomic.store<u32>(participant, 0, PARTICIPANT_THREAD);
  atomic.store<u32>(participant, 0, PARTICIPANT_OS_THREAD);
  setParticipantState(participant, UNUSED);
}

/** A participant's cache of a class. */
export function cacheOf(participant: usize, sizeClass: u32): usize {
  return participant + CACHES + sizeClass * offsetof<Cache>();
}

/** The block on top of a cache, or 0. */
export function cacheHead(cache: usize): usize {
  return load<u32>(cache, offsetof<Cache>("head"));
}

/** The block below one that is in a cache, or 0. */
export function cachedBelow(block: usize): usize {
  return load<u32>(block);
}

/** How many more blocks a cache takes: for who changes it (D1), or quiescent checks. */
export function cacheRoom(cache: usize): u32 {
  return load<u32>(cache, offsetof<Cache>("room"));
}

/** How many more blocks somebody's cache takes, for statistics (D1). */
export function cacheRoomOfAny(cache: usize): u32 {
  return atomic.load<u32>(cache, offsetof<Cache>("room"));
}

function setRoom(cache: usize, room: u32): void {
  atomic.store<u32>(cache, room, offsetof<Cache>("room"));
}

/** Puts a block on a cache that has room for it. Its first word becomes the link. */
export function pushCached(cache: usize, block: usize, room: u32): void {
  store<u32>(block, <u32>cacheHead(cache));
  store<u32>(cache, <u32>block, offsetof<Cache>("head"));
  setRoom(cache, room - 1);
}

/** Takes the block on top, which is `block`, off a cache. */
export function popCached(cache: usize, block: usize): void {
  store<u32>(cache, load<u32>(block), offsetof<Cache>("head"));
  setRoom(cache, cacheRoom(cache) + 1);
}

/** Counts a cache anew, when its `room` may be wrong because its thread died: D3. O(blocks). */
export function recountCache(cache: usize, limit: u32): void {
  let room = limit;
  for (let block = cacheHead(cache); block; block = cachedBelow(block)) room--;
  if (room !== cacheRoom(cache)) setRoom(cache, room);
}

/** Prepares a new descriptor in recycled pages: all zero up to the scratch areas, caches empty. */
export function initialiseDescriptor(participant: usize, number: u32): void {
  memory.fill(participant, 0, KEY_SCRATCH);
  store<u32>(participant, number, PARTICIPANT_NUMBER);
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    setRoom(cacheOf(participant, sizeClass), cacheLimit(sizeClass));
  }
}
