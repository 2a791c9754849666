/*
 * Waiting for keys: event counts, by which a thread sleeps until another has written a key.
 *
 * Each key belongs to one of 31 events. An event has a count, which a writer of one of its keys raises, and wakes
 * those who sleep on it: but only if the event is waited for, which a writer sees in one word. One more event is that
 * of those who watch for changes of any key (changes.ts).
 *
 *     WAITED (u64)           63 ............ 32  31 ........ 0
 *                            changes of the word  a bit for each event that somebody waits for
 *     EVENTS (32 x u32)      how often each event was signalled
 *     waits (u32, in each    the events for which this participant waits
 *       descriptor)
 *
 *     who waits                                     who writes
 *     1  beginWait: its own bit, then WAITED's      1  commit the write (put.ts)
 *     2  read the event's count                     2  load WAITED: no bit, done (changes.ts)
 *     3  look at the key: as wished, go to 5        3  raise the event's count
 *     4  sleep while the count is the one of 2;     4  wake all who sleep on it
 *        then go to 2
 *     5  endWait: its own bit, then WAITED's
 *
 * All of these are sequentially consistent atomics, so they are in one order. If the load of WAITED comes before the
 * waiter has set its bit, the write came before as well, and the waiter's look at the key sees it. If it comes after,
 * the writer raises the count. Before the waiter reads it: then it looks at the key later still. After that: then the
 * count is another by the time it would sleep, or it sleeps already and is woken. No fence is needed.
 *
 * Invariants
 *   EVENT1  A write is committed, and its words are stored, before its thread loads WAITED.
 *   EVENT2  Who looks at a key to sleep if it is not as wished has set the bits of its event before it read the count,
 *           and read the count before it looked at the key.
 *   EVENT3  A bit of WAITED is the or of the bits in all descriptors. Who sets one sets its own first; who clears one
 *           clears its own first, and looks at all the others after it has read WAITED. Every change counts, so that
 *           two which overlap are repeated.
 *   EVENT4  A thread that dies between its commit and step 4 owes a signal, and nobody knows to whom. So whoever
 *           recovers a dead participant, after it has finished that one's write, signals all events.
 *   EVENT5  A dead participant's bits go when it is recovered, and those of one that leaves when it leaves.
 *   EVENT6  Signals are spurious for most who sleep on an event: who is woken looks at the key again.
 *
 * A count is 32 bits: a waiter that is stopped between 2 and 4 for exactly 2^32 signals of its event misses them. The
 * same holds for the changes of WAITED between a load and the swap behind it.
 */

import { ikeyAt } from "@masstree/key/assembly";
import { participantAt, participantLimit } from "@masstree/memory/assembly";
import { waitWhileEqual } from "@masstree/nodeversion/assembly";
import { participant, structureWord } from "@masstree/session/assembly";
import { EVENTS, TreeWords, WAITED } from "./tree-words";

/** How many events there are. */
export const EVENT_COUNT: u32 = 32;
/** The event of those who watch for changes. All before it are events of keys. */
export const WATCH_EVENT: u32 = EVENT_COUNT - 1;
/** The bits of events in WAITED. */
const WAITS_MASK: u64 = 0xffff_ffff;
/** One change of WAITED. */
const CHANGE: u64 = 1 << 32;

/** The event of a key, 0 to 30. Looks at the key's ends and its length only: O(1). */
export function eventOf(key: usize, length: u32): u32 {
  let hash = ikeyAt(key, length, 0) + <u64>length;
  if (length > 8) hash ^= load<u64>(key + length - 8) * 0xd6e8_feb8_6659_fd93;
  hash ^= hash >>> 32;
  return <u32>((((hash * 0x9e37_79b9_7f4a_7c15) >>> 32) * WATCH_EVENT) >>> 32);
}

/** Address of an event's count, a word of 32 bits. */
export function eventAddress(event: u32): usize {
  return EVENTS + (event << 2);
}

/** An event's count now. */
export function eventCount(event: u32): u32 {
  return atomic.load<u32>(eventAddress(event));
}

function waitsField(): usize {
  return structureWord(offsetof<TreeWords>("waits"));
}

/** EVENT2: from now on, writes of the event's keys raise its count. Once for each participant and event. */
export function beginWait(event: u32): void {
  const own = waitsField();
  const bit: u32 = 1 << event;
  atomic.store<u32>(own, load<u32>(own) | bit); // EVENT3
  let seen: u64;
  do {
    seen = atomic.load<u64>(WAITED);
  } while (atomic.cmpxchg<u64>(WAITED, seen, (seen + CHANGE) | <u64>bit) !== seen);
}

/** Ends what `beginWait` began. O(participants). */
export function endWait(event: u32): void {
  const own = waitsField();
  atomic.store<u32>(own, load<u32>(own) & ~(1 << event)); // EVENT3
  gatherWaits();
}

/** EVENT5: ends every wait of a participant that leaves. O(participants) if there is any. */
export function endWaits(): void {
  if (load<u32>(waitsField()) !== 0) dropWaits();
}

/**
 * EVENT5: ends every wait of a participant that has died. It may have cleared its own bits, and not yet those of
 * WAITED. O(participants).
 */
export function dropWaits(): void {
  atomic.store<u32>(waitsField(), 0);
  gatherWaits();
}

/** The or of the bits in all descriptors. */
function allWaits(): u64 {
  const offset = waitsField() - participant;
  const limit = participantLimit();
  let waits: u32 = 0;
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    if (descriptor !== 0) waits |= atomic.load<u32>(descriptor + offset);
  }
  return <u64>waits;
}

/** EVENT3: makes the bits of WAITED what the descriptors say. */
function gatherWaits(): void {
  let seen: u64;
  let next: u64;
  do {
    seen = atomic.load<u64>(WAITED);
    next = ((seen + CHANGE) & ~WAITS_MASK) | allWaits();
  } while (atomic.cmpxchg<u64>(WAITED, seen, next) !== seen);
}

/**
 * EVENT3, for checks: whether the bits of WAITED are those of the descriptors. Waits that begin or end meanwhile do not
 * disturb it, unless one is stopped in the middle.
 */
export function areWaitsSound(): bool {
  for (let tries: u32 = 0; tries < 1000; tries++) {
    if ((atomic.load<u64>(WAITED) & WAITS_MASK) === allWaits()) return true;
  }
  return false;
}

/** What `memory.atomic.wait32` returns when its time has passed. */
export const SLEEP_TIMED_OUT: u32 = 2;

/**
 * Sleeps until an event is signalled. Only where the thread may sleep.
 *
 * @param seen the event's count, as it was before the caller looked at the key; if it is another by now, this returns
 *   at once
 * @param nanoseconds the time limit; below 0, there is none
 * @returns 0 if another thread woke this one, 1 if the count was another, SLEEP_TIMED_OUT if the time limit passed
 */
export function sleepOn(event: u32, seen: u32, nanoseconds: i64): u32 {
  return waitWhileEqual(eventAddress(event), seen, nanoseconds);
}

/** EVENT1: the events that somebody waits for, a bit for each. One load. */
export function waitedEvents(): u32 {
  return <u32>atomic.load<u64>(WAITED);
}

/** Whether an event is among those of `waitedEvents`. */
export function isAmong(events: u32, event: u32): bool {
  return ((events >> event) & 1) !== 0;
}

/** Wakes all who sleep on an event. */
export function signalEvent(event: u32): void {
  atomic.add<u32>(eventAddress(event), 1);
  atomic.notify(eventAddress(event));
}

/** EVENT4: what a dead thread has written, nobody knows. */
export function signalAll(): void {
  for (let event: u32 = 0; event < EVENT_COUNT; event++) signalEvent(event);
}
