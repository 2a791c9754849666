/*
 * What the holder of the lock does to the word before it unlocks. All of these are atomic read-modify-writes: a
 * store, even an atomic one, could overwrite the SLEEPERS bit that another thread sets meanwhile, and leave that
 * thread asleep.
 *
 * Mark first, then change the node (VERSION4): readers that load a changed field must find the mark, or the
 * counter.
 */
import { precondition } from "./precondition";
import { DELETED, INSERTING, isLocked, ROOT, SPLITTING } from "./word";

/**
 * Says that entries are about to change in place. Readers wait, or discard what they have read.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function markInserting(node: usize): void {
  if (DEBUG) precondition(isLocked(atomic.load<u64>(node)));
  atomic.or<u64>(node, INSERTING);
}

/**
 * Says that keys are about to leave the node. Readers wait; those inside will search again.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function markSplitting(node: usize): void {
  if (DEBUG) precondition(isLocked(atomic.load<u64>(node)));
  atomic.or<u64>(node, SPLITTING);
}

/**
 * Says that the node is leaving the tree: sets DELETED for good, and SPLITTING until it is unlocked.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function markDeleted(node: usize): void {
  if (DEBUG) precondition(isLocked(atomic.load<u64>(node)));
  atomic.or<u64>(node, DELETED | SPLITTING);
}

/**
 * Makes the node the root of its layer. To readers inside, that is a change and a split.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function setRoot(node: usize): void {
  if (DEBUG) precondition(isLocked(atomic.load<u64>(node)));
  atomic.or<u64>(node, ROOT);
}

/**
 * Says that the node is no longer the root of its layer. To readers inside, that is a change and a split.
 * @param node address of the version word, a multiple of 8, of a lock that this thread holds
 */
export function clearRoot(node: usize): void {
  if (DEBUG) precondition(isLocked(atomic.load<u64>(node)));
  atomic.and<u64>(node, ~ROOT);
}
