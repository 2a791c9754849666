// The region's lock, and what happens to it when the thread that holds it dies.
//
// The lock names its holder. Whoever waits for it and finds that the holder is dead takes it over and
// repairs what the holder left half done; so does `repairRegion`. All primary data is right at every
// instruction (pagemap.ts, slab.ts), so a repair derives the rest from it, and is the same wherever the
// holder stopped.
//
// A repairer can die too, and so can the one after it. What each of them was repairing is in REPAIRS,
// written before the lock is taken over. From the dead holder of the lock on, that leads to everyone
// whose section under the lock was broken off and not settled yet.
//
// Whoever recovers a dead participant acts for it: works with its descriptor, its caches and its hand,
// in its stead. Only the region's lock is taken in the living one's name, and ROLES says for whom: if
// that one dies as well, holding the lock, then what it acted for has to be settled with it.
//
//   lock ──owner──> C ──REPAIRS──> B ──REPAIRS──> A ──> 0
//                   └─ROLES─> D    └─ROLES─> 0    └─ROLES─> E      all of A to E to be settled
//
// Invariants
//   L1  REPAIRS of the lock's holder is not 0 from before it took the lock over from a dead holder until
//       all is repaired. Of anyone else it means nothing.
//   L2  ROLES of a participant names whose descriptor it works with in that one's stead.
//   L3  Every section counts in the lock's word. So who found the holder dead takes the lock from that
//       holder, never from a new thread to which its number went in the meantime.
//   L4  Whoever recovers another can not wait for the lock as long as it takes: its holder may be dead as well, and
//       whoever is to say so may be this very thread, once it comes back from here. So a recovery asks for the lock
//       first, and gives up if it does not get it (`keepRegion`); and then keeps it, for it can not stop in the middle.

import {
  lockOrTimeout,
  markInserting,
  ownerOf,
  takeOver,
  tryLock,
  unlock,
} from "@masstree/nodeversion/assembly";
import { participantNumber } from "./descriptor";
import { extent, LOCK, PAGE_BYTES, REPAIRS, ROLES, regionLockWord } from "./header";
import { reachTo } from "./reach";
import { isGoneNumber } from "./recover";
import { rebuild, settleCaches, settleRuns } from "./repair";
import { isDeadNumber, participantAt } from "./tickets";

/** The number in whose name this thread locks while it acts for a dead participant; 0 when it does not. */
let actor: u32 = 0;

function wordOf(table: usize, number: u32): usize {
  return table + ((number - 1) << 2);
}

function repairedBy(number: u32): u32 {
  return atomic.load<u32>(wordOf(REPAIRS, number));
}

function roleOf(number: u32): u32 {
  return atomic.load<u32>(wordOf(ROLES, number));
}

/** Whether this thread keeps the lock from `keepRegion` to `dropRegion`, over all sections in between. */
let kept: bool = false;

/** Says whether a participant repairs the region or acts for another. For checks. */
export function isBusy(number: u32): bool {
  return repairedBy(number) !== 0 || roleOf(number) !== 0;
}

/** Forgets what the thread that had a number before was repairing, and whom it acted for. */
export function resetRoles(number: u32): void {
  atomic.store<u32>(wordOf(REPAIRS, number), 0);
  atomic.store<u32>(wordOf(ROLES, number), 0);
}

/**
 * From now on this thread acts for a dead participant: it may call everything of this package with that
 * one's descriptor. Its own may be used as well.
 *
 * @param dead a dead participant whose recovery the caller has claimed
 * @param by the calling thread's own descriptor
 */
export function actFor(dead: usize, by: usize): void {
  actor = participantNumber(by);
  atomic.store<u32>(wordOf(ROLES, actor), participantNumber(dead));
}

/** Ends what `actFor` began. */
export function actForNone(by: usize): void {
  atomic.store<u32>(wordOf(ROLES, participantNumber(by)), 0);
  actor = 0;
}

/** Settles what the section of a number that died under the lock left in two places. */
function settle(number: u32, rebuilt: bool): void {
  const participant = number ? participantAt(number - 1) : 0;
  if (!participant) return;
  if (rebuilt) settleRuns(participant);
  else settleCaches(participant);
}

/** Holding the lock as `owner`, which took it over: settles all whose sections were broken off. */
function settleAll(owner: u32, rebuilt: bool): void {
  for (let number = repairedBy(owner); number; number = repairedBy(number)) {
    settle(number, rebuilt);
    settle(roleOf(number), rebuilt);
  }
}

/** Takes the lock over from the holder in a word that was seen, which is dead, and repairs the region; false when others were first. */
function takeOverFrom(seen: u64, owner: u32): bool {
  atomic.store<u32>(wordOf(REPAIRS, owner), ownerOf(seen)); // L1
  const taken = takeOver(LOCK, seen, owner); // L3
  if (taken) {
    reachAll();
    settleAll(owner, false);
    rebuild();
    settleAll(owner, true);
  }
  atomic.store<u32>(wordOf(REPAIRS, owner), 0);
  return taken;
}

/**
 * Takes the region's lock for a participant. Sections under it are short and never wait.
 *
 * When the thread that holds it is dead, and known to be, the caller repairs the region first.
 */
export function lockRegion(number: u32): void {
  if (kept) return;
  const owner = actor ? actor : number;
  while (!lockRegionOrTimeout(owner)) {}
}

/** As `lockRegion`; false when the lock was not given back for long, by one that is not known to be dead. */
function lockRegionOrTimeout(owner: u32): bool {
  while (!tryLock(LOCK, owner)) {
    const seen = regionLockWord();
    const holder = ownerOf(seen);
    if (holder && isDeadNumber(holder)) {
      reachAll();
      if (takeOverFrom(seen, owner)) return true;
    } else if (lockOrTimeout(LOCK, owner)) break;
    // Only now: to ask the host takes longer than most waits.
    else if (!holder || !isGoneNumber(holder)) return false;
  }
  reachAll();
  return true;
}

/**
 * Takes the region's lock for everything that this thread does up to `dropRegion`, for its own participant and for
 * others (L4). Others wait meanwhile as soon as they need memory that is not theirs yet.
 *
 * @param number the calling thread's own
 * @returns false, with nothing done, when who holds the lock did not give it back for some 10 ms and is not known to
 *   be dead
 */
export function keepRegion(number: u32): bool {
  kept = lockRegionOrTimeout(number);
  return kept;
}

/** Gives back what `keepRegion` took. */
export function dropRegion(): void {
  kept = false;
  unlockRegion();
}

/** Nobody adds to the region while this thread holds the lock. */
function reachAll(): void {
  reachTo(0, extent() * PAGE_BYTES);
}

/** Gives the region's lock back, unless it is kept. */
export function unlockRegion(): void {
  if (kept) return;
  markInserting(LOCK); // L3
  unlock(LOCK);
}

/**
 * Puts right what a dead thread left half done under the region's lock. The same again if it is called
 * again; nothing if there is nothing.
 *
 * When it returns, nobody is going to touch what the dead one's sections left, so that the one who has
 * claimed its recovery can go on with that.
 *
 * @param _dead a number whose thread is known to be dead
 * @param by the calling thread's number
 * O(1), or O(pages + slabs) when somebody died holding the lock: some 50 ms for 4 GiB.
 */
export function repairRegion(_dead: u32, by: u32): void {
  // Also when somebody else holds it now: that may be who repairs what the dead one left.
  lockRegion(by);
  unlockRegion();
}
