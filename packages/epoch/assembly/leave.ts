/*
 * Leaving the scheme. What a participant retired and cannot free yet stays in its retire lists, marked for others
 * to free (orphans.ts).
 */
import { drain } from "./collect";
import { areaOf, loadHeld, storeAnnounced, storeHeld, storeOrphaned } from "./layout";
import { MemoryFree } from "./memory-free";
import { countRetired } from "./retire-list";

/**
 * Ends a participant's part in the scheme: unpins it, however deep, frees what can be freed and marks the rest for
 * others to free. Call it once, just before memory's `unregister`.
 *
 * The recoverer of a dead thread may call it too, in that thread's place. It relies only on the retire lists, and
 * recounts what they hold.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the descriptor, still registered, which no other thread is using
 *
 * O(participants + blocks held), times up to DRAIN_TRIES.
 */
export function leave<F extends MemoryFree = MemoryFree>(participant: usize): void {
  const area = areaOf(participant);
  area.depth = 0;
  storeAnnounced(area, 0); // ORPHAN2
  storeHeld(area, countRetired(area));
  drain<F>(participant);
  storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // ORPHAN3
}
