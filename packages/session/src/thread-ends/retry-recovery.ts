/*
 * Recovering the participants of threads that have ended, when what one held is in the way of another.
 *
 * Two workers are terminated at once, in the middle of writes. The exit event of the first comes, and
 * this thread recovers its participant, for which it needs a lock that the second holds. That one will not
 * give it back, and nobody knows yet that it has ended: its exit event is behind the one that is being
 * handled. So a module gives a recovery up rather than wait (assembly/recover.ts, RECOVER4), and it is begun
 * again here, from the event loop.
 */

import { nodeBuiltin } from "@masstree/errors/node-builtin";
import type { Membership } from "./interface.ts";

/** Milliseconds to the first and to the last further attempt: each waits twice as long as the one before. */
const FIRST = 1;
const LAST = 1000;

/** The participants of this thread for which an attempt is to come. */
const waiting = /* @__PURE__ */ new Set<Membership>();

/**
 * Says that a thread has ended, and recovers its participants: at once, or as soon as locks in the way of that
 * are given back or known to be held by another that has ended.
 *
 * @param exports of a participant
 * @param begin says so: one of `release`, `releaseThread` and `releaseGone`
 * @returns what `begin` did
 * @internal
 */
export function recoverOrRetry(exports: Membership, begin: () => number): number {
  const result = begin();
  if (exports.unrecovered() !== 0 && !waiting.has(exports)) {
    waiting.add(exports);
    lookAgain(() => {
      // Closed meanwhile: then it is for those who still have the map open.
      const closed = exports.participantNumber() === 0;
      if (!closed) exports.releaseGone();
      if (!closed && exports.unrecovered() !== 0) return false;
      return waiting.delete(exports);
    });
  }
  return result;
}

/**
 * Looks again and again whether something has come about, ever more seldom, and without keeping the
 * process. Not where there are no timers, as in an AudioWorklet: there those who need it find it out.
 *
 * @param look whether it has
 * @internal
 */
export function lookAgain(look: () => boolean, delay: number = FIRST): void {
  const timer: unknown = setTimer?.(() => {
    if (!look()) lookAgain(look, Math.min(2 * delay, LAST));
  }, delay);
  (timer as { unref?: () => void } | undefined)?.unref?.();
}

/**
 * Node's own `setTimeout`, if there is one. A global one may return a number, which has no `unref`: then the timer
 * would keep the process running.
 */
const setTimer: typeof setTimeout | undefined =
  nodeBuiltin<{ setTimeout?: typeof setTimeout }>("node:timers")?.setTimeout ??
  globalThis.setTimeout;
