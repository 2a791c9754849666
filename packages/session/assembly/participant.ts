/*
 * Which participant this instance of the module is: one thread's use of one region.
 *
 * While the instance recovers a dead participant, it acts as that one (recover.ts). So everything that belongs to
 * an operation lies in the descriptor of `participant`, or in a local variable.
 *
 * Invariant
 *   SESSION1  No result stays in a module global across a wait for a lock: meanwhile the waiting thread may
 *             recover another participant in this same instance.
 */
import {
  ASKING,
  PARTICIPANT_STRUCTURE,
  participantAt,
  participantLimit,
  participantNumber,
} from "@masstree/memory/assembly";

/** This instance's participant descriptor; 0 while detached. */
export let participant: usize = 0;
/** Its number, which names the owner of a lock. */
export let owner: u32 = 0;

/**
 * Makes this instance the participant with this descriptor, which is registered or being recovered; 0 for none.
 */
export function enter(descriptor: usize): void {
  participant = descriptor;
  owner = descriptor === 0 ? 0 : participantNumber(descriptor);
}

/**
 * The number that this instance has taken for itself, as a participant or a visitor, while it acts as another
 * participant, too; 0 for none.
 */
export let ownNumber: u32 = 0;

/** Notes the number that this instance has taken; 0 for none. */
export function takeForSelf(number: u32): void {
  ownNumber = number;
}

/** Makes this instance itself again, after it has acted as another participant: `self`, or 0 for a visitor. */
export function comeBack(self: usize): void {
  participant = self;
  owner = ownNumber;
}

/**
 * Forgets what JavaScript was asking in the name of a number (SENTINEL4), before the number is given back: it may have
 * been interrupted there.
 */
export function forgetQuestion(number: u32): void {
  atomic.store<u16>(ASKING + ((number - 1) << 1), 0);
}

/** Address of this participant's word at an offset in the structure's part of its descriptor. */
export function structureWord(offset: usize): usize {
  return participant + PARTICIPANT_STRUCTURE + offset;
}

/**
 * The sum of a counter over all participants. Each has a share (i64) at this offset of the structure's part. Exact
 * if nobody is writing. O(participants).
 */
export function sumOfShares(offset: usize): i64 {
  let sum: i64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0) sum += atomic.load<i64>(descriptor + offset, PARTICIPANT_STRUCTURE);
  }
  return sum;
}
