import type { SessionExports } from "./exports.ts";
import type { Member } from "./thread-ends/interface.ts";
import { threadEnds } from "./thread-ends.ts";

/** One participant: one thread's use of the structure. */
export interface ParticipantStats {
  /** Its number, from 1: what `release` takes. */
  readonly number: number;
  /** Whether it is the participant of this object. */
  readonly self: boolean;
  /** The id of its thread in its engine (`threadId` of node:worker_threads), if known. */
  readonly threadId: number | undefined;
  /**
   * `"dead"` if its thread is known to have ended; another thread is about to recover what it held.
   */
  readonly state: "live" | "dead";
  /** Whether it is in an operation right now. */
  readonly pinned: boolean;
  /**
   * How many epochs it is behind: 0, or 1 if nothing that was retired since can be freed before its
   * operation ends. More only for a thread that was stopped as the operation began.
   */
  readonly epochsBehind: number;
  /**
   * How many attempts, by any thread, to free memory its current operation has blocked: 0 or a few
   * for a brief operation, thousands for one that does not end while others write.
   */
  readonly delays: number;
  /**
   * The least time that its operation has lasted, in milliseconds: since the first of those
   * attempts, or 0 if there was none. By the clock of `Date.now()`.
   */
  readonly pinnedFor: number;
}

/**
 * Who uses a structure, and who is known to have ended but is not recovered yet. O(participants).
 */
export function participantsOf(exports: SessionExports, member: Member): ParticipantStats[] {
  const found: ParticipantStats[] = [];
  const self = exports.participantNumber();
  const last = exports.participants();
  for (let number = 1; number <= last; number++) {
    const state = exports.stateOf(number);
    if (state === 0) continue;
    const pinned = exports.pinnedOf(number);
    found.push({
      number,
      self: number === self,
      threadId: threadEnds.threadId(member, number),
      state: state === 1 ? "live" : "dead",
      pinned: pinned > 0,
      epochsBehind: Math.max(0, pinned - 1),
      delays: exports.delaysOf(number) >>> 0,
      pinnedFor: elapsedSince(exports.delayedSinceOf(number)),
    });
  }
  return found;
}

/** 0 for never. The clock may have been set back meanwhile. */
function elapsedSince(time: number): number {
  return time === 0 ? 0 : Math.max(0, Date.now() - time);
}
