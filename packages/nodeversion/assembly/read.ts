/*
 * Reading a node without its lock:
 *
 *   before = stable(node)              not dirty
 *   ... atomic loads of its fields     may be torn between two states
 *   hasChanged(node, before)           if so, discard what was loaded and start over
 *
 * All accesses are sequentially consistent, so the fields are loaded between the two loads of the version. With
 * VERSION4, an unchanged version means that they belong to one state of the node.
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

/** The present version, which may be dirty or locked: one atomic load. */
export function loadVersion(node: usize): u64 {
  return atomic.load<u64>(node);
}

/**
 * A version that is not dirty; it may be locked. Waits while the node is dirty: it first spins, with a bound, then
 * sleeps until the holder unlocks, if the thread may wait.
 * @param node address of the version word, a multiple of 8
 */
export function stable(node: usize): u64 {
  const version = loadVersion(node);
  return isDirty(version) ? awaitStable(node) : version;
}

function awaitStable(node: usize): u64 {
  let woken = false;
  while (true) {
    for (let spins = SPINS; spins > 0; spins--) {
      const version = loadVersion(node);
      if (!isDirty(version)) {
        // The one wake-up came here, but the next thread may be waiting for the lock.
        if (woken) wakeOne(node);
        return version;
      }
    }
    if (mayWait && sleepWhile(node, DIRTY, SLEEP_NANOSECONDS) === WOKEN) woken = true;
  }
}

/**
 * Like `stable`, but gives up after a while, so that the caller can check whether the thread that holds the lock
 * is still alive. It gives up after 10 ms of sleep in which the lock was not given back; if the thread may not
 * wait, after a bounded number of loads.
 * @param node address of the version word, a multiple of 8
 * @returns a version that is not dirty; or, after a while, one that still is and names its owner
 */
export function stableOrTimeout(node: usize): u64 {
  const version = loadVersion(node);
  return isDirty(version) ? awaitImpatiently(node) : version;
}

function awaitImpatiently(node: usize): u64 {
  let woken = false;
  let version = loadVersion(node);
  for (let patience = PATIENCE_SPINS; patience > 0; patience -= SPINS) {
    for (let spins = SPINS; spins > 0 && isDirty(version); spins--) version = loadVersion(node);
    if (!isDirty(version)) break;
    if (!mayWait) continue;
    const outcome = sleepWhile(node, DIRTY, PATIENCE_NANOSECONDS);
    if (outcome === WOKEN) woken = true;
    version = loadVersion(node);
    if (outcome === TIMED_OUT) break;
    patience = PATIENCE_SPINS;
  }
  // As in awaitStable. A thread that gives up also has not passed on the wake-up that it got before.
  if (woken) wakeOne(node);
  return version;
}

/**
 * Whether what was read in the node since `before` has to be discarded: see `changedBetween`. One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param before what `stable` returned before the reads; fewer than 2^32 marked sections ago
 */
export function hasChanged(node: usize, before: u64): bool {
  return changedBetween(before, loadVersion(node));
}

/**
 * Whether keys may have left the node since `before`: see `splitBetween`. If the node has changed without a split,
 * a search may continue in it. One atomic load.
 * @param node address of the version word, a multiple of 8
 * @param before what `stable` returned before the reads; fewer than 2^32 splits ago
 */
export function hasSplit(node: usize, before: u64): bool {
  return splitBetween(before, loadVersion(node));
}
