/*
 * Participants: how a thread gets a descriptor and gives it back.
 *
 *   ticket 0 ──takeNumber──> ticket = thread ──(descriptor, if it never had one)──> IN_USE
 *       ^                                                                              │
 *       └──giveNumber── UNUSED <──spillAll──────────────unregister─────────────────────┘
 *
 * One compare-and-swap takes a number (tickets.ts). It comes before the region's lock, because the lock's word
 * names its owner by number. Low numbers are taken first, so that threads that come and go reuse descriptors. A
 * new descriptor is complete, in the table and below the limit before its creator gives back the lock under which
 * it took the pages. So a repair either finds it known, or frees its pages.
 */

import { spillAll } from "./cache";
import {
  DESCRIPTOR_PAGES,
  IN_USE,
  initialiseDescriptor,
  participantNumber,
  retireDescriptor,
  setParticipantState,
} from "./descriptor";
import { mustFail } from "./fault";
import { acquirePages } from "./growth";
import {
  countOverhead,
  FULL,
  MAX_PARTICIPANTS,
  OK,
  PAGE_BYTES,
  PAGE_SHIFT,
  raiseParticipantLimit,
  TOO_MANY,
} from "./header";
import { lockRegion, resetRoles, unlockRegion } from "./lock";
import { SYSTEM } from "./pagemap";
import { giveNumber, participantAt, setParticipantAt, takeNumber } from "./tickets";

/** Why the last `register` of this thread failed: FULL or TOO_MANY; OK if it did not. */
export let failure: u32 = 0;

/** Creates the descriptor of a number that was just taken; 0 if the region is full. */
function createDescriptor(number: u32): usize {
  if (mustFail()) return 0;
  lockRegion(number);
  const page = acquirePages(DESCRIPTOR_PAGES, SYSTEM);
  const participant = (<usize>page) << PAGE_SHIFT;
  if (participant !== 0) {
    countOverhead(DESCRIPTOR_PAGES * PAGE_BYTES);
    initialiseDescriptor(participant, number);
    setParticipantAt(number - 1, participant);
    raiseParticipantLimit(number);
  }
  unlockRegion();
  return participant;
}

/**
 * Makes the calling thread a participant of the region and returns its descriptor.
 *
 * A thread may register more than once; every descriptor is for one thread at a time. Returns 0, with nothing
 * changed, if the region has no room for a descriptor of about 300 KiB (`failure` is FULL) or all 248 numbers are
 * taken (`failure` is TOO_MANY). O(participants), once per thread and map.
 */
export function register(): usize {
  failure = OK;
  const index = takeNumber();
  if (index === MAX_PARTICIPANTS) {
    failure = TOO_MANY;
    return 0;
  }
  resetRoles(index + 1);
  let participant = participantAt(index);
  if (participant === 0) participant = createDescriptor(index + 1);
  if (participant === 0) {
    giveNumber(index);
    failure = FULL;
    return 0;
  }
  setParticipantState(participant, IN_USE);
  return participant;
}

/**
 * Gives a descriptor back: its caches return to the slabs, and another thread may get its number.
 *
 * Its private and published blocks stay allocated. The areas of @masstree/epoch and of the structure keep their
 * contents: their owners clean them up before this call.
 */
export function unregister(participant: usize): void {
  spillAll(participant);
  retireDescriptor(participant);
  giveNumber(participantNumber(participant) - 1);
}
