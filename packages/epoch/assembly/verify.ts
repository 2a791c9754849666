/*
 * The executable form of the invariants, for a region that no thread is using. Changes nothing.
 */
import { isTaken, participantAt, participantLimit, realBytes } from "@masstree/memory/assembly";
import { globalEpoch } from "./global";
import {
  areaOf,
  EpochArea,
  listOf,
  loadAnnounced,
  loadHeld,
  loadOrphaned,
  packHeld,
  RETIRE_LISTS,
  RETIRE_TAIL,
  tailAt,
} from "./layout";

/** All invariants hold. */
export const EPOCHS_OK: u32 = 0;
/** A retire list's epoch is in the future, or belongs to another retire list. */
export const EPOCHS_BAD_LABEL: u32 = 1;
/** A block in a retire list has an impossible length or link, or there are more blocks than `held` says. */
export const EPOCHS_BAD_LIST: u32 = 2;
/** `held` differs from what the retire lists hold. */
export const EPOCHS_BAD_COUNT: u32 = 3;
/** A participant announces an epoch in the future, or announces one without being pinned. */
export const EPOCHS_BAD_PIN: u32 = 4;
/** A descriptor that no thread is registered for announces an epoch, or holds blocks without a mark. */
export const EPOCHS_BAD_ORPHAN: u32 = 5;
/** A participant was in the middle of freeing a block, or of claiming another's descriptor. */
export const EPOCHS_BAD_FREEING: u32 = 6;

/** Where the last `verifyEpochs` of this instance found a fault: a participant's address, or 0. */
export let epochsPlace: usize = 0;

/**
 * Checks the epoch areas of all participants. Only meaningful while no thread uses the region.
 *
 * @returns EPOCHS_OK, or the first EPOCHS_BAD_... found, with the participant in `epochsPlace`
 * O(participants + blocks retired).
 */
export function verifyEpochs(): u32 {
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const participant = participantAt(index);
    if (participant === 0) continue;
    epochsPlace = participant;
    const code = verifyArea(areaOf(participant), isTaken(index));
    if (code !== EPOCHS_OK) return code;
  }
  epochsPlace = 0;
  return EPOCHS_OK;
}

/**
 * The real size of all blocks in all retire lists, as in memory's `liveBytes`. It is `retiredBytes`, or more if
 * some blocks are larger than requested (memory's `realBytes`). Only meaningful while no thread uses the region.
 *
 * O(participants + blocks retired).
 */
export function retiredRealBytes(): f64 {
  let bytes: f64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const participant = participantAt(index);
    if (participant === 0) continue;
    for (let list: u32 = 0; list < RETIRE_LISTS; list++) {
      for (let head = listOf(areaOf(participant), list).head; head !== 0; ) {
        const tail = tailAt(<usize>head);
        bytes += <f64>realBytes(<usize>head + RETIRE_TAIL - tail.bytes, tail.bytes);
        head = tail.next;
      }
    }
  }
  return bytes;
}

function verifyArea(area: EpochArea, registered: bool): u32 {
  const epoch = globalEpoch();
  const announced = loadAnnounced(area);
  if (announced !== 0 && ((announced & 1) === 0 || announced >> 1 > epoch)) return EPOCHS_BAD_PIN;
  if ((announced !== 0) !== (area.depth !== 0)) return EPOCHS_BAD_PIN;
  if (area.freeing !== 0 || area.claimed !== 0) return EPOCHS_BAD_FREEING;

  const held = loadHeld(area);
  let found: u64 = 0;
  for (let index: u32 = 0; index < RETIRE_LISTS; index++) {
    const list = listOf(area, index);
    if (list.head === 0) continue;
    if (list.epoch > epoch || (<u32>list.epoch & (RETIRE_LISTS - 1)) !== index)
      return EPOCHS_BAD_LABEL;
    for (let head = list.head; head !== 0; ) {
      const tail = tailAt(<usize>head);
      if (tail.bytes < RETIRE_TAIL || tail.bytes > head + RETIRE_TAIL) return EPOCHS_BAD_LIST;
      found += packHeld(1, tail.bytes);
      if (found > held) return EPOCHS_BAD_LIST; // This also ends a walk in circles.
      head = tail.next;
    }
  }
  if (found !== held) return EPOCHS_BAD_COUNT;
  if (!registered && (announced !== 0 || (held !== 0 && loadOrphaned(area) === 0))) {
    return EPOCHS_BAD_ORPHAN;
  }
  return EPOCHS_OK;
}
