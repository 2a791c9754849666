/*
 * The WebAssembly exports of the index whose value words stand for values of any size: those of all indexes, and those
 * of masstree's box.ts on the index, which move values in and out. They have the names and meanings that they have on
 * the tree (masstree's index.ts), so that the same JavaScript uses both.
 */
import { KEY_SCRATCH } from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { wordExpected } from "@masstree/tree/assembly/scratch";
import {
  appendBoxTo,
  appendInto,
  Boxes,
  copyInto,
  copyOutOf,
  findBoxesIn,
  getBoxOf,
  PayloadsInEntries,
  setBoxIn,
} from "masstree/assembly/box";
import { Found, find } from "./find";
import { append as appendEntry } from "./load";
import {
  appendMany as appendManyEntries,
  clear as clearAll,
  clearSome,
  findMany as findManyKeys,
  putMany as putManyWords,
  removeMany as removeManyKeys,
} from "./many";
import { ordinalOf } from "./ordinal";
import { put as putWord } from "./put";
import { remove as removeKey, removeEqual as removeKeyIfEqual } from "./remove";
import { verify as verifyIndex } from "./verify";

export {
  allocateBox,
  copyBoxes,
  copyPrevious,
  discardBox,
  previousBox,
} from "masstree/assembly/box";
export * from "./common";

/** The index as a structure of box.ts. */
@unmanaged
class Index {
  find(key: usize, _length: u32): bool {
    return find(ordinalOf(key));
  }

  word(): u64 {
    return Found.value;
  }

  put(key: usize, _length: u32, word: u64, condition: u32, expected: u64): u32 {
    return putWord<Boxes>(key, word, condition, expected);
  }

  findMany(count: u32): u32 {
    return findManyKeys(count);
  }

  append(key: usize, _length: u32, word: u64): u32 {
    return appendEntry(ordinalOf(key), word);
  }
}

/** See box.ts, `setBoxIn`. */
export function setBox(keyLength: u32, box: usize, condition: u32): u32 {
  return setBoxIn<Index>(keyLength, box, condition);
}

/** See box.ts, `getBoxOf`. */
export function getBox(keyLength: u32): usize {
  return getBoxOf<Index>(keyLength);
}

/** See box.ts, `copyOutOf`. */
export function copyOut(keyLength: u32): i32 {
  return copyOutOf<Index>(keyLength);
}

/** See box.ts, `copyInto`. */
export function copyIn(keyLength: u32, payloadLength: u32, condition: u32): u32 {
  return copyInto<Index>(keyLength, payloadLength, condition);
}

/** See box.ts, `findBoxesIn`. */
export function findBoxes(count: u32): u32 {
  return findBoxesIn<Index>(count);
}

/** See box.ts, `appendInto`. */
export function appendIn(keyLength: u32, payloadLength: u32): u32 {
  return appendInto<Index>(keyLength, payloadLength);
}

/** See box.ts, `appendBoxTo`. */
export function appendBox(keyLength: u32, box: usize): u32 {
  return appendBoxTo<Index>(keyLength, box);
}

/** Removes the key in the key scratch. Returns 1 if there was one. */
export function remove(_keyLength: u32): u32 {
  return removeKey<Boxes>(participant + KEY_SCRATCH);
}

/** Removes the key in the key scratch if it has the value word at WORD_EXPECTED. Returns 1 if it did. */
export function removeEqual(_keyLength: u32): u32 {
  return removeKeyIfEqual<Boxes>(participant + KEY_SCRATCH, wordExpected());
}

/** Gives the keys of `count` entries their payloads, in order. Returns how many before there was no memory. */
export function putMany(count: u32): u32 {
  return putManyWords<Boxes, PayloadsInEntries>(count);
}

/** Removes the keys of `count` entries, in order. Returns how many of them were there. */
export function removeMany(count: u32): u32 {
  return removeManyKeys<Boxes>(count);
}

/** Appends the keys of `count` entries with their payloads. See the tree's `appendMany`. */
export function appendMany(count: u32): u32 {
  return appendManyEntries<PayloadsInEntries>(count);
}

/** Removes every key that is present when the call begins, and retires its box. Returns how many it removed. */
export function clear(): u32 {
  return clearAll<Boxes>();
}

/** Removes keys of a range, and retires their boxes. See the tree's `clearLeaf`. */
export function clearLeaf(_startLength: u32, _endLength: u32, flags: u32): u32 {
  return clearSome<Boxes>(flags);
}

/** Checks every invariant, and that every block is accounted for, boxes included. See the tree's `verify`. */
export function verify(): u32 {
  return verifyIndex<Boxes>();
}
