/*
 * The WebAssembly exports of the index with plain value words, for all that is not the same for all indexes (common.ts).
 */
import { pin as pinEpoch, unpin as unpinEpoch } from "@masstree/epoch/assembly";
import { KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { WordsInEntries } from "@masstree/tree/assembly/many";
import { setWordOut, WORD_IN, wordExpected } from "@masstree/tree/assembly/scratch";
import { PlainWords } from "@masstree/tree/assembly/values";
import { Found, find } from "./find";
import { append as appendEntry } from "./load";
import {
  appendMany as appendManyEntries,
  clear as clearAll,
  clearSome,
  putMany as putManyWords,
  removeMany as removeManyKeys,
} from "./many";
import { ordinalOf } from "./ordinal";
import { put as putWord } from "./put";
import { remove as removeKey, removeEqual as removeKeyIfEqual } from "./remove";
import { verify as verifyIndex } from "./verify";

export * from "./common";

function key(): usize {
  return participant + KEY_SCRATCH;
}

function wordIn(): u64 {
  return load<u64>(participant + RESULT_SCRATCH, WORD_IN);
}

/** Finds the key's value word and puts it at WORD_OUT. Returns 1 if there is one. */
export function get(_length: u32): u32 {
  pinEpoch(participant);
  const isThere = find(ordinalOf(key()));
  if (isThere) setWordOut(Found.value);
  unpinEpoch(participant);
  return u32(isThere);
}

/** As the tree's: gives the key the value word at WORD_IN, on a condition. */
export function put(_length: u32, condition: u32): u32 {
  return putWord<PlainWords>(key(), wordIn(), condition, wordExpected());
}

/** Removes the key. Returns 1 if there was one; the previous word is at WORD_OUT. */
export function remove(_length: u32): u32 {
  return removeKey<PlainWords>(key());
}

/** Removes the key if it has the value word at WORD_EXPECTED. Returns as `remove`. */
export function removeEqual(_length: u32): u32 {
  return removeKeyIfEqual<PlainWords>(key(), wordExpected());
}

/** Gives the keys of `count` entries their value words, in order. Returns how many before there was no memory. */
export function putMany(count: u32): u32 {
  return putManyWords<PlainWords, WordsInEntries>(count);
}

/** Removes the keys of `count` entries, in order. Returns how many of them were there. */
export function removeMany(count: u32): u32 {
  return removeManyKeys<PlainWords>(count);
}

/** Removes every key that is present when the call begins. Returns how many it removed. */
export function clear(): u32 {
  return clearAll<PlainWords>();
}

/**
 * As the tree's: removes keys of a range. Unless that reaches its end, the last one is in the key scratch, and its length
 * at WORD_OUT.
 */
export function clearLeaf(_startLength: u32, _endLength: u32, flags: u32): u32 {
  return clearSome<PlainWords>(flags);
}

/** Appends the key with the value word at WORD_IN. Returns LOADED, LOAD_FULL, LOAD_UNSORTED or LOAD_REPEATED. */
export function append(_length: u32): u32 {
  return appendEntry(ordinalOf(key()), wordIn());
}

/** As the tree's: appends the keys of `count` entries with their value words. */
export function appendMany(count: u32): u32 {
  return appendManyEntries<WordsInEntries>(count);
}

/** Checks every invariant. No other operation may be running. Returns 0 or a code; the place is at WORD_OUT and DETAIL. */
export function verify(): u32 {
  return verifyIndex<PlainWords>();
}
