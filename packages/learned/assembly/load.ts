/*
 * Loading many entries at once: they are appended, in order, to an array of the participant's, and then the whole map
 * is rebuilt of what it has and of these.
 *
 * Invariants
 *   ARRAY1  The array's block is private, or named by the participant's word `load`. A new, larger one takes the old
 *           one's place in the word by one store; the old one has been made private before.
 *   ARRAY2  The entries ascend, and no key is twice among them.
 */
import { pin } from "@masstree/epoch/assembly";
import { addPrivate, allocate, dropPrivate, free } from "@masstree/memory/assembly";
import { endOperation, participant } from "@masstree/session/assembly";
import { LOAD_FULL, LOAD_REPEATED, LOAD_UNSORTED, LOADED } from "@masstree/tree/assembly/load";
import { LearnedClient } from "./client";
import { ENTRY_PAIR, Entry } from "./fit";
import { rebuildWith } from "./rebuild";
import { loadedField, loadField } from "./words";

/** How many entries the first array has room for. */
const FIRST_ROOM: u32 = DEBUG ? 4 : 256;

function arrayOf(): usize {
  return <usize>(load<u64>(loadField()) & 0xffff_ffff);
}

function arrayBytes(): u32 {
  return <u32>(load<u64>(loadField()) >> 32);
}

function loaded(): u32 {
  return load<u32>(loadedField());
}

/** Frees the array, if there is one. */
export function endLoad(): void {
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
 * Appends an entry.
 *
 * @param isDedup whether a key that equals the one before takes its place
 * @returns LOADED; or LOAD_FULL, LOAD_UNSORTED or LOAD_REPEATED: then the load cannot go on
 */
export function append(key: u64, value: u64, isDedup: bool): u32 {
  const count = loaded();
  const array = arrayOf();
  if (count !== 0) {
    const last = changetype<Entry>(array + <usize>(count - 1) * ENTRY_PAIR);
    if (key < last.key) return LOAD_UNSORTED;
    if (key === last.key) {
      if (!isDedup) return LOAD_REPEATED;
      last.value = value;
      return LOADED;
    }
  }
  if (!grow()) return LOAD_FULL;
  const entry = changetype<Entry>(arrayOf() + <usize>count * ENTRY_PAIR);
  entry.key = key;
  entry.value = value;
  store<u32>(loadedField(), count + 1);
  return LOADED;
}

/** Puts what was appended into the map, in one step; it wins over what is there. Returns LOADED or LOAD_FULL. */
export function finishLoad(): u32 {
  pin(participant);
  const isDone = loaded() === 0 || rebuildWith(arrayOf(), loaded());
  endLoad();
  endOperation<LearnedClient>();
  return isDone ? LOADED : LOAD_FULL;
}
