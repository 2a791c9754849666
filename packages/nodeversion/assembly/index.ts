/// <reference path="./constants.d.ts" />
/*
 * The versioned lock of a node. word.ts draws the word and states its invariants. read.ts is for readers without
 * the lock, lock.ts and mark.ts are for writers. Both wait by sleep.ts, which uses the one instruction of wait.ts.
 * precondition.ts has the checks of DEBUG=1.
 *
 * Every function takes the address of the version word, a multiple of 8 in a shared memory. All functions are
 * wait-free except takeOver and those that wait (stable, lock, and their forms with a timeout). All are O(1).
 * Nothing here allocates.
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
export { hasChanged, hasSplit, loadVersion, stable, stableOrTimeout } from "./read";
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
