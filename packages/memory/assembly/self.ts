/*
 * Which participant this instance is, for JavaScript whose calls can be interrupted in the middle: by a full
 * stack, a trap or a timeout (guard.ts of @masstree/wasm). Such an instance is one participant at most. Once it is
 * interrupted, it is as dead as a thread that has died: `abandon` says so, and another instance of the same
 * thread recovers it.
 *
 * The instance knows its number before it can be in anyone's way (`reserveNumber`), so `abandon` reports it
 * wherever `join` was interrupted.
 *
 * Its descriptor has a mark in PARTICIPANT_THREAD, as long as it is this participant's. By then another thread may
 * have recovered it, and the number may belong to a participant of another structure, which has to be recovered in
 * that structure's way. The mark says that it does not.
 */

import { PARTICIPANT_THREAD, participantNumber } from "./descriptor";
import { dropRegion, keepRegion } from "./lock";
import { failure, register, unregister } from "./participants";
import {
  claimRecovery,
  markDeadNumber,
  recoverMemory,
  recoverNumber,
  repairMemory,
} from "./recover";
import { participantAt, reserveNumber } from "./tickets";

let own: u32 = 0;
let mark: u32 = 0;

function setMark(participant: usize, to: u32): void {
  atomic.store<u32>(participant, to, PARTICIPANT_THREAD);
  mark = to;
}

/**
 * Makes this instance a participant, like `register`.
 *
 * @param newMark its mark: any number but 0, different for each participant
 */
export function join(newMark: u32): usize {
  own = reserveNumber();
  const participant = register();
  own = participant === 0 ? 0 : participantNumber(participant);
  if (participant !== 0) setMark(participant, newMark);
  return participant;
}

/** Why the last `join` returned 0: FULL or TOO_MANY. */
export function joinFailure(): u32 {
  return failure;
}

/** Gives the participant of this instance back, like `unregister`. */
export function part(participant: usize): void {
  setMark(participant, 0);
  unregister(participant);
  own = 0;
}

/** The number of this instance's participant; 0 for none. */
export function ownNumber(): u32 {
  return own;
}

/** The mark in its descriptor; 0 before `join` has set it, and in `part`. */
export function ownMark(): u32 {
  return mark;
}

/** Reports that a call of this instance was interrupted. From now on no call of it may be made. */
export function abandon(): void {
  if (own !== 0) markDeadNumber(own);
}

/**
 * Takes the region's lock and claims the recovery of a participant that another instance of this thread has
 * abandoned. Its caller does what is to be done, then calls `dropRegion`.
 *
 * @param number its number, and `itsMark` its mark
 * @returns its descriptor; 0 if there is nothing to do, without the lock
 */
export function claimAbandoned(number: u32, itsMark: u32): usize {
  // Whoever has the lock gives it back, or was reported dead: no wait of this region is shorter.
  while (!keepRegion(own)) {}
  const descriptor = participantAt(number - 1);
  if (descriptor === 0) recoverNumber(number, own);
  else if (
    atomic.load<u32>(descriptor, PARTICIPANT_THREAD) === itsMark &&
    claimRecovery(descriptor, own)
  ) {
    return descriptor;
  }
  dropRegion();
  return 0;
}

/** Recovers a participant that another instance of this thread has abandoned. Parameters as above. */
export function recoverAbandoned(number: u32, itsMark: u32): void {
  const dead = claimAbandoned(number, itsMark);
  if (dead === 0) return;
  repairMemory(dead, own);
  recoverMemory(dead, own);
  dropRegion();
}
