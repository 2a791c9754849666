/*
 * Reading a node without its lock:
 *
 *   before = stable(node)              not dirty
 *   ... atomic loads of its fields     may be torn between two states
 *   hasChanged(node, before)           if so, forget what was loaded and start over
 *
 * All accesses are sequentially consistent, so the fields are loaded between the two loads of the
 * version: with V4, an unchanged version means that they belong to one state of the node.
 */
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
import { changedBetween, DIRTY, isDirty, splitBetween } from "./word";

/** The version as it is, which may be dirty or locked: one atomic load. */
export function load(node: usize): u64 {
  return atomic.load<u64>(node);
}

/**
 * A version that is not dirty; it may be locked. Waits while the node is dirty: first it spins, with a
 * bound, then it sleeps until the holder unlocks, where the thread may wait.
 * @param node address of the version word, a multiple of 8
 */
export function stable(node: usize): u64 {
  const version = load(node);
  return isDirty(version) ? awaitStable(node) : version;
}

function awaitStable(node: usize): u64 {
  let woken = false;
  while (true) {
    for (let spins = SPINS; spins > 0; spins--) {
      const version = load(node);
      if (!isDirty(version)) {
        // The one call to wake up came here, but the next thread may be waiting for the lock.
        if (woken) wakeOne(node);
        return version;
      }
    }
    if (mayWait && sleepWhile(node, DIRTY, SLEEP_NANOSECONDS) === WOKEN) woken = true;
  }
}

/**
 * As `stable`, but gives up after a while, so that the caller can see whether the thread that holds
 * the lock is still alive: after 10 ms of sleep in which it was not given back, or, where the thread
 * may not wait, after a bounded number of looks.
 * @param node address of the version word, a multiple of 8
 * @returns a version that is not dirty; or, after a while, one that still is and names its owner
 */
export function stableOrTimeout(node: usize): u64 {
  const version = load(node);
  return isDirty(version) ? awaitImpatiently(node) : version;
}

function awaitImpatiently(node: usize): u64 {
  let woken = false;
  let version = load(node);
  for (let patience = PATIENCE_SPINS; patience > 0; patience -= SPINS) {
    for (let spins = SPINS; spins > 0 && isDirty(version); spins--) version = load(node);
    if (!isDirty(version)) break;
    if (!mayWait) continue;
    const outcome = sleepWhile(node, DIRTY, PATIENCE_NANOSECONDS);
    if (outcome === WOKEN) woken = true;
    version = load(node);
    if (outcome === TIMED_OUT) break;
    patience = PATIENCE_SPINS;
  }
  // As in awaitStable; and a sleeper that gives up has not passed on the call that it got before.
  if (woken) wakeOne(node);
  return version;
}

/**
 * Whether what was read in the node since `before` has to be forgotten: see `changedBetween`.
 * One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param before what `stable` returned before the reads; fewer than 2^32 marked sections ago
 */
export function hasChanged(node: usize, before: u64): bool {
  return changedBetween(before, load(node));
}

/**
 * Whether keys may have left the node since `before`: see `splitBetween`. If it has changed without
 * having split, a search may go on in the node where it is. One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param before what `stable` returned before the reads; fewer than 2^32 splits ago
 */
export function hasSplit(node: usize, before: u64): bool {
  return splitBetween(before, load(node));
}
