/**
 * Values as bytes: in the tree's value word itself where they fit, else in a box, a block that the word points to.
 *
 *     word    short    bytes 0..6 the payload, byte 7 = 0x80 + its length, 0 to 7
 *             boxed    the address of the box's payload; byte 7 is 0
 *
 *     block   0    u32    length of the payload in bytes      filled before the box is published,
 *             4    bytes  payload                             never changed after
 *             ...         unused, up to the block's real size
 *             -8   u64    the epoch package's, once the box is retired (RETIRE_TAIL)
 *
 * Invariants
 *  X1  A box is filled before the atomic store of the value word that publishes it, and not changed after: so whoever reads
 *      a value word while pinned may read the payload with plain loads for as long as it is pinned.
 *  X2  The transaction that takes a word out of the tree retires its box (the tree's values.ts), exactly once.
 *  X3  A box that was not published belongs to the thread that allocated it.
 */
import { pin, RETIRE_TAIL, unpin } from "@masstree/epoch/assembly";
import {
  allocate,
  free,
  KEY_SCRATCH,
  RESULT_SCRATCH,
  reachTo,
  blockBytes as roundedBytes,
  setLarger,
} from "@masstree/memory/assembly";
import {
  clear as clearTree,
  FULL,
  locate,
  locatedValue,
  PRESENT,
  participant,
  put,
  remove,
  verify as verifyTree,
} from "@masstree/tree/assembly";
import { attachAs as attachTree, report } from "@masstree/tree/assembly/module";

const HEAD: u32 = 4;

/** Where payloads that go through the result scratch begin, and how long they may be. */
const COPIED: usize = 64;
const COPIED_BYTES: u32 = 65536;

/** The longest payload whose block's size has 32 bits. */
const LONGEST: u32 = 0xffff0000;

/** What `copyOut` answers when there is no value. */
const ABSENT: u32 = 0xffffffff;

/** Bytes of the block for a payload of this length: its real size, so that all accounts agree on it. */
function blockBytes(length: u32): u32 {
  return roundedBytes(HEAD + length + RETIRE_TAIL);
}

/** The length of a box's payload. Another thread may have allocated the box in memory that it has just added. */
function lengthOf(box: usize): u32 {
  reachTo(box - HEAD, HEAD);
  return load<u32>(box - HEAD);
}

/** The longest payload that fits in a value word, and what marks one there. */
const SHORT_BYTES: u32 = 7;
const SHORT: u64 = 0x80 << 56;

function isShort(word: u64): bool {
  return (word & SHORT) !== 0;
}

/** The value word of a short payload. */
function shortWord(payload: usize, length: u32): u64 {
  const bytes = load<u64>(payload) & (((<u64>1) << (length << 3)) - 1);
  return bytes | SHORT | ((<u64>length) << 56);
}

function shortLength(word: u64): u32 {
  return <u32>(word >> 56) & 7;
}

/** X2: what the tree has to know of value words. */
@unmanaged
class Boxes {
  block(word: u64): usize {
    return isShort(word) ? 0 : <usize>word - HEAD;
  }

  bytes(word: u64): u32 {
    return blockBytes(lengthOf(<usize>word));
  }
}

/** As the tree's. In a full map, boxes of all sizes leave larger blocks free, for nodes as well. */
export function attachAs(mayWait: u32, thread: u32, osThread: u32): u32 {
  const status = attachTree(mayWait, thread, osThread);
  setLarger(true);
  return status;
}

/** Copies a payload. Calls to memory.copy cost more than short loops. */
function copyPayload(to: usize, from: usize, length: u32): void {
  if (length > 128) {
    memory.copy(to, from, length);
    return;
  }
  let at: u32 = 0;
  for (; at + 8 <= length; at += 8) store<u64>(to + at, load<u64>(from + at));
  for (; at < length; at++) store<u8>(to + at, load<u8>(from + at));
}

/**
 * Makes a box.
 * @param length of the payload in bytes
 * @returns the address of the payload, of which nothing is filled (X3); 0 when it does not fit in the map's limit
 */
export function allocateBox(length: u32): usize {
  if (length > LONGEST) return 0;
  const block = allocate(participant, blockBytes(length));
  if (block === 0) return 0;
  store<u32>(block, length);
  return block + HEAD;
}

/** Frees a box that was not published (X3). */
export function discardBox(box: usize): void {
  free(participant, box - HEAD, blockBytes(lengthOf(box)));
}

/**
 * Publishes a filled box under the key in the key scratch.
 * @returns as `set` of the tree; when full, nothing has changed and the box is still the caller's
 */
export function setBox(keyLength: u32, box: usize): u32 {
  return put<Boxes>(participant + KEY_SCRATCH, keyLength, <u64>box);
}

/**
 * Finds the box of the key in the key scratch.
 * @returns the address of its payload, with the thread pinned until the caller unpins; 0 when there is no key, or none with
 *   a box, and then not pinned
 */
export function getBox(keyLength: u32): usize {
  pin(participant);
  const found = locate(participant + KEY_SCRATCH, keyLength);
  if (found === PRESENT && !isShort(locatedValue)) return <usize>locatedValue;
  unpin(participant);
  return 0;
}

/** Removes the key in the key scratch. 1 when there was something to remove. */
export function removeBox(keyLength: u32): u32 {
  return remove<Boxes>(participant + KEY_SCRATCH, keyLength);
}

/**
 * Copies the payload of the key in the key scratch to the result scratch, unless it is longer than COPIED_BYTES.
 * @returns its length; ABSENT when there is none
 */
export function copyOut(keyLength: u32): u32 {
  const target = participant + RESULT_SCRATCH + COPIED;
  pin(participant);
  let length = ABSENT;
  if (locate(participant + KEY_SCRATCH, keyLength) === PRESENT) {
    const word = locatedValue;
    if (isShort(word)) {
      store<u64>(target, word);
      length = shortLength(word);
    } else {
      length = lengthOf(<usize>word);
      if (length <= COPIED_BYTES) {
        reachTo(<usize>word, length);
        copyPayload(target, <usize>word, length);
      }
    }
  }
  unpin(participant);
  return length;
}

/**
 * Gives the key in the key scratch the payload in the result scratch, in its value word or in a new box.
 * @param length of the payload, up to COPIED_BYTES
 * @returns as `set` of the tree; when full, nothing has changed
 */
export function copyIn(keyLength: u32, length: u32): u32 {
  const payload = participant + RESULT_SCRATCH + COPIED;
  if (length <= SHORT_BYTES) {
    return put<Boxes>(participant + KEY_SCRATCH, keyLength, shortWord(payload, length));
  }
  const box = allocateBox(length);
  if (box === 0) return FULL;
  copyPayload(box, payload, length);
  const outcome = setBox(keyLength, box); // X1
  if (outcome === FULL) discardBox(box);
  return outcome;
}

/** Removes every key, and retires its box. See the tree's `clear`. */
export function clear(): void {
  clearTree<Boxes>();
}

/** Checks the tree's invariants, and that every block is accounted for, boxes included. See the tree's `verify`. */
export function verify(): u32 {
  return report(verifyTree<Boxes>());
}
