/*
 * The keys of a scan's entries once more, behind the entries and without gaps: JavaScript makes few strings of many keys
 * at a time, which costs a fraction of one string for each.
 *
 *     result scratch   | ENTRIES: entry, entry, ... | key key key ... | payloads of boxes, for maps that have them |
 */
import { copyText, isAscii } from "@masstree/key/assembly";
import { RESULT_SCRATCH, RESULT_SCRATCH_BYTES } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { entryAfter, keyLengthOf } from "./many";
import { ENTRY_KEY, firstEntry } from "./scratch";

/** Where the result scratch ends. */
export function resultEnd(): usize {
  return participant + RESULT_SCRATCH + RESULT_SCRATCH_BYTES;
}

/** The address behind `count` entries. */
export function behindEntries(count: u32): usize {
  let entry = firstEntry();
  for (; count !== 0; count--) entry = entryAfter(entry);
  return entry;
}

/**
 * Copies the keys of the last scan's `count` entries behind these, one after the other.
 *
 * @returns how many bytes they have; 0 if one of these is not ASCII, or if there is no room
 */
export function joinKeys(count: u32): u32 {
  const start = behindEntries(count);
  const end = resultEnd();
  let target = start;
  let bits: u64 = 0;
  let entry = firstEntry();
  for (; count !== 0; count--) {
    const length = keyLengthOf(entry);
    if (target + length > end) return 0;
    bits |= copyText(target, entry + ENTRY_KEY, length);
    target += length;
    entry = entryAfter(entry);
  }
  return isAscii(bits) ? <u32>(target - start) : 0;
}
