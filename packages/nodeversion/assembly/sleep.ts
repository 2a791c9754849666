/*
 * Waiting for a version word: spin for a little, then sleep. With more threads than cores the holder
 * may not be running, and each spinner would burn its time slice.
 *
 * Sleepers wait on the low half of the word (the high half, the split counter, stays while the word
 * is merely locked). Unlocking wakes one of them. No sleeper is forgotten, because the duty to wake
 * the next is always somewhere:
 *
 *   S1  while threads sleep on an unlocked word, or on a locked one without SLEEPERS, one thread is
 *       awake that was woken and has not passed it on, or holds a lock that it took with SLEEPERS.
 *       A woken thread that wanted the lock takes it with SLEEPERS set (so its unlock wakes the next),
 *       or sets SLEEPERS again and sleeps; one that only wanted the word to be clean wakes another.
 *   S2  a thread that dies with that duty is made up for by the time limit of each sleep.
 */
import { waitWhileEqual } from "./wait";
import { SLEEPERS } from "./word";

/** How often a thread looks at the word before it sleeps: a microsecond or so of work of others. */
export const SPINS: i32 = DEBUG ? 4 : 100;

/** How long one sleep may take; see S2. In tests so long that a forgotten sleeper would be noticed. */
export const SLEEP_NANOSECONDS: i64 = DEBUG ? 2_000_000_000 : 10_000_000;

/** How long the sleep of a thread may take that wants to look after the holder then. */
export const PATIENCE_NANOSECONDS: i64 = 10_000_000;

/** How often a thread that may not sleep looks at the word before it looks after the holder. */
export const PATIENCE_SPINS: i32 = DEBUG ? 1_000 : 100_000;

/** What `sleepWhile` returns when another thread woke this one. */
export const WOKEN: i32 = 0;

/** What it returns when the thread did not sleep. */
const NOT_SLEPT: i32 = 1;

/** What it returns when nobody woke the thread within the time limit. */
export const TIMED_OUT: i32 = 2;

/** How often this instance slept until the time limit: the holder slept too, or died (S2). */
export let timeouts: u32 = 0;

/** Whether this instance, and so its thread, may sleep. Private to the instance. */
export let mayWait: bool = true;

/**
 * Says whether this thread may sleep while it waits. A browser's main thread may not: there,
 * `memory.atomic.wait32` traps. It then spins for as long as it takes.
 * @param allowed true at first
 */
export function setMayWait(allowed: bool): void {
  mayWait = allowed;
}

/**
 * Sleeps while any of the bits is set, until woken or for the time limit; returns at once when they
 * are clear, or when the word changes meanwhile. Only where `mayWait`.
 * @param busy OWNER_MASK, or bits that are set only in a locked word
 * @param limit nanoseconds
 * @returns WOKEN, NOT_SLEPT or TIMED_OUT: the numbers that `memory.atomic.wait32` gives
 */
export function sleepWhile(node: usize, busy: u64, limit: i64): i32 {
  let version = atomic.load<u64>(node);
  if ((version & busy) === 0) return NOT_SLEPT;
  if ((version & SLEEPERS) === 0) {
    // The word is locked, for `busy` is set in it, and still is if the swap succeeds: V1, V3.
    if (atomic.cmpxchg<u64>(node, version, version | SLEEPERS) !== version) return NOT_SLEPT;
    version |= SLEEPERS;
  }
  // If it was unlocked since, this returns at once; or it is locked again with SLEEPERS by the same
  // owner without a mark, and sleeping is right.
  const outcome = waitWhileEqual(node, version as i32, limit);
  if (outcome === TIMED_OUT) timeouts++;
  return outcome;
}

/** Wakes one thread that sleeps on the word, if there is one. */
export function wakeOne(node: usize): void {
  atomic.notify(node, 1);
}
