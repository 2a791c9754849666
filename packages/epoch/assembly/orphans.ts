/*
 * What a participant leaves behind stays where it is, in the bags of its descriptor. Descriptors are
 * never freed, so nothing has to be moved at a moment when the mover may die, and no list is shared.
 *
 * Two ways lead out:
 *   - a thread that collects claims the descriptor, as if to register with it, frees what is old
 *     enough, and gives it back;
 *   - a thread that registers gets the descriptor, and what is in it, as its own.
 *
 * Invariants
 *   O1  the bags of a descriptor have one holder at a time: memory hands it out, to a registering or
 *       to a claiming thread, by one compare-and-swap, and takes it back by one atomic store.
 *   O2  a descriptor that nobody is registered for announces nothing.
 *   O3  one that nobody is registered for and whose bags are not all empty has `orphaned` set. The
 *       reverse need not hold: a holder clears the mark when it finds the bags empty.
 *   O4  a thread names the descriptor that it is about to claim in its own `claimed`, until it has given
 *       it back: if it dies, whoever takes over from it gives it back (recover.ts).
 */
import { isTaken, participantAt, participantLimit } from "@masstree/memory/assembly";
import { claim, release } from "./claim";
import { drain, freeExpired } from "./collect";
import {
  areaOf,
  BAGS,
  bagOf,
  EpochArea,
  loadHeld,
  loadOrphaned,
  packHeld,
  storeAnnounced,
  storeHeld,
  storeOrphaned,
  tailAt,
} from "./layout";
import { MemoryFree } from "./memory-free";

/**
 * Ends a participant's part in the scheme: unpins it however deep, frees what can be freed and marks
 * the rest for others to free. Call it once, just before memory's `unregister`.
 *
 * Whoever takes over from a thread that died calls it too, in that thread's stead; it relies on
 * nothing but the bags, and counts what they hold anew.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the descriptor, still registered, which no other thread is using
 * O(participants + blocks held), times up to DRAIN_TRIES.
 */
export function leave<F extends MemoryFree = MemoryFree>(participant: usize): void {
  const area = areaOf(participant);
  area.depth = 0;
  storeAnnounced(area, 0); // O2
  storeHeld(area, countBags(area));
  drain<F>(participant);
  storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // O3
}

/**
 * Frees what is old enough of all that was left behind; the blocks go to `participant`'s caches.
 *
 * @returns whether some of it has to wait. What a registering thread has adopted does not count, nor
 *   what another thread is freeing at this moment.
 */
export function freeOrphans<F extends MemoryFree>(participant: usize): bool {
  const own = areaOf(participant);
  let left = false;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const other = participantAt(index);
    if (other === 0 || other === participant) continue;
    const area = areaOf(other);
    if (loadOrphaned(area) === 0 || isTaken(index)) continue;
    own.claimed = index + 1; // O4
    if (claim(index, participant)) {
      freeExpired<F>(participant, area);
      storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // O3
      if (loadHeld(area) !== 0) left = true;
      release(index);
    }
    own.claimed = 0;
  }
  return left;
}

/** What the bags hold, counted by walking them, as one word. By the holder. */
export function countBags(area: EpochArea): u64 {
  let held: u64 = 0;
  for (let index: u32 = 0; index < BAGS; index++) {
    for (let head = bagOf(area, index).head; head !== 0; ) {
      const tail = tailAt(head as usize);
      held += packHeld(1, tail.bytes);
      head = tail.next;
    }
  }
  return held;
}
