/*
 * Many keys in one call: entries in the result scratch, from ENTRIES on, as a scan writes them.
 */
import { pin, unpin } from "@masstree/epoch/assembly";
import { KEY_SCRATCH } from "@masstree/memory/assembly";
import { endOperation, participant } from "@masstree/session/assembly";
import { PUT_ALWAYS, PUT_FULL } from "@masstree/tree/assembly/condition";
import { LOAD_FULL, LOADED } from "@masstree/tree/assembly/load";
import { entryAfter, WordsInEntries } from "@masstree/tree/assembly/many";
import { SCAN_HAS_START } from "@masstree/tree/assembly/scan";
import {
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  firstEntry,
  setWordOut,
} from "@masstree/tree/assembly/scratch";
import { PlainWords } from "@masstree/tree/assembly/values";
import { LearnedClient } from "./client";
import { Found, find } from "./find";
import { append } from "./load";
import { KEY_BYTES, ordinalOf } from "./ordinal";
import { put } from "./put";
import { remove } from "./remove";
import { isScanDone, scan } from "./scan";

/** What `findMany` writes for a key that is there: an entry without a key. */
const FOUND_BYTES: u32 = <u32>ENTRY_KEY;
/** How many entries `clearSome` removes. */
const BATCH: u32 = 512;

/**
 * Looks `count` keys up, each by itself. Writes an entry for each one that is there, in their order, over the keys: its
 * number among them in place of the key's length, and its value word. Returns how many.
 */
export function findMany(count: u32): u32 {
  pin(participant);
  let entry = firstEntry();
  let target = entry;
  let found: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    const after = entryAfter(entry);
    if (find(ordinalOf(entry + ENTRY_KEY))) {
      // No further than this entry, whose key has been read.
      store<u32>(target, index);
      store<u32>(target, FOUND_BYTES, ENTRY_BYTES);
      store<u64>(target, Found.value, ENTRY_VALUE);
      target += FOUND_BYTES;
      found++;
    }
    entry = after;
  }
  unpin(participant);
  return found;
}

/** The word of an entry; if there is no memory for what it stands for, `hasWord` is false. */
function wordOf<E extends WordsInEntries>(entry: usize): u64 {
  const word = changetype<E>(0).wordOf(entry);
  hasWord = word !== 0 || changetype<E>(0).mayBeZero();
  return word;
}

let hasWord: bool = false;

/**
 * Gives `count` keys value words, one after the other.
 *
 * @typeParam E where the words come from: see the tree's many.ts
 * @returns how many before memory is full
 */
export function putMany<V extends PlainWords, E extends WordsInEntries>(count: u32): u32 {
  let entry = firstEntry();
  for (let index: u32 = 0; index < count; index++) {
    const word = wordOf<E>(entry);
    if (!hasWord) return index;
    if (put<V>(entry + ENTRY_KEY, word, PUT_ALWAYS, 0) === PUT_FULL) {
      changetype<E>(0).giveUp(word);
      return index;
    }
    entry = entryAfter(entry);
  }
  return count;
}

/** Removes `count` keys, one after the other. Returns how many of them were there. */
export function removeMany<V extends PlainWords>(count: u32): u32 {
  let entry = firstEntry();
  let removed: u32 = 0;
  for (let index: u32 = 0; index < count; index++) {
    removed += remove<V>(entry + ENTRY_KEY);
    entry = entryAfter(entry);
  }
  return removed;
}

/**
 * Removes keys of a range, one after the other and in order: other threads see ordinary removals. The bounds and `flags`
 * are as for `scan`, upward. Unless it reaches the end of the range (`isScanDone`), the last key that it looked at is then
 * in the key scratch, and its length a value word: the range goes on behind it.
 *
 * @returns how many it removed
 */
export function clearSome<V extends PlainWords>(flags: u32): u32 {
  pin(participant);
  let entry = firstEntry();
  let removed: u32 = 0;
  for (let left = scan(flags, BATCH); left > 0; left--) {
    removed += remove<V>(entry + ENTRY_KEY);
    if (left === 1) memory.copy(participant + KEY_SCRATCH, entry + ENTRY_KEY, KEY_BYTES);
    entry = entryAfter(entry);
  }
  setWordOut(KEY_BYTES);
  endOperation<LearnedClient>();
  return removed;
}

/**
 * Removes every key, as `clearSome` does. A key that is present from start to end is removed; one that is inserted
 * meanwhile may stay. Returns how many it removed.
 */
export function clear<V extends PlainWords>(): u32 {
  let removed = clearSome<V>(0);
  while (!isScanDone()) removed += clearSome<V>(SCAN_HAS_START);
  return removed;
}

/**
 * Appends `count` entries to what is loaded. Returns as `append` of load.ts; if not LOADED, a value word says how many
 * were appended.
 */
export function appendMany<E extends WordsInEntries>(count: u32): u32 {
  let entry = firstEntry();
  for (let index: u32 = 0; index < count; index++) {
    const word = wordOf<E>(entry);
    const status = hasWord ? append(ordinalOf(entry + ENTRY_KEY), word) : LOAD_FULL;
    if (status !== LOADED) {
      if (hasWord) changetype<E>(0).giveUp(word);
      setWordOut(index);
      return status;
    }
    entry = entryAfter(entry);
  }
  return LOADED;
}
