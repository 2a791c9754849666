/// <reference path="./constants.d.ts" />
/*
 * The array of a load: the entries that were appended, until the map has them; and what is to be done with the boxes of
 * their values, and of those that they replace, also if the thread dies.
 *
 *     append                  finishLoad                       after that
 *     entries 0 to `loaded`   one write (rebuild.ts) puts      each box that was replaced is retired, `loaded` counts
 *     have boxes of their     the words into the map, and      down to 0; then the array is freed
 *     own                     sets `placed`
 *                             if it is given up                each box is freed, `loaded` counts down to 0; then the
 *                                                              array is freed
 *
 * Invariants
 *   ARRAY1  The array's block is private, or named by the participant's word `load`. A new, larger one takes the old
 *           one's place in the word by one store; the old one has been made private before.
 *   ARRAY2  The entries ascend, and no key is twice among them.
 *   ARRAY3  While `placed` is 0, a box that an entry leads to belongs to the array. It is private until the entry is
 *           counted, and private again before the entry no longer is.
 *   ARRAY4  While `placed` is not 0, the words of the entries are the map's. What a key had before is in the subtree that
 *           was replaced, which does not change (FREEZE2), and is dying, but not retired yet (SUBTREE3). Its box is
 *           retired before `loaded` passes the entry.
 */
import { retire, wasRetired } from "@masstree/epoch/assembly";
import { addPrivate, dropPrivate, free, isPrivate, realBytes } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { PlainWords } from "@masstree/tree/assembly/values";
import { Boxes } from "masstree/assembly/box";
import { ENTRY_PAIR, Entry } from "./fit";
import { childOf, isChild, slotOf, stateOf, valueIn } from "./line";
import { lineFor, reachNode } from "./node";
import { loadedField, loadField, placedField } from "./words";

/** Address of the array; 0 if there is none. */
export function arrayOf(): usize {
  return <usize>(load<u64>(loadField()) & 0xffff_ffff);
}

/** How many bytes its block has. */
export function arrayBytes(): u32 {
  return <u32>(load<u64>(loadField()) >> 32);
}

/** How many entries it has. */
export function loaded(): u32 {
  return load<u32>(loadedField());
}

function setLoaded(count: u32): void {
  store<u32>(loadedField(), count);
}

/** Entry number `index`. */
export function loadedEntry(index: u32): Entry {
  return changetype<Entry>(arrayOf() + <usize>index * ENTRY_PAIR);
}

/** Makes a block private that the array leads to, unless it is private still. */
function takeBack(block: usize, bytes: u32): void {
  if (!isPrivate(participant, block)) addPrivate(participant, block, bytes);
}

function countAs<V extends PlainWords>(count: u32, word: u64): void {
  setLoaded(count);
  const block = changetype<V>(0).block(word);
  if (block !== 0) dropPrivate(participant, block);
}

/** Counts entry number `loaded`, which has been written (ARRAY3). */
export function countEntry(word: u64): void {
  if (BOXED) countAs<Boxes>(loaded() + 1, word);
  else setLoaded(loaded() + 1);
}

function replaceAs<V extends PlainWords>(entry: Entry, word: u64): void {
  const before = changetype<V>(0).block(entry.value);
  const after = changetype<V>(0).block(word);
  const bytes = before === 0 ? 0 : changetype<V>(0).bytes(entry.value);
  if (before !== 0) addPrivate(participant, before, bytes);
  entry.value = word;
  if (after !== 0) dropPrivate(participant, after);
  if (before !== 0) free(participant, before, bytes);
}

/** Gives an entry that is counted another word (ARRAY3). */
export function replaceWord(entry: Entry, word: u64): void {
  if (BOXED) replaceAs<Boxes>(entry, word);
  else entry.value = word;
}

function discardAll<V extends PlainWords>(): void {
  for (let count = loaded(); count > 0; count--) {
    const word = loadedEntry(count - 1).value;
    const block = changetype<V>(0).block(word);
    const bytes = block === 0 ? 0 : changetype<V>(0).bytes(word);
    if (block !== 0) takeBack(block, bytes);
    setLoaded(count - 1); // ARRAY3
    if (block !== 0) free(participant, block, bytes);
  }
}

/** Where `wordBefore` has found a word. */
let before: u64 = 0;

/** Whether a key has a word below a node of a subtree that was replaced. Takes no lock, and waits for nobody. */
function wordBefore(root: usize, key: u64): bool {
  let node = root;
  while (true) {
    reachNode(node);
    const line = lineFor(node, key);
    const state = stateOf(line);
    if (!isChild(state)) {
      const slot = slotOf(line, state, key);
      if (slot >= 0) before = valueIn(line, slot);
      return slot >= 0;
    }
    node = childOf(state);
  }
}

function retireReplaced<V extends PlainWords>(root: usize): void {
  for (let count = loaded(); count > 0; count--) {
    if (root !== 0 && wordBefore(root, loadedEntry(count - 1).key)) {
      const block = changetype<V>(0).block(before);
      if (block !== 0 && !wasRetired(participant, block)) {
        retire(participant, block, changetype<V>(0).bytes(before));
      }
    }
    setLoaded(count - 1); // ARRAY4
  }
}

/**
 * Does with all boxes what is to be done, before nodes that a load has replaced are retired. Can be stopped anywhere, and
 * repeated. O(entries), of values in boxes.
 */
export function settleBoxes(): void {
  if (!BOXED) return;
  const placed = load<u32>(placedField());
  if (placed === 0) {
    discardAll<Boxes>();
    return;
  }
  retireReplaced<Boxes>(<usize>(placed & ~1));
  store<u32>(placedField(), 0);
}

/** Settles what a dead participant has loaded, and makes the array private, if there is one. */
export function dropLoad(): void {
  settleBoxes();
  const block = arrayOf();
  if (block === 0) return;
  takeBack(block, arrayBytes());
  store<u64>(loadField(), 0);
}

function boxBytes<V extends PlainWords>(): f64 {
  let bytes: f64 = 0;
  for (let index: u32 = 0; index < loaded(); index++) {
    const word = loadedEntry(index).value;
    const block = changetype<V>(0).block(word);
    if (block !== 0) bytes += realBytes(block, changetype<V>(0).bytes(word));
  }
  return bytes;
}

/** How many bytes this participant's array takes, with the boxes that belong to it. */
export function loadBytes(): f64 {
  const block = arrayOf();
  if (block === 0) return 0;
  return realBytes(block, arrayBytes()) + (BOXED ? boxBytes<Boxes>() : 0);
}
