/*
 * Payloads between the map and private memory.
 *
 * Short ones travel through the result scratch, which only this thread uses, inside one call into the
 * tree. Long ones are read from and written to their boxes: written while no other thread can know the
 * box, read while this thread is pinned, which keeps the box from being reclaimed; a box that can be
 * found is never changed. No code of the caller's runs while pinned.
 */
import { byteView } from "@masstree/key";
import { ENTRIES, fullError, SetResult, type TreeInstance } from "@masstree/tree";
import { ABSENT, type BoxExports, COPIED_BYTES } from "./box-exports.ts";
import { staged } from "./stage.ts";

/** Up to this many bytes a loop is faster than a view and a copy by it. */
const shortBytes = 64;

// What was read last, for callers that look at it at once.
const fetchedBuffer = /* @__PURE__ */ new Uint8Array(COPIED_BYTES);
/** The payload that `fetch` read, from index 0. */
export let fetched: Uint8Array = fetchedBuffer;

/**
 * Reads the payload of the key that was written, into `fetched`.
 *
 * @returns its length, or -1 when there is none
 */
export function fetch(tree: TreeInstance<BoxExports>, keyLength: number): number {
  while (true) {
    const length = tree.exports.copyOut(keyLength);
    if (length === ABSENT) return -1;
    if (length >>> 0 <= COPIED_BYTES) {
      fetched = fetchedBuffer;
      copyBytes(tree.result.bytes, ENTRIES, ENTRIES + length, fetchedBuffer, 0);
      return length;
    }
    tree.holding = true;
    const box = tree.exports.getBox(keyLength) >>> 0;
    if (box !== 0) return fetchLong(tree, box);
    // The value has become short since, or the key is gone. Look once more.
    tree.holding = false;
  }
}

/** Reads a payload that is too long for the scratch from its box, and unpins. */
function fetchLong(tree: TreeInstance<BoxExports>, box: number): number {
  try {
    // It may be another value by now, and a short one.
    const length = payloadLength(tree, box);
    const copy = length <= COPIED_BYTES ? fetchedBuffer : new Uint8Array(length);
    copyBytes(tree.reach(box + length).bytes, box, box + length, copy, 0);
    fetched = copy;
    return length;
  } finally {
    tree.exports.unpin();
    tree.holding = false;
  }
}

/** Lets go of a long payload. */
export function release(): void {
  fetched = fetchedBuffer;
}

/** The length of a box's payload. Pinned. */
export function payloadLength(tree: TreeInstance<BoxExports>, box: number): number {
  return tree.reach(box).u32[(box - 4) / 4]!;
}

/**
 * Sets the key that was written to the bytes that are staged.
 *
 * @returns false when it does not fit, and nothing has changed
 */
export function store(
  tree: TreeInstance<BoxExports>,
  keyLength: number,
  payloadLength: number,
): boolean {
  if (payloadLength <= COPIED_BYTES) {
    copyBytes(staged, 0, payloadLength, tree.result.bytes, ENTRIES);
    return tree.exports.copyIn(keyLength, payloadLength) !== SetResult.full;
  }
  // No memory holds more; and the tree counts bytes in 32 bits.
  if (payloadLength >= 2 ** 32) throw fullError();
  tree.holding = true;
  let box = 0;
  let kept = false;
  try {
    box = tree.exports.allocateBox(payloadLength) >>> 0;
    if (box === 0) return false;
    copyBytes(staged, 0, payloadLength, tree.reach(box + payloadLength).bytes, box);
    kept = tree.exports.setBox(keyLength, box) !== SetResult.full;
  } finally {
    if (!kept && box !== 0) tree.exports.discardBox(box);
    tree.holding = false;
  }
  return kept;
}

/** Copies source[start..end) to target[at..]. Runs no code of a source that is a caller's. */
export function copyBytes(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): void {
  if (end - start > shortBytes) {
    target.set(byteView(source, start, end), at);
  } else {
    for (let i = start; i < end; i++) target[at + i - start] = source[i]!;
  }
}
