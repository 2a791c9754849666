/*
 * The participant descriptor: what one thread's use of a region owns. This file derives all offsets in it.
 *
 *   offset                        bytes       area                      whose
 *   ---------------------------   ---------   -----------------------   ----------------------------------
 *   0                             64          the words of Descriptor   below
 *   64                            40 x 8      caches                    below
 *   PARTICIPANT_EPOCH             128         announcement, lists       @masstree/epoch
 *   PARTICIPANT_JOURNAL           960         the write in progress     @masstree/session
 *   PARTICIPANT_STRUCTURE         256         counters and such         the structure built on the region
 *   KEY_SCRATCH                   65,600      scratch                   the participant, see the table
 *   BOUND_SCRATCH                 65,600      scratch                   the participant
 *   RESULT_SCRATCH                135,168     scratch                   the participant
 *   PARTICIPANT_LOG               32,512      the log of the write      @masstree/session
 *   PARTICIPANT_WORKSPACE         33,024      scratch of the structure  the participant
 *   PARTICIPANT_PRIVATE           80 x 8      private blocks            private.ts
 *
 * The words:
 *
 *   byte   what                                written by                     read by
 *   ----   ---------------------------------   ----------------------------   ----------------
 *   0      PARTICIPANT_NUMBER         u32      register, the first time       everyone
 *   4      PARTICIPANT_STATE          u32      register, unregister           everyone (atomic)
 *   8      PARTICIPANT_RECOVERER      u32      claimRecovery                  everyone (atomic)
 *   12     PARTICIPANT_THREAD         u32      JavaScript, once registered    everyone (atomic)
 *   16     PARTICIPANT_OS_THREAD      u32      JavaScript, once registered    everyone (atomic)
 *   20     PARTICIPANT_PRIVATE_COUNT  u32      the participant                its recoverer
 *
 * A cache is a stack of blocks of one class, linked through their own first words:
 *
 *   byte 0   head  u32   the block on top, 0 = empty
 *   byte 4   room  u32   how many more blocks the cache takes: the class's limit less its count
 *
 * Who may use which scratch, and when. Only the participant's own thread uses it. A recoverer of a dead
 * participant may use all of it, as that participant could.
 *
 *   scratch     between calls into the module   during a call
 *   ---------   -----------------------------   ------------------------------------------------------
 *   key         JavaScript writes a key         the call reads it, and may overwrite it before it ends
 *   bound       JavaScript writes a bound       a range call reads it; any other call may overwrite it
 *   result      JavaScript reads results        the call reads arguments, and writes its results
 *   workspace   nobody                          the structure, for what the call does not keep
 *
 * The last bytes of PARTICIPANT_STRUCTURE lie just before the key scratch, for a structure that needs a header in
 * front of a key.
 *
 * A descriptor is a run of pages. `register` creates it when its number is first used, keeps it for good, and
 * reuses it for every later participant with that number. Unused scratch costs addresses, not memory.
 *
 * Invariants
 *   DESCRIPTOR1  Only its participant's thread changes a cache, without the lock. Others read `room`, for
 *                statistics: its owner stores it atomically, and others load it atomically. It is exact whenever
 *                its owner neither allocates nor frees. No other thread uses `head` while the owner lives.
 *   DESCRIPTOR2  A participant that is not in use has empty caches and no private blocks.
 *   DESCRIPTOR3  Only the holder of its recovery (recover.ts) changes what a dead participant owns. One exception:
 *                a thread that repairs the region may finish, in the participant's caches and private blocks, what
 *                a section under the region's lock left undone.
 */

import { MAX_SIZE_CLASSES, PAGE_BYTES } from "./header";
import { CLASSES, cacheLimit } from "./sizeclass";

@unmanaged
class Descriptor {
  number: u32;
  state: u32;
  recoverer: u32;
  thread: u32;
  osThread: u32;
  privateCount: u32;
}

@unmanaged
class Cache {
  head: u32;
  room: u32;
}

const LINE: usize = 64;

/** Offset of the participant's number (u32, 1..248), which also names the owner of its locks. */
export const PARTICIPANT_NUMBER: usize = offsetof<Descriptor>("number");
/** Offset of the participant's state (u32): UNUSED or IN_USE. */
export const PARTICIPANT_STATE: usize = offsetof<Descriptor>("state");
/** Offset of a word (u32) that names the recoverer of this participant, if it is dead: see recover.ts. */
export const PARTICIPANT_RECOVERER: usize = offsetof<Descriptor>("recoverer");
/** Offset of a word (u32) for JavaScript: which thread this is, for other threads. 0 if not in use. self.ts: a mark. */
export const PARTICIPANT_THREAD: usize = offsetof<Descriptor>("thread");
/** Offset of a second such word (u32). */
export const PARTICIPANT_OS_THREAD: usize = offsetof<Descriptor>("osThread");
/** Offset of the number of entries in the list of private blocks (u32), see private.ts. */
export const PARTICIPANT_PRIVATE_COUNT: usize = offsetof<Descriptor>("privateCount");

const CACHES: usize = LINE;

/** Offset of 128 bytes on two cache lines of their own, for @masstree/epoch. Kept on reuse; zero at first. */
export const PARTICIPANT_EPOCH: usize = CACHES + MAX_SIZE_CLASSES * offsetof<Cache>();

/** Size of the area at PARTICIPANT_JOURNAL. */
export const JOURNAL_BYTES: usize = 15 * LINE;
/**
 * Offset of JOURNAL_BYTES for the journal of the write in progress (@masstree/session). Kept on reuse; zero at
 * first.
 */
export const PARTICIPANT_JOURNAL: usize = PARTICIPANT_EPOCH + 2 * LINE;

/** Size of the area at PARTICIPANT_STRUCTURE. */
export const STRUCTURE_BYTES: usize = 4 * LINE;
/** Offset of STRUCTURE_BYTES for the structure built on the region. Kept on reuse; zero at first. */
export const PARTICIPANT_STRUCTURE: usize = PARTICIPANT_JOURNAL + JOURNAL_BYTES;

/**
 * Size of the key scratch, and of the bound scratch: a key of 65,536 bytes, and a cache line for reads beyond its
 * end.
 */
export const KEY_SCRATCH_BYTES: usize = 65536 + LINE;
/** Offset of KEY_SCRATCH_BYTES for a key. */
export const KEY_SCRATCH: usize = PARTICIPANT_STRUCTURE + STRUCTURE_BYTES;
/** Offset of KEY_SCRATCH_BYTES for a range's far bound. */
export const BOUND_SCRATCH: usize = KEY_SCRATCH + KEY_SCRATCH_BYTES;

/** Size of the area at RESULT_SCRATCH: two keys of 65,536 bytes and a page. */
export const RESULT_SCRATCH_BYTES: usize = 2 * 65536 + PAGE_BYTES;
/** Offset of RESULT_SCRATCH_BYTES for results. */
export const RESULT_SCRATCH: usize = BOUND_SCRATCH + KEY_SCRATCH_BYTES;

/** Size of the area at PARTICIPANT_LOG. */
export const LOG_BYTES: u32 = 508 * 64;
/** Offset of LOG_BYTES for the log of the write in progress (@masstree/session). Undefined at first. */
export const PARTICIPANT_LOG: usize = RESULT_SCRATCH + RESULT_SCRATCH_BYTES;

/** Size of the area at PARTICIPANT_WORKSPACE. */
export const WORKSPACE_BYTES: usize = 516 * LINE;
/** Offset of WORKSPACE_BYTES for what the structure needs during a call. Undefined at first. */
export const PARTICIPANT_WORKSPACE: usize = PARTICIPANT_LOG + LOG_BYTES;

/** How many entries the list of private blocks has room for. */
export const PARTICIPANT_PRIVATE_ENTRIES: u32 = 80;
/** Offset of the entries of that list (8 bytes each), see private.ts. */
export const PARTICIPANT_PRIVATE: usize = PARTICIPANT_WORKSPACE + WORKSPACE_BYTES;

/** PARTICIPANT_STATE: no thread has the number. */
export const UNUSED: u32 = 0;
/** PARTICIPANT_STATE: a thread has registered it. */
export const IN_USE: u32 = 1;

/** Pages of a descriptor. */
export const DESCRIPTOR_PAGES: u32 =
  (<u32>PARTICIPANT_PRIVATE + PARTICIPANT_PRIVATE_ENTRIES * 8 + PAGE_BYTES - 1) / PAGE_BYTES;

/** The participant's number, 1..248. */
export function participantNumber(participant: usize): u32 {
  return load<u32>(participant, PARTICIPANT_NUMBER);
}

/** UNUSED or IN_USE. */
export function participantState(participant: usize): u32 {
  return atomic.load<u32>(participant, PARTICIPANT_STATE);
}

/** The thread's number in JavaScript, 0 until it has registered. */
export function participantThread(participant: usize): u32 {
  return atomic.load<u32>(participant, PARTICIPANT_THREAD);
}

/** The number that the operating system gives the thread, 0 if that is not known. */
export function participantOsThread(participant: usize): u32 {
  return atomic.load<u32>(participant, PARTICIPANT_OS_THREAD);
}

/** Sets the state. */
export function setParticipantState(participant: usize, state: u32): void {
  atomic.store<u32>(participant, state, PARTICIPANT_STATE);
}

/** Makes a descriptor nobody's: the last step but one, before its ticket is cleared. */
export function retireDescriptor(participant: usize): void {
  atomic.store<u32>(participant, 0, PARTICIPANT_PRIVATE_COUNT);
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

/** How many more blocks a cache takes. For the thread that changes it (DESCRIPTOR1), or quiescent checks. */
export function cacheRoom(cache: usize): u32 {
  return load<u32>(cache, offsetof<Cache>("room"));
}

/** How many more blocks any participant's cache takes, for statistics (DESCRIPTOR1). */
export function cacheRoomOfAny(cache: usize): u32 {
  return atomic.load<u32>(cache, offsetof<Cache>("room"));
}

function setRoom(cache: usize, room: u32): void {
  atomic.store<u32>(cache, room, offsetof<Cache>("room"));
}

/** Pushes a block onto a cache that has room for it. Its first word becomes the link. */
export function pushCached(cache: usize, block: usize, room: u32): void {
  store<u32>(block, <u32>cacheHead(cache));
  store<u32>(cache, <u32>block, offsetof<Cache>("head"));
  setRoom(cache, room - 1);
}

/** Pops the block on top, which is `block`, from a cache. */
export function popCached(cache: usize, block: usize): void {
  store<u32>(cache, load<u32>(block), offsetof<Cache>("head"));
  setRoom(cache, cacheRoom(cache) + 1);
}

/** Recounts a cache, whose `room` may be wrong because its thread died (DESCRIPTOR3). O(blocks). */
export function recountCache(cache: usize, limit: u32): void {
  let room = limit;
  for (let block = cacheHead(cache); block !== 0; block = cachedBelow(block)) room--;
  if (room !== cacheRoom(cache)) setRoom(cache, room);
}

/** Prepares a new descriptor in recycled pages: all zero up to the scratch areas, caches empty. */
export function initialiseDescriptor(participant: usize, number: u32): void {
  if (offsetof<Descriptor>() > CACHES)
    ERROR("the words of a descriptor do not fit before its caches");
  if (((PARTICIPANT_EPOCH | KEY_SCRATCH | RESULT_SCRATCH) & (LINE - 1)) !== 0) {
    ERROR("an area of a descriptor does not begin on a cache line");
  }
  memory.fill(participant, 0, KEY_SCRATCH);
  store<u32>(participant, number, PARTICIPANT_NUMBER);
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    setRoom(cacheOf(participant, sizeClass), cacheLimit(sizeClass));
  }
}
