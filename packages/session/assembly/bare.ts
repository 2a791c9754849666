/*
 * A module without a structure: it has participants, and they share nothing. Every structure exports what this
 * module exports; the types that JavaScript sees are derived from it.
 */
import { createRegion } from "@masstree/memory/assembly";
import { attach as attachAs } from "./attach";
import { Client } from "./client";
import { recoverGone, recoverParticipant, recoverThread } from "./recover";

export { detach } from "./attach";
export * from "./module";

/** Lays out a region in a zeroed memory; `attach` completes it. Returns OK or BAD. */
export function create(maxWasmPages: u32): u32 {
  return createRegion(maxWasmPages);
}

/**
 * Makes this thread a participant. Returns OK, FULL, TOO_MANY or BAD. The two numbers identify the thread, so that
 * others can find out whether it still runs; 0 if nobody can.
 */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  return attachAs<Client>(mayWait, thread, osThread);
}

/**
 * Reports that the thread of a participant has ended for good, and recovers the participant. Returns 0 if there is
 * none. This call and the next two may have to be repeated: see `unrecovered`.
 */
export function release(number: u32): u32 {
  return recoverParticipant<Client>(number) ? 1 : 0;
}

/** Reports that a thread has ended for good, and recovers all its participants. Returns how many. */
export function releaseThread(thread: u32): u32 {
  return recoverThread<Client>(thread);
}

/** Recovers every participant whose thread is known to have ended. Returns how many. */
export function releaseGone(): u32 {
  return recoverGone<Client>();
}
