/*
 * Retiring: passing on a block that no reader can newly find, to be freed once no reader can still hold it.
 *
 * Invariants
 *   RETIRE1  A block's epoch is read from the global word after the block was unlinked.
 *   RETIRE2  One store puts the block into the retire list, and it is the last store to the list. So a recoverer
 *            finds the block either at the head of a retire list, or not retired.
 */
import { collect, isDue } from "./collect";
import { globalEpoch } from "./global";
import { areaOf, listOf, loadHeld, packHeld, RETIRE_TAIL, storeHeld, tailAt } from "./layout";
import { COLLECT_BYTES, MINIMUM_DEBT } from "./limits";
import { MemoryFree } from "./memory-free";
import { freeList } from "./retire-list";

/**
 * Retires a block: it is freed once every participant that is pinned now has unpinned.
 *
 * Never allocates, never fails, never waits. What was retired is collected when the caller unpins. A caller that
 * retires much in one pinned section, or without being pinned, collects here as well.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, pinned or not
 * @param block the block's address. Nothing that a thread can still find may lead to it: an atomic store has
 *   unlinked it from everything that was not itself retired before.
 * @param bytes the block's length as it was allocated, at least RETIRE_TAIL. Its last RETIRE_TAIL bytes are
 *   overwritten; readers that hold the block must not use them.
 *
 * O(1), one atomic load and store; if a collection is due, as `collect`. Source: Fraser, "Practical lock-freedom"
 * (2004), section 5.2.3.
 */
export function retire<F extends MemoryFree = MemoryFree>(
  participant: usize,
  block: usize,
  bytes: u32,
): void {
  if (DEBUG) assert(block !== 0 && bytes >= RETIRE_TAIL);
  const area = areaOf(participant);
  // Before the block is added, so that RETIRE2 holds at the end of this call. A pinned caller leaves the
  // collection to `unpin`, where the epoch can advance further, unless the debt is already double.
  if (area.depth === 0 ? isDue(area) : area.debt >= 2 * COLLECT_BYTES) collect<F>(participant);

  const epoch = globalEpoch(); // RETIRE1
  const list = listOf(area, epoch);
  if (list.epoch !== epoch) {
    freeList<F>(participant, area, list); // COLLECT1: an earlier epoch of this retire list is at least two epochs ago.
    list.epoch = epoch;
  }
  const tail = tailAt(block + bytes - RETIRE_TAIL);
  tail.next = list.head;
  tail.bytes = bytes;
  list.head = <u32>changetype<usize>(tail); // RETIRE2
  storeHeld(area, loadHeld(area) + packHeld(1, bytes));
  area.debt += min(max(bytes, MINIMUM_DEBT), COLLECT_BYTES);
}
