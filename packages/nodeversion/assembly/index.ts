/// <reference path="./constants.d.ts" />
/*
 * The versioned lock of a node: word.ts draws the word and states its invariants, read.ts is for
 * readers without the lock, lock.ts and mark.ts for writers, sleep.ts is how both wait, by the one
 * instruction of wait.ts, and precondition.ts is what DEBUG=1 checks with.
 *
 * Every function takes the address of the version word, a multiple of 8 in a shared memory. All but
 * takeOver and the waiting ones (stable, lock, and their forms that give up) are wait-free, and all are
 * O(1). Nothing here allocates.
 *
 * Compile with `--use DEBUG=0|1`: with 1, broken preconditions trap, and threads sleep early.
 */
export {
  initialise,
  initialiseLocked,
  isHeldBy,
  lock,
  lockOrTimeout,
  takeOver,
  tryLock,
  unlock,
} from "./lock";
export { clearRoot, markDeleted, markInserting, markSplitting, setRoot } from "./mark";
export { hasChanged, hasSplit, load, stable, stableOrTimeout } from "./read";
export { setMayWait } from "./sleep";
export { waitWhileEqual } from "./wait";
export {
  changedBetween,
  DELETED,
  DIRTY,
  INSERT_STEP,
  INSERTING,
  isDeleted,
  isDirty,
  isLeaf,
  isLocked,
  isRoot,
  LEAF,
  OWNER_MASK,
  ownerOf,
  ROOT,
  SLEEPERS,
  SPLIT_STEP,
  SPLITTING,
  splitBetween,
} from "./word";
