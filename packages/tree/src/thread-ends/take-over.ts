/*
 * Taking over from threads that have ended, when what one held is in the way of another.
 *
 * Two workers are terminated at once, in the middle of writes. The exit event of the first comes, and
 * this thread takes over from it, for which it needs a lock that the second holds. That one will not
 * give it back, and nobody knows yet that it has ended: its exit event is behind the one that is being
 * handled. So the tree gives a recovery up rather than wait (assembly/recover.ts, V4), and it is begun
 * again here, from the event loop.
 */
import type { TreeExports } from "../tree-exports.ts";

/** Milliseconds to the first and to the last further attempt: each waits twice as long as the one before. */
const FIRST = 1;
const LAST = 1000;

/** The trees for which an attempt is to come. */
const waiting = /* @__PURE__ */ new Set<TreeExports>();

/**
 * Says that a thread has ended, and takes over from it: at once, or as soon as locks in the way of that
 * are given back or known to be held by another that has ended.
 *
 * @param exports of a participant of the map
 * @param begin says so: one of `release`, `releaseThread` and `releaseGone`
 * @returns what `begin` did
 * @internal
 */
export function takeOver(exports: TreeExports, begin: () => number): number {
  const result = begin();
  if (exports.unrecovered() !== 0 && !waiting.has(exports)) {
    waiting.add(exports);
    goOn(exports, FIRST);
  }
  return result;
}

function goOn(exports: TreeExports, delay: number): void {
  const timer: unknown = setTimeout(() => {
    // Closed meanwhile: then it is for those who still have the map open.
    if (exports.participantNumber() !== 0) {
      exports.releaseGone();
      if (exports.unrecovered() !== 0) return goOn(exports, Math.min(2 * delay, LAST));
    }
    waiting.delete(exports);
  }, delay);
  // In Node a timer is an object, and this one is no reason for the process to go on.
  (timer as { unref?: () => void }).unref?.();
}
