/*
 * The WebAssembly exports that every structure has: participants, and the use of memory. A structure's module
 * re-exports these by `export * from "@masstree/session/assembly/module"`. Beside them it exports, for its own
 * Client, the rest of what SessionExports of src/ names: attach, detach, release, releaseThread and releaseGone.
 */
import {
  delayedSince,
  delays,
  epochsBehind,
  pin as pinEpoch,
  pinnedSince,
  unpin as unpinEpoch,
} from "@masstree/epoch/assembly";
import {
  BOUND_SCRATCH,
  checkRegion,
  giveNumber,
  isDeadNumber,
  KEY_SCRATCH,
  markDeadNumber,
  NUMBERS,
  OK,
  PARTICIPANT_OS_THREAD,
  PARTICIPANT_THREAD,
  participantAt,
  participantLimit,
  participantState,
  RESULT_SCRATCH,
  reserveNumber,
  setMayWait,
  setThread,
  takeVisitorNumber,
} from "@masstree/memory/assembly";
import { owner, ownNumber, participant, takeForSelf } from "./participant";

export { retiredBlocks, retiredBytes } from "@masstree/epoch/assembly";
export {
  committedBytes,
  failAfter,
  liveBlocks,
  liveBytes,
  overheadBytes,
} from "@masstree/memory/assembly";

/** Address of KEY_SCRATCH_BYTES where JavaScript writes keys. */
export function keyScratch(): usize {
  return participant + KEY_SCRATCH;
}

/** Address of KEY_SCRATCH_BYTES where JavaScript writes the far bound of a range. */
export function boundScratch(): usize {
  return participant + BOUND_SCRATCH;
}

/** Address of RESULT_SCRATCH_BYTES for arguments and results. */
export function resultScratch(): usize {
  return participant + RESULT_SCRATCH;
}

/** This instance's participant number, 1 to 248; 0 while detached. */
export function participantNumber(): u32 {
  return owner;
}

/** Until `unpin`, blocks that can be reached from now on are not reclaimed. Nests. */
export function pin(): void {
  pinEpoch(participant);
}

/** Undoes one `pin`. */
export function unpin(): void {
  unpinEpoch(participant);
}

/** The highest number that a participant has had: the numbers are 1 to this. */
export function participants(): u32 {
  return participantLimit();
}

/** The state of a participant number: 0 nobody has it, 1 in use, 2 its thread is dead. */
export function stateOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  if (isDeadNumber(number)) return 2;
  return descriptor === 0 ? 0 : participantState(descriptor);
}

/** Whether the participant with a number is pinned: 0 if not, else 1 + the number of epochs it is behind. */
export function pinnedOf(number: u32): f64 {
  const descriptor = participantAt(number - 1);
  if (descriptor === 0 || pinnedSince(descriptor) === 0) return 0;
  return 1 + <f64>epochsBehind(descriptor);
}

/** How many attempts to reclaim memory have failed because of the participant's present pin. */
export function delaysOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : delays(descriptor);
}

/** When the first of those attempts failed, in milliseconds since 1970; 0 if none has. */
export function delayedSinceOf(number: u32): f64 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : delayedSince(descriptor);
}

/**
 * The thread number that a participant attached with; 0 if unknown, for example while it registers for the first
 * time.
 */
export function threadOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : atomic.load<u32>(descriptor, PARTICIPANT_THREAD);
}

/** The second number that it attached with. */
export function osThreadOf(number: u32): u32 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : atomic.load<u32>(descriptor, PARTICIPANT_OS_THREAD);
}

/**
 * Takes the number of the participant that the next `attach` makes, in the name of its thread, and nothing else:
 * before a thread can be in anyone's way, it can see to it that others notice if it ends. Returns 0 if all numbers
 * are taken.
 */
export function reserve(thread: u32): u32 {
  setThread(thread);
  if (checkRegion() !== OK) return 0;
  const number = reserveNumber();
  takeForSelf(number);
  return number;
}

/**
 * Makes this instance a visitor: no participant, but it can recover those that have ended (`releaseGone`), also if they
 * hold every number and all the memory. For an instance whose `attach` has answered FULL or TOO_MANY, which it does
 * only for its own structure.
 *
 * @returns its number, above all participants'; 0 if there are too many visitors
 */
export function visit(mayWait: u32, thread: u32): u32 {
  setMayWait(mayWait !== 0);
  setThread(thread);
  takeForSelf(takeVisitorNumber());
  return ownNumber;
}

/** Ends `visit`. */
export function endVisit(): void {
  giveNumber(ownNumber - 1);
  takeForSelf(0);
}

/**
 * Reports that a call of this thread was interrupted for good, for example by a stack overflow. Others may then
 * recover its participant, and nobody may act as that participant any more.
 */
export function abandon(): void {
  // Not `participant`: in a recovery, that is the one that is being recovered.
  if (ownNumber !== 0) markDeadNumber(ownNumber);
}

/** How many participants are known to be dead and are not recovered yet. */
export function unrecovered(): u32 {
  let count: u32 = 0;
  for (let index: u32 = 0; index < NUMBERS; index++) {
    if (isDeadNumber(index + 1)) count++;
  }
  return count;
}
