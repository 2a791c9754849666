/*
 * Values as bytes. A short value is in the value word itself; a longer one is in a box, a block that the word points to.
 * What finds and writes words is a structure (S): the tree (index.ts), or another ordered map.
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
 *   BOX1  A box is filled before the atomic store of the value word that publishes it, and does not change after.
 *         So a thread that reads a value word while pinned may read the payload with plain loads while it stays
 *         pinned.
 *   BOX2  The write that removes a word from its structure retires its box (the tree's values.ts), exactly once.
 *   BOX3  An unpublished box belongs to the thread that allocated it.
 */
import { pin, RETIRE_TAIL, unpin } from "@masstree/epoch/assembly";
import { copyBytes, copyText, isAscii } from "@masstree/key/assembly";
import {
  allocate,
  free,
  KEY_SCRATCH,
  RESULT_SCRATCH,
  reachTo,
  blockBytes as roundedBytes,
} from "@masstree/memory/assembly";
import { participant } from "@masstree/session/assembly";
import { PUT_FULL, PUT_REFUSED } from "@masstree/tree/assembly/condition";
import { LOAD_FULL, LOADED } from "@masstree/tree/assembly/load";
import { entryAfter, keyLengthOf } from "@masstree/tree/assembly/many";
import { prefetchBlock } from "@masstree/tree/assembly/prefetch";
import {
  ENTRIES,
  ENTRY_KEY,
  ENTRY_VALUE,
  firstEntry,
  setWordOut,
  wordExpected,
  wordOut,
} from "@masstree/tree/assembly/scratch";
import { behindEntries, resultEnd } from "@masstree/tree/assembly/text";

/** Bytes before a payload in its box: its length, a u32. */
export const BOX_HEAD: u32 = 4;

/** Where payloads that go through the result scratch begin. */
const COPIED: usize = ENTRIES;
/** The longest payload that goes through the result scratch, in bytes. */
export const COPIED_BYTES: u32 = 65536;

/** The longest payload for which the size of the block fits in 32 bits. */
const LONGEST: u32 = 0xffff0000;

/** What `copyOut` returns if there is no value: no payload is that long. */
export const ABSENT: i32 = -1;

/** Size of the block for a payload of this length. This is its real size, so that all accounts agree on it. */
function blockBytes(length: u32): u32 {
  return roundedBytes(BOX_HEAD + length + RETIRE_TAIL);
}

/** The length of a box's payload. The box may lie in memory that another thread has just added. */
function lengthOf(box: usize): u32 {
  reachTo(box - BOX_HEAD, BOX_HEAD);
  return load<u32>(box - BOX_HEAD);
}

/** The longest payload that fits in a value word, and the bit that marks a word with a payload. */
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

/** BOX2: what a structure needs to know about value words. */
@unmanaged
export class Boxes {
  block(word: u64): usize {
    return isShort(word) ? 0 : <usize>word - BOX_HEAD;
  }

  bytes(word: u64): u32 {
    return blockBytes(lengthOf(<usize>word));
  }

  isNumber(): bool {
    return false;
  }
}

/** The structure that has the words: what follows is generic over a class like this one. */
@unmanaged
export class Structure {
  /** Whether a key has a word, which `word` returns then. The caller is pinned. */
  find(_key: usize, _length: u32): bool {
    return false;
  }
  word(): u64 {
    return 0;
  }
  /** Gives a key a word, as `put<Boxes>` of the tree does. */
  put(_key: usize, _length: u32, _word: u64, _condition: u32, _expected: u64): u32 {
    return PUT_FULL;
  }
  /** Finds the words of the keys in the result scratch, as `findMany` of the tree does. */
  findMany(_count: u32): u32 {
    return 0;
  }
  /** Appends a key to what is being loaded. Returns LOADED or why not. */
  append(_key: usize, _length: u32, _word: u64): u32 {
    return LOAD_FULL;
  }
}

/**
 * Allocates a box.
 * @param length of the payload in bytes
 * @returns the address of the payload, which is not filled yet (BOX3); 0 if the box does not fit in the map's
 *   limit
 */
export function allocateBox(length: u32): usize {
  if (length > LONGEST) return 0;
  const block = allocate(participant, blockBytes(length));
  if (block === 0) return 0;
  store<u32>(block, length);
  return block + BOX_HEAD;
}

/** Frees an unpublished box (BOX3). */
export function discardBox(box: usize): void {
  free(participant, box - BOX_HEAD, blockBytes(lengthOf(box)));
}

/**
 * Gives the key in the key scratch a filled box, if a condition holds.
 * @param condition PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT, or PUT_IF_EQUAL, which compares with the word at
 *   WORD_EXPECTED
 * @returns as `put` of the tree; if it does not write, nothing has changed and the caller keeps the box
 */
export function setBoxIn<S extends Structure>(keyLength: u32, box: usize, condition: u32): u32 {
  const key = participant + KEY_SCRATCH;
  return changetype<S>(0).put(key, keyLength, <u64>box, condition, wordExpected());
}

/**
 * Finds the box of the key in the key scratch.
 * @returns the address of its payload, with the thread pinned until the caller unpins; 0, not pinned, if there is
 *   no key or its value has no box
 */
export function getBoxOf<S extends Structure>(keyLength: u32): usize {
  pin(participant);
  if (changetype<S>(0).find(participant + KEY_SCRATCH, keyLength)) {
    const word = changetype<S>(0).word();
    if (!isShort(word)) return <usize>word;
  }
  unpin(participant);
  return 0;
}

/**
 * Copies the payload of a value word to the result scratch, unless it is longer than COPIED_BYTES. Returns its
 * length. The caller is pinned.
 */
function copyWord(word: u64): u32 {
  const target = participant + RESULT_SCRATCH + COPIED;
  if (isShort(word)) {
    store<u64>(target, word);
    return shortLength(word);
  }
  const length = lengthOf(<usize>word);
  if (length <= COPIED_BYTES) {
    reachTo(<usize>word, length);
    copyBytes(target, <usize>word, length);
  }
  return length;
}

/**
 * Copies the payload of the key in the key scratch to the result scratch, unless it is longer than COPIED_BYTES. Its
 * value word is at WORD_OUT.
 * @returns its length; ABSENT if there is none
 */
export function copyOutOf<S extends Structure>(keyLength: u32): i32 {
  pin(participant);
  let length = ABSENT;
  if (changetype<S>(0).find(participant + KEY_SCRATCH, keyLength)) {
    const word = changetype<S>(0).word();
    setWordOut(word);
    length = <i32>copyWord(word);
  }
  unpin(participant);
  return length;
}

/**
 * Copies the payload that the last call found, replaced or removed to the result scratch, unless it is longer than
 * COPIED_BYTES. The thread has been pinned since before that call.
 * @returns its length
 */
export function copyPrevious(): u32 {
  return copyWord(wordOut());
}

/** The address of that payload, which is in a box. The thread is pinned as for `copyPrevious`. */
export function previousBox(): usize {
  return <usize>wordOut();
}

/**
 * Gives the key in the key scratch the payload in the result scratch, if a condition holds. The payload goes into
 * the value word or into a new box.
 * @param payloadLength in bytes, up to COPIED_BYTES
 * @param condition PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT, or PUT_IF_EQUAL, which compares with the word at
 *   WORD_EXPECTED
 * @returns as `put` of the tree; if it does not write, nothing has changed
 */
export function copyInto<S extends Structure>(
  keyLength: u32,
  payloadLength: u32,
  condition: u32,
): u32 {
  const payload = participant + RESULT_SCRATCH + COPIED;
  const word = wordFor(payload, payloadLength);
  if (word === 0) return PUT_FULL;
  const key = participant + KEY_SCRATCH;
  const outcome = changetype<S>(0).put(key, keyLength, word, condition, wordExpected());
  if (outcome === PUT_FULL || outcome === PUT_REFUSED) discardWord(word);
  return outcome;
}

/** The value word of a payload, which goes into the word or into a new box. 0 if there is no memory for a box. */
function wordFor(payload: usize, length: u32): u64 {
  if (length <= SHORT_BYTES) return shortWord(payload, length);
  const box = allocateBox(length);
  if (box !== 0) copyBytes(box, payload, length); // BOX1
  return <u64>box;
}

/** Frees the box of a word that is not in the tree, if it has one (BOX3). */
function discardWord(word: u64): void {
  if (!isShort(word)) discardBox(<usize>word);
}

/**
 * Looks many keys up for a caller that reads the payloads next: brings the boxes near. The value words of boxes are
 * addresses, good while the caller is pinned.
 */
export function findBoxesIn<S extends Structure>(count: u32): u32 {
  const found = changetype<S>(0).findMany(count);
  let entry = firstEntry();
  for (let index: u32 = 0; index < found; index++) {
    const word = load<u64>(entry, ENTRY_VALUE);
    if (!isShort(word)) prefetchBlock(<usize>word - BOX_HEAD);
    entry = entryAfter(entry);
  }
  return found;
}

/**
 * Copies the payloads of entries in the result scratch behind these, as many as there is room for. In place of an entry's
 * value word are then two u32: where the payload begins, counted from the first entry, and its length. The caller has
 * been pinned since the entries were written.
 * @param count how many entries there are
 * @param behind how many bytes after them are in use
 * @returns of how many entries; 0 if not even the first one's payload has room. At WORD_OUT is then a u32, where the
 *   payloads end in the result scratch, and another: whether all of them are ASCII
 */
export function copyBoxes(count: u32, behind: u32): u32 {
  const first = firstEntry();
  let target = behindEntries(count) + behind;
  let bits: u64 = 0;
  let entry = first;
  let copied: u32 = 0;
  for (; copied < count; copied++) {
    const word = load<u64>(entry, ENTRY_VALUE);
    const short = isShort(word);
    const length = short ? shortLength(word) : lengthOf(<usize>word);
    if (<u64>target + <u64>length + 8 > <u64>resultEnd()) break;
    if (short) {
      store<u64>(target, word);
      bits |= word & (((<u64>1) << (length << 3)) - 1);
    } else {
      reachTo(<usize>word, length);
      bits |= copyText(target, <usize>word, length);
    }
    store<u32>(entry, <u32>(target - first), ENTRY_VALUE);
    store<u32>(entry, length, ENTRY_VALUE + 4);
    target += length;
    entry = entryAfter(entry);
  }
  const end = <u64>(target - first) + <u64>ENTRIES;
  setWordOut(end | ((<u64>i32(isAscii(bits))) << 32));
  return copied;
}

/** How `putMany` and `appendMany` get a value word: of the payload that follows the entry's key. */
@unmanaged
export class PayloadsInEntries {
  wordOf(entry: usize): u64 {
    return wordFor(entry + ENTRY_KEY + keyLengthOf(entry), load<u32>(entry, ENTRY_VALUE));
  }

  mayBeZero(): bool {
    return false;
  }

  giveUp(word: u64): void {
    discardWord(word);
  }
}

/**
 * Appends the key in the key scratch, with the payload in the result scratch, to what is being loaded.
 * @param payloadLength in bytes, up to COPIED_BYTES
 * @returns LOADED, LOAD_FULL, LOAD_UNSORTED or LOAD_REPEATED: then the load cannot go on
 */
export function appendInto<S extends Structure>(keyLength: u32, payloadLength: u32): u32 {
  const payload = participant + RESULT_SCRATCH + COPIED;
  const word = wordFor(payload, payloadLength);
  return word === 0 ? LOAD_FULL : appendWord<S>(keyLength, word);
}

/** The same, with a filled box, which belongs to the load then. If it is not LOADED, the box is freed. */
export function appendBoxTo<S extends Structure>(keyLength: u32, box: usize): u32 {
  return appendWord<S>(keyLength, <u64>box);
}

function appendWord<S extends Structure>(keyLength: u32, word: u64): u32 {
  const status = changetype<S>(0).append(participant + KEY_SCRATCH, keyLength, word);
  if (status !== LOADED) discardWord(word);
  return status;
}
