import {
  addComparable,
  type Bounds,
  beside,
  type Comparable,
  type Cursor,
  type Difference,
  diff,
  differences,
  entryIterator,
  everything,
  type Guard,
  type GuardSource,
  isCounted,
  type KeyType,
  keyIterator,
  type OrderedMapIterator,
  type Range,
  RangeCursor,
  requireCallback,
  requireList,
  requireUncounted,
  splitPoints,
  ViewGuard,
  valueIterator,
} from "@masstree/tree";
import type { Context, OpenBucket } from "./context.ts";
import { TreeEntries } from "./entries.ts";
import { EntryViewScan } from "./entry-view-scan.ts";
import { areStates, stateDifferences } from "./state-diff.ts";
import { StoreScan, StoreSource, sideOf } from "./store-scan.ts";
import { TransactionParts } from "./transaction-parts.ts";
import { fetched } from "./tree.ts";
import type { ValueStream } from "./value-stream.ts";

/**
 * What `entries`, `keys` and `values` return: an iterator like those of `Map`, with all methods of the engine's own
 * iterators (`map`, `filter`, `take`, ... if it has them). Its steps throw `STORE_ENDED` once its transaction has
 * ended, and `STORE_CORRUPT` at a damaged page; it never ends early in silence.
 */
export type StoreIterator<T> = OrderedMapIterator<T>;

let makeReader: <V, K extends KeyType>(
  parts: TransactionParts<V, K>,
  name: string,
) => ReadTransaction<V, K>;

/** The parts of a transaction, for the class that adds what writes. */
export let partsOf: <V, K extends KeyType>(
  transaction: ReadTransaction<V, K>,
) => TransactionParts<V, K>;

/** A bucket to be read. */
export function readerOf<V, K extends KeyType>(
  context: Context,
  bucket: OpenBucket,
): ReadTransaction<V, K> {
  const entries = new TreeEntries(context, bucket.tree);
  return makeReader(new TransactionParts<V, K>(context, bucket, entries), bucket.name);
}

/**
 * A bucket as a transaction or a snapshot sees it: one state of the store, in which nothing changes but by this
 * transaction itself. It has the methods of `masstree`'s maps that read, and is used up when its transaction ends, or
 * its snapshot is disposed of: then every method throws `STORE_ENDED`.
 *
 * `ReadTransaction<V, K>`: values of type `V`, keys of type `K` (default `string`). Every method may throw
 * StoreCorruptError (`STORE_CORRUPT`) if it meets a damaged page.
 */
export class ReadTransaction<V = unknown, K extends KeyType = string> {
  readonly #parts: TransactionParts<V, K>;
  readonly #name: string;

  /** Transactions and snapshots are made by a store. */
  protected constructor(parts: object, name: string) {
    this.#parts = parts as TransactionParts<V, K>;
    this.#name = name;
  }

  static {
    makeReader = <V, K extends KeyType>(parts: TransactionParts<V, K>, name: string) =>
      new ReadTransaction<V, K>(parts, name);
    partsOf = (transaction) => transaction.#parts;
    addComparable((object) =>
      #parts in object
        ? (sideOf((object as ReadTransaction<unknown, KeyType>).#parts) as never)
        : undefined,
    );
  }

  /** The bucket's name. */
  get name(): string {
    return this.#name;
  }

  /** The number of entries. O(1). */
  get size(): number {
    this.#parts.checkOpen();
    return this.#parts.entries.size;
  }

  /**
   * The value of `key`, or `undefined` if there is none. O(key bytes + log size).
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`), and what the
   *   value codec throws
   */
  get(key: K): V | undefined {
    this.#parts.checkOpen();
    return this.#parts.valueAt(this.#parts.encodeKey(key));
  }

  /**
   * The value of `key` as stored bytes, a part at a time, for what is too long to be in memory at once; `undefined` if
   * there is none. O(key bytes + log size), and O(1) in memory for each part.
   *
   * A snapshot's buckets give streams that last as long as it does: `Readable.from(stream)` of node:stream, and
   * `ReadableStream.from(stream)`, read them as fast as their consumer does.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`); steps of the
   *   stream throw StoreEndedError (`STORE_ENDED`) after the end of the transaction, or once it has changed the value
   */
  getStream(key: K): ValueStream | undefined {
    this.#parts.checkOpen();
    return this.#parts.entries.stream(this.#parts.keyBytes(key));
  }

  /**
   * A guard, which gives views of stored bytes, as that of a map: see {@link Guard}. Its views hold while the transaction
   * does: with its end, or that of its snapshot, the guard is disposed of as well, and they have length 0. Views that were
   * given before a change of this transaction stay as they are.
   *
   * Its methods throw StoreEndedError (`STORE_ENDED`) after the end of the transaction, and StoreCorruptError
   * (`STORE_CORRUPT`) at a damaged page. Values of more than half a page are read from the file. O(1).
   *
   * @example
   * ```ts
   * import { BTreeStore, bucket } from "@masstree/btree-store";
   *
   * const pages = bucket("pages", { value: "utf8" });
   * using store = BTreeStore.open("guarded.db");
   * store.write(pages, (txn) => txn.set("/", "Home"));
   * store.read(pages, (txn) => {
   *   const guard = txn.pin();
   *   return guard.get("/")?.length;
   * }); // => 4
   * ```
   */
  pin(): Guard<K> {
    const parts = this.#parts;
    parts.checkOpen();
    const { context, entries } = parts;
    const source: GuardSource<K> = {
      checkOpen: () => parts.checkOpen(),
      encode: (key) => {
        parts.checkOpen();
        return parts.encodeKey(key);
      },
      view: (keyLength, memory) => {
        const length = entries.fetch(keyLength);
        return length < 0 ? undefined : memory.copy(fetched, 0, length);
      },
      scan: (range) => new EntryViewScan(context, entries.scan(parts.bounds(range), false)),
    };
    return new ViewGuard(source, context.guards);
  }

  /**
   * Whether there is a value for `key`. O(key bytes + log size).
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  has(key: K): boolean {
    this.#parts.checkOpen();
    return this.#parts.entries.has(this.#parts.encodeKey(key));
  }

  /**
   * The values of several keys, in the order of the keys; `undefined` where there is none. O(keys × log size).
   *
   * @throws TypeError if `keys` is not an iterable, or is a string; as `get`
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#parts.checkOpen();
    requireList(keys, "getMany");
    const values: (V | undefined)[] = [];
    for (const key of keys) values.push(this.get(key));
    return values;
  }

  /**
   * Whether there are values for several keys, in the order of the keys. O(keys × log size).
   *
   * @throws TypeError if `keys` is not an iterable, or is a string; as `has`
   */
  hasMany(keys: Iterable<K>): boolean[] {
    this.#parts.checkOpen();
    requireList(keys, "hasMany");
    const found: boolean[] = [];
    for (const key of keys) found.push(this.has(key));
    return found;
  }

  /**
   * The entry with the smallest key of a range, or `undefined` if there is none. O(log size).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  first(range?: Range<K>): [K, V] | undefined {
    return this.#edge(range, false);
  }

  /** The entry with the greatest key of a range, or `undefined` if there is none. O(log size). Throws as `first`. */
  last(range?: Range<K>): [K, V] | undefined {
    return this.#edge(range, true);
  }

  /** The entry with the greatest key that is at most `key`. O(log size). Throws as `get`. */
  floor(key: K): [K, V] | undefined {
    return this.#nearest(key, true, true);
  }

  /** The entry with the greatest key below `key`. O(log size). Throws as `get`. */
  lower(key: K): [K, V] | undefined {
    return this.#nearest(key, true, false);
  }

  /** The entry with the smallest key that is at least `key`. O(log size). Throws as `get`. */
  ceiling(key: K): [K, V] | undefined {
    return this.#nearest(key, false, true);
  }

  /** The entry with the smallest key above `key`. O(log size). Throws as `get`. */
  higher(key: K): [K, V] | undefined {
    return this.#nearest(key, false, false);
  }

  /**
   * The entries whose keys are in `range`, in key order; all entries if there is no range. One search, then O(1) a step,
   * with a search every 256. In a transaction that writes, it visits what is there when it gets there.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once; each step throws StoreEndedError (`STORE_ENDED`)
   *   after the end of the transaction
   */
  entries(range?: Range<K>): StoreIterator<[K, V]> {
    return entryIterator(this.#scan(this.#parts.bounds(range), false));
  }

  /** The keys in `range`, in order. Reads no values. As `entries`. */
  keys(range?: Range<K>): StoreIterator<K> {
    return keyIterator(this.#scan(this.#parts.bounds(range), true));
  }

  /** The values of the keys in `range`, in key order. As `entries`. */
  values(range?: Range<K>): StoreIterator<V> {
    return valueIterator(this.#scan(this.#parts.bounds(range), false));
  }

  /** The same as `entries()`. */
  [Symbol.iterator](): StoreIterator<[K, V]> {
    return this.entries();
  }

  /**
   * Calls `callback` for every entry, in key order. O(size).
   *
   * @param callback gets the value, the key and this object
   * @param thisArg what `this` is in `callback`
   * @throws TypeError if `callback` is not a function, and what `callback` throws
   */
  forEach(callback: (value: V, key: K, bucket: this) => void, thisArg?: unknown): void {
    this.#parts.checkOpen();
    requireCallback(callback, "forEach");
    for (const [key, value] of this.entries()) callback.call(thisArg, value, key, this);
  }

  /**
   * A cursor before the first entry of `range`, which moves both ways: see {@link Cursor}. Each step is a search,
   * O(log size), and sees what the transaction has changed until then. The value is the one that the entry had when the
   * cursor came to it; a long one is read when it is first asked for, but at once in a transaction of `write`. To read
   * many entries one way, `entries` is several times faster.
   *
   * Each step throws StoreEndedError (`STORE_ENDED`) after the end of the transaction. What the cursor has read stays
   * readable, but for a long value that was not asked for yet.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), also if the range has an `offset` or a `limit`
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("letters.db");
   * store.write("letters", (txn) => txn.setMany([["a", 1], ["c", 3], ["e", 5]]));
   * store.read("letters", (txn) => {
   *   const cursor = txn.cursor();
   *   cursor.seek("b");
   *   return [cursor.key, cursor.previous(), cursor.key];
   * }); // => ["c", true, "a"]
   * ```
   */
  cursor(range?: Range<K>): Cursor<K, V> {
    const bounds = requireUncounted(this.#parts.bounds(range), "cursor");
    return new RangeCursor(new StoreSource(this.#parts), bounds);
  }

  /**
   * How many entries `entries(range)` would give. O(leaves of the range); O(1) without one.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  count(range?: Range<K>): number {
    const bounds = this.#parts.bounds(range);
    return bounds === everything ? this.#parts.entries.size : countIn(this.#parts, bounds);
  }

  /**
   * Keys that cut a range into about equal parts, for work that is shared among threads: each of them reads its part in
   * a snapshot or a transaction of its own. All are keys of the bucket, ascend, and lie behind the first key of the range:
   * the parts from each to the next hold all its entries once, and none is empty.
   *
   * The sizes of the parts are estimates from a few pages, so they differ: mostly by some per cent. O(parts × log size),
   * however many entries there are; in an optimistic transaction also O(what it has written), and its commit meets a
   * conflict if a key of the range came or went.
   *
   * @param parts from 1 to 65,536
   * @param range without `offset` and `limit`; its direction does not matter
   * @returns `parts - 1` keys, or fewer if there are too few entries
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for other `parts`, MassTreeBadRangeError
   *   (`MASSTREE_BAD_RANGE`)
   */
  splitPoints(parts: number, range?: Range<K>): K[] {
    const bounds = requireUncounted(this.#parts.bounds(range), "splitPoints");
    return splitPoints(this.#parts.entries.parts(bounds), this.#parts.codec, bounds, parts);
  }

  /**
   * How another map differs from this bucket: a difference for each key that only one of them has, or that has another
   * value there, in key order. `"added"` and `"changed"` are what it would take to make this bucket like the other map. So
   * a map in memory is compared with what is stored, or a snapshot's bucket with the present one.
   *
   * Values are compared as their bytes, if both have the same codec; otherwise the other map's value is encoded as this
   * bucket would. Only keys and values that differ are decoded, unless the codecs differ. O(size of both); of two states of
   * this bucket in ascending order O(what differs × log size), for pages that both share are not looked at.
   *
   * @param other a bucket in any transaction or snapshot, or a map of this family, with the same kind of keys
   * @param range without `offset` and `limit`
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `other` is no such map, MassTreeBadRangeError
   *   (`MASSTREE_BAD_RANGE`), both at once; each step throws StoreEndedError (`STORE_ENDED`) after the end of either
   *   transaction, and what a value codec throws
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("stock.db");
   * store.write("stock", (txn) => txn.setMany([["apples", 1], ["pears", 2]]));
   * using before = store.snapshot();
   * store.write("stock", (txn) => txn.set("pears", 3).set("plums", 4));
   * const changes = store.read("stock", (txn) => [...before.bucket("stock").diff(txn)]);
   * changes.map(({ kind, key }) => `${kind} ${key}`); // => ["changed pears", "added plums"]
   * ```
   */
  diff(other: Comparable<K, V>, range?: Range<K>): OrderedMapIterator<Difference<K, V>> {
    const here = this.#parts;
    const there = this.#otherState(other);
    if (there === undefined) return diff(sideOf(here), other, range);
    const bounds = requireUncounted(here.bounds(range), "diff");
    const found = bounds.reverse
      ? differences(sideOf(here), sideOf(there), bounds)
      : stateDifferences(here, there, bounds);
    return found as unknown as OrderedMapIterator<Difference<K, V>>;
  }

  get [Symbol.toStringTag](): string {
    return "ReadTransaction";
  }

  /** What `diff` is asked about, if it is another state of this bucket. */
  #otherState(other: Comparable<K, V>): TransactionParts<V, K> | undefined {
    if (typeof other !== "object" || other === null || !(#parts in other)) return undefined;
    const there = (other as ReadTransaction<V, K>).#parts;
    there.checkOpen();
    return (other as ReadTransaction<V, K>).#name === this.#name && areStates(this.#parts, there)
      ? there
      : undefined;
  }

  #scan(bounds: Bounds, keysOnly: boolean): StoreScan<K, V> {
    return new StoreScan(this.#parts, bounds, keysOnly);
  }

  #edge(range: Range<K> | undefined, fromEnd: boolean): [K, V] | undefined {
    const bounds = edgeOf(this.#parts, range, fromEnd);
    return bounds === undefined ? undefined : this.#one(bounds);
  }

  #nearest(key: K, isBelow: boolean, inclusive: boolean): [K, V] | undefined {
    this.#parts.checkOpen();
    return this.#one({ ...beside(this.#parts.keyBytes(key), inclusive, isBelow), limit: 1 });
  }

  #one(bounds: Bounds): [K, V] | undefined {
    const scan = this.#scan(bounds, false);
    return scan.next() ? scan.entry() : undefined;
  }
}

/** The bounds of the first entry that a range gives, or of the last one; undefined if there is none. */
export function edgeOf<V, K extends KeyType>(
  parts: TransactionParts<V, K>,
  range: Range<K> | undefined,
  isLast: boolean,
): Bounds | undefined {
  const bounds = parts.bounds(range);
  if (isLast && isCounted(bounds)) {
    const count = countIn(parts, bounds);
    return count === 0 ? undefined : { ...bounds, offset: bounds.offset + count - 1, limit: 1 };
  }
  const reverse = bounds.reverse !== isLast;
  return { ...bounds, reverse, limit: Math.min(1, bounds.limit) };
}

function countIn<V, K extends KeyType>(parts: TransactionParts<V, K>, bounds: Bounds): number {
  if (bounds.limit === 0) return 0;
  const found = parts.entries.count(bounds);
  return Math.min(bounds.limit, Math.max(0, found - bounds.offset));
}
