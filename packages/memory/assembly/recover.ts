// Recovery: what a thread that died leaves of its participant, put right by another.
//
//   markDead ──> claimRecovery ──> repairRegion ──> the upper layers ──> recoverMemory ──> UNUSED
//   the ticket    recoverer =        settled          hand is empty        caches empty     no ticket
//
// The descriptor's recoverer word:
//
//   31                                 9 8         0
//   +-----------------------------------+-----------+
//   | how often recovery was claimed    | by number |     number 0: nobody recovers it
//   +-----------------------------------+-----------+
//
// The recoverer acts for the dead participant (lock.ts): it never moves a block from the dead one's hand
// or caches to its own, which another death could leave in both, but does with the dead one's descriptor
// what the dead one would have done next. So a recoverer that dies as well leaves what the dead one could
// have left itself, and the next one does the same again.
//
// Invariants
//   Y1  One at a time recovers a participant: the one whose number its recoverer word holds. It is taken
//       by compare-and-swap from 0, or from a number that is itself dead; the count makes sure that it
//       is that one still, and not a new thread that got its number.
//   Y2  A number becomes free by the store to its ticket, which is the last. Before that the ticket names
//       who is finishing, so that a death in between leaves a number that can be found.

import { freeHand, spillAll } from "./cache";
import {
  cacheOf,
  PARTICIPANT_RECOVERER,
  participantNumber,
  recountCache,
  retireDescriptor,
} from "./descriptor";
import { settleHand } from "./hand";
import { MAX_PARTICIPANTS } from "./header";
import { isGone } from "./host";
import { actFor, actForNone, repairRegion, resetRoles } from "./lock";
import { CLASSES, cacheLimit } from "./sizeclass";
import {
  giveNumber,
  isDeadNumber,
  isHeld,
  markDeadTicket,
  participantAt,
  seizeNumber,
  ticketAt,
} from "./tickets";

/**
 * Says that a participant's thread has stopped for good, whatever it was doing. From now on whoever waits
 * for it can help itself, and somebody has to recover it.
 *
 * @param participant its descriptor. Nothing happens when nobody has its number (any more).
 */
export function markDead(participant: usize): void {
  markDeadNumber(participantNumber(participant));
}

/** As `markDead`, for a number that may not have a descriptor yet, because its thread died in `register`. */
export function markDeadNumber(number: u32): void {
  markDeadTicket(number - 1, ticketAt(number - 1));
}

/**
 * Whether a number's participant is dead: because somebody said so, or, in modules compiled with HOST, because the
 * host knows that its thread has ended; then this says so. What a thread asks that waits for another.
 */
export function isGoneNumber(number: u32): bool {
  if (isDefined(HOST)) {
    // Before the host is asked: by the time it has answered, another may have the number.
    const ticket = ticketAt(number - 1);
    if (ticket !== 0 && !isDeadNumber(number) && isGone(number) !== 0) {
      markDeadTicket(number - 1, ticket);
    }
  }
  return isDeadNumber(number);
}

const RECOVERER_NUMBER: u32 = 0x1ff;

/** The number of who recovers a dead participant; 0 when nobody does. */
export function recovererOf(dead: usize): u32 {
  return atomic.load<u32>(dead, PARTICIPANT_RECOVERER) & RECOVERER_NUMBER;
}

/**
 * Gives up a recovery that was claimed, wherever it stands: another can claim it, and begins it anew.
 *
 * @param dead whose recovery the caller has claimed
 * @param by the calling thread's own descriptor
 */
export function giveUpRecovery(dead: usize, by: usize): void {
  endClaim(dead, participantNumber(by));
}

/** Ends what `claimRecovery` began, if it is still the claim of `number`. */
function endClaim(dead: usize, number: u32): void {
  const word = atomic.load<u32>(dead, PARTICIPANT_RECOVERER);
  if ((word & RECOVERER_NUMBER) !== number) return;
  atomic.cmpxchg<u32>(dead, word, word & ~RECOVERER_NUMBER, PARTICIPANT_RECOVERER);
}

/**
 * Claims the recovery of a dead participant (Y1).
 *
 * @param dead its descriptor
 * @param by the calling thread's own
 * @returns whether the caller has it now; false when another has, which is not dead, or when there is
 *   nothing to recover
 */
export function claimRecovery(dead: usize, by: usize): bool {
  const number = participantNumber(dead);
  if (!isDeadNumber(number)) return false;
  const own = participantNumber(by);
  const seen = atomic.load<u32>(dead, PARTICIPANT_RECOVERER);
  const other = seen & RECOVERER_NUMBER;
  if (other === own) return true;
  if (other !== 0 && !isDeadNumber(other)) return false;
  const claim = (seen - other + RECOVERER_NUMBER + 1) | own;
  if (atomic.cmpxchg<u32>(dead, seen, claim, PARTICIPANT_RECOVERER) !== seen) return false;
  if (isDeadNumber(number)) return true;
  // Another has finished meanwhile.
  endClaim(dead, own);
  return false;
}

/**
 * Settles the hand and the caches of a dead participant: a block on its way into or out of the hand is in
 * one place only. After `repairRegion`, and before the upper layers look at the hand.
 *
 * @param dead a dead participant whose recovery the caller has claimed
 * @param by the calling thread's own descriptor
 */
export function settleMemory(dead: usize, by: usize): void {
  repairRegion(participantNumber(dead), participantNumber(by));
  settleHand(dead);
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    recountCache(cacheOf(dead, sizeClass), cacheLimit(sizeClass));
  }
}

/** Makes a descriptor that nobody needs any more one that nobody has (Y2); `by` had claimed its recovery. */
function finish(index: u32, participant: usize, by: u32): void {
  if (participant) {
    retireDescriptor(participant);
    endClaim(participant, by);
  }
  giveNumber(index);
}

/** Gives up what a dead participant had of others: numbers that it held, recoveries that it had claimed. */
function releaseClaims(number: u32, by: u32): void {
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    const other = participantAt(index);
    if (isHeld(index, number) && seizeNumber(index, by)) finish(index, other, number);
    if (other !== 0) endClaim(other, number);
  }
}

/**
 * Recovers what is this package's of a dead participant, and with that all: what is still in its hand is
 * freed, its caches go back to the slabs, its number is free again. It may have died anywhere, also in
 * `register`, `unregister`, or in this function for another.
 *
 * The same again if the caller dies in it and another calls it for both.
 *
 * @param dead a dead participant whose recovery the caller has claimed (`claimRecovery`), with nothing in
 *   its hand that is live
 * @param by the calling thread's own descriptor
 */
export function recoverMemory(dead: usize, by: usize): void {
  const number = participantNumber(dead);
  const own = participantNumber(by);
  settleMemory(dead, by);
  actFor(dead, by);
  freeHand(dead);
  spillAll(dead);
  actForNone(by);
  releaseClaims(number, own);
  resetRoles(number);
  if (seizeNumber(number - 1, own)) finish(number - 1, dead, own);
}

/**
 * Recovers a number whose thread died in `register` before it had a descriptor. Two threads must not do that at
 * once, for there is nothing to claim: `keepRegion` before it.
 *
 * @param number which was given to `markDeadNumber`
 * @param by the calling thread's own descriptor
 * @returns whether this call did; false when it has a descriptor, then that has to be recovered, or is not dead
 */
export function recoverNumber(number: u32, by: usize): bool {
  const own = participantNumber(by);
  if (participantAt(number - 1) || !isDeadNumber(number)) return false;
  repairRegion(number, own);
  if (!seizeNumber(number - 1, own)) return false;
  giveNumber(number - 1);
  return true;
}
