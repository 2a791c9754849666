/*
 * The entries of a bucket as an optimistic transaction sees them: those of the state in which it has begun, and what it
 * has written since, which stays on the heap until the commit.
 *
 * Invariants
 *   OPTIMIST1  Whatever a method returns follows from what the transaction has written and from what is in #reads: in
 *              any state that has the same there, it would return the same.
 *   OPTIMIST2  What is in #own was written, or removed, by the transaction. All else is as in #tree.
 */
import { copyBytes } from "@masstree/key";
import { type Bounds, everything } from "@masstree/tree";
import { compareBytes } from "./compare-bytes.ts";
import type { Context } from "./context.ts";
import type { Entries, EntryScan, KeptEntry } from "./entries.ts";
import { type KeyEntry, KeyList } from "./key-list.ts";
import { MergedParts, type Written } from "./merged-parts.ts";
import { type Change, differsAt, RangeRead, ReadSet } from "./read-set.ts";
import { give, Tree } from "./tree.ts";
import { TreeParts } from "./tree-parts.ts";
import { countKeys, TreeScan } from "./tree-scan.ts";
import { collect, streamOfBytes, streamOfTree, type ValueStream } from "./value-stream.ts";

/** What was written to a key; undefined if it was removed. */
type Own = Uint8Array | undefined;

export class OptimisticEntries implements Entries {
  readonly #context: Context;
  /** As it was at the beginning. */
  readonly #older: Tree;
  /** The same, or an empty one after `clear`. */
  #tree: Tree;
  readonly #own = new KeyList<Own>();
  readonly #reads = new ReadSet();
  /** Counts the changes. */
  #version = 0;

  constructor(context: Context, tree: Tree) {
    this.#context = context;
    this.#older = tree;
    this.#tree = tree;
  }

  get tree(): undefined {
    return undefined;
  }

  get size(): number {
    this.#reads.addSize();
    return this.#tree.size + this.#growth(everything);
  }

  fetch(keyLength: number): number {
    const { key } = this.#older.core.memory.open();
    const own = this.#own.find(key, keyLength);
    if (own !== undefined) return own.value === undefined ? -1 : give(own.value);
    this.#reads.addKey(key, keyLength, false);
    return this.#tree.fetch(keyLength);
  }

  has(keyLength: number): boolean {
    const { key } = this.#older.core.memory.open();
    const own = this.#own.find(key, keyLength);
    if (own !== undefined) return own.value !== undefined;
    this.#reads.addKey(key, keyLength, true);
    return this.#tree.has(keyLength);
  }

  count(bounds: Bounds): number {
    this.#reads.addRange(bounds, true).isWhole = true;
    return countKeys(this.#tree, bounds) + this.#growth(bounds);
  }

  /** How many entries more there are in a range than in the tree. */
  #growth(bounds: Bounds): number {
    return this.#written({ ...bounds, reverse: false }).reduce(
      (sum, { growth }) => sum + growth,
      0,
    );
  }

  /** What was written in a range, in order. */
  #written(bounds: Bounds): Written[] {
    const written: Written[] = [];
    const { memory } = this.#older.core;
    for (let own = this.firstOwn(bounds); own !== undefined; own = this.nextOwn(bounds, own.key)) {
      const { key, value } = own;
      memory.open().key.set(key);
      const growth = Number(value !== undefined) - Number(this.#tree.has(key.length));
      written.push({ key, growth });
    }
    return written;
  }

  scan(bounds: Bounds, keysOnly: boolean): EntryScan {
    return new MergedScan(this, bounds, keysOnly, this.#reads.addRange(bounds, keysOnly));
  }

  /** Where a range is cut depends on the keys of all of it. */
  parts(bounds: Bounds): MergedParts {
    this.#reads.addRange(bounds, true).isWhole = true;
    const forward = { ...bounds, reverse: false };
    return new MergedParts(new TreeParts(this.#tree), this.#written(forward), (range) => {
      const one = { ...range, limit: Math.min(range.limit, 1) };
      const scan = new MergedScan(this, one, true, new RangeRead(one, true));
      return scan.next() ? scan.keep().key : undefined;
    });
  }

  put(keyLength: number, source: Uint8Array, length: number): void {
    const value = new Uint8Array(length);
    copyBytes(source, 0, length, value, 0);
    this.#set(keyLength, value);
  }

  stream(key: Uint8Array): ValueStream | undefined {
    const own = this.#own.find(key, key.length);
    if (own === undefined) {
      this.#reads.addKey(key, key.length, false);
      return streamOfTree(this.#context, this.#tree, key);
    }
    return own.value === undefined ? undefined : streamOfBytes(this.#context, own.value);
  }

  putStream(key: Uint8Array, source: Iterable<Uint8Array>): void {
    const value = collect(source);
    this.#context.check();
    this.#older.core.memory.open().key.set(key);
    this.#set(key.length, value);
  }

  remove(keyLength: number): boolean {
    if (!this.has(keyLength)) return false;
    this.#set(keyLength, undefined);
    return true;
  }

  #set(keyLength: number, value: Own): void {
    this.#own.set(this.#older.core.memory.open().key, keyLength, value);
    this.#version++;
  }

  clear(): number {
    const { size } = this;
    this.#reads.addRange(everything, false).isWhole = true;
    this.#own.clear();
    this.#tree = new Tree(this.#older.core, 0, 0, this.#older.newest);
    this.#version++;
    return size;
  }

  // For MergedScan.

  /** The tree below what was written. Another one after `clear`. */
  get base(): Tree {
    return this.#tree;
  }

  get version(): number {
    return this.#version;
  }

  get context(): Context {
    return this.#context;
  }

  /** What was written first in a range. */
  firstOwn(bounds: Bounds): KeyEntry<Own> | undefined {
    const { reverse } = bounds;
    const start = reverse ? bounds.upper : bounds.lower;
    const inclusive = reverse ? bounds.upperInclusive : bounds.lowerInclusive;
    return within(bounds, this.#own.nearest(start, inclusive, reverse));
  }

  /** What was written behind a key. */
  nextOwn(bounds: Bounds, key: Uint8Array): KeyEntry<Own> | undefined {
    return within(bounds, this.#own.nearest(key, false, bounds.reverse));
  }

  // The commit.

  /** Whether there is anything to commit. */
  get hasWritten(): boolean {
    return this.#own.size > 0 || this.#tree !== this.#older;
  }

  /**
   * Looks for something that the transaction has read or written and that another one has changed.
   *
   * @param newer the bucket's tree in a later state
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  findChange(newer: Tree): Change | undefined {
    const older = this.#older;
    if (older.root === newer.root) return undefined;
    const { memory } = older.core;
    for (const { key } of this.#own) {
      if (differsAt(memory, older, newer, key, false)) return { key };
    }
    return this.#reads.findChange(memory, older, newer);
  }

  /** Writes what the transaction has written, in one that writes. */
  writeTo(entries: Entries): void {
    const { memory } = this.#older.core;
    if (this.#tree !== this.#older) entries.clear();
    for (const { key, value } of this.#own) {
      memory.open().key.set(key);
      if (value === undefined) entries.remove(key.length);
      else entries.put(key.length, value, value.length);
    }
  }
}

/** An entry, unless it lies behind a range. */
function within(bounds: Bounds, entry: KeyEntry<Own> | undefined): KeyEntry<Own> | undefined {
  if (entry === undefined || bounds.limit === 0) return undefined;
  const end = bounds.reverse ? bounds.lower : bounds.upper;
  if (end === undefined) return entry;
  const order = compareBytes(entry.key, end) * (bounds.reverse ? -1 : 1);
  const inclusive = bounds.reverse ? bounds.lowerInclusive : bounds.upperInclusive;
  return order < 0 || (order === 0 && inclusive) ? entry : undefined;
}

const nothing = /* @__PURE__ */ new Uint8Array(0);

/** Entries of the tree and of what was written, in one order. Between two steps, more may be written. */
class MergedScan implements EntryScan {
  readonly #entries: OptimisticEntries;
  readonly #bounds: Bounds;
  readonly #keysOnly: boolean;
  readonly #read: RangeRead;
  #left: number;
  #skips: number;
  /** A scan of the tree, and whether it is at an entry that was not passed yet. */
  #tree: Tree;
  #scan: TreeScan;
  #isAtEntry: boolean;
  /** What was written next, and as of which version. */
  #own: KeyEntry<Own> | undefined;
  #version: number;
  /** The present entry: one of the two. */
  #present: KeyEntry<Own> | undefined;

  constructor(entries: OptimisticEntries, bounds: Bounds, keysOnly: boolean, read: RangeRead) {
    this.#entries = entries;
    // Which entries count is known here only.
    this.#bounds = { ...bounds, offset: 0, limit: bounds.limit === 0 ? 0 : Infinity };
    this.#keysOnly = keysOnly;
    this.#read = read;
    this.#left = bounds.limit;
    this.#skips = bounds.offset;
    this.#tree = entries.base;
    this.#scan = new TreeScan(this.#tree, this.#bounds, keysOnly, entries.context);
    this.#version = entries.version;
    this.#own = entries.firstOwn(this.#bounds);
    this.#isAtEntry = false;
  }

  next(): boolean {
    while (this.#left > 0) {
      if (!this.#step()) return this.stop();
      if (this.#skips > 0) {
        this.#skips--;
        continue;
      }
      this.#left--;
      return true;
    }
    return false;
  }

  /** Moves to the next entry that was not removed; false at the end, which then was read. */
  #step(): boolean {
    while (true) {
      const isMine = this.#choose();
      if (isMine === undefined) {
        this.#read.isWhole = true;
        return false;
      }
      this.#present = isMine ? this.#own : undefined;
      const key = isMine ? this.#own!.key : this.#treeKey();
      this.#read.last = key;
      if (!isMine) {
        this.#isAtEntry = false;
        return true;
      }
      const { value } = this.#own!;
      this.#own = this.#entries.nextOwn(this.#bounds, key);
      if (value !== undefined) return true;
    }
  }

  /** Whether what was written comes next; undefined at the end. */
  #choose(): boolean | undefined {
    const entries = this.#entries;
    const { last } = this.#read;
    if (this.#version !== entries.version) {
      this.#version = entries.version;
      this.#own =
        last === undefined ? entries.firstOwn(this.#bounds) : entries.nextOwn(this.#bounds, last);
      if (this.#tree !== entries.base) {
        this.#tree = entries.base; // Cleared: it is empty.
        this.#scan = new TreeScan(this.#tree, this.#bounds, this.#keysOnly, entries.context);
        this.#isAtEntry = false;
      }
    }
    this.#isAtEntry ||= this.#scan.next();
    const own = this.#own;
    if (!this.#isAtEntry) return own === undefined ? undefined : true;
    if (own === undefined) return false;
    const order = compareBytes(this.#treeKey(), own.key) * (this.#bounds.reverse ? -1 : 1);
    if (order === 0) this.#isAtEntry = false; // What was written replaces it.
    return order >= 0;
  }

  #treeKey(): Uint8Array {
    return this.#scan.bytes.subarray(...this.#scan.keyRange());
  }

  get bytes(): Uint8Array {
    return this.#present?.key ?? this.#scan.bytes;
  }

  keyRange(): [from: number, to: number] {
    return this.#present === undefined ? this.#scan.keyRange() : [0, this.#present.key.length];
  }

  value<V>(read: (bytes: Uint8Array, from: number, to: number) => V): V {
    if (this.#present === undefined) return this.#scan.value(read);
    const value = this.#present.value ?? nothing;
    return read(value, 0, value.length);
  }

  keep(): KeptEntry {
    const present = this.#present;
    if (present === undefined) return this.#scan.keep();
    // Another value of the key would replace this one, not change it.
    const { key, value = nothing } = present;
    return { key, bytes: () => value };
  }

  stop(): false {
    this.#left = 0;
    this.#scan.stop();
    return false;
  }
}
