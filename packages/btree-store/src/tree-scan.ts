/*
 * A scan of a tree, taken in batches.
 *
 * Between two calls it holds nothing but the last key and a copy of the entries that it has read ahead. In a
 * transaction that writes, a change makes it read again from behind the last key: so it visits what is there.
 */
import type { Bounds } from "@masstree/tree";
import type { Context } from "./context.ts";
import type { EntryScan, KeptEntry } from "./entries.ts";
import {
  END_INCLUSIVE,
  ENTRY_HEAD,
  HAS_END,
  HAS_START,
  KEYS_ONLY,
  OUT_BYTES,
  OUT_COUNT,
  OUT_DONE,
  REVERSE,
  SCAN_FAILED,
  START_INCLUSIVE,
  VALUE_AT,
} from "./generated/store-exports.ts";
import { fetched, type Tree } from "./tree.ts";

// The first batch is small, so that reading one entry is cheap. Later ones are larger, so that a long scan searches
// rarely.
const firstBatch = 8;
const largestBatch = 256;

const empty = /* @__PURE__ */ new Uint8Array(0);

export class TreeScan implements EntryScan {
  readonly #tree: Tree;
  readonly #context: Context | undefined;
  readonly #flags: number;
  readonly #end: Uint8Array | undefined;
  /** Where the next batch starts, and whether with that key. */
  #start: Uint8Array | undefined;
  #startInclusive: boolean;
  #left: number;
  #batch = firstBatch;
  #bytes: Uint8Array = empty;
  #words: DataView = new DataView(empty.buffer);
  /** The entry that `next` has moved to, and where the one behind it is. */
  #entry = 0;
  #following = 0;
  /** How many entries are still to be skipped. */
  #skips: number;
  /** Whether there may be more behind this batch. */
  #isLast = false;
  #version = -1;

  /**
   * @param keysOnly whether no values are read
   * @param context of who keeps entries
   */
  constructor(tree: Tree, bounds: Bounds, keysOnly: boolean, context?: Context) {
    this.#tree = tree;
    this.#context = context;
    const { reverse, lower, lowerInclusive, upper, upperInclusive } = bounds;
    this.#start = reverse ? upper : lower;
    this.#startInclusive = reverse ? upperInclusive : lowerInclusive;
    this.#end = reverse ? lower : upper;
    const endInclusive = reverse ? lowerInclusive : upperInclusive;
    this.#flags =
      (reverse ? REVERSE : 0) |
      (keysOnly ? KEYS_ONLY : 0) |
      (this.#end === undefined ? 0 : HAS_END) |
      (endInclusive ? END_INCLUSIVE : 0);
    this.#left = bounds.limit === 0 ? 0 : bounds.limit + bounds.offset;
    this.#skips = bounds.offset;
  }

  /** Moves to the next entry; false at the end. @throws StoreCorruptError (`STORE_CORRUPT`) */
  next(): boolean {
    for (; this.#skips > 0; this.#skips--) {
      if (!this.#advance()) return false;
    }
    return this.#advance();
  }

  #advance(): boolean {
    if (this.#left <= 0) return false;
    if (this.#version !== this.#tree.version || this.#following >= this.#bytes.length) {
      if (this.#version === this.#tree.version && this.#isLast) return this.stop();
      if (!this.#read()) return this.stop();
    }
    this.#left--;
    this.#entry = this.#following;
    this.#following += this.#words.getUint32(this.#entry, true);
    return true;
  }

  /** Ends the scan. */
  stop(): false {
    this.#left = 0;
    this.#bytes = empty;
    return false;
  }

  /** Reads the next batch; false if there is none. */
  #read(): boolean {
    const tree = this.#tree;
    if (this.#version >= 0) {
      // Behind the last key.
      const [from, to] = this.keyRange();
      this.#start = this.#bytes.slice(from, to);
      this.#startInclusive = false;
    }
    const { memory } = tree.core;
    const session = memory.open();
    const { exports, result } = session;
    const flags = setBounds(session, this.#flags, this.#start, this.#startInclusive, this.#end);
    const limit = Math.min(this.#batch, this.#left);
    const startLength = this.#start?.length ?? 0;
    const count = exports.scan(tree.root, startLength, this.#end?.length ?? 0, flags, limit);
    if (count === SCAN_FAILED) throw memory.fault();
    this.#batch = Math.min(largestBatch, 2 * this.#batch);
    const bytes = result.u32[OUT_BYTES]!;
    this.#isLast = result.u32[OUT_DONE] === 1;
    if (count === 0) return false;
    // A copy, private to this thread: engines read text twice.
    this.#bytes = result.bytes.slice(VALUE_AT, VALUE_AT + bytes);
    this.#words = new DataView(this.#bytes.buffer);
    this.#following = 0;
    this.#version = tree.version;
    return true;
  }

  /** The bytes that hold the present entry, and more. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** Where the present key is in `bytes`. */
  keyRange(): [number, number] {
    const from = this.#entry + ENTRY_HEAD;
    return [from, from + this.#words.getUint32(this.#entry + 4, true)];
  }

  /** Reads the present value with a function that takes bytes and where they begin and end. */
  value<V>(read: (bytes: Uint8Array, from: number, to: number) => V): V {
    const words = this.#words;
    const length = words.getUint32(this.#entry + 8, true);
    const chain = words.getUint32(this.#entry + 12, true);
    if (chain !== 0) {
      this.#tree.fetchChain(chain, length);
      return read(fetched, 0, length);
    }
    const [, from] = this.keyRange();
    return read(this.#bytes, from, from + length);
  }

  keep(): KeptEntry {
    const [from, to] = this.keyRange();
    const key = this.#bytes.slice(from, to);
    const length = this.#words.getUint32(this.#entry + 8, true);
    const chain = this.#words.getUint32(this.#entry + 12, true);
    const context = this.#context;
    if (chain === 0 || context === undefined || context.isWriting) {
      const value = this.value((bytes, start, end) => bytes.slice(start, end));
      return { key, bytes: () => value };
    }
    const { core, newest } = this.#tree;
    return {
      key,
      bytes: () => {
        context.check();
        return core.chains.read(chain, length, newest);
      },
    };
  }
}

/** How many keys a range has, without its limit. @throws StoreCorruptError (`STORE_CORRUPT`) */
export function countKeys(tree: Tree, bounds: Bounds): number {
  const { memory } = tree.core;
  const session = memory.open();
  const { lower, lowerInclusive, upper, upperInclusive } = bounds;
  const end = (upper === undefined ? 0 : HAS_END) | (upperInclusive ? END_INCLUSIVE : 0);
  const flags = setBounds(session, end, lower, lowerInclusive, upper);
  const { exports, result } = session;
  if (exports.count(tree.root, lower?.length ?? 0, upper?.length ?? 0, flags) === SCAN_FAILED) {
    throw memory.fault();
  }
  return result.u32[OUT_COUNT]!;
}

interface Scratch {
  readonly key: Uint8Array;
  readonly bound: Uint8Array;
}

/** Writes the bounds where the module reads them, and returns the flags. */
function setBounds(
  { key, bound }: Scratch,
  flags: number,
  start: Uint8Array | undefined,
  startInclusive: boolean,
  end: Uint8Array | undefined,
): number {
  if (end !== undefined) bound.set(end);
  if (start === undefined) return flags;
  key.set(start);
  return flags | HAS_START | (startInclusive ? START_INCLUSIVE : 0);
}
