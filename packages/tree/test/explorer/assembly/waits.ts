/*
 * The tree as the explorer runs it, and waiting for a key as src/waiting.ts does, or watching as src/watch.ts does, in one
 * call: the same exports in the same order.
 */
import { BOUND_SCRATCH, KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { expectSleep, missedChanges, toldBy } from "@masstree/tree/assembly/changes";
import { sleepOn, WATCH_EVENT } from "@masstree/tree/assembly/events";
import {
  beginWait,
  endWait,
  eventCount,
  get,
  keyEvent,
  participants,
} from "@masstree/tree/assembly/module";
import { readChanges } from "@masstree/tree/assembly/read-changes";
import {
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_START_INCLUSIVE,
} from "@masstree/tree/assembly/scan";
import { laneAt, WORD_OUT, wordExpected, wordOut } from "@masstree/tree/assembly/scratch";

export * from "./tree";

/** What is wanted of a key that has to go. */
const GONE: u64 = u64.MAX_VALUE;
/** As many participants as no program has. */
const MOST: u32 = 8;

/** Whether the key has a value, or, unless it is 0, the one that is wanted. It is at WORD_OUT then. */
function isAsWanted(length: u32, wanted: u64): bool {
  const isThere = get(length) !== 0;
  if (wanted === GONE) return !isThere;
  return isThere && (wanted === 0 || load<u64>(participant + RESULT_SCRATCH, WORD_OUT) === wanted);
}

/** Sleeps until the key has a value, or, unless it is 0, the one at WORD_EXPECTED. It is at WORD_OUT then. */
export function waitFor(length: u32): u32 {
  const wanted = wordExpected();
  const event = keyEvent(length);
  beginWait(event);
  while (true) {
    const seen = eventCount(event); // EVENT2
    if (isAsWanted(length, wanted)) {
      endWait(event);
      return 1;
    }
    sleepOn(event, seen, -1);
  }
}

/** The same, for all that `waitFor` may want or GONE. Looks once, and then only when it has heard of the key. */
export function watchFor(length: u32): u32 {
  const wanted = wordExpected();
  beginWait(WATCH_EVENT);
  setPlace(0, missedChanges());
  for (let number: u32 = 1; number <= MOST; number++) setPlace(number, toldBy(number)); // WATCHER1
  let looks: bool = true;
  while (true) {
    if (looks && isAsWanted(length, wanted)) {
      endWait(WATCH_EVENT);
      return u32(wanted !== GONE);
    }
    const seen = eventCount(WATCH_EVENT);
    looks = hears(length);
    if (looks) continue;
    expectSleep(); // WATCH5
    looks = hears(length);
    if (!looks) sleepOn(WATCH_EVENT, seen, -1);
  }
}

/** Of a participant; 0 is for how many changes were missed. */
function setPlace(number: u32, place: u64): void {
  store<u64>(laneAt(number, 8), place);
}

/** Whether somebody has told of the key, or the watch was overtaken. */
function hears(length: u32): bool {
  const flags = SCAN_HAS_START | SCAN_START_INCLUSIVE | SCAN_HAS_END | SCAN_END_INCLUSIVE;
  memory.copy(participant + BOUND_SCRATCH, participant + KEY_SCRATCH, length);
  const missed = missedChanges();
  let isTold = load<u64>(laneAt(0, 8)) !== missed;
  setPlace(0, missed);
  const last = participants();
  for (let number: u32 = 1; number <= last; number++) {
    const place = load<u64>(laneAt(number, 8));
    setPlace(number, readChanges(number, place, length, length, flags));
    if (<u32>wordOut() !== 0) isTold = true;
  }
  return isTold;
}
