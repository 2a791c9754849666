/*
 * The global epoch, and the only code that changes it.
 *
 * Invariants
 *   G1  it never decreases, and each change adds one: the change is a compare-and-swap on all of its
 *       64 bits, so that an advancer which was stalled between its checks and its swap changes nothing.
 *   G2  it goes from e to e + 1 only if somebody, after it became e, saw each participant either not
 *       pinned or announcing e.
 */
import { GLOBAL_EPOCH, participantAt, participantLimit } from "@masstree/memory/assembly";
import { areaOf, loadAnnounced, noteDelay } from "./layout";

/** Whom the last `tryAdvance` of this thread found behind, and nobody has asked for since; 0 for no one. */
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
 * May be called pinned or not, by any thread; a participant that is pinned lets the epoch advance
 * once past its own. Never waits.
 *
 * @returns true when this call advanced it; false when a participant is behind, or another thread
 *   advanced it first
 * O(participants), one atomic load each.
 * Source: Fraser, "Practical lock-freedom" (2004), section 5.2.3.
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
 * Who kept the last collection of this thread from freeing what it should have: a participant that stays
 * pinned, perhaps because its thread has ended. Asking forgets it.
 *
 * @returns its descriptor; 0 when the last collection freed enough
 * O(1).
 */
export function takeObstacle(): usize {
  const found = obstacle;
  forgetObstacle();
  return found;
}

/** As `takeObstacle`, when it does not matter who is behind: there is little garbage. */
export function forgetObstacle(): void {
  obstacle = 0;
}
