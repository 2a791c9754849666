/*
 * Waiting for a version word: spin briefly, then sleep. With more threads than cores the holder may not be
 * running, and each spinner would burn its time slice.
 *
 * Sleepers wait on the low half of the word; the high half, the split counter, stays the same while the word is
 * merely locked. Unlocking wakes one of them. No sleeper is forgotten, because some thread always has the duty to
 * wake the next:
 *
 *   SLEEP1  While threads sleep on an unlocked word, or on a locked one without SLEEPERS, one awake thread has
 *           that duty: it was woken and has not passed the wake-up on, or it holds a lock that it took with
 *           SLEEPERS. A woken thread that wanted the lock takes it with SLEEPERS set (so its unlock wakes the
 *           next), or sets SLEEPERS again and sleeps. One that only wanted the word to be clean wakes another.
 *   SLEEP2  If a thread with that duty dies, the time limit of each sleep makes up for it.
 */
import { waitWhileEqual } from "./wait";
import { SLEEPERS } from "./word";

/**
 * How many times a thread checks the word before it sleeps: about a microsecond. In tests once: the explorer sets a
 * thread aside that has looked at the same word a few times, and it is sleep that has to be explored.
 */
export const SPINS: i32 = DEBUG ? 1 : 100;

/** The time limit of one sleep; see SLEEP2. In tests it is so long that a forgotten sleeper would be noticed. */
export const SLEEP_NANOSECONDS: i64 = DEBUG ? 2_000_000_000 : 10_000_000;

/** The time limit of one sleep after which the thread checks on the lock's holder. */
export const PATIENCE_NANOSECONDS: i64 = 10_000_000;

/** How many times a thread that may not sleep checks the word before it checks on the holder. */
export const PATIENCE_SPINS: i32 = DEBUG ? 1_000 : 100_000;

/** What `sleepWhile` returns when another thread woke this one. */
export const WOKEN: i32 = 0;

/** What it returns if the thread did not sleep. */
const NOT_SLEPT: i32 = 1;

/** What it returns if nobody woke the thread within the time limit. */
export const TIMED_OUT: i32 = 2;

/** How often a sleep of this instance reached the time limit: the holder slept too, or died (SLEEP2). */
export let timeouts: u32 = 0;

/** Whether this instance, and so its thread, may sleep. Private to the instance. */
export let mayWait: bool = true;

/**
 * Says whether this thread may sleep while it waits. A browser's main thread may not: there,
 * `memory.atomic.wait32` traps. It then spins until it succeeds.
 * @param allowed true at first
 */
export function setMayWait(allowed: bool): void {
  mayWait = allowed;
}

/**
 * Sleeps while any of the bits is set, until woken or up to the time limit. Returns at once if they are clear, or
 * when the word changes meanwhile. Only where `mayWait`.
 * @param busy OWNER_MASK, or bits that are set only in a locked word
 * @param limit nanoseconds
 * @returns WOKEN, NOT_SLEPT or TIMED_OUT: the numbers of `memory.atomic.wait32`
 */
export function sleepWhile(node: usize, busy: u64, limit: i64): i32 {
  let version = atomic.load<u64>(node);
  if ((version & busy) === 0) return NOT_SLEPT;
  if ((version & SLEEPERS) === 0) {
    // The word is locked, because `busy` is set in it. It still is if the swap succeeds: VERSION1, VERSION3.
    if (atomic.cmpxchg<u64>(node, version, version | SLEEPERS) !== version) return NOT_SLEPT;
    version |= SLEEPERS;
  }
  // If it was unlocked since, this returns at once. Or the same owner has locked it again with SLEEPERS and
  // without a mark; then sleeping is right.
  const outcome = waitWhileEqual(node, <i32>version, limit);
  if (outcome === TIMED_OUT) timeouts++;
  return outcome;
}

/** Wakes one thread that sleeps on the word, if there is one. */
export function wakeOne(node: usize): void {
  atomic.notify(node, 1);
}
