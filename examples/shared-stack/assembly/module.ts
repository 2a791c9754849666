/*
 * What JavaScript calls: what every structure has, and the stack.
 */
import {
  attach as attachAs,
  createStructure,
  reclaim as reclaimAs,
  recoverGone,
  recoverParticipant,
  recoverThread,
} from "@masstree/session/assembly";
import { STACK_LAYOUT, StackClient } from "./client";

export { detach } from "@masstree/session/assembly";
export * from "@masstree/session/assembly/module";
export { below, copy, measure, pop, push, top } from "./stack";
export { verify } from "./verify";

/** Lays out a region with an empty stack in a zeroed memory; `attach` completes it. Answers OK or BAD. */
export function create(maxWasmPages: u32): u32 {
  return createStructure(maxWasmPages, STACK_LAYOUT);
}

/** Makes this thread a participant: OK, FULL, TOO_MANY or BAD. The numbers say which thread it is. */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  return attachAs<StackClient>(mayWait, thread, osThread);
}

/** Frees what was retired, as far as others allow. 1 when nothing has to wait. */
export function reclaim(): u32 {
  return u32(reclaimAs<StackClient>());
}

/** Says that the thread of a participant has ended for good, and recovers it. 0 when there is none. */
export function release(number: u32): u32 {
  return u32(recoverParticipant<StackClient>(number));
}

/** Says that a thread has ended for good, and recovers all its participants. Returns how many. */
export function releaseThread(thread: u32): u32 {
  return recoverThread<StackClient>(thread);
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return recoverGone<StackClient>();
}
