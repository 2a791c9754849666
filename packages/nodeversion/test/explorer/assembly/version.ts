/*
 * The version word as the explorer runs it: one node at `NODE`, under the word's lock and read without.
 *
 *   64  version word
 *   72  a counter (u64), only under the lock, by plain loads and stores
 *   80  two fields (u64) that are equal whenever the node is not dirty, by atomic loads and stores
 */
import {
  hasChanged,
  hasSplit,
  initialise,
  isDirty,
  LEAF,
  lock,
  lockOrTimeout,
  markInserting,
  markSplitting,
  stable,
  stableOrTimeout,
  tryLock,
  unlock,
} from "@masstree/nodeversion/assembly";

const NODE: usize = 64;
const COUNTER: usize = 72;
const FIRST: usize = 80;
const SECOND: usize = 88;

export function prepare(): void {
  initialise(NODE, LEAF);
}

function change(): void {
  const next = atomic.load<u64>(FIRST) + 1;
  atomic.store<u64>(FIRST, next);
  atomic.store<u64>(SECOND, next);
}

function increment(): void {
  store<u64>(COUNTER, load<u64>(COUNTER) + 1);
}

export function count(owner: u32): void {
  lock(NODE, owner);
  increment();
  unlock(NODE);
}

/** As the memory and the tree lock: after a while they look whether the holder still lives, and go on. */
export function countPatiently(owner: u32): void {
  while (!lockOrTimeout(NODE, owner));
  increment();
  unlock(NODE);
}

/** As a recovery locks: it gives up after a while. Whether it has counted. */
export function countImpatiently(owner: u32): u32 {
  if (!lockOrTimeout(NODE, owner)) return 0;
  increment();
  unlock(NODE);
  return 1;
}

export function counter(): u32 {
  return <u32>load<u64>(COUNTER);
}

export function countTrying(owner: u32): u32 {
  if (!tryLock(NODE, owner)) return 0;
  increment();
  unlock(NODE);
  return 1;
}

export function insertMarked(owner: u32): void {
  lock(NODE, owner);
  markInserting(NODE);
  change();
  unlock(NODE);
}

export function splitMarked(owner: u32): void {
  lock(NODE, owner);
  markSplitting(NODE);
  change();
  unlock(NODE);
}

/** 1 when a validated read was torn, else 0. */
export function readPair(): u32 {
  while (true) {
    const before = stable(NODE);
    const first = atomic.load<u64>(FIRST);
    const second = atomic.load<u64>(SECOND);
    if (!hasChanged(NODE, before)) return first === second ? 0 : 1;
  }
}

/** As `readPair`, as the tree reads: after a while it looks whether the holder still lives, and goes on. */
export function readPatiently(): u32 {
  while (true) {
    const before = stableOrTimeout(NODE);
    if (isDirty(before)) continue;
    const first = atomic.load<u64>(FIRST);
    const second = atomic.load<u64>(SECOND);
    if (!hasChanged(NODE, before)) return first === second ? 0 : 1;
  }
}

/** 2 when the pair changed by a split that `hasSplit` did not tell, else 0. */
export function readSplit(): u32 {
  const before = stable(NODE);
  const first = atomic.load<u64>(FIRST);
  const second = atomic.load<u64>(SECOND);
  if (hasSplit(NODE, before)) return 0;
  return first === second ? 0 : 2;
}

/** The word in the end: unlocked, clean, with nobody asleep. */
export function isSettled(): u32 {
  return (atomic.load<u64>(NODE) & 0x3fff) === 0 ? 1 : 0;
}

export function insertCount(): u32 {
  return <u32>(atomic.load<u64>(NODE) >> 16) & 0xffff;
}

export function splitCount(): u32 {
  return <u32>(atomic.load<u64>(NODE) >> 32);
}
