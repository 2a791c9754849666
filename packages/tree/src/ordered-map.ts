import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { requireCallback, requireList } from "./arguments.ts";
import { clearRange } from "./clear.ts";
import { type Cursor, RangeCursor, TreeSource } from "./cursor.ts";
import { addComparable, type Comparable, type Difference, diff, type Side } from "./diff.ts";
import {
  PUT_ALWAYS,
  PUT_FULL,
  PUT_IF_ABSENT,
  PUT_IF_EQUAL,
  PUT_IF_PRESENT,
  PUT_INSERTED,
  PUT_REPLACED,
} from "./exports.ts";
import { badLength, encodeForeign, ReadyKey } from "./foreign-keys.ts";
import { fullError } from "./full-error.ts";
import { type Guard, type GuardSource, TreeViewScan, ViewGuard } from "./guard.ts";
import type { MapHandle } from "./handle.ts";
import { identify } from "./identity.ts";
import { makeInspectable } from "./inspect.ts";
import type { TreeInstance } from "./instance.ts";
import { entryIterator, keyIterator, type OrderedMapIterator, valueIterator } from "./iterators.ts";
import type { KeyType } from "./key-types.ts";
import { type MaintainOptions, maintain } from "./maintain.ts";
import { deleteMany, getMany, hasMany, setMany } from "./many.ts";
import type { MapValues } from "./map-values.ts";
import {
  type Bounds,
  beside,
  checkRange,
  everything,
  isCounted,
  type Range,
  requireUncounted,
  reversed,
} from "./range.ts";
import { Scan, type ScanValues } from "./scan.ts";
import { SortedLoader } from "./sorted-loader.ts";
import { splitPoints, TreeParts } from "./split-points.ts";
import { type MapStats, statsOf } from "./stats.ts";
import { readWaitOptions, type WaitOptions, type WaitSyncOptions } from "./wait-options.ts";
import { Waiting, type Wanted } from "./waiting.ts";

let openTree: (map: OrderedMap<KeyType, unknown>) => TreeInstance;

/**
 * What a map consists of, for operations in files of their own. @internal
 *
 * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
 */
export let partsOf: <K extends KeyType, V>(map: OrderedMap<K, V>) => MapParts<K, V>;

/**
 * Whether an object is a map, of any class on this package. Runs no code of the object. @internal
 */
export let isMap: (object: object) => boolean;

/**
 * Builds the tree of a map that has just been created and that nobody else has yet, from sorted entries. Until it has
 * finished, no method of the map may be called but `close`; if it throws, that is all that can be done with it.
 * @internal
 */
export let loaderOf: <K extends KeyType, V>(map: OrderedMap<K, V>) => SortedLoader<K, V>;

/**
 * What `diff` needs of a map: for classes that have a map within. Throws if it is closed. @internal
 */
export let sideOf: <K extends KeyType, V>(map: OrderedMap<K, V>) => Side<K, V>;

/**
 * What the classes pass to their base class: the result of `createMap` or `attachMap`, and
 * `values`.
 */
export interface MapParts<K extends KeyType, V> {
  readonly tree: TreeInstance;
  readonly codec: KeyCodec<K>;
  /** How values are stored. */
  readonly values: MapValues<V>;
  readonly handle: MapHandle;
}

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface OrderedMap<K extends KeyType, V> extends Usable {}

/**
 * What all maps have in common: everything but how a value is stored (`MapValues`). The classes to
 * use are `MassTree` of `masstree` and `MassTreeInline` of `@masstree/inline`.
 *
 * Single-key operations are linearizable. `size` is exact while no one is writing. A scan is live:
 * it visits every key that is present from its start to its end exactly once and in order, and
 * never gives a torn value. It may or may not see keys that are added or removed meanwhile. It
 * takes up to 256 entries at a time, so what it gives may be that old.
 *
 * Every method except `close` throws `MassTreeClosedError` (`MASSTREE_CLOSED`) once the map is
 * closed.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class OrderedMap<K extends KeyType, V> {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #values: MapValues<V>;
  readonly #handle: MapHandle;

  /** For classes of maps, which pass on an open map: `super({ ...createMap(...), values })`. */
  protected constructor({ tree, codec, values, handle }: MapParts<K, V>) {
    this.#tree = tree;
    this.#codec = codec;
    this.#values = values;
    this.#handle = handle;
    identify(this);
  }

  /**
   * The value of `key`, or `undefined` if there is none.
   *
   * O(key bytes + log size). Takes no lock. Another thread may write between this call and a `set`
   * that depends on it, and its change would be lost: use `update`.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  get(key: K): V | undefined {
    return this.#values.get(this.encodeKey(key));
  }

  /**
   * Sets the value of `key`, whether it had one or not.
   *
   * O(key bytes + log size). Locks one leaf, or several nodes if it splits. Another thread sees
   * either the whole old value or the whole new one.
   *
   * @returns this map
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeBadValueError (`MASSTREE_BAD_VALUE`), MassTreeFullError
   *   (`MASSTREE_FULL`): nothing has changed
   */
  set(key: K, value: V): this {
    const values = this.#values;
    const tree = this.#tree;
    const codec = this.#codec;
    tree.checkOpen();
    if (codec.runsCallersCode) {
      this.#put(key, value, PUT_ALWAYS);
      return this;
    }
    values.stage(value);
    try {
      // As `encodeKey` does, without asking about the codec again.
      tree.checkOpen();
      const length = codec.encode(key, tree.key, 0);
      if (length >>> 0 > MAX_KEY_BYTES) throw badLength(length);
      if (values.put(length, PUT_ALWAYS) === PUT_FULL) this.#writeAgain(key, PUT_ALWAYS, false);
    } finally {
      values.unstage();
    }
    return this;
  }

  /**
   * Sets the value of `key` only if it already has one.
   *
   * O(key bytes + log size). Locks one leaf. Atomic for all other threads: the returned value is
   * the one that this call replaced.
   *
   * @returns the previous value; `undefined` if there was none, and then nothing has changed
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeBadValueError (`MASSTREE_BAD_VALUE`), MassTreeFullError
   *   (`MASSTREE_FULL`): nothing has changed. What the value codec throws while it decodes the
   *   previous value: the new one has been written
   *
   * @example
   * ```ts
   * map.set("state", 1);
   * map.replace("state", 2); // => 1
   * map.replace("other", 2); // => undefined
   * map.has("other"); // => false
   * ```
   */
  replace(key: K, value: V): V | undefined {
    return this.#swap(key, value, PUT_IF_PRESENT) === PUT_REPLACED
      ? this.#values.previous()
      : undefined;
  }

  /**
   * Sets the value of `key` in any case, and returns the one before.
   *
   * O(key bytes + log size). Locks one leaf, or several nodes if it splits. Atomic for all other
   * threads: the returned value is the one that this call replaced.
   *
   * @returns the previous value; `undefined` if there was none
   * @throws as `set`. What the value codec throws while it decodes the previous value: the new one
   *   has been written
   *
   * @example
   * ```ts
   * map.exchange("turn", 1); // => undefined
   * map.exchange("turn", 2); // => 1
   * map.get("turn"); // => 2
   * ```
   */
  exchange(key: K, value: V): V | undefined {
    return this.#swap(key, value, PUT_ALWAYS) === PUT_REPLACED
      ? this.#values.previous()
      : undefined;
  }

  /**
   * Sets the value of `key` only if it has none.
   *
   * O(key bytes + log size). Locks one leaf, or several nodes if it splits; takes no lock if the key
   * has a value. Atomic for all other threads: of several that set one key, one gets true.
   *
   * @returns whether the value was written; if not, nothing has changed
   * @throws as `set`
   *
   * @example
   * ```ts
   * map.setIfAbsent("owner", 1); // => true
   * map.setIfAbsent("owner", 2); // => false
   * map.get("owner"); // => 1
   * ```
   */
  setIfAbsent(key: K, value: V): boolean {
    return this.#put(key, value, PUT_IF_ABSENT) === PUT_INSERTED;
  }

  /**
   * The value of `key`; if it has none, sets it to `value` first.
   *
   * O(key bytes + log size). Locks one leaf, or several nodes if it splits; takes no lock if the key
   * has a value. Atomic for all other threads: of several that insert one key, one value wins, and
   * all get it.
   *
   * @returns the value that the key had, or `value` itself if it was inserted
   * @throws as `set`, and what the value codec throws while it decodes the value that is there:
   *   nothing has changed
   *
   * @example
   * ```ts
   * map.getOrInsert("limit", 10); // => 10
   * map.getOrInsert("limit", 20); // => 10
   * ```
   */
  getOrInsert(key: K, value: V): V {
    return this.#getOrInsert(key, value);
  }

  /**
   * The value of `key`; if it has none, sets it to what `callback` returns first.
   *
   * `callback` runs only if the key has no value, and while this thread holds nothing: no lock, no
   * pin. It may use the map. Several threads that miss one key at once all run theirs; one result
   * wins, and all get it.
   *
   * O(key bytes + log size), and `callback`.
   *
   * @param callback gets the key
   * @returns the value that the key had or got from another thread, or the one that `callback`
   *   returned if that was inserted
   * @throws TypeError if `callback` is not a function; what `callback` throws; as `set`; and what
   *   the value codec throws while it decodes the value that is there: nothing has changed
   *
   * @example
   * ```ts
   * map.getOrInsertComputed("four", (key) => key.length); // => 4
   * map.getOrInsertComputed("four", () => 5); // => 4
   * ```
   */
  getOrInsertComputed(key: K, callback: (key: K) => V): V {
    this.#tree.checkOpen();
    requireCallback(callback, "getOrInsertComputed");
    const ready = this.readyKey(key);
    const length = this.encodeKey(ready);
    const own = this.#ownKey(ready, length);
    const found = this.#values.get(length);
    return found === undefined ? this.#getOrInsert(own, callback(key)) : found;
  }

  /**
   * Changes `key` only if its value is the expected one. `undefined` stands for no value: as
   * `expected`, the key must not be there; as `next`, the key is removed.
   *
   * Values are compared as they are stored: the codec's bytes, so two objects of equal contents are
   * equal only if the codec gives the same bytes for both; numbers in slots as `Object.is` does.
   *
   * O(key bytes + log size), and a comparison of the bytes. Locks one leaf, or several nodes if it
   * splits; takes no lock if the value is another one. Atomic for all other threads.
   *
   * @returns whether the value was the expected one; if not, nothing has changed
   * @throws as `set`, also if `expected` is no value
   *
   * @example
   * ```ts
   * map.compareAndSet("state", undefined, 1); // => true
   * map.compareAndSet("state", 2, 3); // => false
   * map.compareAndSet("state", 1, 2); // => true
   * map.get("state"); // => 2
   * map.compareAndSet("state", 2, undefined); // => true
   * map.has("state"); // => false
   * ```
   */
  compareAndSet(key: K, expected: V | undefined, next: V | undefined): boolean {
    this.#tree.checkOpen();
    const ready = this.readyKey(key);
    const stored = expected === undefined ? undefined : this.#values.encode(expected);
    return this.#change(ready, stored, next);
  }

  /**
   * Gives `key` the value that `callback` makes of its present one, so that no update is lost: if
   * another thread changes the value meanwhile, `callback` is called again, with the new one.
   *
   * `callback` runs while this thread holds nothing: no lock, no pin. It may use the map. If it
   * changes the value of this very key each time it runs, there is no end.
   *
   * O(key bytes + log size), and `callback`, for each time that it is called.
   *
   * @param callback gets the value, `undefined` if there is none, and the key; what it returns is
   *   the new value, and `undefined` removes the key
   * @returns what `callback` returned last, which has been written
   * @throws TypeError if `callback` is not a function; what `callback` throws; as `set`; and what
   *   the value codec throws: nothing has changed
   *
   * @example
   * ```ts
   * const count = (old = 0) => old + 1;
   * map.update("visits", count); // => 1
   * map.update("visits", count); // => 2
   * map.update("visits", () => undefined); // => undefined
   * map.has("visits"); // => false
   * ```
   */
  update(key: K, callback: (old: V | undefined, key: K) => V | undefined): V | undefined {
    const values = this.#values;
    this.#tree.checkOpen();
    requireCallback(callback, "update");
    const own = this.fixedKey(key);
    while (true) {
      const stored = values.fetch(this.encodeKey(own));
      const next = callback(stored === undefined ? undefined : values.decode(stored), key);
      if (this.#change(own, stored, next)) return next;
    }
  }

  /**
   * Whether there is a value for `key`.
   *
   * O(key bytes + log size). Takes no lock.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  has(key: K): boolean {
    const length = this.encodeKey(key);
    return this.#tree.exports.has(length) !== 0;
  }

  /**
   * Removes `key` and its value.
   *
   * O(key bytes + log size). Locks one leaf. The memory is reused once no thread can be reading it
   * any more.
   *
   * @returns whether the key was there; if several threads remove one key at once, one of them gets
   *   true
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  delete(key: K): boolean {
    const length = this.encodeKey(key);
    return this.#tree.exports.remove(length) !== 0;
  }

  /**
   * Removes `key`, and returns the value that it had.
   *
   * O(key bytes + log size). Locks one leaf. Atomic for all other threads: of several that take one
   * key, one gets its value.
   *
   * @returns the value; `undefined` if there was none
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`): nothing has changed. What the value codec throws while it decodes
   *   the value: the key has been removed
   *
   * @example
   * ```ts
   * map.set("job", 7);
   * map.take("job"); // => 7
   * map.take("job"); // => undefined
   * ```
   */
  take(key: K): V | undefined {
    const values = this.#values;
    return values.take(this.encodeKey(key)) ? values.previous() : undefined;
  }

  /**
   * The value of `key`, as soon as it has one: at once, or when some thread sets it. With `until`, the
   * first value that this thread sees for which `until` returns true.
   *
   * No wake-up is lost: a value that is set and stays is seen. One that is soon followed by another, or
   * removed, may be passed over. It holds also if the thread that sets the key ends in the middle: once
   * its write is finished for it, those who wait are woken; and every second a thread that waits looks
   * for threads that have ended.
   *
   * While nobody waits, a write pays one load for this. Where there is no `Atomics.waitAsync`, the
   * thread looks every 4 ms, or as often as its platform lets timers run. A promise that is pending
   * keeps the process alive, as a timer does.
   *
   * O(key bytes + log size) for each look. A key is looked at again when it is written, and at times when
   * others are. A thread may wait for thousands.
   *
   * @param options.until gets a value, and returns whether it is the one. Runs while this thread holds
   *   nothing: no lock, no pin. It may use the map. It may be called more than once for one value
   * @param options.timeout in milliseconds; with 0, the key is looked at once
   * @param options.signal an `AbortSignal` that ends the wait
   * @returns a promise of the value. It is rejected with MassTreeTimeoutError (`MASSTREE_TIMEOUT`) when
   *   the time has passed, with the signal's `reason` when that aborts, with MassTreeClosedError
   *   (`MASSTREE_CLOSED`) when the map is closed in this thread, with what `until` or the value codec
   *   throws, with MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), and as `get`
   *
   * @example
   * ```ts
   * const answer = map.waitFor("answer", { timeout: 1000 });
   * map.set("answer", 42); // as another thread might
   * await answer; // => 42
   * await map.waitFor("answer", { until: (value) => value > 40 }); // => 42
   * ```
   */
  async waitFor(key: K, options?: WaitOptions<V>): Promise<V> {
    this.#tree.checkOpen();
    const checked = readWaitOptions<V>(options, false);
    const wanted = this.#wanted(key);
    return await Waiting.of(this.#tree).waitFor(wanted, checked);
  }

  /**
   * As `waitFor`, for a thread that may sleep: a worker, or Node's main thread, whose event loop stands
   * still meanwhile.
   *
   * @param options.until as for `waitFor`
   * @param options.timeout in milliseconds; with 0, the key is looked at once
   * @returns the value; `undefined` when the time has passed
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) on the main thread of a browser, whether
   *   there is a value or not; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`); MassTreeClosedError
   *   (`MASSTREE_CLOSED`), also if `until` closes the map; what `until` or the value codec throws; and
   *   as `get`
   *
   * @example
   * ```ts
   * map.waitForSync("nothing", { timeout: 10 }); // => undefined
   * map.set("something", 1).waitForSync("something"); // => 1
   * ```
   */
  waitForSync(key: K, options?: WaitSyncOptions<V>): V | undefined {
    this.#tree.checkOpen();
    const checked = readWaitOptions<V>(options, true);
    const wanted = this.#wanted(key);
    return Waiting.of(this.#tree).waitForSync(wanted, checked);
  }

  /** The number of entries. O(participants). Exact while no one is writing. */
  get size(): number {
    return this.open().exports.size();
  }

  /**
   * Removes the entries whose keys are in `range`; all entries if there is no range.
   *
   * O(entries removed). Goes from leaf to leaf, in order, and locks one at a time: other threads see
   * the entries of a leaf go at once, up to 15 of them. Every entry that is there when the call begins is removed;
   * those that other threads add meanwhile may be removed or stay.
   *
   * @returns how many entries this call removed
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`): nothing has changed
   *
   * @example
   * ```ts
   * map.setMany([["a/1", 1], ["a/2", 2], ["b/1", 3]]);
   * map.clear({ prefix: "a/" }); // => 2
   * map.clear(); // => 1
   * ```
   */
  clear(range?: Range<K>): number {
    const bounds = this.#bounds(range);
    if (bounds === everything) return this.#tree.exports.clear() >>> 0;
    const { reverse, offset, limit } = bounds;
    if (!reverse && offset === 0 && limit === Number.POSITIVE_INFINITY) {
      return clearRange(this.#tree, bounds);
    }
    const scan = new Scan<K, unknown>(this.#tree, this.#codec, undefined, bounds);
    let removed = 0;
    try {
      while (scan.next()) removed += this.#tree.exports.remove(scan.writeKey());
    } finally {
      scan.stop();
    }
    return removed;
  }

  /**
   * The first entry that `entries(range)` would give: the one with the smallest key, or with the
   * greatest if the range is reversed. `undefined` if there is none. O(key bytes + log size).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), and what the value codec throws
   *
   * @example
   * ```ts
   * map.setMany([["a/1", 1], ["a/2", 2], ["b/1", 3]]);
   * map.first(); // => ["a/1", 1]
   * map.first({ prefix: "b/" }); // => ["b/1", 3]
   * map.first({ gt: "z" }); // => undefined
   * ```
   */
  first(range?: Range<K>): [K, V] | undefined {
    return this.#firstOf(this.#bounds(range));
  }

  /**
   * The last entry that `entries(range)` would give: the one with the greatest key, or with the
   * smallest if the range is reversed. `undefined` if there is none. O(key bytes + log size); with
   * `offset` or `limit`, O(offset + limit).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), and what the value codec throws
   *
   * @example
   * ```ts
   * map.setMany([["a/1", 1], ["a/2", 2], ["b/1", 3]]);
   * map.last(); // => ["b/1", 3]
   * map.last({ prefix: "a/" }); // => ["a/2", 2]
   * ```
   */
  last(range?: Range<K>): [K, V] | undefined {
    const bounds = this.#bounds(range);
    return isCounted(bounds)
      ? this.#lastCounted(bounds, (last) => this.#firstOf(last))
      : this.#firstOf(reversed(bounds));
  }

  /**
   * Removes the first entry that `entries(range)` would give, and returns it.
   *
   * O(key bytes + log size), and more if other threads take the entries that it looks at. The entry
   * was the first when the call looked, and goes in one step: no two threads get the same one, and
   * one that another thread has taken is passed over. An entry that another thread adds in front
   * meanwhile may stay.
   *
   * @returns the entry; `undefined` if the range has none
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`): nothing has changed. What the value codec
   *   throws while it decodes the value: the entry has been removed
   *
   * @example
   * ```ts
   * map.setMany([["job/1", 1], ["job/2", 2]]);
   * map.popFirst({ prefix: "job/" }); // => ["job/1", 1]
   * map.popFirst({ prefix: "job/" }); // => ["job/2", 2]
   * map.popFirst({ prefix: "job/" }); // => undefined
   * ```
   */
  popFirst(range?: Range<K>): [K, V] | undefined {
    const bounds = this.#bounds(range);
    // Whether it may give an entry is the range's; how many the call passes over is not.
    return this.#pop(bounds, bounds.limit === 0 ? 0 : Number.POSITIVE_INFINITY);
  }

  /**
   * Removes the last entry that `entries(range)` would give, and returns it. Otherwise like
   * `popFirst`; with `offset` or `limit`, O(offset + limit).
   *
   * @returns the entry; `undefined` if the range has none
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`): nothing has changed. What the value codec
   *   throws while it decodes the value: the entry has been removed
   *
   * @example
   * ```ts
   * map.setMany([["a", 1], ["b", 2]]);
   * map.popLast(); // => ["b", 2]
   * ```
   */
  popLast(range?: Range<K>): [K, V] | undefined {
    const bounds = this.#bounds(range);
    return isCounted(bounds)
      ? this.#lastCounted(bounds, (last) => this.#pop(last))
      : this.#pop(reversed(bounds));
  }

  /**
   * The entry with the greatest key that is less than or equal to `key`, or `undefined`.
   *
   * O(key bytes + log size). Takes no lock.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), and what the value codec throws
   *
   * @example
   * ```ts
   * map.setMany([["b", 1], ["d", 2]]);
   * map.floor("c"); // => ["b", 1]
   * map.floor("b"); // => ["b", 1]
   * map.floor("a"); // => undefined
   * ```
   */
  floor(key: K): [K, V] | undefined {
    return this.#firstOf(beside(this.#encoded(key), true, true));
  }

  /**
   * The entry with the greatest key that is less than `key`, or `undefined`. Otherwise like `floor`.
   *
   * @throws as `floor`
   */
  lower(key: K): [K, V] | undefined {
    return this.#firstOf(beside(this.#encoded(key), false, true));
  }

  /**
   * The entry with the least key that is greater than or equal to `key`, or `undefined`. Otherwise
   * like `floor`.
   *
   * @throws as `floor`
   *
   * @example
   * ```ts
   * map.setMany([["b", 1], ["d", 2]]);
   * map.ceiling("b"); // => ["b", 1]
   * map.higher("b"); // => ["d", 2]
   * map.lower("b"); // => undefined
   * ```
   */
  ceiling(key: K): [K, V] | undefined {
    return this.#firstOf(beside(this.#encoded(key), true, false));
  }

  /**
   * The entry with the least key that is greater than `key`, or `undefined`. Otherwise like `floor`.
   *
   * @throws as `floor`
   */
  higher(key: K): [K, V] | undefined {
    return this.#firstOf(beside(this.#encoded(key), false, false));
  }

  /**
   * A cursor before the first entry of `range`; of the whole map if there is no range. It moves both ways, one
   * entry at a time, and holds nothing in the map between two steps: see {@link Cursor}.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), also if the range has an `offset` or a `limit`
   *
   * @example
   * ```ts
   * map.setMany([["a", 1], ["c", 3], ["e", 5]]);
   * const cursor = map.cursor();
   * cursor.seek("b"); // => true
   * cursor.key; // => "c"
   * map.delete("c");
   * cursor.value; // => 3
   * cursor.previous(); // => true
   * cursor.key; // => "a"
   * cursor.next(); // => true
   * cursor.key; // => "e"
   * cursor.next(); // => false
   * ```
   */
  cursor(range?: Range<K>): Cursor<K, V> {
    return this.#cursor(range, this.#values);
  }

  /**
   * A guard, which gives views of stored bytes: of a value that need not be decoded, of one of which only a part is
   * wanted, or of what is sent on as it is. See {@link Guard} for which bytes, and how long views last.
   *
   * Views are of copies: shared memory cannot be taken back from a view, so a guard copies values to memory that it has for
   * itself, and detaches that in the end. It holds nothing in the map, and never keeps memory from being used
   * again. O(1).
   *
   * @example
   * ```ts
   * map.set("a", 17).set("b", 5);
   * const guard = map.pin(); // or: using guard = map.pin()
   * const view = guard.get("a"); // for MassTree: [0x31, 0x37], the JSON
   * guard.get("c"); // => undefined
   * let bytes = 0;
   * guard.scan({ gte: "a" }, (key, value) => {
   *   bytes += key.length + value.length; // both are valid until this returns
   * });
   * bytes > 2; // => true
   * map.stats().guards.open; // => 1
   * guard.dispose();
   * view?.length; // => 0
   * ```
   */
  pin(): Guard<K> {
    return new ViewGuard(this.#views(), this.open().guards);
  }

  /**
   * How many entries `entries(range)` would give. Reads no values and decodes no keys; it is live as
   * a scan is.
   *
   * O(entries counted). For the whole map, `size` takes O(participants).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   *
   * @example
   * ```ts
   * map.setMany([["a/1", 1], ["a/2", 2], ["b/1", 3]]);
   * map.count({ prefix: "a/" }); // => 2
   * ```
   */
  count(range?: Range<K>): number {
    return new Scan(this.#tree, this.#codec, undefined, this.#bounds(range)).count();
  }

  /**
   * Keys that cut a range into about equal parts, for threads that share a scan. All are keys of the map, ascend,
   * and lie behind the first key of the range: the parts from each to the next hold all its entries once, and none
   * is empty.
   *
   * The sizes of the parts are estimates from a few nodes of the tree, so they differ: mostly by a few per cent, and
   * by more where some beginnings are shared by many more keys than others, as with a few large tenants among many.
   *
   * O(parts * (key bytes + log size)), however many entries there are. Live, as a scan is. Takes no lock.
   *
   * @param parts from 1 to 65,536
   * @param range without `offset` and `limit`; its direction does not matter
   * @returns `parts - 1` keys, or fewer if there are too few entries
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for other `parts`, MassTreeBadRangeError
   *   (`MASSTREE_BAD_RANGE`)
   *
   * @example
   * ```ts
   * map.setMany([["a", 1], ["b", 2], ["c", 3], ["d", 4]]);
   * const points = map.splitPoints(2); // => ["c"]
   * const parts = [{ lt: points[0] }, { gte: points[0] }];
   * parts.map((range) => map.count(range)); // => [2, 2]
   * ```
   */
  splitPoints(parts: number, range?: Range<K>): K[] {
    const bounds = requireUncounted(this.#bounds(range), "splitPoints");
    return splitPoints(new TreeParts(this.#tree), this.#codec, bounds, parts);
  }

  /**
   * How another map differs from this one: a difference for each key that only one of them has, or that has
   * another value there, in key order. `"added"` and `"changed"` are what it would take to make this map like the
   * other.
   *
   * Values are compared as they are stored, if both maps store them in the same way: the codec's bytes, numbers as
   * `Object.is` does. Otherwise the other map's value is stored as this map would, and then compared; what this map
   * cannot store is another value. So a codec that may write equal values in two ways, as `"structured"` does for
   * some numbers, may find a change where there is none. Only keys and values that differ are decoded, unless the
   * maps store values differently.
   *
   * O(size of both). Live, as scans are: while others write, what it gives may be out of date.
   *
   * @param other any map of this family with the same kind of keys: a `MassTree`, `MassTreeInline` or `LocalMassTree`
   * @param range without `offset` and `limit`
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `other` is no such map, MassTreeBadRangeError
   *   (`MASSTREE_BAD_RANGE`), both at once; while it runs, what a value codec throws
   *
   * @example
   * ```ts
   * map.setMany([["a", 1], ["b", 2]]);
   * const before = MassTree.fromSorted([...map]);
   * map.set("c", 3).set("b", 5).delete("a");
   * [...before.diff(map)].map(({ kind, key }) => `${kind} ${key}`); // => ["removed a", "changed b", "added c"]
   * ```
   */
  diff(other: Comparable<K, V>, range?: Range<K>): OrderedMapIterator<Difference<K, V>> {
    return diff(this.#side(), other, range);
  }

  /**
   * The value of each key, in the order of the keys; `undefined` where there is none. Each is read
   * by itself, at some moment of the call.
   *
   * O(keys * (key bytes + log size)). Takes no lock. In a large map faster than as many `get`s, because
   * up to 16 keys wait for memory together.
   *
   * @param keys may change the map while it gives keys
   * @throws TypeError if `keys` is not an iterable, or is a string; as `get`
   *
   * @example
   * ```ts
   * map.setMany([["a", 1], ["b", 2]]);
   * map.getMany(["b", "c", "a"]); // => [2, undefined, 1]
   * map.hasMany(["b", "c", "a"]); // => [true, false, true]
   * map.deleteMany(["b", "c", "a"]); // => 2
   * ```
   */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#tree.checkOpen();
    requireList(keys, "getMany");
    return getMany(partsOf(this), keys);
  }

  /**
   * Whether there is a value for each key, in the order of the keys. Otherwise like `getMany`.
   *
   * @throws TypeError if `keys` is not an iterable, or is a string; as `has`
   */
  hasMany(keys: Iterable<K>): boolean[] {
    this.#tree.checkOpen();
    requireList(keys, "hasMany");
    return hasMany(partsOf(this), keys);
  }

  /**
   * Sets the values of many keys, one after the other: the last of equal keys wins. Other threads
   * may see some of them set and others not.
   *
   * All keys and values are checked, and written as bytes, before the first is set.
   *
   * O(entries * (key bytes + log size)), and a copy of all values.
   *
   * @param entries `[key, value]` pairs, such as a `Map` or another map of this kind
   * @returns this map
   * @throws TypeError if `entries` is not an iterable of pairs; as `set`. After a MassTreeFullError,
   *   its `written` says how many entries, in their order, were set; after any other error, nothing
   *   has changed
   *
   * @example
   * ```ts
   * map.setMany(new Map([["a", 1], ["b", 2]])).size; // => 2
   * map.setMany([["a", 3], ["a", 4]]).get("a"); // => 4
   * ```
   */
  setMany(entries: Iterable<readonly [K, V]>): this {
    this.#tree.checkOpen();
    requireList(entries, "setMany");
    setMany(partsOf(this), entries);
    return this;
  }

  /**
   * Removes many keys, one after the other. All keys are checked before the first is removed.
   *
   * O(keys * (key bytes + log size)).
   *
   * @returns how many of them this call removed
   * @throws TypeError if `keys` is not an iterable, or is a string; as `delete`: nothing has changed
   */
  deleteMany(keys: Iterable<K>): number {
    this.#tree.checkOpen();
    requireList(keys, "deleteMany");
    return deleteMany(partsOf(this), keys);
  }

  /**
   * The entries whose keys are in `range`, in key order; all entries if there is no range.
   *
   * One search, then O(1) per step. The iterator is live, as described at the class, and holds no
   * lock.
   *
   * Strings are cut from a text of up to 2 KiB, which engines keep in memory as long as one of them is
   * kept. To keep a few keys out of many, get them with `first` or `ceiling`.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  entries(range?: Range<K>): OrderedMapIterator<[K, V]> {
    return entryIterator(this.#scan(range, this.#values, true));
  }

  /**
   * The keys in `range`, in order; all keys if there is no range. Reads no values.
   *
   * One search, then O(1) per step. The iterator is live, as described at the class, and holds no
   * lock. A key that is kept may keep up to 2 KiB, as for `entries`.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  keys(range?: Range<K>): OrderedMapIterator<K> {
    return keyIterator(this.#scan(range, undefined, true));
  }

  /**
   * The values of the keys in `range`, in key order; all values if there is no range.
   *
   * One search, then O(1) per step. The iterator is live, as described at the class, and holds no
   * lock.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  values(range?: Range<K>): OrderedMapIterator<V> {
    return valueIterator(this.#scan(range, this.#values, false));
  }

  /** The same as `entries()`. */
  [Symbol.iterator](): OrderedMapIterator<[K, V]> {
    return this.entries();
  }

  /**
   * Calls `callback` for every entry, in key order. O(size). Live, as described at the class:
   * `callback` may change the map.
   *
   * @param callback gets the value, the key and this map
   * @param thisArg what `this` is in `callback`
   * @throws TypeError if `callback` is not a function, and what `callback` throws
   */
  forEach(callback: (value: V, key: K, map: this) => void, thisArg?: unknown): void {
    const tree = this.open();
    requireCallback(callback, "forEach");
    const scan = new Scan(tree, this.#codec, this.#values, everything, everything.limit, true);
    try {
      while (scan.next()) callback.call(thisArg, scan.value(), scan.key(), this);
    } finally {
      scan.stop();
    }
  }

  /**
   * The entries as an array, in key order: `JSON.stringify(map)` gives what `new Map(JSON.parse(...))`
   * takes back. O(size). Live, as described at the class.
   *
   * @throws what the value codec throws
   *
   * @example
   * ```ts
   * map.set("b", 2).set("a", 1);
   * JSON.stringify(map); // => '[["a",1],["b",2]]'
   * ```
   */
  toJSON(): [K, V][] {
    return [...this.entries()];
  }

  /**
   * What other threads need to open this map: send it with `postMessage` or `workerData` and pass
   * it to `attach` there. A frozen object that can be structured-cloned; always the same one.
   */
  get handle(): MapHandle {
    this.open();
    return this.#handle;
  }

  /**
   * This object's participant number among all threads that use the map, from 1. Another thread
   * passes it to `release` once it knows that this thread has ended. The number changes after a
   * call of this thread was interrupted, for example by a stack overflow.
   */
  get participant(): number {
    return this.open().exports.participantNumber();
  }

  /**
   * Recovers a participant whose thread has ended without closing its map: finishes or undoes the
   * write that it was in, and gives back what it held (locks, memory, its number).
   *
   * You rarely need to call this. In Node, Bun and Deno, a thread that has to wait for what an ended
   * thread held finds out by itself. In browsers, Web Locks tell the threads that have the map open,
   * when they return to their event loops. Browsers miss two cases: a thread that ended before it
   * had once returned to its event loop since it opened its first map, and one that ended while no
   * other thread had the map open. For these, and on other platforms, there is `release`.
   *
   * **Only for threads that never run again**: recovering one that does run corrupts the map. A
   * worker may run on after `worker.terminate()` has returned: in Chromium for two seconds, in Deno
   * for good.
   *
   * It is done when this returns. One exception: a lock that it needs is held by another thread
   * that may have ended, too. Then the recovery is repeated from the event loop until it succeeds.
   * O(what it held).
   *
   * @param participant the other thread's `participant`
   * @returns whether there was something to recover
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if it is this object's own number, not
   *   the number of a participant, or that of a thread that is known to run (in Node, Bun
   *   and Deno; and in browsers, a thread whose lock this thread knows to be held)
   */
  release(participant: number): boolean {
    return this.#tree.release(participant);
  }

  /**
   * Checks every invariant of the map: the order of keys, the links and bounds of all nodes, and
   * that every byte of its memory is accounted for. For tests, and for anyone who wants to be sure.
   *
   * No thread may be writing to the map meanwhile: its unfinished write would be reported. Threads
   * that are known to have ended are recovered first.
   *
   * O(size).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where
   */
  verify(): void {
    const tree = this.open();
    tree.exports.quiesce();
    tree.verify();
  }

  /** The map's shape, its memory, and who uses it. O(participants). */
  stats(): MapStats {
    return statsOf(this.open());
  }

  /**
   * Puts in order what removals have left, as far as it can be done now: for times in which this thread has nothing
   * else to do. It removes empty leaves, frees what this thread has removed and no thread can be reading any more,
   * recovers threads that have ended, and gives the free blocks that this thread keeps in reserve to all.
   *
   * A map does most of this by itself while it is written to. What this adds: the rest of it, and memory that other threads, or
   * entries of other sizes, could not use.
   *
   * About `budgetMs`; at least one step of some microseconds. Other threads go on meanwhile.
   *
   * @returns whether something is left to do: there was no time for it, or other threads may still be reading what
   *   was removed
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
   *
   * @example
   * ```ts
   * map.set("a", 1).delete("a");
   * map.maintain({ budgetMs: 5 }); // => false
   * map.stats().retiredBytes; // => 0
   * ```
   */
  maintain(options?: MaintainOptions): boolean {
    return maintain(this.open(), options);
  }

  /**
   * Leaves the map: gives back what this thread holds in it. The map stays open for the other
   * threads, and for anyone who attaches to a handle that still exists; its memory is freed once
   * nobody holds it. Closing twice does nothing.
   *
   * A map that is dropped without `close` is closed some time after its garbage collection. Until
   * then it counts as one of the open maps.
   */
  close(): void {
    this.#tree.close();
  }

  /**
   * The name of the class that the map's handle is for; "OrderedMap" for an object that is not a
   * map, such as a prototype.
   */
  get [Symbol.toStringTag](): string {
    return #handle in this ? this.#handle.masstree : "OrderedMap";
  }

  /**
   * The tree, for an operation of a class of maps that needs no key.
   *
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
   */
  protected open(): TreeInstance {
    const tree = this.#tree;
    tree.checkOpen();
    return tree;
  }

  /**
   * Writes a key where the tree reads it. This is the first step of an operation of a class of maps
   * that needs a key, before it uses the tree's `exports` and `result`: these are new objects after
   * a call was interrupted. Only a codec that runs the caller's code does so here, and not for a key
   * that {@link readyKey} returned. No code of the caller may run from here to the call into the
   * tree: it could replace the key, or close the map.
   *
   * @returns its length in bytes, which the tree's operations take
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`), MassTreeBadKeyError (`MASSTREE_BAD_KEY`),
   *   MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  protected encodeKey(key: K): number {
    const tree = this.#tree;
    tree.checkOpen();
    const codec = this.#codec;
    if (codec.runsCallersCode) return encodeForeign(tree, codec as KeyCodec<unknown>, key);
    const length = codec.encode(key, tree.key, 0);
    // The tree trusts lengths. No codec of this project returns a wrong one.
    if (length >>> 0 > MAX_KEY_BYTES) throw badLength(length);
    return length;
  }

  /** As `cursor`, and the values that it gives are the keys: for sets. */
  protected keyCursor(range?: Range<K>): Cursor<K, K> {
    return this.#cursor<K>(range, undefined);
  }

  /**
   * Combines the value of `key` with another one, in one step for all threads; a missing key counts
   * as 0. For classes of maps whose value words are numbers.
   *
   * @param operation a COMBINE_ constant plus the kind of number, 1 to 5 for u32, i32, f64, u64, i64
   * @returns the new value
   * @throws as `set`
   */
  protected combine(key: K, value: V, operation: number): V {
    this.#swap(key, value, operation);
    return this.#values.previous();
  }

  /** Writes a value on a condition. */
  #put(key: K, value: V, condition: number, expected?: unknown): number {
    const values = this.#values;
    this.#tree.checkOpen();
    const ready = this.readyKey(key);
    values.stage(value);
    try {
      const outcome = values.put(this.encodeKey(ready), condition, expected);
      return outcome === PUT_FULL ? this.#writeAgain(ready, condition, false, expected) : outcome;
    } finally {
      values.unstage();
    }
  }

  /** The same. Then, if the key had one, `previous` of the values returns it. */
  #swap(key: K, value: V, condition: number): number {
    const values = this.#values;
    this.#tree.checkOpen();
    const ready = this.readyKey(key);
    values.stage(value);
    try {
      const outcome = values.swap(this.encodeKey(ready), condition);
      return outcome === PUT_FULL ? this.#writeAgain(ready, condition, true) : outcome;
    } finally {
      values.unstage();
    }
  }

  /**
   * Gives a key another value, if what it has is stored as `expected`. `undefined` stands for no
   * value. Returns whether it is.
   */
  #change(key: K, expected: unknown, next: V | undefined): boolean {
    const values = this.#values;
    if (next !== undefined) {
      return expected === undefined
        ? this.#put(key, next, PUT_IF_ABSENT) === PUT_INSERTED
        : this.#put(key, next, PUT_IF_EQUAL, expected) === PUT_REPLACED;
    }
    const length = this.encodeKey(key);
    return expected === undefined
      ? this.#tree.exports.has(length) === 0
      : values.removeEqual(length, expected);
  }

  /** A key that is waited for. */
  #wanted(key: K): Wanted<V> {
    const values = this.#values;
    const own = this.fixedKey(key);
    return {
      event: () => {
        const length = this.encodeKey(own);
        return this.#tree.exports.keyEvent(length);
      },
      fetch: () => values.fetch(this.encodeKey(own)),
      decode: (stored) => values.decode(stored),
    };
  }

  #getOrInsert(key: K, value: V): V {
    return this.#swap(key, value, PUT_IF_ABSENT) === PUT_INSERTED ? value : this.#values.previous();
  }

  /**
   * A key that a callback cannot change: bytes are copied.
   *
   * @param ready what `readyKey` returned; its encoding, of `length` bytes, has just been written
   */
  #ownKey(ready: K, length: number): K {
    const codec = this.#codec;
    const isOwn = typeof ready !== "object" || codec.runsCallersCode;
    return isOwn ? ready : codec.decode(this.#tree.key, 0, length);
  }

  /**
   * As {@link readyKey}, and nobody can change what it returns: of bytes it is a copy. For operations
   * that encode the key more than once.
   *
   * @throws as `readyKey`, and MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`) for any key
   */
  protected fixedKey(key: K): K {
    return this.#codec.runsCallersCode
      ? this.readyKey(key)
      : this.#ownKey(key, this.encodeKey(key));
  }

  /**
   * Runs what code of the caller the key needs to be encoded, and returns what to pass to
   * {@link encodeKey}, or to another operation. An operation calls this first if it prepares anything
   * else, such as a value, or encodes the key more than once. For most codecs it is the key itself.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), and what the codec throws, if it runs the caller's code
   */
  protected readyKey(key: K): K {
    const codec = this.#codec;
    return codec.runsCallersCode && !(key instanceof ReadyKey)
      ? (new ReadyKey(codec as KeyCodec<unknown>, key) as unknown as K)
      : key;
  }

  /**
   * A write found no memory: reclaims what was deleted, and writes what is staged once more.
   *
   * @param key what `readyKey` returned
   * @param swaps whether the write is `swap` of the values, not `put`
   */
  #writeAgain(key: K, condition: number, swaps: boolean, expected?: unknown): number {
    this.#tree.exports.quiesce();
    const values = this.#values;
    const length = this.encodeKey(key);
    const outcome = swaps
      ? values.swap(length, condition)
      : values.put(length, condition, expected);
    if (outcome === PUT_FULL) throw fullError(this.#tree);
    return outcome;
  }

  #scan<W>(
    range: Range<K> | undefined,
    values: ScanValues<W> | undefined,
    readsKeys: boolean,
  ): Scan<K, W> {
    const tree = this.open();
    const bounds = checkRange(range, this.#codec);
    return new Scan(tree, this.#codec, values, bounds, bounds.limit, readsKeys);
  }

  #cursor<W>(range: Range<K> | undefined, values: ScanValues<W> | undefined): Cursor<K, W> {
    const bounds = requireUncounted(this.#bounds(range), "cursor");
    const encode = (key: K) => this.#encoded(key);
    return new RangeCursor(new TreeSource(this.#tree, this.#codec, values, encode), bounds);
  }

  #views(): GuardSource<K> {
    const values = this.#values;
    return {
      checkOpen: () => this.#tree.checkOpen(),
      encode: (key) => this.encodeKey(key),
      view: (keyLength, memory) => values.view(keyLength, memory),
      scan: (range) => new TreeViewScan(this.#tree, this.#scan(range, values, false), values),
    };
  }

  #side(): Side<K, V> {
    const tree = this.open();
    const codec = this.#codec;
    const values = this.#values;
    return { codec, values, scan: (bounds) => new Scan(tree, codec, values, bounds) };
  }

  #bounds(range: Range<K> | undefined): Bounds {
    this.#tree.checkOpen();
    const bounds = checkRange(range, this.#codec);
    // The range may have run code of the caller, which may have closed the map.
    this.#tree.checkOpen();
    return bounds;
  }

  /** The bytes of a key. */
  #encoded(key: K): Uint8Array {
    const length = this.encodeKey(key);
    return this.#tree.key.slice(0, length);
  }

  /**
   * Does something to the last entry of a range that ends at a number of entries. Again if the entry has gone
   * meanwhile.
   */
  #lastCounted(bounds: Bounds, act: (last: Bounds) => [K, V] | undefined): [K, V] | undefined {
    while (true) {
      const count = new Scan<K, unknown>(this.#tree, this.#codec, undefined, bounds).count();
      if (count === 0) return undefined;
      const found = act({ ...bounds, offset: bounds.offset + count - 1, limit: 1 });
      if (found !== undefined) return found;
    }
  }

  /** Takes the first entry of a range that nobody else has taken. */
  #pop(bounds: Bounds, limit?: number): [K, V] | undefined {
    const values = this.#values;
    const scan = new Scan<K, unknown>(this.#tree, this.#codec, undefined, bounds, limit);
    try {
      while (scan.next()) {
        if (!values.take(scan.writeKey())) continue;
        // First: what decodes the key may be the caller's, and use the map.
        const value = values.previous();
        return [scan.key(), value];
      }
      return undefined;
    } finally {
      scan.stop();
    }
  }

  #firstOf(bounds: Bounds): [K, V] | undefined {
    const limit = Math.min(bounds.limit, 1);
    const scan = new Scan(this.#tree, this.#codec, this.#values, bounds, limit);
    try {
      return scan.next() ? scan.entry() : undefined;
    } finally {
      scan.stop();
    }
  }

  static {
    openTree = (map) => map.open();
    partsOf = (map) => {
      const tree = map.open();
      return { tree, codec: map.#codec, values: map.#values, handle: map.#handle };
    };
    isMap = (object) => #handle in object;
    loaderOf = (map) => new SortedLoader(map.open(), map.#codec, map.#values);
    sideOf = (map) => map.#side();
    addComparable((object) =>
      #handle in object ? ((object as OrderedMap<KeyType, unknown>).#side() as never) : undefined,
    );
    makeUsable(OrderedMap.prototype, (map) => map.close());
    makeInspectable(OrderedMap.prototype, true, (map, limit) => map.entries({ limit }));
  }
}

/**
 * The tree of a map, for tests and tools.
 *
 * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
 * @internal
 */
export function treeOf<K extends KeyType, V>(map: OrderedMap<K, V>): TreeInstance {
  return openTree(map as unknown as OrderedMap<KeyType, unknown>);
}

/**
 * Checks every invariant of a map: those of the tree, and that every byte of its memory is
 * accounted for. No thread may be using the map meanwhile.
 *
 * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where; MassTreeClosedError
 *   (`MASSTREE_CLOSED`)
 * @internal
 */
export function verify<K extends KeyType, V>(map: OrderedMap<K, V>): void {
  treeOf(map).verify();
}
