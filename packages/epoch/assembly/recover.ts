/*
 * Recovery: what a thread that died leaves of its part in the scheme, put right by another, which acts
 * for it: with the dead participant's descriptor, hand and caches.
 *
 *   it died                                  found                             done
 *   ------------------------------------     ----------------------------     -----------------------
 *   pinned, or in `pin`, `unpin`             an announcement                  cleared, the last of all
 *   in `retire`, before R2                   the block in no bag's head       its caller's: `wasRetired`
 *   in `retire`, after it                    a count that is too low          the bags are counted
 *   freeing a block (C2)                     `freeing`, and the hand          dropped, or freed
 *   in `freeOrphans` (O4)                    `claimed`, and the ticket        settled, and given back
 *   in `tryAdvance`, `collect`, `drain`      nothing else                     nothing
 *   in `leave`                               any of these                     the same as for these
 *
 * Every step is decided by what is in memory, and changes nothing when it is done again. So the one who
 * recovers can die too, and the next one starts over.
 */
import {
  actFor,
  actForNone,
  dropFromHand,
  handBlock,
  handBytes,
  handCount,
  letGo,
  participantAt,
} from "@masstree/memory/assembly";
import { isClaimed, release } from "./claim";
import {
  areaOf,
  BAGS,
  bagOf,
  EpochArea,
  loadHeld,
  RETIRE_TAIL,
  storeAnnounced,
  storeHeld,
  storeOrphaned,
  tailAt,
} from "./layout";
import { MemoryFree } from "./memory-free";
import { countBags } from "./orphans";

/**
 * Whether a block is the one that was retired last, in its bag's epoch: what the caller of `retire` asks,
 * through its recoverer, of the block whose retirement it may or may not have finished. Asked before
 * anything else is retired or collected for the dead participant.
 *
 * @param dead the descriptor that `retire` was called with
 * @param block what it was called with
 * O(1).
 */
export function wasRetired(dead: usize, block: usize): bool {
  return isHead(areaOf(dead), block);
}

/** Whether a block is the head of one of an area's bags. */
function isHead(area: EpochArea, block: usize): bool {
  for (let index: u32 = 0; index < BAGS; index++) {
    const head = bagOf(area, index).head;
    if (head === 0) continue;
    const tail = tailAt(head as usize);
    if ((head as usize) + RETIRE_TAIL - tail.bytes === block) return true;
  }
  return false;
}

/**
 * Settles what a dead participant was in the middle of, but for its pin: a block that it was freeing is
 * in its bag or freed; a descriptor that it had claimed is given back; bags are counted. From then on
 * its recoverer can call anything with the dead descriptor, also `retire`, while it acts for it.
 *
 * @typeParam F how blocks are freed, see `collect`. Unless that is MemoryFree, the block that was being
 *   freed may be freed once more.
 * @param dead a dead participant, whose recovery the caller has claimed, after memory's
 *   `settleMemory`
 * @param by the caller's own descriptor
 * O(participants + blocks held).
 */
export function settleEpochs<F extends MemoryFree = MemoryFree>(dead: usize, by: usize): void {
  actFor(dead, by);
  const area = areaOf(dead);
  const index = area.claimed - 1;
  const holds = area.claimed !== 0 && isClaimed(index, dead);
  const claimed = holds ? areaOf(participantAt(index)) : area;
  if (area.freeing !== 0) settleFreeing<F>(dead, area, claimed);
  storeHeld(area, countBags(area));
  if (holds) {
    storeHeld(claimed, countBags(claimed));
    storeOrphaned(claimed, loadHeld(claimed) !== 0 ? 1 : 0); // O3
    release(index);
  }
  area.claimed = 0;
  area.debt = 0;
  actForNone(by);
}

/** C2: the block that was being freed is in a bag, in the hand, or gone. */
function settleFreeing<F extends MemoryFree>(
  dead: usize,
  area: EpochArea,
  claimed: EpochArea,
): void {
  const block = area.freeing as usize;
  if (isHead(area, block) || isHead(claimed, block)) dropFromHand(dead, block);
  const bytes = bytesInHand(dead, block);
  if (bytes !== 0) {
    changetype<F>(0).free(dead, block, bytes);
    letGo(dead, block);
  }
  area.freeing = 0;
}

/** With how many bytes a block is in a hand; 0 when it is not in it. A retired block has some. */
function bytesInHand(participant: usize, block: usize): u32 {
  for (let index: u32 = 0; index < handCount(participant); index++) {
    if (handBlock(participant, index) === block) return handBytes(participant, index);
  }
  return 0;
}

/**
 * Ends a dead participant's part in the scheme, in its stead. Its pin is cleared, so whatever it was
 * writing has to be complete, or undone, before. What it had retired is left for others to free: it may
 * be much, and who recovers keeps the region's lock meanwhile.
 * Call memory's `recoverMemory` afterwards.
 *
 * @param dead a dead participant, whose recovery the caller has claimed, after `settleEpochs`
 * O(1).
 */
export function recoverEpochs(dead: usize): void {
  const area = areaOf(dead);
  area.depth = 0;
  storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // O3
  storeAnnounced(area, 0); // O2
}
