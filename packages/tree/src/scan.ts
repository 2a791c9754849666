/*
 * A scan, taken in batches.
 *
 * Invariants
 *   BATCH1  Between two calls nothing in shared memory belongs to the scan: no lock, no pin, no
 *            scratch. A batch is in private memory.
 *   BATCH2  The next batch starts after the last key of the previous one, exclusively, with a new
 *            search for that key. So the map may change in any way between batches, and no key is
 *            visited twice or out of order.
 *   BATCH3  A batch shows the map at one call into the tree; by the time an entry is used, it may
 *            be gone or replaced. That is what "a scan is live" allows.
 *   BATCH4  `next` may be interrupted wherever it makes a call, as by a timeout of node:vm, and be called again. So
 *            the key to continue after is copied before the batch is overwritten, and a batch counts only once it
 *            is complete: by assignments in a row, without a call in between.
 */
import type { KeyCodec } from "@masstree/key";
import type { RawEntry } from "./diff.ts";
import { EntryBuffer } from "./entry-buffer.ts";
import {
  ENTRY_BYTES,
  ENTRY_KEY,
  SCAN_END_INCLUSIVE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  SCAN_REVERSE,
  SCAN_START_INCLUSIVE,
  WORD_OUT,
} from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, compare } from "./range.ts";

/** What a scan needs to know about a map's value words. */
export interface ScanValues<V> {
  /** Whether the words are addresses: then the thread must stay pinned until `keep` has run. */
  readonly pinned: boolean;
  /**
   * Copies the entries in the result scratch to private memory, and what value words that are
   * addresses point to. The thread is pinned if `pinned` is true. Runs no code of the caller. For guards, `payload` of the
   * buffer is then where the bytes of the values are.
   *
   * @param buffer gets the entries, from byte 0 on. Each has at byte `ENTRY_BYTES` a u32, the
   *   distance to the next entry in bytes, and at byte `ENTRY_VALUE` the value word
   * @param count the number of entries, at least 1
   * @param keyBytes as for `fill` of the buffer
   * @returns of how many entries it did so, 1 to `count`: the scan drops the others
   */
  keep(buffer: EntryBuffer, count: number, keyBytes: number): number;
  /** The value of the entry at byte offset `entry`. Not pinned: may run the caller's code. */
  read(buffer: EntryBuffer, entry: number): V;
  /**
   * Whether the entry at byte offset `entry` has the same stored value as another one, which may be of another map
   * that stores its values in the same way. Needed for `diff` only, as the next one is.
   */
  isSame?(buffer: EntryBuffer, entry: number, other: EntryBuffer, otherEntry: number): boolean;
  /** Whether the entry at byte offset `entry` has this stored value. */
  isStored?(buffer: EntryBuffer, entry: number, stored: unknown): boolean;
  /** See `MapValues`. */
  savedBytes?(buffer: EntryBuffer, entry: number): Uint8Array;
}

// The first batch is small, so that reading one entry is cheap. Later ones are larger, so that a
// long scan searches rarely.
const firstBatch = 8;
const largestBatch = 256;
// From this many entries on, keys that are text are read as one text.
const leastJoined = 16;

/** @internal */
export class Scan<K extends KeyType, V> implements RawEntry {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #values: ScanValues<V> | undefined;
  readonly #bounds: Bounds;
  readonly #flags: number;
  /** Whether keys are cut from the text of the batch. */
  readonly #joins: boolean;
  #buffer: EntryBuffer | undefined;
  /** Byte offset of the current entry. */
  #entry = 0;
  /** Where its key is in the text of the keys, if there is one. */
  #keyAt = 0;
  /** Entries left in the batch, the current one included. */
  #left = 0;
  /** How many entries may come after the batch. */
  #limit: number;
  /** How many entries are still to be skipped. */
  #offset: number;
  #batch = firstBatch;
  /** Whether a batch was taken. Its last entry is #entry if #left is 1; if it is 0, that entry's key is in #last. */
  #started = false;
  #last: Uint8Array | undefined;
  #lastLength = 0;
  /** Whether the tree has no entries after the batch. */
  #exhausted = false;

  /**
   * @param values how to read values; undefined to visit keys only
   * @param limit in place of that of `bounds`
   * @param readsKeys whether all keys will be asked for. If not, they can be
   */
  constructor(
    tree: TreeInstance,
    codec: KeyCodec<K>,
    values: ScanValues<V> | undefined,
    bounds: Bounds,
    limit: number = bounds.limit,
    readsKeys = false,
  ) {
    this.#tree = tree;
    this.#codec = codec;
    this.#values = values;
    this.#bounds = bounds;
    this.#limit = limit;
    this.#offset = bounds.offset;
    this.#joins = readsKeys && codec.isText === true;
    this.#flags =
      (bounds.reverse ? SCAN_REVERSE : 0) |
      ((bounds.reverse ? bounds.lower : bounds.upper) === undefined ? 0 : SCAN_HAS_END) |
      ((bounds.reverse ? bounds.lowerInclusive : bounds.upperInclusive) ? SCAN_END_INCLUSIVE : 0);
  }

  /**
   * Moves to the first or the next entry.
   *
   * @returns false at the end, and from then on
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`) if the map was closed before the end
   */
  next(): boolean {
    if (this.#left <= 1) return this.#turn();
    this.#tree.checkOpen();
    const { u32 } = this.#buffer!.views;
    const entry = this.#entry;
    this.#keyAt += u32[entry >> 2]!;
    this.#entry = entry + u32[(entry + ENTRY_BYTES) >> 2]!;
    this.#left--;
    return true;
  }

  /** Moves to the next batch, after the last entry of one. */
  #turn(): boolean {
    if (this.#limit !== 0) {
      this.#tree.checkOpen();
      if (!this.#exhausted && this.#fill()) return true;
    }
    this.stop();
    return false;
  }

  /**
   * Moves to the first entry of the next batch, whatever of the present one is left. Call it instead of `next`.
   *
   * @param last where the last entry of the present batch begins in `batch`, in bytes; of no account before the first
   * @returns how many entries the batch has; 0 at the end
   */
  nextBatch(last: number): number {
    if (this.#left > 1) {
      this.#entry = last;
      this.#left = 1;
    }
    return this.next() ? this.#left : 0;
  }

  /** The batch, from byte 0 on. Call it only after `nextBatch` has returned some. */
  get batch(): EntryBuffer {
    return this.#buffer!;
  }

  /** The current entry's key. Call it only after `next` returned true. */
  key(): K {
    const { views, keys } = this.#buffer!;
    const length = views.u32[this.#entry >> 2]!;
    // Text is its own key.
    if (keys.isThere) return keys.cut(this.#keyAt, length) as KeyType as K;
    const start = this.#entry + ENTRY_KEY;
    return this.#codec.decode(views.bytes, start, start + length);
  }

  /**
   * The current entry's value. Call it only after `next` returned true, and not if only keys are
   * visited.
   */
  value(): V {
    return this.#values!.read(this.#buffer!, this.#entry);
  }

  /**
   * Writes the current entry's key where the tree reads it. Call it only after `next` returned true.
   *
   * @returns its length
   */
  writeKey(): number {
    const { u32, bytes } = this.#buffer!.views;
    const start = this.#entry + ENTRY_KEY;
    return copy(bytes, start, start + u32[this.#entry >> 2]!, this.#tree.key);
  }

  /** How many entries the range has. Call it instead of `next`. */
  count(): number {
    const limit = this.#limit;
    const offset = this.#offset;
    if (limit === 0) return 0;
    return Math.max(this.#pass(offset + limit) - offset, 0);
  }

  /**
   * Passes entries by, in the tree.
   *
   * @returns how many; fewer than `most` at the end of the range
   */
  #pass(most: number): number {
    const { exports } = this.#tree;
    const startLength = this.#writeStart();
    const flags = this.#flagsFrom(startLength);
    const endLength = this.#writeEnd();
    const limit = Math.min(most, 0xffff_ffff);
    return exports.count(Math.max(startLength, 0), endLength, flags, limit) >>> 0;
  }

  /** Passes the entries by that are to be skipped; false if there are no more. */
  #skip(): boolean {
    const passed = this.#pass(this.#offset);
    if (passed < this.#offset) return false;
    const { key, result } = this.#tree;
    const length = result.u32[WORD_OUT / 4]!;
    const last = new Uint8Array(Math.max(64, length));
    copy(key, 0, length, last);
    // BATCH4
    this.#last = last;
    this.#lastLength = length;
    this.#started = true;
    this.#offset = 0;
    return true;
  }

  /** Key and value of the current entry. Call it only after `next` returned true. */
  entry(): [K, V] {
    const codec = this.#codec;
    if (!codec.runsCallersCode) return [this.key(), this.value()];
    // Decoding may move this scan: both are read from the batch before the caller's code runs.
    const { u32, bytes } = this.#buffer!.views;
    const start = this.#entry + ENTRY_KEY;
    const key = bytes.slice(start, start + u32[this.#entry >> 2]!);
    const value = this.value();
    return [codec.decode(key, 0, key.length), value];
  }

  /** The first entry, at the start of a buffer that is the caller's from now on. Call it instead of `next`. */
  take(): EntryBuffer | undefined {
    const buffer = this.next() ? this.#buffer : undefined;
    this.#buffer = undefined;
    return buffer;
  }

  /** The current entry, for `diff`. */
  get raw(): this {
    return this;
  }

  get keyBytes(): Uint8Array {
    return this.#buffer!.views.bytes;
  }

  get keyStart(): number {
    return this.#entry + ENTRY_KEY;
  }

  get keyEnd(): number {
    return this.#entry + ENTRY_KEY + this.#buffer!.views.u32[this.#entry >> 2]!;
  }

  valueBytes(): Uint8Array {
    return this.#values!.savedBytes!(this.#buffer!, this.#entry);
  }

  sameValue(other: RawEntry): boolean {
    return other instanceof Scan
      ? this.#values!.isSame!(this.#buffer!, this.#entry, other.#buffer!, other.#entry)
      : compare(this.valueBytes(), other.valueBytes()) === 0;
  }

  hasValue(stored: unknown): boolean {
    return this.#values!.isStored!(this.#buffer!, this.#entry, stored);
  }

  /** Ends the scan early and releases the batch. */
  stop(): void {
    this.#limit = 0;
    this.#left = 0;
    if (this.#buffer !== undefined) {
      if (!this.#tree.closed) this.#tree.spare = this.#buffer;
      this.#buffer = undefined;
    }
  }

  /** Takes a batch and moves to its first entry; false if there is none. */
  #fill(): boolean {
    const { exports, result } = this.#tree;
    const buffer = this.#ownBuffer();
    const values = this.#values;
    if (this.#offset !== 0 && !this.#skip()) return false;
    if (this.#left === 1) this.#keepLast(buffer);
    // BATCH1: other operations may have used the scratch areas since the last batch.
    const startLength = this.#writeStart();
    const flags = this.#flagsFrom(startLength);
    const endLength = this.#writeEnd();
    const limit = Math.min(this.#batch, this.#limit);

    const pinned = values?.pinned ?? false;
    let batch = this.#batch;
    let count: number;
    let exhausted: boolean;
    this.#tree.holding = pinned;
    if (pinned) exports.pin();
    try {
      count = exports.scan(Math.max(startLength, 0), endLength, flags, limit);
      exhausted = exports.scanDone() !== 0;
      if (count === 0) return false;
      const keyBytes = this.#joins && count >= leastJoined ? exports.joinKeys(count) : 0;
      let kept = count;
      if (values === undefined) buffer.fill(result, count, keyBytes);
      else kept = values.keep(buffer, count, keyBytes);
      if (kept < count) {
        exhausted = false;
        batch = kept;
        count = kept;
      } else {
        batch = Math.min(batch * 2, largestBatch);
      }
    } finally {
      if (pinned) exports.unpin();
      this.#tree.holding = false;
    }
    // BATCH4
    this.#batch = batch;
    this.#exhausted = exhausted;
    this.#started = true;
    this.#entry = 0;
    this.#keyAt = buffer.keysStart;
    this.#left = count;
    this.#limit -= count;
    return true;
  }

  /** BATCH4: from here on, the last entry's key is what the scan continues after. */
  #keepLast(buffer: EntryBuffer): void {
    const { u32, bytes } = buffer.views;
    const length = u32[this.#entry >> 2]!;
    if (this.#last === undefined || this.#last.length < length) {
      this.#last = new Uint8Array(Math.max(64, length));
    }
    const start = this.#entry + ENTRY_KEY;
    copy(bytes, start, start + length, this.#last);
    this.#lastLength = length;
    this.#left = 0;
  }

  #ownBuffer(): EntryBuffer {
    if (this.#buffer === undefined) {
      this.#buffer = this.#tree.spare ?? new EntryBuffer();
      this.#tree.spare = undefined;
    }
    return this.#buffer;
  }

  #flagsFrom(startLength: number): number {
    let flags = this.#flags;
    if (startLength >= 0) flags |= SCAN_HAS_START;
    if (!this.#started && this.#startInclusive()) flags |= SCAN_START_INCLUSIVE;
    return flags;
  }

  #startInclusive(): boolean {
    const { reverse, lowerInclusive, upperInclusive } = this.#bounds;
    return reverse ? upperInclusive : lowerInclusive;
  }

  /** BATCH2. The length of the start bound, or -1 if there is none. */
  #writeStart(): number {
    const { key } = this.#tree;
    if (this.#started) return copy(this.#last!, 0, this.#lastLength, key);
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
