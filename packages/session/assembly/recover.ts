/*
 * Recovery: another thread cleans up after a thread that died. The dead thread may have stopped between any two
 * instructions, holding locks, in the middle of a write.
 *
 *   memory      repairMemory     no block is in two places; sections under the region's lock are whole or undone
 *   epoch       repairEpochs     no block is half retired or half freed
 *   journal     finishWrite      a committed write is finished, any other is undone
 *   structure   Client.undo      blocks that live data leads to are no longer private
 *   memory      freePrivate      the other private blocks are freed
 *   structure   Client.handOver  its deferred work is left to others
 *   epoch       recoverEpochs    its pin goes; others free what it has retired
 *   memory      recoverMemory    its caches and its number are given back
 *
 * What the dead thread did is in its descriptor. The recoverer acts in its name, step by step. So if a recoverer
 * dies too, it leaves the same kind of state behind, and the next one continues.
 *
 * The recoverer is a participant, or a visitor (memory's tickets.ts), which has only a number.
 *
 * Invariants
 *   RECOVER1  Only a participant that is known to be dead is recovered: its thread never runs again. One thread at
 *             a time recovers it (the claim), unless that thread is dead as well.
 *   RECOVER2  Each step can be repeated from its beginning.
 *   RECOVER3  The pin goes after everything that it protects.
 *   RECOVER4  A recovery waits for nobody longer than about 10 ms. A thread that does not give a lock back may be
 *             dead without anyone knowing, and the only thread that can learn of it, from its event loop, may be
 *             the one that waits. So a recovery first takes the region's lock, and keeps it to the end. If the
 *             structure cannot get a lock, the recovery is given up as it stands, and whoever began it repeats it.
 *             A thread that waits for a lock of the dead one does so anyway, and JavaScript repeats the recoveries
 *             that `unrecovered` counts.
 */

import { drain, recoverEpochs, repairEpochs, takeBlocker, unpin } from "@masstree/epoch/assembly";
import {
  actFor,
  actForNone,
  claimRecovery,
  dropRegion,
  freePrivate,
  giveUpRecovery,
  isDeadNumber,
  isGoneNumber,
  isTicketOf,
  keepRegion,
  markDead,
  markDeadTicket,
  NUMBERS,
  participantAt,
  participantNumber,
  recoverMemory,
  recoverNumber,
  repairMemory,
  report,
  TOLD_RECOVERED,
  ticketAt,
} from "@masstree/memory/assembly";
import { loadVersion, ownerOf } from "@masstree/nodeversion/assembly";
import { Client } from "./client";
import { finishWrite } from "./journal";
import { comeBack, enter, forgetQuestion, ownNumber, participant } from "./participant";

/** Recovers a participant if it is dead and no lock is in the way (RECOVER4). True if this call did it. */
export function recover<C extends Client>(dead: usize): bool {
  const self = participant;
  const number = participantNumber(dead);
  if (dead === self || !isGoneNumber(number)) return false;
  while (true) {
    if (!keepRegion(ownNumber)) return false;
    const isClaimed = claimRecovery(dead, ownNumber);
    const obstacle: usize = isClaimed ? performRecovery<C>(dead, self) : 0;
    if (obstacle !== 0) giveUpRecovery(dead, ownNumber);
    dropRegion();
    if (isClaimed && obstacle === 0) report(TOLD_RECOVERED, number);
    if (obstacle === 0) return isClaimed;
    if (!recoverOwner<C>(obstacle)) return false;
  }
}

/** Performs all steps; the region's lock is held throughout. Returns 0, or the lock that is in the way. */
function performRecovery<C extends Client>(dead: usize, self: usize): usize {
  const by = ownNumber;
  repairMemory(dead, by);
  repairEpochs(dead, by);
  actFor(dead, by);
  enter(dead);
  finishWrite();
  changetype<C>(0).undo();
  freePrivate(dead);
  const obstacle = changetype<C>(0).handOver();
  comeBack(self);
  actForNone(by);
  if (obstacle !== 0) return obstacle;
  forgetQuestion(participantNumber(dead));
  recoverEpochs(dead); // RECOVER3
  recoverMemory(dead, by);
  return 0;
}

/**
 * Recovers the owner of a lock that has not been given back for long, if it has died. True if this call did it.
 */
export function recoverOwner<C extends Client>(node: usize): bool {
  const number = ownerOf(loadVersion(node));
  return number !== 0 && number !== ownNumber && recover<C>(participantAt(number - 1));
}

/** Recovers whoever has a number, if it is dead, even if it had only begun to register, or was a visitor. */
function recoverNumberAt<C extends Client>(index: u32): bool {
  const descriptor = participantAt(index);
  if (descriptor !== 0) return recover<C>(descriptor);
  if (!isGoneNumber(index + 1) || !keepRegion(ownNumber)) return false;
  forgetQuestion(index + 1);
  const done = recoverNumber(index + 1, ownNumber);
  dropRegion();
  return done;
}

/** Frees what the participants that this thread has recovered had retired, as far as others allow. */
function collectAfter(recovered: u32): u32 {
  // Not within the recovery: others wait for that. A visitor leaves it to the others.
  if (recovered !== 0 && participant !== 0) drain(participant);
  return recovered;
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function recoverGone<C extends Client>(): u32 {
  let recovered: u32 = 0;
  for (let index: u32 = 0; index < NUMBERS; index++) {
    if (recoverNumberAt<C>(index)) recovered++;
  }
  return collectAfter(recovered);
}

/** Reports that a thread has ended, and recovers all its participants. Returns how many. */
export function recoverThread<C extends Client>(thread: u32): u32 {
  // All are marked first: to recover one, another may have to be recovered.
  for (let index: u32 = 0; index < NUMBERS; index++) {
    const ticket = ticketAt(index);
    if (isTicketOf(ticket, thread)) markDeadTicket(index, ticket);
  }
  let recovered: u32 = 0;
  for (let index: u32 = 0; index < NUMBERS; index++) {
    if (isTicketOf(ticketAt(index), thread) && recoverNumberAt<C>(index)) recovered++;
  }
  return collectAfter(recovered);
}

/** Reports that the thread of a participant has ended, and recovers it. False if there is none. */
export function recoverParticipant<C extends Client>(number: u32): bool {
  const descriptor = participantAt(number - 1);
  if (descriptor === 0) return false;
  markDead(descriptor);
  if (!isDeadNumber(number)) return false;
  if (recover<C>(descriptor)) collectAfter(1);
  return true;
}

/**
 * Ends an operation that may have retired something. Unpins, and recovers the participant that blocks reclamation,
 * if its thread has ended. That participant may hold no lock that anyone waits for, and perhaps no thread is left
 * that is told of its end.
 */
export function endOperation<C extends Client>(): void {
  unpin(participant);
  const blocker = takeBlocker();
  if (blocker !== 0) recover<C>(blocker);
}

/**
 * Frees what was retired, as far as others allow, and recovers participants that have ended. False if some blocks
 * must wait.
 */
export function reclaim<C extends Client>(): bool {
  while (!drain(participant)) {
    const blocker = takeBlocker();
    if (blocker === 0 || !recover<C>(blocker)) return false;
  }
  return true;
}
