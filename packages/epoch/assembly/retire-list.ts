/*
 * The retire lists of a participant: freeing and counting the blocks in them.
 *
 * Invariants
 *   COLLECT1  A block retired in epoch e is freed only after the global epoch was seen at e + 2 or later.
 *   COLLECT2  Before a block leaves its list, it is private to the participant that frees it, which names it in
 *             its `freeing`; it has left the list before it is freed. A recoverer finds the block in `freeing` at
 *             the head of a list: it had not left the list. Or private: it was not freed. Or in neither: it was
 *             freed.
 *   COLLECT3  Only the holder of an area (layout.ts) uses its lists.
 */
import { addPrivate, dropPrivate } from "@masstree/memory/assembly";
import { globalEpoch } from "./global";
import {
  areaOf,
  EpochArea,
  listOf,
  loadHeld,
  packHeld,
  RETIRE_LISTS,
  RETIRE_TAIL,
  RetireList,
  storeHeld,
  tailAt,
} from "./layout";
import { MemoryFree } from "./memory-free";

/** Frees the retire lists of an area that are at least two epochs old, for `participant`, its holder. */
export function freeExpired<F extends MemoryFree>(participant: usize, area: EpochArea): void {
  const epoch = globalEpoch();
  for (let index: u32 = 0; index < RETIRE_LISTS; index++) {
    const list = listOf(area, index);
    // COLLECT1, without the underflow of epoch - 2.
    if (list.head !== 0 && list.epoch + 2 <= epoch) freeList<F>(participant, area, list);
  }
}

/** Frees all blocks in a retire list of `area`. The caller has checked COLLECT1 and is the holder (COLLECT3). */
export function freeList<F extends MemoryFree>(
  participant: usize,
  area: EpochArea,
  list: RetireList,
): void {
  const own = areaOf(participant);
  let freed: u64 = 0;
  for (let head = list.head; head !== 0; head = list.head) {
    const tail = tailAt(<usize>head);
    const bytes = tail.bytes;
    const block = <usize>head + RETIRE_TAIL - bytes;
    own.freeing = <u32>block; // COLLECT2
    addPrivate(participant, block, bytes);
    list.head = tail.next;
    changetype<F>(0).free(participant, block, bytes);
    dropPrivate(participant, block);
    own.freeing = 0;
    freed += packHeld(1, bytes);
  }
  if (freed !== 0) storeHeld(area, loadHeld(area) - freed);
}

/** What the retire lists hold, counted by walking them, as one word. For the holder. */
export function countRetired(area: EpochArea): u64 {
  let held: u64 = 0;
  for (let index: u32 = 0; index < RETIRE_LISTS; index++) {
    for (let head = listOf(area, index).head; head !== 0; ) {
      const tail = tailAt(<usize>head);
      held += packHeld(1, tail.bytes);
      head = tail.next;
    }
  }
  return held;
}
