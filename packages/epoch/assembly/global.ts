/*
 * The global epoch, and the only code that changes it.
 *
 * Invariants
 *   EPOCH1  It never decreases, and each change adds one. The change is a compare-and-swap on all of its 64 bits,
 *           so an advancer that stalled between its checks and its swap changes nothing.
 *   EPOCH2  It goes from e to e + 1 only if some thread, after it became e, saw each participant either not pinned
 *           or announcing e.
 */
import { GLOBAL_EPOCH, participantAt, participantLimit } from "@masstree/memory/assembly";
import { areaOf, loadAnnounced, noteDelay } from "./layout";

/**
 * The participant that this thread's last `tryAdvance` found behind, until `takeBlocker` asks for it; 0 for none.
 */
let obstacle: usize = 0;

/**
 * The global epoch.
 *
 * @returns the epoch, from 0. It may have advanced by the time the caller looks at it.
 * O(1), one atomic load.
 */
export function globalEpoch(): u64 {
  return atomic.load<u64>(GLOBAL_EPOCH);
}

/**
 * Advances the global epoch by one, unless a participant is pinned in an earlier one.
 *
 * Any thread may call it, pinned or not; a participant that is pinned lets the epoch advance once beyond its own.
 * Never waits.
 *
 * @returns true if this call advanced it; false if a participant is behind, or another thread advanced it first
 *
 * O(participants), one atomic load each. Source: Fraser, "Practical lock-freedom" (2004), section 5.2.3.
 */
export function tryAdvance(): bool {
  const epoch = globalEpoch();
  const current = (epoch << 1) | 1;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const participant = participantAt(index);
    if (participant === 0) continue;
    const announced = loadAnnounced(areaOf(participant));
    if (announced !== 0 && announced !== current) {
      noteDelay(areaOf(participant), announced);
      obstacle = participant;
      return false;
    }
  }
  obstacle = 0;
  return atomic.cmpxchg<u64>(GLOBAL_EPOCH, epoch, epoch + 1) === epoch;
}

/**
 * The participant that kept this thread's last collection from freeing all that it should: it stays pinned,
 * perhaps because its thread has ended. Asking clears it.
 *
 * @returns its descriptor; 0 if the last collection freed enough
 *
 * O(1).
 */
export function takeBlocker(): usize {
  const found = obstacle;
  forgetBlocker();
  return found;
}

/** The same, without clearing it. */
export function lastBlocker(): usize {
  return obstacle;
}

/** Clears it, if it does not matter who is behind because there is little garbage. */
export function forgetBlocker(): void {
  obstacle = 0;
}
