import { MassTreeBadKeyError } from "@masstree/errors";
import { type KeyCodec, keyCodecs, MAX_KEY_BYTES } from "@masstree/key";
import {
  type Bounds,
  checkRange,
  type EntryCursor,
  entryIterator,
  everything,
  type Guard,
  type GuardSource,
  isCounted,
  type KeyType,
  keyIterator,
  type OrderedMapIterator,
  type Range,
  ViewGuard,
  valueIterator,
} from "@masstree/tree";
import { type ValueCodec, Values } from "masstree/codecs";
import type { Context, OpenBucket } from "./context.ts";
import { type Entries, type EntryScan, TreeEntries } from "./entries.ts";
import { EntryViewScan } from "./entry-view-scan.ts";
import { fetched } from "./tree.ts";
import type { ValueStream } from "./value-stream.ts";

/**
 * What `entries`, `keys` and `values` return: an iterator like those of `Map`, with all methods of the engine's own
 * iterators (`map`, `filter`, `take`, ... if it has them). Its steps throw `STORE_ENDED` once its transaction has
 * ended, and `STORE_CORRUPT` at a damaged page; it never ends early in silence.
 */
export type StoreIterator<T> = OrderedMapIterator<T>;

/** What a transaction works with. */
export class TransactionParts<V, K extends KeyType> {
  readonly context: Context;
  readonly entries: Entries;
  readonly codec: KeyCodec<K>;
  readonly values: Values<V>;

  constructor(context: Context, { key, value, codec }: OpenBucket, entries: Entries) {
    this.context = context;
    this.entries = entries;
    this.codec = keyCodecs[key] as unknown as KeyCodec<K>;
    this.values = new Values<V>(value, codec as ValueCodec<V> | undefined);
  }

  /** Writes a key to the key scratch, and returns its length. */
  encodeKey(key: K): number {
    const length = this.codec.encode(key, this.context.core.memory.open().key, 0);
    if (length >>> 0 > MAX_KEY_BYTES) throw new MassTreeBadKeyError("A key codec is broken.");
    return length;
  }

  /** The value of the key in the key scratch. */
  valueAt(keyLength: number): V | undefined {
    const length = this.entries.fetch(keyLength);
    return length < 0 ? undefined : this.values.read(fetched, 0, length);
  }
}

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
  }

  /** The bucket's name. */
  get name(): string {
    return this.#name;
  }

  /** The number of entries. O(1). */
  get size(): number {
    this.#parts.context.check();
    return this.#parts.entries.size;
  }

  /**
   * The value of `key`, or `undefined` if there is none. O(key bytes + log size).
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`), and what the
   *   value codec throws
   */
  get(key: K): V | undefined {
    this.#parts.context.check();
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
    const { context, entries } = this.#parts;
    context.check();
    return entries.stream(context.core.memory.open().key.slice(0, this.#parts.encodeKey(key)));
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
   * const pages = bucket("pages", { value: "utf8" });
   * store.write(pages, (txn) => txn.set("/", "Home"));
   * store.read(pages, (txn) => {
   *   const guard = txn.pin();
   *   return guard.get("/")?.length;
   * }); // => 4
   * ```
   */
  pin(): Guard<K> {
    const { context, entries } = this.#parts;
    context.check();
    const source: GuardSource<K> = {
      checkOpen: () => context.check(),
      encode: (key) => {
        context.check();
        return this.#parts.encodeKey(key);
      },
      view: (keyLength, memory) => {
        const length = entries.fetch(keyLength);
        return length < 0 ? undefined : memory.copy(fetched, 0, length);
      },
      scan: (range) => new EntryViewScan(context, entries.scan(this.#bounds(range), false)),
    };
    return new ViewGuard(source, context.guards);
  }

  /**
   * Whether there is a value for `key`. O(key bytes + log size).
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  has(key: K): boolean {
    this.#parts.context.check();
    return this.#parts.entries.has(this.#parts.encodeKey(key));
  }

  /** The values of several keys, in the order of the keys. Throws as `get`. */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    const values: (V | undefined)[] = [];
    for (const key of keys) values.push(this.get(key));
    return values;
  }

  /** Whether there are values for several keys, in the order of the keys. Throws as `has`. */
  hasMany(keys: Iterable<K>): boolean[] {
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
    return entryIterator(this.#cursor(this.#bounds(range), false));
  }

  /** The keys in `range`, in order. Reads no values. As `entries`. */
  keys(range?: Range<K>): StoreIterator<K> {
    return keyIterator(this.#cursor(this.#bounds(range), true));
  }

  /** The values of the keys in `range`, in key order. As `entries`. */
  values(range?: Range<K>): StoreIterator<V> {
    return valueIterator(this.#cursor(this.#bounds(range), false));
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
    this.#parts.context.check();
    if (typeof callback !== "function") throw new TypeError("forEach takes a function.");
    const cursor = this.#cursor(everything, false);
    while (cursor.next()) callback.call(thisArg, cursor.value(), cursor.key(), this);
  }

  /**
   * How many keys a range has. O(leaves of the range); O(1) without one.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  count(range?: Range<K>): number {
    const bounds = this.#bounds(range);
    return range === undefined ? this.#parts.entries.size : this.#count(bounds);
  }

  #count(bounds: Bounds): number {
    if (bounds.limit === 0) return 0;
    const found = this.#parts.entries.count(bounds);
    return Math.min(bounds.limit, Math.max(0, found - bounds.offset));
  }

  get [Symbol.toStringTag](): string {
    return "ReadTransaction";
  }

  /** A checked range. @internal */
  #bounds(range: Range<K> | undefined): Bounds {
    this.#parts.context.check();
    return checkRange(range, this.#parts.codec);
  }

  #cursor(bounds: Bounds, keysOnly: boolean): StoreCursor<K, V> {
    return new StoreCursor(this.#parts, bounds, keysOnly);
  }

  #edge(range: Range<K> | undefined, fromEnd: boolean): [K, V] | undefined {
    const bounds = this.#bounds(range);
    if (fromEnd && isCounted(bounds)) {
      const count = this.#count(bounds);
      return count === 0
        ? undefined
        : this.#one({ ...bounds, offset: bounds.offset + count - 1, limit: 1 });
    }
    const isReversed = bounds.reverse !== fromEnd;
    return this.#one({ ...bounds, reverse: isReversed, limit: Math.min(1, bounds.limit) });
  }

  #nearest(key: K, isReversed: boolean, inclusive: boolean): [K, V] | undefined {
    this.#parts.context.check();
    const { memory } = this.#parts.context.core;
    const bound = memory.open().key.slice(0, this.#parts.encodeKey(key));
    return this.#one({
      lower: isReversed ? undefined : bound,
      lowerInclusive: !isReversed && inclusive,
      upper: isReversed ? bound : undefined,
      upperInclusive: isReversed && inclusive,
      reverse: isReversed,
      offset: 0,
      limit: 1,
    });
  }

  #one(bounds: Bounds): [K, V] | undefined {
    const cursor = this.#cursor(bounds, false);
    return cursor.next() ? cursor.entry() : undefined;
  }
}

/** A scan with decoded keys and values. */
class StoreCursor<K extends KeyType, V> implements EntryCursor<K, V> {
  readonly #parts: TransactionParts<V, K>;
  readonly #scan: EntryScan;

  constructor(parts: TransactionParts<V, K>, bounds: Bounds, keysOnly: boolean) {
    this.#parts = parts;
    this.#scan = parts.entries.scan(bounds, keysOnly);
  }

  next(): boolean {
    this.#parts.context.check();
    return this.#scan.next();
  }

  key(): K {
    const [from, to] = this.#scan.keyRange();
    return this.#parts.codec.decode(this.#scan.bytes, from, to);
  }

  value(): V {
    return this.#scan.value((bytes, from, to) => this.#parts.values.read(bytes, from, to));
  }

  entry(): [K, V] {
    return [this.key(), this.value()];
  }

  stop(): void {
    this.#scan.stop();
  }
}
