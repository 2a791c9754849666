// Participants: how a thread gets a descriptor and gives it back.
//
//   PARTICIPANTS[i], the table in the header, a word for number i + 1:
//
//   31                                  12          1        0
//   +--------------------------------------+--------+--------+
//   | address of the descriptor            | 0      | taken  |     address 0: it never had one
//   +--------------------------------------+--------+--------+
//
// A number is taken by one compare-and-swap, before the region's lock, because the lock's word names
// its owner by number. Low numbers are taken first, so that threads that come and go reuse descriptors.

import { spillAll } from "./cache";
import {
  DESCRIPTOR_PAGES,
  IN_USE,
  initialiseDescriptor,
  participantNumber,
  setParticipantState,
  UNUSED,
} from "./descriptor";
import { mustFail } from "./fault";
import { acquirePages } from "./growth";
import {
  countOverhead,
  FULL,
  lockRegion,
  MAX_PARTICIPANTS,
  OK,
  PAGE_BYTES,
  PAGE_SHIFT,
  PARTICIPANTS,
  raiseParticipantLimit,
  TOO_MANY,
  unlockRegion,
} from "./header";
import { SYSTEM } from "./pagemap";

const TAKEN: u32 = 1;

/** Why the last `register` of this thread failed: FULL or TOO_MANY; OK when it did not. */
export let failure: u32 = 0;

function tableWord(index: u32): usize {
  return PARTICIPANTS + (index << 2);
}

/** Takes a free number and returns its index; MAX_PARTICIPANTS when there is none. */
function takeNumber(): u32 {
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    const word = atomic.load<u32>(tableWord(index));
    if (word & TAKEN) continue;
    if (atomic.cmpxchg<u32>(tableWord(index), word, word | TAKEN) === word) return index;
  }
  return MAX_PARTICIPANTS;
}

/** Makes the descriptor of a number that was just taken; 0 when the region is full. */
function createDescriptor(number: u32): usize {
  if (mustFail()) return 0;
  lockRegion(number);
  const page = acquirePages(DESCRIPTOR_PAGES, SYSTEM);
  if (page) countOverhead(DESCRIPTOR_PAGES * PAGE_BYTES);
  unlockRegion();
  const participant = (<usize>page) << PAGE_SHIFT;
  if (participant) initialiseDescriptor(participant, number);
  return participant;
}

/**
 * Makes the calling thread a participant of the region and returns its descriptor.
 *
 * A thread may register more than once; every descriptor is for one thread at a time. Returns 0 when
 * the region has no room for a descriptor of some 300 KiB (`failure` is FULL) or all 256 numbers are
 * taken (`failure` is TOO_MANY), with nothing changed. O(participants), once per thread and map.
 */
export function register(): usize {
  failure = OK;
  const index = takeNumber();
  if (index === MAX_PARTICIPANTS) {
    failure = TOO_MANY;
    return 0;
  }
  let participant = participantAt(index);
  if (!participant) {
    participant = createDescriptor(index + 1);
    if (!participant) {
      atomic.store<u32>(tableWord(index), 0);
      failure = FULL;
      return 0;
    }
    atomic.store<u32>(tableWord(index), <u32>participant | TAKEN);
    raiseParticipantLimit(index + 1);
  }
  setParticipantState(participant, IN_USE);
  return participant;
}

/**
 * Gives a descriptor back: its caches return to the slabs, and another thread may get its number.
 *
 * Blocks that it allocated stay what they are. The epoch and tree areas keep their contents: what
 * they hold is their owners' business, before this call.
 */
export function unregister(participant: usize): void {
  spillAll(participant);
  setParticipantState(participant, UNUSED);
  atomic.store<u32>(tableWord(participantNumber(participant) - 1), <u32>participant);
}

/**
 * The descriptor at `index` (0 .. participantLimit() - 1), which is number `index + 1`'s; 0 when
 * there never was one.
 *
 * It may be in use or not: PARTICIPANT_STATE tells. Descriptors never move or go away.
 */
export function participantAt(index: u32): usize {
  return atomic.load<u32>(tableWord(index)) & ~TAKEN;
}

/** Says whether a thread has the number `index + 1`. For checks. */
export function isTaken(index: u32): bool {
  return (atomic.load<u32>(tableWord(index)) & TAKEN) !== 0;
}
