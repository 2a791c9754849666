/*
 * Removing everything, key by key and in order, so that other threads see ordinary removals. A key that is present
 * from start to end is removed; one that is inserted meanwhile may stay.
 */

import { pin } from "@masstree/epoch/assembly";
import { KEY_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { entryAfter, keyLengthOf } from "./many";
import { remove } from "./remove";
import { isScanDone, SCAN_HAS_START, scan } from "./scan";
import { ENTRY_KEY, firstEntry } from "./scratch";
import { PlainWords } from "./values";
import { endOperation } from "./wait";

const BATCH: u32 = 512;

/** Removes every key. Returns how many it removed. O(n log n). */
export function clear<V extends PlainWords>(): u32 {
  const key = participant + KEY_SCRATCH;
  let length: u32 = 0;
  let flags: u32 = 0;
  let removed: u32 = 0;
  let isDone: bool;
  do {
    pin(participant);
    let entry = firstEntry();
    let left = scan(length, 0, flags, BATCH);
    isDone = isScanDone();
    for (; left > 0; left--) {
      length = keyLengthOf(entry);
      const bytes = entry + ENTRY_KEY;
      removed += remove<V>(bytes, length);
      if (left === 1) memory.copy(key, bytes, length);
      entry = entryAfter(entry);
    }
    flags = SCAN_HAS_START;
    endOperation();
  } while (!isDone);
  return removed;
}
