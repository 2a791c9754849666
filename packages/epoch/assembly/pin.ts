/*
 * Pinning: while a participant is pinned, no block that it can reach is freed.
 *
 * Invariants
 *   PIN1  The announcement is stored before the first shared load of the pinned section and cleared after its last
 *         one. All of these are sequentially consistent, so no fence is needed.
 *   PIN2  The announced epoch was the global one at some moment before the announcement. It may be any number of
 *         epochs old by then: a late announcement only keeps the epoch where it is.
 */
import { collect, isDue } from "./collect";
import { globalEpoch } from "./global";
import { areaOf, storeAnnounced } from "./layout";
import { MemoryFree } from "./memory-free";

/**
 * Pins a participant: blocks that it can reach from now on stay until it unpins, however long that takes. Pins
 * nest; the outermost one counts.
 *
 * @param participant the caller's own descriptor
 *
 * O(1): the outermost pin is one atomic load and one atomic store, an inner one neither. Writes the epoch area's
 * `announced` and `depth`.
 */
export function pin(participant: usize): void {
  const area = areaOf(participant);
  const depth = area.depth;
  if (depth === 0) announce(participant, globalEpoch());
  area.depth = depth + 1;
}

/**
 * The second half of an outermost pin: tells all threads that the participant may hold what was reachable. Only
 * for tests of what happens between the halves; use `pin`.
 *
 * @param participant the caller's own descriptor
 * @param epoch what `globalEpoch()` returned, at any earlier time (PIN2)
 */
export function announce(participant: usize, epoch: u64): void {
  storeAnnounced(areaOf(participant), (epoch << 1) | 1);
}

/**
 * Undoes one `pin`. The outermost one lets go of everything read while pinned, and collects if a collection is
 * due. It is done here and not when retiring, because a pinned participant holds the epoch back.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, pinned; with DEBUG, a trap if it is not
 *
 * O(1), one atomic store; if a collection is due, as `collect`.
 */
export function unpin<F extends MemoryFree = MemoryFree>(participant: usize): void {
  const area = areaOf(participant);
  if (DEBUG) assert(area.depth !== 0);
  const depth = area.depth - 1;
  area.depth = depth;
  if (depth !== 0) return;
  storeAnnounced(area, 0);
  if (isDue(area)) collect<F>(participant);
}

/** Whether a participant is pinned, as its own thread sees it. O(1). */
export function isPinned(participant: usize): bool {
  return areaOf(participant).depth !== 0;
}
