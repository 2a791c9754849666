/*
 * Collecting: freeing the blocks that no participant can hold any more. retire-list.ts says which blocks these
 * are, limits.ts when a collection is due.
 */
import { participantNumber, report, TOLD_HELD_UP } from "@masstree/memory/assembly";
import { forgetBlocker, lastBlocker, tryAdvance } from "./global";
import { areaOf, EpochArea, heldBlocks, heldBytes, loadHeld } from "./layout";
import { COLLECT_BYTES, DRAIN_TRIES, HARD_BLOCKS, HARD_BYTES, RELIEF_TRIES } from "./limits";
import { MemoryFree } from "./memory-free";
import { freeOrphans } from "./orphans";
import { freeExpired } from "./retire-list";

/**
 * Tries to advance the epoch. Then frees what the participant, and those that have left, retired two or more
 * epochs ago. If the participant holds more than HARD_BLOCKS or HARD_BYTES, it tries several times. Never waits:
 * if a participant stays pinned, it frees what can be freed, and `takeBlocker` names that participant.
 *
 * `retire` and `unpin` call it when it is due; it is always safe to call it more often.
 *
 * @typeParam F how blocks are freed: an unmanaged class with the method `free(participant: usize, block: usize,
 *   bytes: u32): void`; MemoryFree if absent. All threads that work on one region must use the same.
 * @param participant the caller's own descriptor, pinned or not
 *
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
  if (!isHard(area)) forgetBlocker();
  else reportBlocker();
}

/**
 * Frees all that can be freed of what the participant, and those that have left, retired. That is everything, if
 * no other participant stays pinned meanwhile. For shutting down, and for when memory is full. What other live
 * participants retired stays with them. Never waits; tries DRAIN_TRIES times.
 *
 * @typeParam F how blocks are freed, see `collect`
 * @param participant the caller's own descriptor, not pinned: a pinned one delays what it retired itself while
 *   pinned
 * @returns whether nothing is left of either; if not, `takeBlocker` may name who is in the way
 *
 * O(participants + blocks freed), times up to DRAIN_TRIES.
 */
export function drain<F extends MemoryFree = MemoryFree>(participant: usize): bool {
  const area = areaOf(participant);
  area.debt = 0;
  for (let tries = DRAIN_TRIES; tries !== 0; tries--) {
    freeExpired<F>(participant, area);
    const left = freeOrphans<F>(participant);
    if (!left && loadHeld(area) === 0) {
      forgetBlocker();
      return true;
    }
    tryAdvance();
  }
  return false;
}

/** Tells the host who is in the way. */
function reportBlocker(): void {
  const blocker = lastBlocker();
  if (blocker !== 0) report(TOLD_HELD_UP, participantNumber(blocker));
}

/** Whether so much was retired since the last collection that the next one is due. */
export function isDue(area: EpochArea): bool {
  return area.debt >= COLLECT_BYTES;
}

function isHard(area: EpochArea): bool {
  const held = loadHeld(area);
  return heldBlocks(held) > HARD_BLOCKS || heldBytes(held) > HARD_BYTES;
}
