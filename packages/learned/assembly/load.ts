/*
 * Loading many entries at once: they are appended, in order, to an array of the participant's, and then the whole map
 * is rebuilt of what it has and of these. loaded.ts has the array, and its invariants.
 */
import { pin } from "@masstree/epoch/assembly";
import { addPrivate, allocate, dropPrivate, free } from "@masstree/memory/assembly";
import { endOperation, participant } from "@masstree/session/assembly";
import { LOAD_FULL, LOAD_REPEATED, LOAD_UNSORTED, LOADED } from "@masstree/tree/assembly/load";
import { PlainWords } from "@masstree/tree/assembly/values";
import { Boxes } from "masstree/assembly/box";
import { LearnedClient } from "./client";
import { ENTRY_PAIR } from "./fit";
import {
  arrayBytes,
  arrayOf,
  countEntry,
  loaded,
  loadedEntry,
  replaceWord,
  settleBoxes,
} from "./loaded";
import { rebuildWith } from "./rebuild";
import { loadedField, loadField } from "./words";

/** How many entries the first array has room for. */
const FIRST_ROOM: u32 = DEBUG ? 4 : 256;

/** Whether a key that equals the one before takes its place, in the load of this thread. */
let isDedup: bool = false;

/** Frees the array, if there is one, and the boxes that are its own. */
export function endLoad(): void {
  settleBoxes();
  const block = arrayOf();
  if (block === 0) return;
  const bytes = arrayBytes();
  addPrivate(participant, block, bytes); // ARRAY1
  store<u64>(loadField(), 0);
  free(participant, block, bytes);
}

/** Begins to load. */
export function beginLoad(): void {
  endLoad();
  store<u32>(loadedField(), 0);
  isDedup = false;
}

/** Lets the last one of entries with equal keys win, in the load that has begun. */
export function takeLast(): void {
  isDedup = true;
}

/** Makes room for another entry. False if memory is full. */
function grow(): bool {
  const before = arrayOf();
  const bytesBefore = arrayBytes();
  const used = loaded() * <u32>ENTRY_PAIR;
  if (used < bytesBefore) return true;
  const bytes = before === 0 ? FIRST_ROOM * <u32>ENTRY_PAIR : bytesBefore * 2;
  if (bytes <= bytesBefore) return false;
  const block = allocate(participant, bytes);
  if (block === 0) return false;
  memory.copy(block, before, used);
  if (before !== 0) addPrivate(participant, before, bytesBefore); // ARRAY1
  store<u64>(loadField(), ((<u64>bytes) << 32) | <u64>block);
  dropPrivate(participant, block);
  if (before !== 0) free(participant, before, bytesBefore);
  return true;
}

/**
 * Appends an entry, which is the load's then.
 *
 * @returns LOADED; or LOAD_FULL, LOAD_UNSORTED or LOAD_REPEATED: then the load cannot go on, and the word is the caller's
 */
export function append(key: u64, value: u64): u32 {
  const count = loaded();
  if (count !== 0) {
    const last = loadedEntry(count - 1);
    if (key < last.key) return LOAD_UNSORTED;
    if (key === last.key) {
      if (!isDedup) return LOAD_REPEATED;
      replaceWord(last, value);
      return LOADED;
    }
  }
  if (!grow()) return LOAD_FULL;
  const entry = loadedEntry(count);
  entry.key = key;
  entry.value = value;
  countEntry(value);
  return LOADED;
}

function putLoaded(): bool {
  if (BOXED) return rebuildWith<Boxes>(arrayOf(), loaded());
  return rebuildWith<PlainWords>(arrayOf(), loaded());
}

/** Puts what was appended into the map, in one step; it wins over what is there. Returns LOADED or LOAD_FULL. */
export function finishLoad(): u32 {
  pin(participant);
  const isDone = loaded() === 0 || putLoaded();
  endLoad();
  endOperation<LearnedClient>();
  return isDone ? LOADED : LOAD_FULL;
}
