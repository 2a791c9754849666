/*
 * The stack as the explorer runs it: what is shipped, what the explorer's checkers watch (an export is never
 * inlined away), and what makes programs short.
 */
import { pin, retire, unpin } from "@masstree/epoch/assembly";
import {
  allocate,
  free,
  KEY_SCRATCH,
  markDead,
  PARTICIPANT_EPOCH,
  participantAt,
  RESULT_SCRATCH,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { releaseGone, unrecovered } from "shared-stack/assembly/module";
import { below, copy, top } from "shared-stack/assembly/stack";

export { tryAdvance } from "@masstree/epoch/assembly";
export { verifyMemory } from "@masstree/memory/assembly";
export * from "shared-stack/assembly/module";
export { allocate, free };

/** The epochs' `retire` has two callers by this one, so it is not inlined. */
export function retireBlock(block: usize, bytes: u32): void {
  retire(participant, block, bytes);
}

/** Address of the word in which this thread announces that it is pinned. */
export function announcement(): usize {
  return participant + PARTICIPANT_EPOCH;
}

/** What `peek` and `toArray` do in JavaScript. A value is n times the byte n: its n goes to the key scratch. */
export function walk(limit: u32): u32 {
  pin(participant);
  let count: u32 = 0;
  for (let block = top(); block !== 0 && count < limit; block = below(block)) {
    const length = copy(block);
    const isTorn = <i32>load<u8>(participant + length - 1, RESULT_SCRATCH) !== length;
    store<u8>(participant + count++, isTorn ? 0 : length, KEY_SCRATCH);
  }
  unpin(participant);
  return count;
}

/** Says who has died: a bit of the word in the key scratch for each participant's index. */
export function mark(): void {
  const dead = load<u32>(participant, KEY_SCRATCH);
  for (let index: u32 = 0; index < 32; index++) {
    if ((dead >> index) & 1) markDead(participantAt(index));
  }
}

/** As `mark`, and recovers them; again and again while a lock that another holds is in the way. */
export function recoverDead(isPatient: u32): void {
  mark();
  do releaseGone();
  while (isPatient && unrecovered() !== 0);
}
