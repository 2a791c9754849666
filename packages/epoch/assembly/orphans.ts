/*
 * What a participant leaves behind stays where it is, in the retire lists of its descriptor. Descriptors are never
 * freed. So nothing has to be moved by a thread that may die meanwhile, and no list is shared.
 *
 * There are two ways out:
 * - a thread that collects claims the descriptor, as if to register with it, frees what is old enough, and gives
 *   it back;
 * - a thread that registers gets the descriptor, and owns what is in it.
 *
 * Invariants
 *   ORPHAN1  The retire lists of a descriptor have one holder at a time: memory gives the descriptor to a
 *            registering or a claiming thread by one compare-and-swap, and takes it back by one atomic store.
 *   ORPHAN2  A descriptor that no thread is registered for announces nothing.
 *   ORPHAN3  A descriptor that no thread is registered for and whose retire lists are not all empty has `orphaned`
 *            set. The reverse need not hold: a holder clears the mark when it finds the retire lists empty.
 *   ORPHAN4  A thread names the descriptor that it is about to claim in its own `claimed`, until it has given it
 *            back. If the thread dies, its recoverer gives the descriptor back (recover.ts).
 */
import { isTaken, participantAt, participantLimit } from "@masstree/memory/assembly";
import { claim, release } from "./claim";
import { areaOf, loadHeld, loadOrphaned, storeOrphaned } from "./layout";
import { MemoryFree } from "./memory-free";
import { freeExpired } from "./retire-list";

/**
 * Frees what is old enough of all that was left behind; the blocks go to `participant`'s caches.
 *
 * @returns whether some of it has to wait. This does not count what a registering thread has adopted, nor what
 *   another thread is freeing at this moment.
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
    own.claimed = index + 1; // ORPHAN4
    if (claim(index, participant)) {
      freeExpired<F>(participant, area);
      storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // ORPHAN3
      if (loadHeld(area) !== 0) left = true;
      release(index);
    }
    own.claimed = 0;
  }
  return left;
}
