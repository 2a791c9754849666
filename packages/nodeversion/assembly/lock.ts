/*
 * The lock in the version word. It is not reentrant and not fair. The compare-and-swap that takes it also names
 * its owner. So at every instruction it is known who holds a held lock.
 *
 *              tryLock, lock              unlock
 *   unlocked ----------------> locked ----------------> unlocked
 *                              |    ^   with SPLITTING: split counter + 1
 *          markInserting, ...  v    |   with INSERTING: insert counter + 1
 *                              dirty    with neither:   no counter
 */
import { precondition } from "./precondition";
import {
  mayWait,
  PATIENCE_NANOSECONDS,
  PATIENCE_SPINS,
  SLEEP_NANOSECONDS,
  SPINS,
  sleepWhile,
  TIMED_OUT,
  WOKEN,
  wakeOne,
} from "./sleep";
import {
  DIRTY,
  INSERT_STEP,
  INSERTING,
  isLocked,
  OWNER_MASK,
  ownerOf,
  SLEEPERS,
  SPLIT_STEP,
  SPLITTING,
} from "./word";

/**
 * Initialises the word of a new node, unlocked. A plain store: the node must still be private.
 * @param node address of the version word, a multiple of 8
 * @param flags LEAF and ROOT as they apply; other bits, such as counters, are stored unchanged
 */
export function initialise(node: usize, flags: u64): void {
  store<u64>(node, flags);
}

/**
 * Initialises the word of a new node as locked, so that the node can be published before it is complete. A plain
 * store: the node must still be private.
 * @param node address of the version word, a multiple of 8
 * @param flags as for `initialise`, without an owner
 * @param owner who holds the lock: a participant number, 1 .. 1023
 */
export function initialiseLocked(node: usize, flags: u64, owner: u32): void {
  if (DEBUG) precondition(!isLocked(flags) && isOwner(owner));
  store<u64>(node, flags | <u64>owner);
}

/**
 * Takes the lock if it is free, without waiting: at most one compare-and-swap.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023
 * @returns whether this thread holds the lock now. False does not prove that the lock is held: another thread may
 *   just have locked or unlocked
 */
export function tryLock(node: usize, owner: u32): bool {
  if (DEBUG) precondition(isOwner(owner));
  return take(node, <u64>owner);
}

/**
 * Takes the lock, and waits while another thread holds it. It first spins, with a bound. Then it sleeps until the
 * lock is given back, if the thread may wait. The node may be deleted by the time the lock is taken: check.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023; it must not hold this lock already
 */
export function lock(node: usize, owner: u32): void {
  if (DEBUG) precondition(isOwner(owner) && !isHeldBy(node, owner));
  if (!take(node, <u64>owner)) lockContended(node, owner);
}

/**
 * Takes the lock like `lock`, but gives up after a while, so that the caller can check whether the thread that
 * holds it is still alive. It gives up after 10 ms of sleep in which the lock was not given back; if the thread
 * may not wait, after a bounded number of attempts.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023; it must not hold this lock already
 * @returns whether this thread holds the lock now
 */
export function lockOrTimeout(node: usize, owner: u32): bool {
  if (DEBUG) precondition(isOwner(owner) && !isHeldBy(node, owner));
  return take(node, <u64>owner) || lockImpatiently(node, owner);
}

/**
 * Gives a lock to a new owner, if its present owner can no longer give it back. Everything else in the word stays:
 * marks, counters and sleepers.
 * @param node address of the version word, a multiple of 8
 * @param seen the word as it was before the thread of its owner was found to have stopped for good. Since then
 *   another thread may have taken over the lock; or the owner's number may belong to a new thread, which may hold
 *   the lock. So a lock that is taken over has to count: mark it before you unlock it.
 * @param to this thread's participant number, 1 .. 1023
 * @returns whether this thread holds the lock now; false if the word is no longer as it was seen
 */
export function takeOver(node: usize, seen: u64, to: u32): bool {
  if (DEBUG) precondition(isLocked(seen) && isOwner(to));
  while (true) {
    const version = atomic.load<u64>(node);
    // A sleeper may set its bit meanwhile (VERSION1). Otherwise only a thread that takes over too changes the
    // word.
    if (((version ^ seen) & ~SLEEPERS) !== 0) return false;
    const next = (version & ~OWNER_MASK) | <u64>to;
    if (atomic.cmpxchg<u64>(node, version, next) === version) return true;
  }
}

/**
 * Gives the lock back and clears the dirty bits. After `markSplitting` or `markDeleted` it increments the split
 * counter, else after `markInserting` the insert counter, with carry into the split counter. One atomic load and
 * one exchange. Wakes one sleeper, if there is any.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function unlock(node: usize): void {
  const version = atomic.load<u64>(node);
  if (DEBUG) precondition(isLocked(version));
  const step =
    (version & SPLITTING) !== 0 ? SPLIT_STEP : (version & INSERTING) !== 0 ? INSERT_STEP : 0;
  const next = (version & ~(OWNER_MASK | SLEEPERS | DIRTY)) + step;
  // A sleeper may have come since the load: what the exchange returns decides (VERSION3).
  if ((atomic.xchg<u64>(node, next) & SLEEPERS) !== 0) wakeOne(node);
}

/**
 * Whether a participant holds the lock. Certain only if the participant itself asks, or once it can no longer run.
 * One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param owner a participant number, 1 .. 1023
 */
export function isHeldBy(node: usize, owner: u32): bool {
  return ownerOf(atomic.load<u64>(node)) === owner;
}

/** Sets `mark`, an owner and perhaps SLEEPERS, in a word that is unlocked. */
function take(node: usize, mark: u64): bool {
  const version = atomic.load<u64>(node);
  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) === version;
}

function lockContended(node: usize, owner: u32): void {
  let mark = <u64>owner;
  while (true) {
    for (let spins = SPINS; spins > 0; spins--) {
      if (take(node, mark)) return;
    }
    // The one wake-up came here, but others may be asleep as well (SLEEP1).
    if (mayWait && sleepWhile(node, OWNER_MASK, SLEEP_NANOSECONDS) === WOKEN) mark |= SLEEPERS;
  }
}

function lockImpatiently(node: usize, owner: u32): bool {
  let mark = <u64>owner;
  for (let patience = PATIENCE_SPINS; patience > 0; patience -= SPINS) {
    for (let spins = SPINS; spins > 0; spins--) {
      if (take(node, mark)) return true;
    }
    if (!mayWait) continue;
    const outcome = sleepWhile(node, OWNER_MASK, PATIENCE_NANOSECONDS);
    // If it was woken, it passes the wake-up on as in lockContended, or by the SLEEPERS of its next sleep.
    if (outcome === WOKEN) mark |= SLEEPERS;
    if (outcome === TIMED_OUT) break;
    // Other threads take and give back the lock: it is in use, and its holder is alive.
    patience = PATIENCE_SPINS;
  }
  return take(node, mark);
}

function isOwner(owner: u32): bool {
  return owner !== 0 && <u64>owner <= OWNER_MASK;
}
