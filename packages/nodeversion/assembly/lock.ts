/*
 * The lock in the version word. It is not reentrant and not fair. It names its owner in the same
 * compare-and-swap that takes it, so that at every instruction it is known whose a held lock is.
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
 * Makes the word of a new node, unlocked. A plain store: the node must still be private.
 * @param node address of the version word, a multiple of 8
 * @param flags LEAF and ROOT as they apply; other bits, such as counters, are taken as they are
 */
export function initialise(node: usize, flags: u64): void {
  store<u64>(node, flags);
}

/**
 * Makes the word of a new node, locked from the start, so that it can be published before it is
 * complete. A plain store: the node must still be private.
 * @param node address of the version word, a multiple of 8
 * @param flags as for `initialise`, without an owner
 * @param owner who holds the lock: a participant number, 1 .. 1023
 */
export function initialiseLocked(node: usize, flags: u64, owner: u32): void {
  if (DEBUG) precondition(!isLocked(flags) && isOwner(owner));
  store<u64>(node, flags | (owner as u64));
}

/**
 * Takes the lock if it is free, without waiting: at most one compare-and-swap.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023
 * @returns whether this thread holds the lock now. False also when another thread locked or unlocked
 *   in between: not a proof that it is held
 */
export function tryLock(node: usize, owner: u32): bool {
  if (DEBUG) precondition(isOwner(owner));
  return take(node, owner as u64);
}

/**
 * Takes the lock; waits while another thread holds it: first it spins, with a bound, then it sleeps
 * until it is unlocked, where the thread may wait. A node may be deleted when its lock is got: look.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023; it must not hold this lock already
 */
export function lock(node: usize, owner: u32): void {
  if (DEBUG) precondition(isOwner(owner) && !isHeldBy(node, owner));
  if (!take(node, owner as u64)) lockContended(node, owner);
}

/**
 * Takes the lock as `lock` does, but gives up after a while, so that the caller can see whether the
 * thread that holds it is still alive: after 10 ms of sleep in which the lock was not given back, or,
 * where the thread may not wait, after a bounded number of looks.
 * @param node address of the version word, a multiple of 8
 * @param owner this thread's participant number, 1 .. 1023; it must not hold this lock already
 * @returns whether this thread holds the lock now
 */
export function lockOrTimeout(node: usize, owner: u32): bool {
  if (DEBUG) precondition(isOwner(owner) && !isHeldBy(node, owner));
  return take(node, owner as u64) || lockImpatiently(node, owner);
}

/**
 * Makes a lock that its owner can not give back any more another's, with everything else in the word
 * as it was: marks, counters and sleepers.
 * @param node address of the version word, a multiple of 8
 * @param seen the word as it was before it was found out that the thread of its owner has stopped for
 *   good: in the meantime another may have taken over, and the owner's number may be somebody else's,
 *   who may have the lock. So a lock that is taken over has to count: be marked before it is unlocked.
 * @param to this thread's participant number, 1 .. 1023
 * @returns whether this thread holds the lock now; false when the word is not as it was seen (any more)
 */
export function takeOver(node: usize, seen: u64, to: u32): bool {
  if (DEBUG) precondition(isLocked(seen) && isOwner(to));
  while (true) {
    const version = atomic.load<u64>(node);
    // A sleeper may come in between (V1), and nobody else but another that takes over.
    if (((version ^ seen) & ~SLEEPERS) !== 0) return false;
    const next = (version & ~OWNER_MASK) | (to as u64);
    if (atomic.cmpxchg<u64>(node, version, next) === version) return true;
  }
}

/**
 * Gives the lock back, and with it clears the dirty bits. After `markSplitting` or `markDeleted` the
 * split counter goes up, else after `markInserting` the insert counter, with carry into the split
 * counter. One atomic load and one exchange; one sleeper is woken, if there is any.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function unlock(node: usize): void {
  const version = atomic.load<u64>(node);
  if (DEBUG) precondition(isLocked(version));
  const step = version & SPLITTING ? SPLIT_STEP : version & INSERTING ? INSERT_STEP : 0;
  const next = (version & ~(OWNER_MASK | SLEEPERS | DIRTY)) + step;
  // A sleeper may have come since the load: what the exchange returns decides (V3).
  if (atomic.xchg<u64>(node, next) & SLEEPERS) wakeOne(node);
}

/**
 * Whether a participant holds the lock. Certain only when asked by the participant itself, or once it
 * can not run any more. One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param owner a participant number, 1 .. 1023
 */
export function isHeldBy(node: usize, owner: u32): bool {
  return ownerOf(atomic.load<u64>(node)) === owner;
}

/** Puts `mark`, an owner and perhaps SLEEPERS, into a word that is unlocked. */
function take(node: usize, mark: u64): bool {
  const version = atomic.load<u64>(node);
  return !isLocked(version) && atomic.cmpxchg<u64>(node, version, version | mark) === version;
}

function lockContended(node: usize, owner: u32): void {
  let mark = owner as u64;
  while (true) {
    for (let spins = SPINS; spins > 0; spins--) {
      if (take(node, mark)) return;
    }
    // The one call to wake up came here, but others may be asleep as well (S1).
    if (mayWait && sleepWhile(node, OWNER_MASK, SLEEP_NANOSECONDS) === WOKEN) mark |= SLEEPERS;
  }
}

function lockImpatiently(node: usize, owner: u32): bool {
  let mark = owner as u64;
  for (let patience = PATIENCE_SPINS; patience > 0; patience -= SPINS) {
    for (let spins = SPINS; spins > 0; spins--) {
      if (take(node, mark)) return true;
    }
    if (!mayWait) continue;
    const outcome = sleepWhile(node, OWNER_MASK, PATIENCE_NANOSECONDS);
    // If it was woken, it passes that on as in lockContended, or by the SLEEPERS of its next sleep.
    if (outcome === WOKEN) mark |= SLEEPERS;
    if (outcome === TIMED_OUT) break;
    // Others come and go: the lock is in use, and its holder alive.
    patience = PATIENCE_SPINS;
  }
  return take(node, mark);
}

function isOwner(owner: u32): bool {
  return owner !== 0 && (owner as u64) <= OWNER_MASK;
}
