/*
 * A scan, taken in batches.
 *
 * Invariants
 *   C1  Between two calls nothing in shared memory belongs to the cursor: no lock, no pin, no scratch.
 *       A batch lives in private memory.
 *   C2  The next batch starts behind the last key of the one before, exclusively, by searching for it
 *       again: so the map may change in any way between batches, and no key is visited twice or
 *       out of order.
 *   C3  A batch is taken as of one call into the tree; an entry in it may be gone or replaced by the
 *       time it is looked at. That is what "a scan is live" allows.
 */
import type { KeyCodec } from "@masstree/key";
import { EntryBuffer } from "./entry-buffer.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import type { Bounds } from "./range.ts";
import { ENTRY_KEY, ScanFlag } from "./tree-exports.ts";

/** What a scan must know about a map's value words. */
export interface ScanValues<V> {
  /** Whether the words are addresses, so that the thread must be pinned until `keep` has run. */
  readonly pinned: boolean;
  /**
   * Replaces value words that are addresses by copies in private memory. Pinned if so wished. Runs no code
   * of the caller's. Where words are the values themselves there is nothing to do but to return `count`.
   *
   * @param buffer the entries, of which the first is at byte 0; in each, byte 4 has a u32 with the bytes to
   *   the next one, and byte `ENTRY_VALUE` the value word
   * @param count how many there are, at least 1
   * @returns for how many entries it did so, 1 to `count`: the cursor forgets the others
   */
  keep(buffer: EntryBuffer, count: number): number;
  /** The value of the entry at byte offset `entry`. Not pinned: may run the caller's code. */
  read(buffer: EntryBuffer, entry: number): V;
}

// A first batch small enough that looking at one entry is cheap, then larger ones, so that a long
// scan pays for its searches once in many entries.
const firstBatch = 8;
const largestBatch = 256;

/** @internal */
export class Cursor<K extends KeyType, V> {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #values: ScanValues<V> | undefined;
  readonly #bounds: Bounds;
  readonly #flags: number;
  #buffer: EntryBuffer | undefined;
  /** Byte offset of the entry that the cursor is at. */
  #entry = 0;
  /** Entries of the batch from the current one on. */
  #left = 0;
  #limit: number;
  #batch = firstBatch;
  /** Whether a batch was taken, whose last entry #entry is if #left is 1. */
  #started = false;
  /** Whether the tree has nothing behind the batch. */
  #exhausted = false;

  /** @param values how to read values; undefined to visit keys only */
  constructor(
    tree: TreeInstance,
    codec: KeyCodec<K>,
    values: ScanValues<V> | undefined,
    bounds: Bounds,
  ) {
    this.#tree = tree;
    this.#codec = codec;
    this.#values = values;
    this.#bounds = bounds;
    this.#limit = bounds.limit;
    this.#flags =
      (bounds.reverse ? ScanFlag.reverse : 0) |
      ((bounds.reverse ? bounds.lower : bounds.upper) === undefined ? 0 : ScanFlag.hasEnd) |
      ((bounds.reverse ? bounds.lowerInclusive : bounds.upperInclusive)
        ? ScanFlag.endInclusive
        : 0) |
      (values === undefined ? ScanFlag.keysOnly : 0);
  }

  /**
   * Moves to the first or the next entry.
   *
   * @returns false at the end, and ever after
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`) when the map was closed before the end
   */
  next(): boolean {
    if (this.#limit === 0) {
      this.stop();
      return false;
    }
    this.#tree.checkOpen();
    if (this.#left > 1) {
      this.#entry += this.#buffer!.views.u32[(this.#entry >> 2) + 1]!;
      this.#left--;
    } else if (this.#exhausted || !this.#take()) {
      this.stop();
      return false;
    }
    this.#limit--;
    return true;
  }

  /** The current entry's key. Only after `next` was true. */
  key(): K {
    const { u32, bytes } = this.#buffer!.views;
    const start = this.#entry + ENTRY_KEY;
    return this.#codec.decode(bytes, start, start + u32[this.#entry >> 2]!);
  }

  /** The current entry's value. Only after `next` was true, and not for keys only. */
  value(): V {
    return this.#values!.read(this.#buffer!, this.#entry);
  }

  /** Ends the scan early and lets go of the batch. */
  stop(): void {
    this.#limit = 0;
    if (this.#buffer !== undefined) {
      if (!this.#tree.closed) this.#tree.spare = this.#buffer;
      this.#buffer = undefined;
    }
  }

  /** Takes a batch and moves to its first entry; false when there is none. */
  #take(): boolean {
    const { exports, result } = this.#tree;
    const buffer = this.#ownBuffer();
    const values = this.#values;
    // C1: the scratches may have been used for something else since the last batch.
    let flags = this.#flags;
    const startLength = this.#writeStart(buffer);
    if (startLength >= 0) flags |= ScanFlag.hasStart;
    if (!this.#started && this.#startInclusive()) flags |= ScanFlag.startInclusive;
    const endLength = this.#writeEnd();
    const limit = Math.min(this.#batch, this.#limit);

    const pinned = values?.pinned ?? false;
    let count: number;
    this.#tree.holding = pinned;
    if (pinned) exports.pin();
    try {
      count = exports.scan(Math.max(startLength, 0), endLength, flags, limit);
      this.#exhausted = exports.scanDone() !== 0;
      if (count === 0) return false;
      buffer.fill(result, count);
      const kept = values === undefined ? count : values.keep(buffer, count);
      if (kept < count) {
        this.#exhausted = false;
        this.#batch = kept;
        count = kept;
      } else {
        this.#batch = Math.min(this.#batch * 2, largestBatch);
      }
    } finally {
      if (pinned) exports.unpin();
      this.#tree.holding = false;
    }
    this.#started = true;
    this.#entry = 0;
    this.#left = count;
    return true;
  }

  #ownBuffer(): EntryBuffer {
    if (this.#buffer === undefined) {
      this.#buffer = this.#tree.spare ?? new EntryBuffer();
      this.#tree.spare = undefined;
    }
    return this.#buffer;
  }

  #startInclusive(): boolean {
    const { reverse, lowerInclusive, upperInclusive } = this.#bounds;
    return reverse ? upperInclusive : lowerInclusive;
  }

  /** C2. The length of the start bound, or -1 when there is none. */
  #writeStart(buffer: EntryBuffer): number {
    const { key } = this.#tree;
    if (this.#started) {
      const { u32, bytes } = buffer.views;
      const start = this.#entry + ENTRY_KEY;
      return copy(bytes, start, start + u32[this.#entry >> 2]!, key);
    }
    const { reverse, lower, upper } = this.#bounds;
    const start = reverse ? upper : lower;
    return start === undefined ? -1 : copy(start, 0, start.length, key);
  }

  #writeEnd(): number {
    const { reverse, lower, upper } = this.#bounds;
    const end = reverse ? lower : upper;
    return end === undefined ? 0 : copy(end, 0, end.length, this.#tree.bound);
  }
}

/** Copies bytes to the start of `target`; a loop is faster than `set` for short keys. */
function copy(source: Uint8Array, start: number, end: number, target: Uint8Array): number {
  if (end - start > 64) target.set(source.subarray(start, end));
  else for (let i = start; i < end; i++) target[i - start] = source[i]!;
  return end - start;
}
