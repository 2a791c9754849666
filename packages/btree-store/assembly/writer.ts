/*
 * The writer's lock: who holds it may change the file, from the beginning of a transaction to its end, which is many
 * calls. So it is not in the journal, whose locks last for one write; the table's lock is taken under it.
 *
 * Invariant
 *   WRITER1  If the holder dies, its recovery sets `orphaned` before it gives the lock back. The next holder puts right
 *            what the dead one left, and then clears it.
 */
import {
  isHeldBy,
  isLocked,
  loadVersion,
  ownerOf,
  SLEEPERS,
  tryLock,
  unlock,
  waitWhileEqual,
} from "@masstree/nodeversion/assembly";
import { owner } from "@masstree/session/assembly";
import { ORPHANED, WRITER } from "./words";

/** Whether someone slept when this instance gave the lock back: only a hint. */
let isWanted: bool = false;

/** How often, and for how long at a time, a thread lets others come first. */
const YIELDS: u32 = 20;
const YIELD_NANOSECONDS: i64 = 50_000;
/** What `waitWhileEqual` returns if the word had another value. */
const CHANGED: i32 = 1;

/** How long a thread sleeps at a time, how often, and how often it looks before it sleeps. */
const SLEEP_NANOSECONDS: i64 = 10_000_000;
const SLEEPS: u32 = 4;
const SPINS: u32 = 100;
/** How often one looks that may not sleep. */
const PATIENCE_SPINS: u32 = 100_000;
/** What `waitWhileEqual` returns if another thread woke this one, and if the time was over. */
const WOKEN: i32 = 0;
const TIMED_OUT: i32 = 2;

/**
 * Takes the lock, or gives up after some 10 ms. So does `lockOrTimeout` of @masstree/nodeversion, but not while the lock
 * changes hands; and one that always comes too late has to look at the clock. The sleepers' duties are those of SLEEP1.
 */
function lockSoon(mayWait: bool): bool {
  let wasWoken = false;
  const rounds: u32 = mayWait ? SLEEPS : PATIENCE_SPINS / SPINS;
  for (let round: u32 = 0; round < rounds; round++) {
    for (let spin: u32 = 0; spin < SPINS; spin++) {
      if (tryLock(WRITER, owner)) return taken(wasWoken);
    }
    if (!mayWait) continue;
    const outcome = sleepOnce();
    if (outcome === WOKEN) wasWoken = true;
    if (outcome === TIMED_OUT) break;
  }
  while (!tryLock(WRITER, owner)) {
    if (!wasWoken || addSleepers(loadVersion(WRITER))) return false;
  }
  return taken(wasWoken);
}

/** One that was woken wakes the next when it gives the lock back: others may be asleep as well. */
function taken(wasWoken: bool): bool {
  if (wasWoken) addSleepers(loadVersion(WRITER));
  return true;
}

/** Says that there are sleepers, if the lock is still as it was seen, and held. */
function addSleepers(version: u64): bool {
  if (!isLocked(version)) return false;
  if ((version & SLEEPERS) !== 0) return true;
  return atomic.cmpxchg<u64>(WRITER, version, version | SLEEPERS) === version;
}

/** Sleeps until the lock is given back, or for SLEEP_NANOSECONDS. Returns what `waitWhileEqual` does. */
function sleepOnce(): i32 {
  const version = loadVersion(WRITER);
  if (!addSleepers(version)) return CHANGED;
  return waitWhileEqual(WRITER, <i32>(version | SLEEPERS), SLEEP_NANOSECONDS);
}

/**
 * Takes the lock, or gives up if it was not free for about 10 ms. A thread that has just given it back lets the
 * one that slept come first: locks are not fair, and a thread that writes all the time would keep others out.
 *
 * @param mayWait whether the thread may sleep
 */
export function lockWriterOrTimeout(mayWait: bool): bool {
  if (isWanted && mayWait) {
    isWanted = false;
    for (let i: u32 = 0; i < YIELDS && ownerOf(loadVersion(WRITER)) === 0; i++) {
      if (waitWhileEqual(ORPHANED, 0, YIELD_NANOSECONDS) === CHANGED) break;
    }
  }
  return tryLock(WRITER, owner) || lockSoon(mayWait);
}

export function holdsWriter(): bool {
  return isHeldBy(WRITER, owner);
}

export function unlockWriter(): void {
  isWanted = (loadVersion(WRITER) & SLEEPERS) !== 0;
  unlock(WRITER);
}

/** Gives the lock back in the name of a dead holder. */
export function orphanWriter(): void {
  if (!holdsWriter()) return;
  atomic.store<u32>(ORPHANED, 1);
  unlock(WRITER);
}
