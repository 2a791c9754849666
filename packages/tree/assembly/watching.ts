// What JavaScript calls to watch for changes (changes.ts), beside what it calls to wait (waiting.ts): exports of the
// module of every structure that tells of changes.
import {
  missedChanges as countOfMissed,
  expectSleep as expectToSleep,
  toldBy as placeOf,
} from "./changes";
import { readChanges as readChangesOf } from "./read-changes";

/** How many changes nobody can tell by their keys, so far. Who watches and finds more than before has missed some. */
export function missedChanges(): u32 {
  return countOfMissed();
}

/** How far the participant with a number has told what it has changed; 0 if there never was one. */
export function toldBy(number: u32): f64 {
  return <f64>placeOf(number);
}

/** From now on, this thread may sleep until somebody tells of a change. After `eventCount`, before `readChanges`. */
export function expectSleep(): void {
  expectToSleep();
}

/**
 * Writes the keys that the participant with a number has changed since a place to the result scratch, from ENTRIES on, as
 * a scan does, without values; only those in a range. The bounds and `flags` are as for `scan`, upward. Returns how far
 * it has told: the place to go on from. How many keys there are is at WORD_OUT, or OVERTAKEN: some are lost.
 */
export function readChanges(
  number: u32,
  place: f64,
  startLength: u32,
  endLength: u32,
  flags: u32,
): f64 {
  return <f64>readChangesOf(number, <u64>place, startLength, endLength, flags);
}
