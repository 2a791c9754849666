/*
 * The WebAssembly exports of the tree whose value words stand for values of any size: the exports of all maps, and
 * those of box.ts on the tree, which move values in and out.
 */
import { KEY_SCRATCH, setLarger } from "@masstree/memory/assembly";
import { attach as attachSession, participant } from "@masstree/session/assembly";
import {
  appendKey,
  appendMany as appendManyKeys,
  clearLeaf as clearLeafOfTree,
  clear as clearTree,
  findMany,
  Located,
  locate,
  PRESENT,
  put,
  putMany as putManyWords,
  remove as removeKey,
  removeEqual as removeKeyIfEqual,
  removeMany as removeManyKeys,
  TreeClient,
  verify as verifyTree,
  wordExpected,
} from "@masstree/tree/assembly";
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
} from "./box";

export * from "@masstree/tree/assembly/common";
export { allocateBox, copyBoxes, copyPrevious, discardBox, previousBox } from "./box";

/** The tree as a structure of box.ts. */
@unmanaged
class Tree {
  find(key: usize, length: u32): bool {
    return locate(key, length) === PRESENT;
  }

  word(): u64 {
    return Located.value;
  }

  put(key: usize, length: u32, word: u64, condition: u32, expected: u64): u32 {
    return put<Boxes>(key, length, word, condition, expected);
  }

  findMany(count: u32): u32 {
    return findMany(count);
  }

  append(key: usize, length: u32, word: u64): u32 {
    return appendKey(key, length, word);
  }
}

/**
 * As the tree's. In addition, a full map may use larger blocks than needed: boxes of all sizes leave such blocks
 * free, for nodes as well.
 */
export function attach(mayWait: u32, thread: u32, osThread: u32): u32 {
  const status = attachSession<TreeClient>(mayWait, thread, osThread);
  setLarger(true);
  return status;
}

/** See box.ts, `setBoxIn`. */
export function setBox(keyLength: u32, box: usize, condition: u32): u32 {
  return setBoxIn<Tree>(keyLength, box, condition);
}

/** See box.ts, `getBoxOf`. */
export function getBox(keyLength: u32): usize {
  return getBoxOf<Tree>(keyLength);
}

/** See box.ts, `copyOutOf`. */
export function copyOut(keyLength: u32): i32 {
  return copyOutOf<Tree>(keyLength);
}

/** See box.ts, `copyInto`. */
export function copyIn(keyLength: u32, payloadLength: u32, condition: u32): u32 {
  return copyInto<Tree>(keyLength, payloadLength, condition);
}

/** See box.ts, `findBoxesIn`. */
export function findBoxes(count: u32): u32 {
  return findBoxesIn<Tree>(count);
}

/** See box.ts, `appendInto`. */
export function appendIn(keyLength: u32, payloadLength: u32): u32 {
  return appendInto<Tree>(keyLength, payloadLength);
}

/** See box.ts, `appendBoxTo`. */
export function appendBox(keyLength: u32, box: usize): u32 {
  return appendBoxTo<Tree>(keyLength, box);
}

/** Removes the key in the key scratch. Returns 1 if there was one. */
export function remove(keyLength: u32): u32 {
  return removeKey<Boxes>(participant + KEY_SCRATCH, keyLength);
}

/** Removes the key in the key scratch if it has the value word at WORD_EXPECTED. Returns 1 if it did. */
export function removeEqual(keyLength: u32): u32 {
  return removeKeyIfEqual<Boxes>(participant + KEY_SCRATCH, keyLength, wordExpected());
}

/**
 * Gives the keys of `count` entries in the result scratch their payloads, in order. An entry's payload follows its key;
 * its length is in place of the value word. Returns how many before there was no memory.
 */
export function putMany(count: u32): u32 {
  return putManyWords<Boxes, PayloadsInEntries>(count);
}

/** Removes the keys of `count` entries in the result scratch, in order. Returns how many of them were there. */
export function removeMany(count: u32): u32 {
  return removeManyKeys<Boxes>(count);
}

/** Appends the keys of `count` entries with their payloads, which are as for `putMany`. See the tree's `appendMany`. */
export function appendMany(count: u32): u32 {
  return appendManyKeys<PayloadsInEntries>(count);
}

/** Removes every key, and retires its box. See the tree's `clear`. */
export function clear(): u32 {
  return clearTree<Boxes>();
}

/** Removes the keys of a range that are in one leaf, and retires their boxes. See the tree's `clearLeaf`. */
export function clearLeaf(startLength: u32, endLength: u32, flags: u32): u32 {
  return clearLeafOfTree<Boxes>(startLength, endLength, flags);
}

/** Checks the tree's invariants and that every block is accounted for, boxes included. See the tree's `verify`. */
export function verify(): u32 {
  return verifyTree<Boxes>();
}
