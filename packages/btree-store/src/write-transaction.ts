import { MassTreeBadValueError } from "@masstree/errors";
import {
  type Bounds,
  everything,
  type KeyType,
  pairOf,
  type Range,
  requireCallback,
  requireList,
} from "@masstree/tree";
import { staged, unstage } from "masstree/codecs";
import { compareBytes } from "./compare-bytes.ts";
import type { Context, OpenBucket } from "./context.ts";
import { type Entries, TreeEntries } from "./entries.ts";
import { MAX_VALUE_BYTES } from "./limits.ts";
import { PackedEntries } from "./packed-entries.ts";
import { edgeOf, partsOf, ReadTransaction } from "./read-transaction.ts";
import { TransactionParts } from "./transaction-parts.ts";
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
  return writerOn(context, bucket, new TreeEntries(context, bucket.tree));
}

/** The same, of other entries than those of its tree. */
export function writerOn<V, K extends KeyType>(
  context: Context,
  bucket: OpenBucket,
  entries: Entries,
): WriteTransaction<V, K> {
  return makeWriter(new TransactionParts<V, K>(context, bucket, entries), bucket.name);
}

/** Whether something is to be done to the key in the key scratch, which has to stay there. */
type Condition = (keyLength: number) => boolean;

const always: Condition = () => true;

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
    this.#put(key, value, always);
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
    this.#parts.checkOpen();
    this.#parts.entries.putStream(this.#parts.keyBytes(key), source);
    return this;
  }

  /**
   * Removes `key` and its value. O(key bytes + log size).
   *
   * @returns whether it was there
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  delete(key: K): boolean {
    this.#parts.checkOpen();
    return this.#parts.entries.remove(this.#parts.encodeKey(key));
  }

  /**
   * Sets several values; of equal keys the last one counts. All keys and values are checked, and written as bytes, before
   * the first is set: they are in memory meanwhile. For more than that, call `set` for each. O(entries × log size).
   *
   * @param entries `[key, value]` pairs, such as a `Map`, a map of this family or another bucket
   * @returns this object
   * @throws TypeError if `entries` is not an iterable of pairs; as `set`. Nothing has changed, unless the transaction is
   *   rolled back
   */
  setMany(entries: Iterable<readonly [K, V]>): this {
    this.#parts.checkOpen();
    requireList(entries, "setMany");
    const packed = new PackedEntries();
    for (const entry of entries) {
      const [key, value] = pairOf(entry);
      this.#withStaged(key, value, (keyLength, length) =>
        packed.add(this.#parts.key, keyLength, staged, length),
      );
    }
    this.#parts.checkOpen();
    for (const { key, value } of packed) {
      this.#parts.key.set(key);
      this.#parts.entries.put(key.length, value, value.length);
    }
    return this;
  }

  /**
   * Removes several keys. All are checked before the first is removed. O(keys × log size).
   *
   * @returns how many were there
   * @throws TypeError if `keys` is not an iterable, or is a string; as `delete`: nothing has changed
   */
  deleteMany(keys: Iterable<K>): number {
    this.#parts.checkOpen();
    requireList(keys, "deleteMany");
    const packed = new PackedEntries();
    for (const key of keys) {
      this.#parts.checkOpen();
      const length = this.#parts.encodeKey(key);
      packed.add(this.#parts.key, length, this.#parts.key, 0);
    }
    this.#parts.checkOpen();
    let count = 0;
    for (const { key } of packed) if (this.#removeBytes(key)) count++;
    return count;
  }

  /**
   * Removes all entries of a range, or all. O(pages) for all, O(entries × log size) for a range.
   *
   * @returns how many there were
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  clear(range?: Range<K>): number {
    const bounds = this.#parts.bounds(range);
    return bounds === everything ? this.#parts.entries.clear() : this.#clearRange(bounds);
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
      for (const key of keys) if (this.#removeBytes(key)) count++;
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

  /** The value of `key`; if there is none, sets it to `value` first. O(log size). Throws as `set`. */
  getOrInsert(key: K, value: V): V {
    let present: Uint8Array | undefined;
    const isNew = this.#put(key, value, (length) => {
      present = this.#parts.bytesAt(length);
      return present === undefined;
    });
    return isNew ? value : this.#parts.decode(present!);
  }

  /**
   * The value of `key`; if there is none, sets it to what `callback` returns first. If the callback sets the key itself,
   * that value stays, and is returned. O(log size), and `callback`.
   *
   * @throws TypeError if `callback` is not a function; what it throws; as `set`
   */
  getOrInsertComputed(key: K, callback: (key: K) => V): V {
    this.#parts.checkOpen();
    requireCallback(callback, "getOrInsertComputed");
    const own = this.#parts.fixedKey(key);
    const found = this.#parts.valueAt(this.#parts.encodeKey(own));
    return found === undefined ? this.getOrInsert(own, callback(key)) : found;
  }

  /** Sets the value of `key` if it has none. O(log size). @returns whether it did. Throws as `set` */
  setIfAbsent(key: K, value: V): boolean {
    return this.#put(key, value, (length) => !this.#parts.entries.has(length));
  }

  /**
   * Sets the value of `key` if it has one. O(log size).
   *
   * @returns the value before; `undefined` if nothing was set
   * @throws as `set`; what the value codec throws while it decodes the value before: the new one was set
   */
  replace(key: K, value: V): V | undefined {
    let before: Uint8Array | undefined;
    this.#put(key, value, (length) => {
      before = this.#parts.bytesAt(length);
      return before !== undefined;
    });
    return this.#parts.decode(before);
  }

  /** Sets the value of `key`. O(log size). @returns the value before, if there was one. Throws as `replace` */
  exchange(key: K, value: V): V | undefined {
    let before: Uint8Array | undefined;
    this.#put(key, value, (length) => {
      before = this.#parts.bytesAt(length);
      return true;
    });
    return this.#parts.decode(before);
  }

  /**
   * Removes `key`. O(log size).
   *
   * @returns its value, if there was one
   * @throws as `delete`; what the value codec throws while it decodes the value: the key was removed
   */
  take(key: K): V | undefined {
    this.#parts.checkOpen();
    const length = this.#parts.encodeKey(key);
    const value = this.#parts.bytesAt(length);
    if (value !== undefined) this.#parts.entries.remove(length);
    return this.#parts.decode(value);
  }

  /**
   * Sets the value of `key` if it has the expected one: the same bytes, after encoding. O(log size).
   *
   * @param expected `undefined`: only if there is no value
   * @param next `undefined`: removes the key
   * @returns whether the value was the expected one
   * @throws as `set`, also if `expected` is no value
   */
  compareAndSet(key: K, expected: V | undefined, next: V | undefined): boolean {
    const parts = this.#parts;
    parts.checkOpen();
    const ready = parts.readyKey(key);
    const stored = expected === undefined ? undefined : parts.stored.encode(expected);
    return this.#change(ready, stored, next);
  }

  /**
   * Sets the value of `key` to what `callback` returns for the present one; removes the key if that is `undefined`. It is
   * called again if it has itself changed this value, as in maps that threads share. O(log size), and `callback`.
   *
   * @returns what `callback` returned last
   * @throws TypeError if `callback` is not a function; as `set`, and what `callback` throws
   */
  update(key: K, callback: (old: V | undefined, key: K) => V | undefined): V | undefined {
    const parts = this.#parts;
    parts.checkOpen();
    requireCallback(callback, "update");
    const own = parts.fixedKey(key);
    while (true) {
      parts.checkOpen();
      const stored = parts.bytesAt(parts.encodeKey(own));
      const next = callback(parts.decode(stored), key);
      if (this.#change(own, stored, next)) return next;
    }
  }

  /** Removes the first entry that `entries(range)` gives, and returns it. O(log size). Throws as `first` */
  popFirst(range?: Range<K>): [K, V] | undefined {
    return this.#pop(edgeOf(this.#parts, range, false));
  }

  /** Removes the last entry that `entries(range)` gives, and returns it. O(log size). Throws as `last` */
  popLast(range?: Range<K>): [K, V] | undefined {
    return this.#pop(edgeOf(this.#parts, range, true));
  }

  override get [Symbol.toStringTag](): string {
    return "WriteTransaction";
  }

  #pop(bounds: Bounds | undefined): [K, V] | undefined {
    const parts = this.#parts;
    const scan = bounds && parts.entries.scan(bounds, false);
    if (scan === undefined || !scan.next()) return undefined;
    const { key, bytes } = scan.keep();
    const value = bytes();
    this.#removeBytes(key);
    const decoded = parts.decode(value);
    return [parts.codec.decode(key, 0, key.length), decoded];
  }

  /** Sets a value on a condition. @returns whether it did */
  #put(key: K, value: V, condition: Condition): boolean {
    let isMet = false;
    this.#withStaged(key, value, (keyLength, length) => {
      isMet = condition(keyLength);
      if (isMet) this.#parts.entries.put(keyLength, staged, length);
    });
    return isMet;
  }

  /** Calls something with a key in the key scratch and a value in `staged`, and their lengths. */
  #withStaged(key: K, value: V, act: (keyLength: number, length: number) => void): void {
    const parts = this.#parts;
    parts.checkOpen();
    const ready = parts.readyKey(key);
    const length = parts.values.stage(value);
    try {
      if (length > MAX_VALUE_BYTES) {
        throw new MassTreeBadValueError(`A value has at most 1 GiB, and this one ${length} bytes.`);
      }
      // The codec may have ended the transaction, or used it.
      parts.checkOpen();
      act(parts.encodeKey(ready), length);
    } finally {
      unstage();
    }
  }

  /**
   * Gives a key another value if what it has is stored as `expected`; `undefined` stands for no value.
   *
   * @param key what `readyKey` or `fixedKey` has returned
   * @returns whether it is
   */
  #change(key: K, expected: Uint8Array | undefined, next: V | undefined): boolean {
    const { entries } = this.#parts;
    const isExpected: Condition = (keyLength) => {
      const length = entries.fetch(keyLength);
      if (expected === undefined) return length < 0;
      return length === expected.length && compareBytes(fetched, expected, length) === 0;
    };
    if (next !== undefined) return this.#put(key, next, isExpected);
    this.#parts.checkOpen();
    const keyLength = this.#parts.encodeKey(key);
    if (!isExpected(keyLength)) return false;
    if (expected !== undefined) entries.remove(keyLength);
    return true;
  }

  #removeBytes(key: Uint8Array): boolean {
    this.#parts.key.set(key);
    return this.#parts.entries.remove(key.length);
  }
}
