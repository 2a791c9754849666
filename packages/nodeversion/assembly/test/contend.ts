/*
 * What the tests run in worker threads at full speed: writers, and readers that would notice if the lock did not
 * exclude other threads.
 *
 * The node, 64 bytes at `node`:
 *   0   version word
 *   8   a counter (u64), only under the lock, by plain loads and stores
 *   16  two fields (u64) that are equal whenever the node is not dirty, by atomic loads and stores
 */
import {
  clearRoot,
  hasChanged,
  lock,
  lockOrTimeout,
  markDeleted,
  markInserting,
  markSplitting,
  setRoot,
  stable,
  tryLock,
  unlock,
} from "../index";

export { isHeldBy, lock, setMayWait, stable, tryLock, unlock } from "../index";
export { timeouts } from "../sleep";

/** Counts up by `times` under the lock; a lost update would show in the sum of all threads. */
export function count(node: usize, owner: u32, times: u32): void {
  for (let i: u32 = 0; i < times; i++) {
    lock(node, owner);
    store<u64>(node + 8, load<u64>(node + 8) + 1);
    unlock(node);
  }
}

/** Like `count`, but never waits for the lock. Returns how often it did not get it. */
export function countTrying(node: usize, owner: u32, times: u32): u32 {
  let misses: u32 = 0;
  for (let i: u32 = 0; i < times; ) {
    if (tryLock(node, owner)) {
      store<u64>(node + 8, load<u64>(node + 8) + 1);
      unlock(node);
      i++;
    } else {
      misses++;
    }
  }
  return misses;
}

/** Changes both fields `times` times in marked sections, every eighth of which is a split. */
export function write(node: usize, owner: u32, times: u32): void {
  for (let i: u32 = 0; i < times; i++) {
    lock(node, owner);
    if ((i & 7) === 7) markSplitting(node);
    else markInserting(node);
    const next = atomic.load<u64>(node + 16) + 1;
    atomic.store<u64>(node + 16, next);
    atomic.store<u64>(node + 24, next);
    unlock(node);
  }
}

/** Like `count`, with the form of `lock` that gives up: it tries again. */
export function countImpatiently(node: usize, owner: u32, times: u32): void {
  for (let i: u32 = 0; i < times; i++) {
    while (!lockOrTimeout(node, owner)) {}
    store<u64>(node + 8, load<u64>(node + 8) + 1);
    unlock(node);
  }
}

/**
 * Sets one kind of mark `marks` times in each of `times` sections, so that another thread falls asleep between any
 * two of its instructions. A sleeper whose bit the mark overwrites stays asleep.
 * @param kind 0 INSERTING, 1 SPLITTING, 2 DELETED, 3 ROOT, 4 not ROOT
 */
export function mark(node: usize, owner: u32, times: u32, marks: u32, kind: u32): void {
  for (let i: u32 = 0; i < times; i++) {
    lock(node, owner);
    for (let j: u32 = 0; j < marks; j++) {
      if (kind === 0) markInserting(node);
      else if (kind === 1) markSplitting(node);
      else if (kind === 2) markDeleted(node);
      else if (kind === 3) setRoot(node);
      else clearRoot(node);
    }
    unlock(node);
  }
}

/**
 * Reads both fields until the first has reached `target`. Returns how many validated reads were torn or went
 * backwards: 0 if the version word works.
 */
export function read(node: usize, target: u64): u32 {
  let wrong: u32 = 0;
  let last: u64 = 0;
  while (last < target) {
    const before = stable(node);
    const first = atomic.load<u64>(node + 16);
    const second = atomic.load<u64>(node + 24);
    if (hasChanged(node, before)) continue;
    if (first !== second || first < last) wrong++;
    last = first;
  }
  return wrong;
}
