/**
 * Taking over from a thread that died: terminated between any two instructions, holding locks, in the middle of a write.
 *
 * What it did is in its descriptor: the journal (transaction.ts), the blocks in its hand (memory package), its pin and its
 * bags (epoch package), the chain and the route it was working on. The recoverer acts in its name, step by step, so that a
 * recoverer that dies too leaves the same kind of state behind, and the next one goes on.
 *
 * Invariants
 *  V1  Only a participant that is known to be dead is recovered: its thread never runs again. One thread at a time does it
 *      (the claim), unless the one that did is dead as well.
 *  V2  Each step can be done again from its beginning: finish, freeChain, freeHand, putBackRoute, and those of the packages
 *      below.
 *  V3  A committed write is finished, any other undone; the pin goes last, so that nothing it protects is freed before.
 *  V4  A recovery waits for nobody longer than some 10 ms. Who does not give a lock back may be dead as well, without anyone
 *      knowing, and the only one to learn of it may be the very thread that waits: from its event loop. So the region's
 *      lock comes first, and is kept to the end; where the queue's is not to be had, the recovery is given up as it stands.
 *      Who began it begins it again: a thread that waits for a lock of the dead one's does anyway, and JavaScript looks
 *      after those that `unrecovered` counts.
 */

import { recoverEpochs, settleEpochs, takeObstacle, unpin } from "@masstree/epoch/assembly";
import {
  actFor,
  actForNone,
  claimRecovery,
  dropRegion,
  freeHand,
  giveUpRecovery,
  isDeadNumber,
  isGoneNumber,
  isInHand,
  isTicketOf,
  keepRegion,
  MAX_PARTICIPANTS,
  markDeadTicket,
  participantAt,
  participantNumber,
  reachTo,
  recoverMemory,
  recoverNumber,
  settleMemory,
  ticketAt,
} from "@masstree/memory/assembly";
import {
  isDirty,
  load as loadVersion,
  ownerOf,
  stableOrTimeout,
} from "@masstree/nodeversion/assembly";
import { freeChain } from "./layer";
import { NODE_BYTES } from "./leaf";
import { isSpare, returnRoute, returnSpareRoute } from "./queue";
import { enter, owner, participant, QUEUE_LOCK, workField } from "./session";
import { finish } from "./transaction";

/** Recovers a participant if it is dead and no lock is in the way (V4); true when this call did it. */
export function recover(dead: usize): bool {
  const self = participant;
  if (dead === self || !isGoneNumber(participantNumber(dead))) return false;
  while (true) {
    if (!keepRegion(owner)) return false;
    const claimed = claimRecovery(dead, self);
    const done = claimed && takeOverFrom(dead, self);
    if (claimed && !done) giveUpRecovery(dead, self);
    dropRegion();
    if (!claimed || done) return done;
    if (!recoverOwner(QUEUE_LOCK)) return false;
  }
}

/** Keeping the region's lock: all that is to be done for a dead participant; false when the queue's lock is in the way. */
function takeOverFrom(dead: usize, self: usize): bool {
  settleMemory(dead, self);
  settleEpochs(dead, self);
  actFor(dead, self);
  enter(dead);
  finish();
  freeChain();
  const route = <usize>load<u32>(workField());
  const isDone = route !== 0 && isInHand(dead, route);
  if (isDone) store<u32>(workField(), 0); // endRoute had begun
  freeHand(dead);
  const isReturned =
    route === 0 || isDone || (isSpare(route) ? returnSpareRoute() : returnRoute(route));
  enter(self);
  actForNone(self);
  if (!isReturned) return false;
  recoverEpochs(dead);
  recoverMemory(dead, self);
  return true;
}

/** A lock was not given back for long: if its owner died, recovers it; true when it did. */
export function recoverOwner(node: usize): bool {
  const number = ownerOf(loadVersion(node));
  return number !== 0 && number !== owner && recover(participantAt(number - 1));
}

/** Recovers who has a number, if it is dead, also if it was only registering. */
function recoverAt(index: u32): bool {
  const descriptor = participantAt(index);
  if (descriptor !== 0) return recover(descriptor);
  if (!isGoneNumber(index + 1) || !keepRegion(owner)) return false;
  const done = recoverNumber(index + 1, participant);
  dropRegion();
  return done;
}

/** Recovers whoever is dead. Returns how many. */
export function recoverAll(): u32 {
  let recovered: u32 = 0;
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    if (recoverAt(index)) recovered++;
  }
  return recovered;
}

/** Says that a thread has ended, and recovers all its participants. Returns how many. */
export function recoverThread(thread: u32): u32 {
  // First of all: one may have to be recovered for the other's sake.
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    const ticket = ticketAt(index);
    if (isTicketOf(ticket, thread)) markDeadTicket(index, ticket);
  }
  let recovered: u32 = 0;
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    if (isTicketOf(ticketAt(index), thread) && recoverAt(index)) recovered++;
  }
  return recovered;
}

/** How many numbers are known to be of dead participants that nobody has recovered yet. */
export function unrecovered(): u32 {
  let count: u32 = 0;
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    if (isDeadNumber(index + 1)) count++;
  }
  return count;
}

/**
 * Ends an operation that may have retired something: unpins, and recovers whoever keeps garbage from being freed, if its
 * thread has ended. For it may have held no lock that anybody would wait for, and no one be left who hears of its end.
 */
export function endOperation(): void {
  unpin(participant);
  const obstacle = takeObstacle();
  if (obstacle !== 0) recover(obstacle);
}

/** A node's version once it is not dirty. Has the instance reach the node, and looks after an owner that does not go on. */
export function stable(node: usize): u64 {
  reachTo(node, NODE_BYTES);
  while (true) {
    const version = stableOrTimeout(node);
    if (!isDirty(version)) return version;
    recoverOwner(node);
  }
}
