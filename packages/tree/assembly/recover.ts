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
 */

import { recoverEpochs, settleEpochs } from "@masstree/epoch/assembly";
import {
  actFor,
  actForNone,
  claimRecovery,
  freeHand,
  isGoneNumber,
  isInHand,
  isTicketOf,
  MAX_PARTICIPANTS,
  markDeadTicket,
  participantAt,
  participantLimit,
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
import { returnRoute } from "./queue";
import { enter, owner, participant, workField } from "./session";
import { finish } from "./transaction";

/** Recovers a participant if it is dead and nobody else is at it; true when this call did it. */
export function recover(dead: usize): bool {
  const self = participant;
  if (dead === self || !isGoneNumber(participantNumber(dead))) return false;
  if (!claimRecovery(dead, self)) return false;
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
  if (route !== 0 && !isDone) returnRoute(route);
  enter(self);
  actForNone(self);
  recoverEpochs(dead, self);
  recoverMemory(dead, self);
  return true;
}

/** A lock was not given back for long: if its owner died, recovers it. */
export function recoverOwner(node: usize): void {
  const number = ownerOf(loadVersion(node));
  if (number !== 0 && number !== owner) recover(participantAt(number - 1));
}

/** Recovers whoever is dead. Returns how many. */
export function recoverAll(): u32 {
  let recovered: u32 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0 && recover(descriptor)) recovered++;
  }
  return recovered;
}

/** Recovers everything of a thread that has ended, also what it was only registering. Returns how many participants it had. */
export function recoverThread(thread: u32): u32 {
  let recovered: u32 = 0;
  for (let index: u32 = 0; index < MAX_PARTICIPANTS; index++) {
    const ticket = ticketAt(index);
    if (!isTicketOf(ticket, thread)) continue;
    markDeadTicket(index, ticket);
    const descriptor = participantAt(index);
    const done = descriptor !== 0 ? recover(descriptor) : recoverNumber(index + 1, participant);
    if (done) recovered++;
  }
  return recovered;
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
