/// <reference path="./constants.d.ts" />
/*
 * Watching: those who write tell those who watch which keys have changed.
 *
 * Each participant that writes while somebody watches has a ring: the last keys that it has changed, one behind the
 * other. Only that participant writes it, so that no writer waits for another, nor for one who reads.
 *
 *     MISSED (u32)         how many changes are in no ring
 *     ASLEEP (u32)         1 if somebody who watches may be asleep, or about to be
 *     in each descriptor
 *       ring (u32)         its ring, a block of RING_BYTES; 0 if it has none
 *       told (u64)         where the last record ends that others may read
 *       taken (u64)        where the last record ends that was written, or is about to be, and at least a ring's
 *                          length beyond all that was told before the ring was there
 *     in a ring, at the place's remainder by RING_BYTES; a place is a number of bytes since the first record ever
 *       u64                the length of a key
 *       its bytes          and 0 to 7 bytes of padding
 *
 *     who changes a key                            who watches
 *     1  commit the write                          1  begin to wait for WATCH_EVENT; read MISSED and each `told`
 *     2  load WAITED: nobody watches, done         2  read the event's count
 *     3  raise `taken`, write the record           3  ASLEEP = 1
 *     4  told = its end                            4  read MISSED, each `told`, the records up to it, and `taken`
 *     5  if ASLEEP is 1: ASLEEP = 0, raise the     5  nothing is new: sleep while the count is the one of 2
 *        event's count, and wake all               6  go to 2
 *
 * Who watches looks between its steps 2 and 3 as well, and goes on to 3 only if nothing is new. So while much is written,
 * few writes have to wake anybody.
 *
 * As in events.ts, all of these are sequentially consistent atomics.
 *
 * Invariants
 *   WATCH1  A change is committed before its thread loads WAITED. So either the load sees that somebody watches, or the
 *           change came before, and whoever begins to watch sees it in the map.
 *   WATCH2  A record is whole before `told` leads to it. `taken` is raised before a byte is overwritten, and never goes
 *           back. So who has copied records from a place on has copied what was written there, if `taken` is at most a
 *           ring's length beyond the place afterwards. If not, the ring has overtaken it.
 *   WATCH3  A change that cannot be recorded, because its key is too long or there is no memory for a ring, is counted
 *           in MISSED instead: at step 4.
 *   WATCH4  From its commit to step 5, a thread is pinned. So whoever recovers a dead participant that was pinned
 *           counts in MISSED, after it has finished that one's write; and it signals all events (EVENT4).
 *   WATCH5  Who watches sets ASLEEP after it has read the count, and before it reads what was told. Who tells clears it
 *           after it has told, and before it raises the count. So if a 1 is lost, the count is another by the time its
 *           watcher would sleep.
 *   WATCH6  A write that takes several keys out records them before it commits, and tells them at once afterwards. If
 *           somebody has begun to watch in between, they are counted in MISSED.
 *   WATCH7  A ring is cut off by a write of its participant's journal, and retired. Who reads one is pinned, and has
 *           read `told` before the ring's address: so either the ring has all that was told, or `taken` says that it
 *           was overtaken.
 */

import { pin, pinnedSince, unpin } from "@masstree/epoch/assembly";
import {
  allocate,
  dropPrivate,
  PARTICIPANT_STRUCTURE,
  participantAt,
  participantLimit,
  realBytes,
} from "@masstree/memory/assembly";
import {
  commitWrite,
  participant,
  retireAfterwards,
  structureWord,
  write32,
} from "@masstree/session/assembly";
import { eventOf, isAmong, signalEvent, WATCH_EVENT, waitedEvents } from "./events";
import { ASLEEP, MISSED, TreeWords } from "./tree-words";

/** The size of a ring: a power of two. In the explorer's builds, rings are soon overtaken. */
export const RING_BYTES: u32 = isDefined(TINY_RINGS) ? 64 : 65536;
/** What precedes a key in a ring. */
export const HEADER: u32 = 8;
/** The length of the longest key that is recorded: two of them fit. */
export const LONGEST: u32 = RING_BYTES / 2 - HEADER;
/** How many changes are told without a ring before its participant asks for memory again. */
const PAUSE: u32 = 1024;

/** The place of changes that are not recorded. */
export const UNRECORDED: u64 = u64.MAX_VALUE;

/** Offset of the ring's address in a descriptor. */
export const RING: usize = PARTICIPANT_STRUCTURE + offsetof<TreeWords>("ring");
/** Offset of how far its participant has told. */
export const TOLD: usize = PARTICIPANT_STRUCTURE + offsetof<TreeWords>("told");
/** Offset of how far the ring is taken. */
export const TAKEN: usize = PARTICIPANT_STRUCTURE + offsetof<TreeWords>("taken");

/** Whether somebody watches. */
function isWatched(): bool {
  return isAmong(waitedEvents(), WATCH_EVENT);
}

/** WATCH1, EVENT1: a key was given a value. One load if nobody waits or watches. */
export function tellWritten(key: usize, length: u32): void {
  const events = waitedEvents();
  if (events !== 0) tellWaiting(events, key, length);
}

/** WATCH1: a key was removed. One load if nobody watches. */
export function tellRemoved(key: usize, length: u32): void {
  if (isWatched()) tell(recordKey(firstPlace(), key, length));
}

/** WATCH1: keys were changed, and it is not known which. One load if nobody watches. */
export function tellUnknown(): void {
  if (isWatched()) tell(UNRECORDED);
}

function tellWaiting(events: u32, key: usize, length: u32): void {
  if (isAmong(events, WATCH_EVENT)) tell(recordKey(firstPlace(), key, length));
  const event = eventOf(key, length);
  if (isAmong(events, event)) signalEvent(event);
}

/**
 * WATCH6: before a write that changes several keys. Each is then recorded by `recordKey`, and all are told by
 * `tellRecorded`.
 *
 * @returns the place of the first; UNRECORDED if there is no need, or no ring
 */
export function beginRecords(): u64 {
  return isWatched() ? firstPlace() : UNRECORDED;
}

/** WATCH6: after the commit of that write. `end` is the place behind its last record. */
export function tellRecorded(end: u64): void {
  if (isWatched()) tell(end);
}

/** The place of this participant's next record; UNRECORDED if it has no ring. */
function firstPlace(): u64 {
  if (load<u32>(participant + RING) === 0 && !makeRing()) return UNRECORDED;
  return load<u64>(participant + TOLD);
}

/**
 * Writes a record. It is not told yet.
 *
 * @param key address of its bytes; up to 7 bytes behind them are read
 * @returns the place behind it; UNRECORDED if `place` is, or if the key is too long
 */
export function recordKey(place: u64, key: usize, length: u32): u64 {
  if (place === UNRECORDED || length > LONGEST) return UNRECORDED;
  const end = place + recordBytes(length);
  if (end > load<u64>(participant + TAKEN)) atomic.store<u64>(participant + TAKEN, end); // WATCH2
  const ring = <usize>load<u32>(participant + RING);
  atomic.store<u64>(addressIn(ring, place), length);
  for (let at: u32 = 0; at < length; at += 8) {
    atomic.store<u64>(addressIn(ring, place + HEADER + at), load<u64>(key + at));
  }
  return end;
}

/** The bytes of a record. */
export function recordBytes(length: u32): u32 {
  return HEADER + ((length + 7) & ~7);
}

/** Where a place is in a ring. */
export function addressIn(ring: usize, place: u64): usize {
  return ring + (<usize>place & (RING_BYTES - 1));
}

/** Steps 4 and 5. */
function tell(end: u64): void {
  // WATCH3
  if (end === UNRECORDED) atomic.add<u32>(MISSED, 1);
  else atomic.store<u64>(participant + TOLD, end);
  if (atomic.load<u32>(ASLEEP) === 0) return;
  atomic.store<u32>(ASLEEP, 0); // WATCH5
  signalEvent(WATCH_EVENT);
}

/** Gives this participant a ring. False if there is no memory, or was none a moment ago. */
function makeRing(): bool {
  const pauseField = structureWord(offsetof<TreeWords>("pause"));
  const pause = load<u32>(pauseField);
  if (pause !== 0) {
    store<u32>(pauseField, pause - 1);
    return false;
  }
  const ring = allocate(participant, RING_BYTES);
  if (ring === 0) {
    store<u32>(pauseField, PAUSE);
    return false;
  }
  atomic.store<u64>(participant + TAKEN, load<u64>(participant + TOLD) + RING_BYTES); // WATCH2
  atomic.store<u32>(participant + RING, <u32>ring);
  dropPrivate(participant, ring);
  return true;
}

/** Gives this participant's ring back, unless somebody watches (WATCH7). */
export function dropRing(): void {
  const ring = <usize>load<u32>(participant + RING);
  if (ring === 0 || isWatched()) return;
  pin(participant);
  write32(participant + RING, 0);
  retireAfterwards(ring, RING_BYTES);
  commitWrite();
  unpin(participant);
}

/** Recovery, while a participant has private blocks: it may have died as it got its ring. */
export function undoRing(): void {
  const ring = <usize>load<u32>(participant + RING);
  if (ring !== 0) dropPrivate(participant, ring);
}

/** WATCH4: what a dead participant has changed and not told, nobody knows. */
export function tellOfDead(): void {
  if (pinnedSince(participant) !== 0) tell(UNRECORDED);
}

/** The bytes of all rings, for checks. */
export function ringBytes(): f64 {
  let bytes: f64 = 0;
  const limit = participantLimit();
  for (let index: u32 = 0; index < limit; index++) {
    const descriptor = participantAt(index);
    const ring: usize = descriptor === 0 ? 0 : <usize>load<u32>(descriptor + RING);
    if (ring !== 0) bytes += realBytes(ring, RING_BYTES);
  }
  return bytes;
}

/** How many changes are in no ring. */
export function missedChanges(): u32 {
  return atomic.load<u32>(MISSED);
}

/** WATCH5: step 3. */
export function expectSleep(): void {
  atomic.store<u32>(ASLEEP, 1);
}

/** How far the participant with a number has told; 0 if there never was one. */
export function toldBy(number: u32): u64 {
  const descriptor = participantAt(number - 1);
  return descriptor === 0 ? 0 : atomic.load<u64>(descriptor + TOLD);
}
