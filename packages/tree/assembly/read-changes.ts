/*
 * What somebody who watches does with a ring (changes.ts): copies what was told, and looks whether it was overtaken.
 */
import { pin, unpin } from "@masstree/epoch/assembly";
import { compareBytes } from "@masstree/key/assembly";
import {
  BOUND_SCRATCH,
  KEY_SCRATCH,
  participantAt,
  RESULT_SCRATCH_BYTES,
  reachTo,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import {
  addressIn,
  HEADER,
  LONGEST,
  RING,
  RING_BYTES,
  recordBytes,
  TAKEN,
  toldBy,
} from "./changes";
import { SCAN_END_INCLUSIVE, SCAN_HAS_END, SCAN_HAS_START, SCAN_START_INCLUSIVE } from "./scan";
import { ENTRIES, ENTRY_BYTES, ENTRY_KEY, ENTRY_VALUE, firstEntry, setWordOut } from "./scratch";

/** In place of a number of keys: the ring has overtaken its reader. */
export const OVERTAKEN: u32 = 1 << 30;

/**
 * Step 4 for one ring: writes the keys that the participant with a number has told since a place to the result scratch,
 * as a scan does, without values. Only those in a range, whose bounds and `flags` are as for `scan`, upward.
 *
 * @returns how far it has told. How many keys there are, or OVERTAKEN, is a value word
 */
export function readChanges(
  number: u32,
  place: u64,
  startLength: u32,
  endLength: u32,
  flags: u32,
): u64 {
  const told = toldBy(number);
  let found: u32 = 0;
  if (told !== place) {
    pin(participant);
    const descriptor = participantAt(number - 1);
    found = copyRecords(descriptor, place, told, startLength, endLength, flags);
    if (atomic.load<u64>(descriptor + TAKEN) > place + RING_BYTES) found = OVERTAKEN; // WATCH2
    unpin(participant);
  }
  setWordOut(found);
  return told;
}

/** WATCH7. What it copies may be torn. */
function copyRecords(
  descriptor: usize,
  place: u64,
  told: u64,
  startLength: u32,
  endLength: u32,
  flags: u32,
): u32 {
  // A record of 8 bytes or more becomes an entry that is twice as long at most.
  if (<usize>RING_BYTES * 2 > RESULT_SCRATCH_BYTES - ENTRIES) ERROR("a ring does not fit");
  const ring = <usize>atomic.load<u32>(descriptor + RING);
  if (ring === 0 || told - place > RING_BYTES) return OVERTAKEN;
  reachTo(ring, RING_BYTES);
  let entry = firstEntry();
  let count: u32 = 0;
  while (place < told) {
    const word = atomic.load<u64>(addressIn(ring, place));
    if (word > LONGEST) return OVERTAKEN;
    const length = <u32>word;
    const end = place + recordBytes(length);
    if (end > told) return OVERTAKEN;
    const key = entry + ENTRY_KEY;
    for (let at: u32 = 0; at < length; at += 8) {
      store<u64>(key + at, atomic.load<u64>(addressIn(ring, place + HEADER + at)));
    }
    if (isInRange(key, length, startLength, endLength, flags)) {
      const bytes = <u32>ENTRY_KEY + ((length + 7) & ~7);
      store<u32>(entry, length);
      store<u32>(entry, bytes, ENTRY_BYTES);
      store<u64>(entry, 0, ENTRY_VALUE);
      entry += bytes;
      count++;
    }
    place = end;
  }
  return count;
}

function isInRange(key: usize, length: u32, startLength: u32, endLength: u32, flags: u32): bool {
  if ((flags & SCAN_HAS_START) !== 0) {
    const order = compareBytes(key, length, participant + KEY_SCRATCH, startLength);
    if (order < 0 || (order === 0 && (flags & SCAN_START_INCLUSIVE) === 0)) return false;
  }
  if ((flags & SCAN_HAS_END) === 0) return true;
  const order = compareBytes(key, length, participant + BOUND_SCRATCH, endLength);
  return order < 0 || (order === 0 && (flags & SCAN_END_INCLUSIVE) !== 0);
}
