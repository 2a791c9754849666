/*
 * The WebAssembly exports of the tree with plain value words. One instance is one thread's use of one map.
 */
import { pin as pinEpoch, unpin as unpinEpoch } from "@masstree/epoch/assembly";
import { KEY_SCRATCH, RESULT_SCRATCH } from "@masstree/memory/assembly";
import { attach as attachSession, participant } from "@masstree/session/assembly";
import { clear as clearAll, clearLeaf as clearLeafWords } from "./clear";
import { TreeClient } from "./client";
import { Located, locate, PRESENT } from "./find";
import { appendKey, appendMany as appendManyKeys } from "./load";
import { putMany as putManyWords, removeMany as removeManyKeys, WordsInEntries } from "./many";
import { put as putWord } from "./put";
import { remove as removeKey, removeEqual as removeKeyIfEqual } from "./remove";
import { setWordOut, WORD_IN, wordExpected } from "./scratch";
import { PlainWords } from "./values";
import { verify as verifyTree } from "./verify";

export * from "./common";

/**
 * Makes this thread a participant; the first one in a new region also creates the empty tree. The two numbers
 * identify the thread, so that others can find out whether it still runs; 0 if nobody can. Returns a status of
 * @masstree/memory.
 */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  return attachSession<TreeClient>(mayWait, thread, osThread);
}

function key(): usize {
  return participant + KEY_SCRATCH;
}

function wordIn(): u64 {
  return load<u64>(participant + RESULT_SCRATCH, WORD_IN);
}

/** Finds the key's value word and puts it at WORD_OUT. Returns 1 if there is one. */
export function get(length: u32): u32 {
  pinEpoch(participant);
  const found = locate(key(), length);
  if (found === PRESENT) setWordOut(Located.value);
  unpinEpoch(participant);
  return found;
}

/**
 * Gives the key the value word at WORD_IN, on a condition: PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT or
 * PUT_IF_EQUAL, which compares with the word at WORD_EXPECTED. Returns PUT_INSERTED, PUT_REPLACED, PUT_FULL or
 * PUT_REFUSED. If the key has or had a word, it is at WORD_OUT. With a COMBINE_ operation plus a kind of number
 * (combine.ts) as the condition, gives it what comes of its word, 0 if it has none, and the one at WORD_IN; that is
 * at WORD_OUT then.
 */
export function put(length: u32, condition: u32): u32 {
  return putWord<PlainWords>(key(), length, wordIn(), condition, wordExpected());
}

/** Removes the key. Returns 1 if there was one; the previous word is at WORD_OUT. */
export function remove(length: u32): u32 {
  return removeKey<PlainWords>(key(), length);
}

/** Removes the key if it has the value word at WORD_EXPECTED. Returns as `remove`. */
export function removeEqual(length: u32): u32 {
  return removeKeyIfEqual<PlainWords>(key(), length, wordExpected());
}

/** Gives the keys of `count` entries their value words, in order. Returns how many before there was no memory. */
export function putMany(count: u32): u32 {
  return putManyWords<PlainWords, WordsInEntries>(count);
}

/** Removes the keys of `count` entries, in order. Returns how many of them were there. */
export function removeMany(count: u32): u32 {
  return removeManyKeys<PlainWords>(count);
}

/**
 * Appends the key with the value word at WORD_IN to the tree that is being built. Returns LOADED, LOAD_FULL,
 * LOAD_UNSORTED or LOAD_REPEATED: then the load cannot go on.
 */
export function append(length: u32): u32 {
  return appendKey(key(), length, wordIn());
}

/**
 * Appends the keys of `count` entries with their value words to the tree that is being built. Returns as `append`; if not
 * LOADED, how many were appended is at WORD_OUT.
 */
export function appendMany(count: u32): u32 {
  return appendManyKeys<WordsInEntries>(count);
}

/** Removes every key that is present when the call begins. Returns how many it removed. */
export function clear(): u32 {
  return clearAll<PlainWords>();
}

/**
 * Removes keys of a range that are in one leaf, the one with the first of them. The bounds and `flags` are as for
 * `scan`, upward. Unless the range is empty, the last of the keys is in the key scratch then, and its length at
 * WORD_OUT: the range goes on behind it. Returns how many it removed, which may be none.
 */
export function clearLeaf(startLength: u32, endLength: u32, flags: u32): u32 {
  return clearLeafWords<PlainWords>(startLength, endLength, flags);
}

/**
 * Checks every invariant. No other operation may be running. Returns 0 or a code (verify.ts); the place is at
 * WORD_OUT and DETAIL.
 */
export function verify(): u32 {
  return verifyTree<PlainWords>();
}
