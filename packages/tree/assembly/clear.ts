/**
 * Removing everything: key by key, in order, so that it is a removal like any other to everyone else. A key that is there
 * from start to end is removed; one that comes meanwhile may stay.
 */

import { pin } from "@masstree/epoch/assembly";
import { KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { endOperation } from "./recover";
import { remove } from "./remove";
import { ENTRIES, HAS_START, scan, scanDone } from "./scan";
import { participant } from "./session";
import { PlainWords } from "./values";

const BATCH: u32 = 512;

/** Removes every key. O(n log n). */
export function clear<V extends PlainWords>(): void {
  const key = participant + KEY_SCRATCH;
  let length: u32 = 0;
  let flags: u32 = 0;
  do {
    pin(participant);
    let entry = participant + RESULT_SCRATCH + ENTRIES;
    for (let left = scan(length, 0, flags, BATCH); left > 0; left--) {
      length = load<u32>(entry);
      const bytes = entry + 16;
      remove<V>(bytes, length);
      if (left === 1) memory.copy(key, bytes, length);
      entry += load<u32>(entry, 4);
    }
    flags = HAS_START;
    endOperation();
  } while (!scanDone);
}
