/*
 * Retiring: handing over a block that no reader can newly find, to be freed when no reader can still
 * hold it.
 *
 * Invariants
 *   R1  a block's epoch is read from the global word after the block was unlinked.
 *   R2  one store puts the block into the bag, and is the last store to the bag: whoever takes over
 *       from a thread that died finds the block at the head of one of its bags, or not retired.
 */
import { collect, emptyBag, isDue } from "./collect";
import { globalEpoch } from "./global";
import { areaOf, bagOf, loadHeld, packHeld, RETIRE_TAIL, storeHeld, tailAt } from "./layout";
import { COLLECT_BYTES, MINIMUM_DEBT } from "./limits";
import { MemoryFree } from "./memory-free";

/**
 * Retires a block: it is freed once every participant that is pinned now has unpinned.
 *
 * Never allocates, never fails, never waits. What was retired is collected when the caller unpins;
 * a caller that retires much in one pinned section, or without being pinned, collects here as well.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, pinned or not
 * @param block the block's address. Nothing that a thread can still find may lead to it: it was
 *   unlinked, with an atomic store, from everything that is not itself retired before.
 * @param bytes the block's length as it was allocated, at least RETIRE_TAIL. Its last RETIRE_TAIL
 *   bytes are overwritten; readers that hold the block must not look at them.
 * O(1), one atomic load and store; when a collection is due, as `collect`.
 * Source: Fraser, "Practical lock-freedom" (2004), section 5.2.3.
 */
export function retire<F extends MemoryFree = MemoryFree>(
  participant: usize,
  block: usize,
  bytes: u32,
): void {
  if (DEBUG) assert(block !== 0 && bytes >= RETIRE_TAIL);
  const area = areaOf(participant);
  // Before the block goes in, so that R2 holds at the end of this call. A pinned caller leaves it to
  // `unpin`, where the epoch can advance further, unless that is long in coming.
  if (area.depth === 0 ? isDue(area) : area.debt >= 2 * COLLECT_BYTES) collect<F>(participant);

  const epoch = globalEpoch(); // R1
  const bag = bagOf(area, epoch);
  if (bag.epoch !== epoch) {
    emptyBag<F>(participant, area, bag); // C1: an earlier epoch of this bag is two or more ago.
    bag.epoch = epoch;
  }
  const tail = tailAt(block + bytes - RETIRE_TAIL);
  tail.next = bag.head;
  tail.bytes = bytes;
  bag.head = changetype<usize>(tail) as u32; // R2
  storeHeld(area, loadHeld(area) + packHeld(1, bytes));
  area.debt += min(max(bytes, MINIMUM_DEBT), COLLECT_BYTES);
}
