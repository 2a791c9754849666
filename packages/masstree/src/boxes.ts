/*
 * Moves payloads between the map and private memory.
 *
 * Short payloads go through the result scratch, which only this thread uses, within one call into
 * the tree. Long ones are read from and written to their boxes. A box is written while no other
 * thread can know it, and read while this thread is pinned, which keeps it from being reclaimed; a
 * published box never changes. No code of the caller runs while the thread is pinned.
 */
import { copyBytes } from "@masstree/key";
import {
  copyLike,
  ENTRIES,
  type GuardMemory,
  LOAD_FULL,
  PUT_FULL,
  PUT_INSERTED,
  PUT_REPLACED,
  type TreeInstance,
  WORD_EXPECTED,
  WORD_OUT,
} from "@masstree/tree";
import { ABSENT, BOX_HEAD, type BoxExports, COPIED_BYTES } from "./exports.ts";
import { staged } from "./stage.ts";

// What was read last, for callers that use it at once.
const fetchedBuffer = /* @__PURE__ */ new Uint8Array(COPIED_BYTES);
/** The payload that `fetch` read, from index 0. */
export let fetched: Uint8Array = fetchedBuffer;

/** The box that `find` found, if its payload is too long for the scratch. */
let foundBox = 0;
/** What `find` returns then. */
const LONG = -2;

/**
 * Finds the payload of the key in the key scratch.
 *
 * @returns its length, if it is in the result scratch now, from ENTRIES on; ABSENT if there is none; or LONG: then it is in
 *   `foundBox`, and the thread is pinned until `letGo`
 */
function find(tree: TreeInstance<BoxExports>, keyLength: number): number {
  while (true) {
    const length = tree.exports.copyOut(keyLength);
    if (length === ABSENT || length >>> 0 <= COPIED_BYTES) return length;
    tree.holding = true;
    foundBox = tree.exports.getBox(keyLength) >>> 0;
    if (foundBox !== 0) return LONG;
    // The value has become short meanwhile, or the key is gone. Try again.
    tree.holding = false;
  }
}

/** Unpins. */
function letGo(tree: TreeInstance<BoxExports>): void {
  tree.exports.unpin();
  tree.holding = false;
}

/**
 * Reads the payload of the key in the key scratch, into `fetched`.
 *
 * @returns its length, or -1 if there is none
 */
export function fetch(tree: TreeInstance<BoxExports>, keyLength: number): number {
  const length = find(tree, keyLength);
  if (length >= 0) {
    fetched = fetchedBuffer;
    copyBytes(tree.result.bytes, ENTRIES, ENTRIES + length, fetchedBuffer, 0);
  } else if (length === LONG) {
    return fetchLong(tree, foundBox);
  }
  return length;
}

/** Reads a payload that is too long for the scratch from its box, and unpins. */
function fetchLong(tree: TreeInstance<BoxExports>, box: number): number {
  try {
    // It may be another value by now, perhaps a short one.
    const length = payloadLength(tree, box);
    fetched = copyLike(tree.reach(box + length).bytes, box, box + length);
    return length;
  } finally {
    letGo(tree);
  }
}

/** Copies the payload of the key in the key scratch for a guard; undefined if there is none. */
export function view(
  tree: TreeInstance<BoxExports>,
  keyLength: number,
  memory: GuardMemory,
): Uint8Array | undefined {
  const length = find(tree, keyLength);
  if (length >= 0) return memory.copy(tree.result.bytes, ENTRIES, ENTRIES + length);
  return length === LONG ? viewLong(tree, foundBox, memory) : undefined;
}

/** The same of one that is too long for the scratch, and unpins. */
function viewLong(tree: TreeInstance<BoxExports>, box: number, memory: GuardMemory): Uint8Array {
  try {
    const end = box + payloadLength(tree, box);
    return memory.copy(tree.reach(end).bytes, box, end);
  } finally {
    letGo(tree);
  }
}

/** Releases a long payload. */
export function release(): void {
  fetched = fetchedBuffer;
}

/** The length of a box's payload. Pinned. */
export function payloadLength(tree: TreeInstance<BoxExports>, box: number): number {
  return tree.reach(box).u32[(box - BOX_HEAD) / 4]!;
}

/**
 * Reads the payload that the last call replaced, into `fetched`. The thread has been pinned since before that
 * call.
 *
 * @returns its length
 */
export function fetchPrevious(tree: TreeInstance<BoxExports>): number {
  const length = tree.exports.copyPrevious() >>> 0;
  if (length <= COPIED_BYTES) {
    fetched = fetchedBuffer;
    copyBytes(tree.result.bytes, ENTRIES, ENTRIES + length, fetchedBuffer, 0);
  } else {
    const box = tree.exports.previousBox() >>> 0;
    fetched = copyLike(tree.reach(box + length).bytes, box, box + length);
  }
  return length;
}

/**
 * Compares the payload of the key in the key scratch. Pinned. If it is the expected one, the next call that compares
 * words compares with its word.
 */
export function expectBytes(
  tree: TreeInstance<BoxExports>,
  keyLength: number,
  expected: Uint8Array,
): boolean {
  const length = tree.exports.copyOut(keyLength);
  if (length === ABSENT || length >>> 0 !== expected.length) return false;
  const { u32, bytes } = tree.result;
  const isCopied = expected.length <= COPIED_BYTES;
  const box = u32[WORD_OUT / 4]!;
  const isSame = isCopied
    ? startsWith(bytes, ENTRIES, expected)
    : startsWith(tree.reach(box + expected.length).bytes, box, expected);
  u32[WORD_EXPECTED / 4] = box;
  u32[WORD_EXPECTED / 4 + 1] = u32[WORD_OUT / 4 + 1]!;
  return isSame;
}

/** Whether `source` has these bytes from `at` on. */
function startsWith(source: Uint8Array, at: number, bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if (source[at + i] !== bytes[i]) return false;
  return true;
}

/**
 * Sets the key in the key scratch to the staged bytes, if a condition holds.
 *
 * @returns what the tree's `put` returns; if it does not write, nothing has changed
 */
export function store(
  tree: TreeInstance<BoxExports>,
  keyLength: number,
  payloadLength: number,
  condition: number,
): number {
  if (payloadLength <= COPIED_BYTES) {
    copyBytes(staged, 0, payloadLength, tree.result.bytes, ENTRIES);
    return tree.exports.copyIn(keyLength, payloadLength, condition);
  }
  // No memory holds more, and the tree counts bytes in 32 bits.
  if (payloadLength >= 2 ** 32) return PUT_FULL;
  const { holding } = tree;
  tree.holding = true;
  let box = 0;
  let isWritten = false;
  try {
    box = tree.exports.allocateBox(payloadLength) >>> 0;
    if (box === 0) return PUT_FULL;
    copyBytes(staged, 0, payloadLength, tree.reach(box + payloadLength).bytes, box);
    const outcome = tree.exports.setBox(keyLength, box, condition);
    isWritten = outcome === PUT_INSERTED || outcome === PUT_REPLACED;
    return outcome;
  } finally {
    if (!isWritten && box !== 0) tree.exports.discardBox(box);
    tree.holding = holding;
  }
}

/**
 * Appends the key in the key scratch, with the staged bytes, to the tree that is being built.
 *
 * @returns what the tree's `append` returns
 */
export function append(
  tree: TreeInstance<BoxExports>,
  keyLength: number,
  payloadLength: number,
): number {
  if (payloadLength <= COPIED_BYTES) {
    copyBytes(staged, 0, payloadLength, tree.result.bytes, ENTRIES);
    return tree.exports.appendIn(keyLength, payloadLength);
  }
  // As in `store`.
  if (payloadLength >= 2 ** 32) return LOAD_FULL;
  const box = tree.exports.allocateBox(payloadLength) >>> 0;
  if (box === 0) return LOAD_FULL;
  copyBytes(staged, 0, payloadLength, tree.reach(box + payloadLength).bytes, box);
  return tree.exports.appendBox(keyLength, box);
}
