/*
 * Recovery: another thread cleans up what a dead thread leaves of its participant.
 *
 *   markDead ──> claimRecovery ──> repairRegion ──> the upper layers ──> recoverMemory ──> UNUSED
 *   the ticket    recoverer =        settled          no private blocks    caches empty     no ticket
 *
 * The descriptor's recoverer word:
 *
 *   31                                 9 8         0
 *   +-----------------------------------+-----------+
 *   | how often recovery was claimed    | by number |     number 0: nobody recovers it
 *   +-----------------------------------+-----------+
 *
 * The recoverer acts for the dead participant (lock.ts). It never moves a block from the dead participant's
 * private blocks or caches to its own: another death could leave the block in both. Instead it does, with the dead
 * participant's descriptor, what that participant would have done next. So if the recoverer dies as well, it
 * leaves a state that the dead participant could have left itself, and the next recoverer does the same again.
 *
 * Invariants
 *   RECOVERY1  One thread at a time recovers a participant: the one whose number the recoverer word holds. A
 *              compare-and-swap takes the word from 0, or from a number that is itself dead. The count ensures
 *              that it is still the same claim, and not one of a new thread that got its number.
 *   RECOVERY2  A number becomes free by the store to its ticket, which comes last. Before that, the ticket names
 *              the thread that is finishing, so that a death in between leaves a number that can be found.
 */

import { freePrivate, spillAll } from "./cache";
import {
  cacheHead,
  cacheOf,
  PARTICIPANT_RECOVERER,
  participantNumber,
  recountCache,
  retireDescriptor,
} from "./descriptor";
import { NUMBERS } from "./header";
import { actFor, actForNone, repairRegion, resetRoles } from "./lock";
import { clearPrivate, findPrivate, privateBlock, privateBytes, privateCount } from "./private";
import { CLASSES, cacheLimit, MAX_SMALL } from "./sizeclass";
import { classOfBlock } from "./slab";
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
 * Reports that a participant's thread has stopped for good, whatever it was doing. From now on threads that wait
 * for it can recover it themselves, and some thread has to.
 *
 * @param participant its descriptor. Nothing happens if nobody has its number any more.
 */
export function markDead(participant: usize): void {
  markDeadNumber(participantNumber(participant));
}

/** Like `markDead`, for a number that may not have a descriptor yet, because its thread died in `register`. */
export function markDeadNumber(number: u32): void {
  markDeadTicket(number - 1, ticketAt(number - 1));
}

const RECOVERER_NUMBER: u32 = 0x1ff;

/** The number of the participant that recovers a dead one; 0 if none does. */
export function recovererOf(dead: usize): u32 {
  return atomic.load<u32>(dead, PARTICIPANT_RECOVERER) & RECOVERER_NUMBER;
}

/**
 * Gives up a claimed recovery, whatever its state. Another thread can claim it, and starts over.
 *
 * @param dead the participant whose recovery the caller has claimed
 * @param by the calling thread's own number
 */
export function giveUpRecovery(dead: usize, by: u32): void {
  endClaim(dead, by);
}

/** Ends a claim of `claimRecovery`, if it is still the claim of `number`. */
function endClaim(dead: usize, number: u32): void {
  const word = atomic.load<u32>(dead, PARTICIPANT_RECOVERER);
  if ((word & RECOVERER_NUMBER) !== number) return;
  atomic.cmpxchg<u32>(dead, word, word & ~RECOVERER_NUMBER, PARTICIPANT_RECOVERER);
}

/**
 * Claims the recovery of a dead participant (RECOVERY1).
 *
 * @param dead its descriptor
 * @param by the calling thread's own number, as a participant or a visitor
 * @returns whether the caller has the claim now; false if another participant that is not dead has it, or if there
 *   is nothing to recover
 */
export function claimRecovery(dead: usize, by: u32): bool {
  const number = participantNumber(dead);
  if (!isDeadNumber(number)) return false;
  const seen = atomic.load<u32>(dead, PARTICIPANT_RECOVERER);
  const other = seen & RECOVERER_NUMBER;
  if (other === by) return true;
  if (other !== 0 && !isDeadNumber(other)) return false;
  const claim = (seen - other + RECOVERER_NUMBER + 1) | by;
  if (atomic.cmpxchg<u32>(dead, seen, claim, PARTICIPANT_RECOVERER) !== seen) return false;
  if (isDeadNumber(number)) return true;
  // Another thread has finished the recovery meanwhile.
  endClaim(dead, by);
  return false;
}

/** Whether a block is small and the head of its cache. */
function isHead(participant: usize, block: usize, bytes: u32): bool {
  return (
    bytes <= MAX_SMALL && cacheHead(cacheOf(participant, classOfBlock(block, bytes))) === block
  );
}

/**
 * Drops the entries of blocks that a dead thread was moving and that have arrived elsewhere (PRIVATE1).
 * O(entries^2).
 */
function repairPrivate(participant: usize): void {
  for (let index = <i32>privateCount(participant) - 1; index >= 0; index--) {
    const count = privateCount(participant);
    const block = privateBlock(participant, index);
    if (block === 0) continue;
    const isTwice = findPrivate(participant, block, index) >= 0;
    if (isTwice || isHead(participant, block, privateBytes(participant, index))) {
      clearPrivate(participant, index, count);
    }
  }
}

/**
 * Settles the private blocks and the caches of a dead participant: afterwards a block that it was moving is in one
 * place only. Call it after `repairRegion`, and before the upper layers use the private blocks.
 *
 * @param dead a dead participant whose recovery the caller has claimed
 * @param by the calling thread's own number
 */
export function repairMemory(dead: usize, by: u32): void {
  repairRegion(by);
  repairPrivate(dead);
  for (let sizeClass: u32 = 0; sizeClass < CLASSES; sizeClass++) {
    recountCache(cacheOf(dead, sizeClass), cacheLimit(sizeClass));
  }
}

/** Makes a descriptor that is no longer needed nobody's (RECOVERY2). `by` had claimed its recovery. */
function finish(index: u32, participant: usize, by: u32): void {
  if (participant !== 0) {
    retireDescriptor(participant);
    endClaim(participant, by);
  }
  giveNumber(index);
}

/** Gives up what a dead participant held of others: their numbers, and the claims of their recoveries. */
function releaseClaims(number: u32, by: u32): void {
  for (let index: u32 = 0; index < NUMBERS; index++) {
    const other = participantAt(index);
    if (isHeld(index, number) && seizeNumber(index, by)) finish(index, other, number);
    if (other !== 0) endClaim(other, number);
  }
}

/**
 * Recovers this package's part of a dead participant, which completes its recovery: frees its remaining private
 * blocks, returns its caches to the slabs, and frees its number. The participant may have died anywhere, also in
 * `register`, in `unregister`, or in this function for another.
 *
 * If the caller dies in it, another thread calls it for both, with the same result.
 *
 * @param dead a dead participant whose recovery the caller has claimed (`claimRecovery`); none of its private
 *   blocks is live
 * @param by the calling thread's own number
 */
export function recoverMemory(dead: usize, by: u32): void {
  const number = participantNumber(dead);
  repairMemory(dead, by);
  actFor(dead, by);
  freePrivate(dead);
  spillAll(dead);
  actForNone(by);
  releaseClaims(number, by);
  resetRoles(number);
  if (seizeNumber(number - 1, by)) finish(number - 1, dead, by);
}

/**
 * Recovers a number without a descriptor: its thread died in `register` before it had one, or it was a visitor. Call
 * `keepRegion` before it: two threads must not do this at once, and there is nothing to claim.
 *
 * @param number which was given to `markDeadNumber`
 * @param by the calling thread's own number
 * @returns whether this call did it; false if the number has a descriptor, which then has to be recovered, or is
 *   not dead
 */
export function recoverNumber(number: u32, by: u32): bool {
  if (participantAt(number - 1) !== 0 || !isDeadNumber(number)) return false;
  repairRegion(by);
  releaseClaims(number, by);
  resetRoles(number);
  if (!seizeNumber(number - 1, by)) return false;
  giveNumber(number - 1);
  return true;
}
