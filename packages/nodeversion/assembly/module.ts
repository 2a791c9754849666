/*
 * The module that the JavaScript wrapper instantiates: what JavaScript calls, and no more.
 *
 * A call may be interrupted in the middle, and its caller lives on (guard.ts of @masstree/wasm). All that it leaves is
 * in the word, whole: each function changes it by one instruction. But whoever calls `lock` and gets no answer does
 * not know that it has the lock. So `abandon` gives it back. A sleeper that is not woken wakes by itself (SLEEP2).
 */
import { isHeldBy, lock as lockNode, tryLock as tryLockNode, unlock } from "./lock";

/** 1 + the address of the word whose lock a call is about to take, which it did not hold before; 0 for none. */
let taking: usize = 0;
let taker: u32 = 0;

/** As `lock` of lock.ts. False, with nothing done, if the owner holds it already. */
export function lock(node: usize, owner: u32): bool {
  if (isHeldBy(node, owner)) return false;
  begin(node, owner);
  lockNode(node, owner);
  taking = 0;
  return true;
}

/** As `tryLock` of lock.ts. */
export function tryLock(node: usize, owner: u32): bool {
  if (isHeldBy(node, owner)) return false;
  begin(node, owner);
  const taken = tryLockNode(node, owner);
  taking = 0;
  return taken;
}

function begin(node: usize, owner: u32): void {
  taker = owner;
  taking = node + 1;
}

/** Gives back the lock that an interrupted call has taken, if it has. No call of this instance may follow. */
export function abandon(): void {
  if (taking === 0) return;
  if (isHeldBy(taking - 1, taker)) unlock(taking - 1);
  taking = 0;
}

export { initialise, initialiseLocked, isHeldBy, unlock } from "./lock";
export { clearRoot, markDeleted, markInserting, markSplitting, setRoot } from "./mark";
export { hasChanged, hasSplit, loadVersion, stable } from "./read";
export { setMayWait } from "./sleep";
