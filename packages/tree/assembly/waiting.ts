// What JavaScript calls to wait for keys (events.ts): exports of the module of every structure that has events.
import { KEY_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import {
  beginWait as beginWaitFor,
  eventCount as countOfEvent,
  endWait as endWaitFor,
  eventAddress,
  eventOf,
  SLEEP_TIMED_OUT,
  sleepOn,
} from "./events";

/** The event of a key, 0 to 30: whoever writes the key signals the event, if it is waited for (events.ts). */
export function keyEvent(length: u32): u32 {
  return eventOf(participant + KEY_SCRATCH, length);
}

/** From now on, this participant waits for an event. Then `eventCount`, then a look at the key, then sleep. */
export function beginWait(event: u32): void {
  beginWaitFor(event);
}

/** Ends that. */
export function endWait(event: u32): void {
  endWaitFor(event);
}

/** How often an event was signalled. */
export function eventCount(event: u32): u32 {
  return countOfEvent(event);
}

/** Address of the counts of all events, 4 bytes each. */
export function eventCounts(): usize {
  return eventAddress(0);
}

/**
 * Sleeps until an event's count is another than `seen`, or some milliseconds have passed: 1 if they have.
 */
export function sleepOnEvent(event: u32, seen: u32, milliseconds: u32): u32 {
  return sleepOn(event, seen, <i64>milliseconds * 1_000_000) === SLEEP_TIMED_OUT ? 1 : 0;
}
