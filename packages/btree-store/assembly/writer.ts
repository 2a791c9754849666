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
  loadVersion,
  lockOrTimeout,
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

/**
 * Takes the lock, or gives up if it was not given back for about 10 ms. A thread that has just given it back lets the
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
  return tryLock(WRITER, owner) || lockOrTimeout(WRITER, owner);
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
