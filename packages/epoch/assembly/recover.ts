/*
 * Recovery: another thread cleans up what a dead thread leaves of its part in the scheme. It acts for the dead
 * participant: with its descriptor, private blocks and caches.
 *
 *   it died                                  found                             done
 *   ------------------------------------     ------------------------------    -----------------------
 *   pinned, or in `pin`, `unpin`             an announcement                   cleared, last of all
 *   in `retire`, before RETIRE2              the block at no list's head       its caller: `wasRetired`
 *   in `retire`, after it                    a count that is too low           the retire lists are counted
 *   freeing a block (COLLECT2)               `freeing`, and a private block    dropped, or freed
 *   in `freeOrphans` (ORPHAN4)               `claimed`, and the ticket         settled, and given back
 *   in `tryAdvance`, `collect`, `drain`      nothing else                      nothing
 *   in `leave`                               any of these                      the same as for these
 *
 * What is in memory decides every step, and repeating a step changes nothing. So the recoverer can die too, and
 * the next one starts over.
 */
import {
  actFor,
  actForNone,
  dropPrivate,
  participantAt,
  privateBlock,
  privateBytes,
  privateCount,
} from "@masstree/memory/assembly";
import { isClaimed, release } from "./claim";
import {
  areaOf,
  EpochArea,
  listOf,
  loadHeld,
  RETIRE_LISTS,
  RETIRE_TAIL,
  storeAnnounced,
  storeHeld,
  storeOrphaned,
  tailAt,
} from "./layout";
import { MemoryFree } from "./memory-free";
import { countRetired } from "./retire-list";

/**
 * Whether a block is the one that was retired last, in its list's epoch. The recoverer of a caller of `retire`
 * asks this about the block whose retirement may or may not have finished. Ask before anything else is retired or
 * collected for the dead participant.
 *
 * @param dead the descriptor that `retire` was called with
 * @param block what it was called with
 *
 * O(1).
 */
export function wasRetired(dead: usize, block: usize): bool {
  return isHead(areaOf(dead), block);
}

/** Whether a block is the head of one of an area's retire lists. */
function isHead(area: EpochArea, block: usize): bool {
  for (let index: u32 = 0; index < RETIRE_LISTS; index++) {
    const head = listOf(area, index).head;
    if (head === 0) continue;
    const tail = tailAt(<usize>head);
    if (<usize>head + RETIRE_TAIL - tail.bytes === block) return true;
  }
  return false;
}

/**
 * Settles what a dead participant was doing, except for its pin. A block that it was freeing is in its retire list
 * or freed; a descriptor that it had claimed is given back; retire lists are counted. From then on its recoverer
 * can call anything with the dead descriptor, also `retire`, while it acts for it.
 *
 * @typeParam F how blocks are freed, see `collect`. Unless that is MemoryFree, the block that was being freed may
 *   be freed once more.
 * @param dead a dead participant, whose recovery the caller has claimed, after memory's `repairMemory`
 * @param by the caller's own number
 *
 * O(participants + blocks held).
 */
export function repairEpochs<F extends MemoryFree = MemoryFree>(dead: usize, by: u32): void {
  actFor(dead, by);
  const area = areaOf(dead);
  const index = area.claimed - 1;
  const holds = area.claimed !== 0 && isClaimed(index, dead);
  const claimed = holds ? areaOf(participantAt(index)) : area;
  if (area.freeing !== 0) repairFreeing<F>(dead, area, claimed);
  storeHeld(area, countRetired(area));
  if (holds) {
    storeHeld(claimed, countRetired(claimed));
    storeOrphaned(claimed, loadHeld(claimed) !== 0 ? 1 : 0); // ORPHAN3
    release(index);
  }
  area.claimed = 0;
  area.debt = 0;
  actForNone(by);
}

/** COLLECT2: the block that was being freed is in a retire list, or private, or gone. */
function repairFreeing<F extends MemoryFree>(
  dead: usize,
  area: EpochArea,
  claimed: EpochArea,
): void {
  const block = <usize>area.freeing;
  if (isHead(area, block) || isHead(claimed, block)) dropPrivate(dead, block);
  const bytes = privateBytesOf(dead, block);
  if (bytes !== 0) {
    changetype<F>(0).free(dead, block, bytes);
    dropPrivate(dead, block);
  }
  area.freeing = 0;
}

/**
 * The size with which a block is listed as private; 0 if it is not listed. A retired block has more than 0 bytes.
 */
function privateBytesOf(participant: usize, block: usize): u32 {
  for (let index: u32 = 0; index < privateCount(participant); index++) {
    if (privateBlock(participant, index) === block) return privateBytes(participant, index);
  }
  return 0;
}

/**
 * Ends a dead participant's part in the scheme, in its place. It clears the pin, so whatever the participant was
 * writing has to be complete, or undone, before. What it had retired is left for others to free: it may be much,
 * and the recoverer keeps the region's lock meanwhile. Call memory's `recoverMemory` afterwards.
 *
 * @param dead a dead participant, whose recovery the caller has claimed, after `repairEpochs`
 *
 * O(1).
 */
export function recoverEpochs(dead: usize): void {
  const area = areaOf(dead);
  area.depth = 0;
  storeOrphaned(area, loadHeld(area) !== 0 ? 1 : 0); // ORPHAN3
  storeAnnounced(area, 0); // ORPHAN2
}
