import { MassTreeBadValueError } from "@masstree/errors";
import { type Bounds, checkRange, type KeyType, type Range } from "@masstree/tree";
import { staged, unstage } from "masstree/codecs";
import type { Context, OpenBucket } from "./context.ts";
import { copyFrom } from "./copy-bytes.ts";
import { TreeEntries } from "./entries.ts";
import { MAX_VALUE_BYTES } from "./limits.ts";
import { partsOf, ReadTransaction, TransactionParts } from "./read-transaction.ts";
import { fetched } from "./tree.ts";

/** How many keys `clear` removes at a time. */
const CLEAR_BATCH = 256;

let makeWriter: <V, K extends KeyType>(
  parts: TransactionParts<V, K>,
  name: string,
) => WriteTransaction<V, K>;

/** A bucket to be written. */
export function writerOf<V, K extends KeyType>(
  context: Context,
  bucket: OpenBucket,
): WriteTransaction<V, K> {
  const entries = new TreeEntries(context, bucket.tree);
  return makeWriter(new TransactionParts<V, K>(context, bucket, entries), bucket.name);
}

/**
 * A bucket in a transaction that writes: a ReadTransaction with the methods of `masstree`'s maps that change. All
 * changes of the transaction are committed together, or none.
 *
 * Besides what each method names, writing throws StoreFullError (`STORE_FULL`), StoreFailedError (`STORE_FAILED`),
 * StoreTooLargeError (`STORE_TOO_LARGE`) or StoreCorruptError (`STORE_CORRUPT`). Then the transaction is rolled back, even
 * if its callback catches the error. Errors of keys, values and ranges change nothing, and the transaction goes on.
 */
export class WriteTransaction<V = unknown, K extends KeyType = string> extends ReadTransaction<
  V,
  K
> {
  readonly #parts: TransactionParts<V, K>;

  /** Transactions are made by a store. */
  protected constructor(parts: object, name: string) {
    super(parts, name);
    this.#parts = partsOf(this);
  }

  static {
    makeWriter = <V, K extends KeyType>(parts: TransactionParts<V, K>, name: string) =>
      new WriteTransaction<V, K>(parts, name);
  }

  /**
   * Sets the value of `key`, whether it had one or not. O(key bytes + value bytes + log size).
   *
   * @returns this object
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`),
   *   MassTreeBadValueError (`MASSTREE_BAD_VALUE`), also for values of more than 1 GiB
   */
  set(key: K, value: V): this {
    this.#write(key, value, () => true);
    return this;
  }

  /**
   * Sets the value of `key` to the bytes of a source, which need not be in memory all at once: they are written to the file as
   * they come, up to 1 GiB. In an optimistic transaction they stay in memory until the commit.
   *
   * The bytes are stored as they are. In a bucket of values other than `"bytes"` they have to be what its codec writes: UTF-8
   * for `"utf8"`, JSON for `"json"`. Nothing has changed if it throws, and the transaction goes on.
   *
   * @param source an iterable of Uint8Arrays, such as a generator; each is copied before the next one is asked for. It may use
   *   the transaction. Nothing asynchronous: a transaction ends when its callback returns
   * @returns this object
   * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`) for other parts, or for more than 1 GiB; what `source` throws; as
   *   `set`
   */
  setStream(key: K, source: Iterable<Uint8Array>): this {
    const { context, entries } = this.#parts;
    context.check();
    const keyBytes = context.core.memory.open().key.slice(0, this.#parts.encodeKey(key));
    entries.putStream(keyBytes, source);
    return this;
  }

  /**
   * Removes `key` and its value. O(key bytes + log size).
   *
   * @returns whether it was there
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  delete(key: K): boolean {
    this.#parts.context.check();
    return this.#removeAt(this.#parts.encodeKey(key));
  }

  /** Sets several values; of equal keys the last one counts. Throws as `set`, with those before it set. */
  setMany(entries: Iterable<readonly [K, V]>): this {
    for (const [key, value] of entries) this.set(key, value);
    return this;
  }

  /** Removes several keys. @returns how many were there. Throws as `delete`, with those before it removed */
  deleteMany(keys: Iterable<K>): number {
    let count = 0;
    for (const key of keys) if (this.delete(key)) count++;
    return count;
  }

  /**
   * Removes all entries of a range, or all. O(pages) for all, O(entries × log size) for a range.
   *
   * @returns how many there were
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  clear(range?: Range<K>): number {
    this.#parts.context.check();
    if (range === undefined) return this.#parts.entries.clear();
    return this.#clearRange(checkRange(range, this.#parts.codec));
  }

  #clearRange(bounds: Bounds): number {
    let count = 0;
    let rest = bounds;
    while (rest.limit > 0) {
      const part = { ...rest, limit: Math.min(rest.limit, CLEAR_BATCH) };
      const scan = this.#parts.entries.scan(part, true);
      const keys: Uint8Array[] = [];
      while (scan.next()) {
        const [from, to] = scan.keyRange();
        keys.push(scan.bytes.slice(from, to));
      }
      for (const key of keys) {
        this.#parts.context.core.memory.open().key.set(key);
        if (this.#removeAt(key.length)) count++;
      }
      if (keys.length < CLEAR_BATCH) break;
      // What the offset passed by is passed by once.
      const last = keys.at(-1)!;
      const limit = rest.limit - keys.length;
      rest = rest.reverse
        ? { ...rest, upper: last, upperInclusive: false, offset: 0, limit }
        : { ...rest, lower: last, lowerInclusive: false, offset: 0, limit };
    }
    return count;
  }

  /** The value of `key`; if there is none, sets it to `value` first. Throws as `set`. */
  getOrInsert(key: K, value: V): V {
    return this.getOrInsertComputed(key, () => value);
  }

  /** The value of `key`; if there is none, sets it to what `callback` returns first. Throws as `set` and `callback`. */
  getOrInsertComputed(key: K, callback: (key: K) => V): V {
    this.#parts.context.check();
    if (this.#parts.entries.has(this.#parts.encodeKey(key))) return this.get(key)!;
    const value = callback(key);
    this.set(key, value);
    return value;
  }

  /** Sets the value of `key` if it has none. @returns whether it did. Throws as `set` */
  setIfAbsent(key: K, value: V): boolean {
    return this.#write(key, value, (length) => !this.#parts.entries.has(length));
  }

  /** Sets the value of `key` if it has one. @returns the value before; `undefined` if nothing was set. Throws as `set` */
  replace(key: K, value: V): V | undefined {
    let before: V | undefined;
    this.#write(key, value, (length) => {
      before = this.#parts.valueAt(length);
      return before !== undefined;
    });
    return before;
  }

  /** Sets the value of `key`. @returns the value before, if there was one. Throws as `set` */
  exchange(key: K, value: V): V | undefined {
    let before: V | undefined;
    this.#write(key, value, (length) => {
      before = this.#parts.valueAt(length);
      return true;
    });
    return before;
  }

  /** Removes `key`. @returns its value, if there was one. Throws as `delete` */
  take(key: K): V | undefined {
    this.#parts.context.check();
    const value = this.#parts.valueAt(this.#parts.encodeKey(key));
    this.delete(key);
    return value;
  }

  /**
   * Sets the value of `key` if it has the expected one: the same bytes, after encoding.
   *
   * @param expected `undefined`: only if there is no value
   * @param next `undefined`: removes the key
   * @returns whether the value was the expected one
   * @throws as `set`
   */
  compareAndSet(key: K, expected: V | undefined, next: V | undefined): boolean {
    this.#parts.context.check();
    const wanted = expected === undefined ? undefined : this.#encoded(expected);
    const isExpected = (length: number) => {
      const found = this.#parts.entries.fetch(length);
      if (wanted === undefined) return found < 0;
      return found === wanted.length && wanted.every((byte, i) => byte === fetched[i]);
    };
    if (next !== undefined) return this.#write(key, next, isExpected);
    const length = this.#parts.encodeKey(key);
    if (!isExpected(length)) return false;
    this.delete(key);
    return true;
  }

  /**
   * Sets the value of `key` to what `callback` returns for the present one; removes the key if that is `undefined`.
   *
   * @returns what `callback` returned
   * @throws as `set`, and what `callback` throws
   */
  update(key: K, callback: (old: V | undefined, key: K) => V | undefined): V | undefined {
    const next = callback(this.get(key), key);
    if (next === undefined) this.delete(key);
    else this.set(key, next);
    return next;
  }

  /** Removes the entry with the smallest key of a range, and returns it. O(log size). Throws as `first` */
  popFirst(range?: Range<K>): [K, V] | undefined {
    return this.#pop(this.first(range));
  }

  /** Removes the entry with the greatest key of a range, and returns it. O(log size). Throws as `last` */
  popLast(range?: Range<K>): [K, V] | undefined {
    return this.#pop(this.last(range));
  }

  override get [Symbol.toStringTag](): string {
    return "WriteTransaction";
  }

  #pop(entry: [K, V] | undefined): [K, V] | undefined {
    if (entry !== undefined) this.delete(entry[0]);
    return entry;
  }

  /** Sets a value on a condition, which gets the length of the key in the key scratch, and must leave it there. */
  #write(key: K, value: V, condition: (keyLength: number) => boolean): boolean {
    this.#parts.context.check();
    const length = this.#parts.values.stage(value);
    try {
      if (length > MAX_VALUE_BYTES) {
        throw new MassTreeBadValueError(`A value has at most 1 GiB, and this one ${length} bytes.`);
      }
      // The codec may have ended the transaction, or used it.
      this.#parts.context.check();
      const keyLength = this.#parts.encodeKey(key);
      if (!condition(keyLength)) return false;
      this.#parts.entries.put(keyLength, staged, length);
      return true;
    } finally {
      unstage();
    }
  }

  #removeAt(keyLength: number): boolean {
    return this.#parts.entries.remove(keyLength);
  }

  #encoded(value: V): Uint8Array {
    const length = this.#parts.values.stage(value);
    try {
      const bytes = new Uint8Array(length);
      copyFrom(staged, 0, length, bytes, 0);
      return bytes;
    } finally {
      unstage();
    }
  }
}
