/*
 * How an instance becomes a participant of a region, and stops being one.
 */
import { leave } from "@masstree/epoch/assembly";
import {
  BAD,
  checkRegion,
  dropAllPrivate,
  dropReservation,
  FULL,
  failure,
  OK,
  PARTICIPANT_OS_THREAD,
  PARTICIPANT_THREAD,
  register,
  reserveNumber,
  setMayWait,
  setThread,
  unregister,
} from "@masstree/memory/assembly";
import { Client } from "./client";
import { enter, forgetQuestion, owner, participant, takeForSelf } from "./participant";

/**
 * Makes this instance a participant.
 *
 * @param mayWait whether the thread may sleep in `atomic.wait`
 * @param thread which thread this is: a number of the host's, 1 to 2^30 - 2, by which others can find out whether
 *   the thread still runs; 0 if nobody knows
 * @param osThread a second such number; 0 for none
 * @returns OK, FULL, TOO_MANY or BAD (@masstree/memory); unless it is OK, nothing is kept
 */
export function attach<C extends Client>(mayWait: u32, thread: u32, osThread: u32): u32 {
  setMayWait(mayWait !== 0);
  setThread(thread);
  const status = checkRegion();
  if (status !== OK) return status;
  if (!changetype<C>(0).isHere()) {
    dropReservation();
    takeForSelf(0);
    return BAD;
  }
  // Noted before it can be in anyone's way: a call that is interrupted in the middle of this is reported, too.
  takeForSelf(reserveNumber());
  const descriptor = register();
  if (descriptor === 0) {
    takeForSelf(0);
    return failure;
  }
  enter(descriptor);
  takeForSelf(owner);
  if (!changetype<C>(0).attach()) {
    detach();
    return FULL;
  }
  dropAllPrivate(participant); // What it has created is published: no recovery may free it.
  // In this order: where the first number is that of the ticket's thread, the second is as well.
  atomic.store<u32>(participant, osThread, PARTICIPANT_OS_THREAD);
  atomic.store<u32>(participant, thread, PARTICIPANT_THREAD);
  return OK;
}

/**
 * Gives the participant back, if this instance is one. Others free what it has retired. A structure first finishes
 * its deferred work, or leaves it to others.
 */
export function detach(): void {
  if (participant === 0) return;
  leave(participant);
  forgetQuestion(owner);
  unregister(participant);
  takeForSelf(0);
  enter(0);
}
