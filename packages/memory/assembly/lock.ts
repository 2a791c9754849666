/*
 * The region's lock, and what happens to it when the thread that holds it dies.
 *
 * The lock names its holder. A thread that waits for it and finds that the holder is dead seizes the lock and
 * repairs what the holder left half done. `repairRegion` does the same. All primary data is correct at every
 * instruction (pagemap.ts, slab.ts). So a repair derives the rest from it, wherever the holder stopped.
 *
 * A repairer can die too, and so can the next one. REPAIRS says for whom each of them was repairing the region; it
 * is written before the lock is seized. From the dead holder of the lock, these words lead to everyone whose
 * section under the lock was interrupted and is not settled yet.
 *
 * A thread that recovers a dead participant acts for it: it works with that participant's descriptor, caches and
 * private blocks. Only the region's lock is taken in the recoverer's own name, and ROLES says whom it acts for. If
 * the recoverer also dies while it holds the lock, both have to be settled.
 *
 *   lock ──owner──> C ──REPAIRS──> B ──REPAIRS──> A ──> 0
 *                   └─ROLES─> D    └─ROLES─> 0    └─ROLES─> E      all of A to E to be settled
 *
 * Invariants
 *   LOCK1  REPAIRS of the lock's holder is not 0 from before it seized the lock from a dead holder until
 *          everything is repaired. For all others it means nothing.
 *   LOCK2  ROLES of a participant names the participant that it acts for, with whose descriptor it works.
 *   LOCK3  Every section counts in the lock's word. So a thread that found the holder dead takes the lock from
 *          that holder, never from a new thread that got its number meanwhile.
 *   LOCK4  A recovery cannot wait for the lock without limit: the lock's holder may be dead as well, and this very
 *          thread may be the one to report that, once the recovery returns. So a recovery takes the lock first,
 *          and gives up if it does not get it (`keepRegion`). Then it keeps the lock, because it cannot stop in
 *          the middle.
 */

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
import { rebuild, repairCaches, repairRuns } from "./repair";
import { isDeadNumber, isGoneNumber, participantAt } from "./tickets";

/** The number in whose name this thread locks while it acts for a dead participant; 0 otherwise. */
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

/** Whether this thread holds the lock from `keepRegion` to `dropRegion`, across all sections in between. */
let kept: bool = false;

/** Whether a participant repairs the region or acts for another. For checks. */
export function isBusy(number: u32): bool {
  return repairedBy(number) !== 0 || roleOf(number) !== 0;
}

/** Clears for whom the previous thread with a number was repairing, and for whom it acted. */
export function resetRoles(number: u32): void {
  atomic.store<u32>(wordOf(REPAIRS, number), 0);
  atomic.store<u32>(wordOf(ROLES, number), 0);
}

/**
 * From now on this thread acts for a dead participant: it may call every function of this package with the dead
 * participant's descriptor. It may also use its own.
 *
 * @param dead a dead participant whose recovery the caller has claimed
 * @param by the calling thread's own number
 */
export function actFor(dead: usize, by: u32): void {
  actor = by;
  atomic.store<u32>(wordOf(ROLES, actor), participantNumber(dead));
}

/** Ends what `actFor` began. */
export function actForNone(by: u32): void {
  atomic.store<u32>(wordOf(ROLES, by), 0);
  actor = 0;
}

/**
 * Settles what an interrupted section under the lock left in two places, for the dead participant with a number.
 */
function settle(number: u32, rebuilt: bool): void {
  const participant = number !== 0 ? participantAt(number - 1) : 0;
  if (participant === 0) return;
  if (rebuilt) repairRuns(participant);
  else repairCaches(participant);
}

/** Under the lock, which `owner` has seized: settles everyone whose section was interrupted. */
function settleAll(owner: u32, rebuilt: bool): void {
  for (let number = repairedBy(owner); number !== 0; number = repairedBy(number)) {
    settle(number, rebuilt);
    settle(roleOf(number), rebuilt);
  }
}

/**
 * Seizes the lock from the dead holder that the word `seen` names, and repairs the region. False if another thread
 * was first.
 */
function takeOverFrom(seen: u64, owner: u32): bool {
  atomic.store<u32>(wordOf(REPAIRS, owner), ownerOf(seen)); // LOCK1
  const taken = takeOver(LOCK, seen, owner); // LOCK3
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
 * If the thread that holds it is known to be dead, the caller repairs the region first.
 */
export function lockRegion(number: u32): void {
  if (kept) return;
  const owner = actor !== 0 ? actor : number;
  while (!lockRegionOrTimeout(owner)) {}
}

/** Like `lockRegion`; false if the lock was not given back for long by a thread that is not known to be dead. */
function lockRegionOrTimeout(owner: u32): bool {
  while (!tryLock(LOCK, owner)) {
    const seen = regionLockWord();
    const holder = ownerOf(seen);
    if (holder !== 0 && isDeadNumber(holder)) {
      reachAll();
      if (takeOverFrom(seen, owner)) return true;
    } else if (lockOrTimeout(LOCK, owner)) break;
    // Only now: asking the host takes longer than most waits.
    else if (holder === 0 || !isGoneNumber(holder)) return false;
  }
  reachAll();
  return true;
}

/**
 * Takes the region's lock for everything that this thread does until `dropRegion`, for its own participant and for
 * others (LOCK4). Meanwhile other threads wait as soon as they need memory from outside their caches.
 *
 * @param number the calling thread's own
 * @returns false, with nothing done, if the lock's holder did not give it back within about 10 ms and is not known
 *   to be dead
 */
export function keepRegion(number: u32): bool {
  kept = lockRegionOrTimeout(number);
  return kept;
}

/** Gives back the lock that `keepRegion` took. */
export function dropRegion(): void {
  kept = false;
  unlockRegion();
}

/** Reaches the whole region. No other thread grows it while this one holds the lock. */
function reachAll(): void {
  reachTo(0, extent() * PAGE_BYTES);
}

/** Gives the region's lock back, unless it is kept. */
export function unlockRegion(): void {
  if (kept) return;
  markInserting(LOCK); // LOCK3
  unlock(LOCK);
}

/**
 * Repairs what a dead thread left half done under the region's lock. Has the same effect when called again; does
 * nothing if there is nothing to repair.
 *
 * When it returns, no thread will change what the dead thread's sections left. So the thread that has claimed the
 * recovery can continue with that.
 *
 * @param by the calling thread's number
 *
 * O(1); O(pages + slabs) if a thread died holding the lock: about 50 ms for 4 GiB.
 */
export function repairRegion(by: u32): void {
  // Also if another thread holds it now: that thread may be repairing what the dead one left.
  lockRegion(by);
  unlockRegion();
}
