/*
 * Collecting: freeing the blocks that no participant can hold any more.
 *
 * Invariants
 *   C1  a block retired in epoch e is freed only after the global epoch was seen at e + 2 or later.
 *   C2  a block is in the hand of the participant that frees it, which names it in its `freeing`, before
 *       it is out of its bag, and out of its bag before it is freed. Whoever takes over from a thread
 *       that died finds `freeing` at the head of a bag: it was not taken out; else in the hand: it was
 *       not freed; else it was.
 *   C3  only the holder of an area (layout.ts) touches its bags.
 */
import { letGo, takeInHand } from "@masstree/memory/assembly";
import { forgetObstacle, globalEpoch, tryAdvance } from "./global";
import {
  areaOf,
  BAGS,
  Bag,
  bagOf,
  EpochArea,
  heldBlocks,
  heldBytes,
  loadHeld,
  packHeld,
  RETIRE_TAIL,
  storeHeld,
  tailAt,
} from "./layout";
import { COLLECT_BYTES, DRAIN_TRIES, HARD_BLOCKS, HARD_BYTES, RELIEF_TRIES } from "./limits";
import { MemoryFree } from "./memory-free";
import { freeOrphans } from "./orphans";

/**
 * Tries to advance the epoch, then frees what a participant and those that have left retired two or
 * more epochs ago. When the participant holds more than HARD_BLOCKS or HARD_BYTES, it tries that
 * several times. Never waits: with a participant that stays pinned, it frees what can be freed, and
 * `takeObstacle` says who that is.
 *
 * `retire` and `unpin` call it when it is due; calling it more often is never wrong.
 *
 * @typeParam F how blocks are freed: an unmanaged class with the method
 *   `free(participant: usize, block: usize, bytes: u32): void`; MemoryFree if absent. All threads
 *   that work on one region must use the same.
 * @param participant the caller's own descriptor, pinned or not
 * O(participants + blocks freed).
 */
export function collect<F extends MemoryFree = MemoryFree>(participant: usize): void {
  const area = areaOf(participant);
  area.debt = 0;
  for (let tries = RELIEF_TRIES; tries !== 0; tries--) {
    const advanced = tryAdvance();
    freeExpired<F>(participant, area);
    if (!isHard(area) || (!advanced && area.depth !== 0)) break;
  }
  freeOrphans<F>(participant);
  if (!isHard(area)) forgetObstacle();
}

/**
 * Frees all that can be freed of what a participant and those that have left retired: everything,
 * when no other participant stays pinned meanwhile. For shutting down, and for when memory is full.
 * What other live participants retired stays with them. Never waits; tries DRAIN_TRIES times.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, not pinned: else it holds back what it retired
 *   itself while pinned
 * @returns whether nothing is left of either; if not, `takeObstacle` may say because of whom
 * O(participants + blocks freed), times up to DRAIN_TRIES.
 */
export function drain<F extends MemoryFree = MemoryFree>(participant: usize): bool {
  const area = areaOf(participant);
  area.debt = 0;
  for (let tries = DRAIN_TRIES; tries !== 0; tries--) {
    freeExpired<F>(participant, area);
    const left = freeOrphans<F>(participant);
    if (!left && loadHeld(area) === 0) {
      forgetObstacle();
      return true;
    }
    tryAdvance();
  }
  return false;
}

/** Whether so much was retired since the last collection that the next one is due. */
export function isDue(area: EpochArea): bool {
  return area.debt >= COLLECT_BYTES;
}

function isHard(area: EpochArea): bool {
  const held = loadHeld(area);
  return heldBlocks(held) > HARD_BLOCKS || heldBytes(held) > HARD_BYTES;
}

/** Frees the bags of an area that are two or more epochs old, for `participant`, its holder. */
export function freeExpired<F extends MemoryFree>(participant: usize, area: EpochArea): void {
  const epoch = globalEpoch();
  for (let index: u32 = 0; index < BAGS; index++) {
    const bag = bagOf(area, index);
    // C1, without the underflow of epoch - 2.
    if (bag.head !== 0 && bag.epoch + 2 <= epoch) emptyBag<F>(participant, area, bag);
  }
}

/** Frees all blocks in a bag of `area`. The caller has established C1 and is its holder (C3). */
export function emptyBag<F extends MemoryFree>(
  participant: usize,
  area: EpochArea,
  bag: Bag,
): void {
  const own = areaOf(participant);
  let freed: u64 = 0;
  for (let head = bag.head; head !== 0; head = bag.head) {
    const tail = tailAt(head as usize);
    const bytes = tail.bytes;
    const block = (head as usize) + RETIRE_TAIL - bytes;
    own.freeing = block as u32; // C2
    takeInHand(participant, block, bytes);
    bag.head = tail.next;
    changetype<F>(0).free(participant, block, bytes);
    letGo(participant, block);
    own.freeing = 0;
    freed += packHeld(1, bytes);
  }
  if (freed !== 0) storeHeld(area, loadHeld(area) - freed);
}
