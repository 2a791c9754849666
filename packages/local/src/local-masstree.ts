import {
  MassTreeBadValueError,
  MassTreeCorruptError,
  MassTreeError,
  MassTreeFullError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { readOptions } from "@masstree/errors/options";
import {
  type AnyKeyOption,
  addComparable,
  type Comparable,
  type Cursor,
  type Difference,
  diff,
  fillSorted,
  identify,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  type MaintainOptions,
  type MapOptions,
  type MapStats,
  makeInspectable,
  type OrderedMapIterator,
  pairOf,
  type Range,
  requireCallback,
  requireList,
  type Side,
  sideOf,
} from "@masstree/tree";
import { LocalCursor } from "./local-cursor.ts";
import { LocalScan } from "./local-scan.ts";
import { Slots } from "./slots.ts";

/** What `new LocalMassTree` takes, for keys of type `K`. */
export type LocalMassTreeOptions<K extends KeyType = string> = MapOptions & KeyOption<K>;

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
interface LocalMassTreeClass<V, K extends KeyType> extends Usable {}

/** The class behind `LocalMassTree`: the exported constant adds the constructors' types. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
class LocalMassTreeClass<V = unknown, K extends KeyType = string> {
  readonly #slots: Slots<K>;
  /** The values, each in its slot; undefined in free ones. */
  #values: (V | undefined)[] = [];
  #free: number[] = [];
  /** How often something was set or removed. */
  #changes = 0;
  /** How often a slot was freed. While it stays the same, the slot that a scan has read is the key's. */
  #frees = 0;
  /**
   * Whether a change is going on, or one was interrupted, as by a full stack, which can happen at any call:
   * then slots may be in use by no key.
   */
  #isInDoubt = false;

  constructor(options: unknown = {}) {
    this.#slots = new Slots(readOptions(options, ["key", "width", "initialBytes", "maxBytes"]));
    identify(this);
  }

  static fromSorted<V, K extends KeyType>(
    entries: Iterable<readonly [K, V]>,
    options: unknown = {},
  ): LocalMassTreeClass<V, K> {
    requireList(entries, "fromSorted");
    const map = new LocalMassTreeClass<V, K>(options);
    fillSorted(() => map.#slots, map.#slotsOf(entries));
    return map;
  }

  /** The number of entries. O(1). */
  get size(): number {
    return this.#slots.size;
  }

  /**
   * The value of `key`, or `undefined` if there is none. O(key bytes + log size).
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  get(key: K): V | undefined {
    return this.#valueOf(key);
  }

  /** Whether there is a value for `key`. O(key bytes + log size). Throws like `get`. */
  has(key: K): boolean {
    return this.#slots.has(key);
  }

  /** The values of several keys, in the order of the keys; `undefined` for those that have none. */
  getMany(keys: Iterable<K>): (V | undefined)[] {
    this.#slots.checkOpen();
    requireList(keys, "getMany");
    return Array.from(keys, (key) => this.get(key));
  }

  /** Whether there are values for several keys, in the order of the keys. */
  hasMany(keys: Iterable<K>): boolean[] {
    return this.#slots.hasMany(keys);
  }

  /**
   * The first entry that `entries(range)` gives, or `undefined` if there is none. O(log size).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  first(range?: Range<K>): [K, V] | undefined {
    return this.#find(() => this.#slots.first(range));
  }

  /**
   * The last entry that `entries(range)` gives, or `undefined` if there is none. O(log size), and with a
   * `limit` O(limit).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  last(range?: Range<K>): [K, V] | undefined {
    return this.#find(() => this.#slots.last(range));
  }

  /** The entry with the greatest key that is at most `key`. O(log size). */
  floor(key: K): [K, V] | undefined {
    const ready = this.#slots.ready(key);
    return this.#find(() => this.#slots.floor(ready));
  }

  /** The entry with the greatest key that is less than `key`. O(log size). */
  lower(key: K): [K, V] | undefined {
    const ready = this.#slots.ready(key);
    return this.#find(() => this.#slots.lower(ready));
  }

  /** The entry with the least key that is at least `key`. O(log size). */
  ceiling(key: K): [K, V] | undefined {
    const ready = this.#slots.ready(key);
    return this.#find(() => this.#slots.ceiling(ready));
  }

  /** The entry with the least key that is greater than `key`. O(log size). */
  higher(key: K): [K, V] | undefined {
    const ready = this.#slots.ready(key);
    return this.#find(() => this.#slots.higher(ready));
  }

  /**
   * The entries whose keys are in `range`, in key order; all entries if there is no range.
   *
   * One search, then O(1) per step; after an entry was removed meanwhile, one search per step. The map may
   * change in any way between two steps: the iterator gives what is there, each key at most once, and may
   * or may not see keys that were added.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  entries(range?: Range<K>): OrderedMapIterator<[K, V]> {
    return this.#walk(this.#slots.entries(range)) as OrderedMapIterator<[K, V]>;
  }

  /** The keys in `range`, in order; all keys if there is no range. Otherwise like `entries`. */
  keys(range?: Range<K>): OrderedMapIterator<K> {
    return this.#slots.keys(range);
  }

  /** The values of the keys in `range`, in key order. Otherwise like `entries`. */
  values(range?: Range<K>): OrderedMapIterator<V> {
    return secondOf(this.entries(range)) as OrderedMapIterator<V>;
  }

  /** The same as `entries()`. */
  [Symbol.iterator](): OrderedMapIterator<[K, V]> {
    return this.entries();
  }

  /**
   * Calls `callback` for every entry, in key order. O(size). `callback` may change the map.
   *
   * @param callback gets the value, the key and this map
   * @param thisArg what `this` is in `callback`
   * @throws TypeError if `callback` is not a function, and what `callback` throws
   */
  forEach(callback: (value: V, key: K, map: this) => void, thisArg?: unknown): void {
    const entries = this.entries();
    requireCallback(callback, "forEach");
    for (const [key, value] of entries) callback.call(thisArg, value, key, this);
  }

  /**
   * A cursor before the first entry of `range`, which moves both ways. O(log size) per step. The map may
   * change in any way between two steps; its `value` is the one that the entry had when the cursor came there.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), also if the range has an `offset` or a `limit`
   */
  cursor(range?: Range<K>): Cursor<K, V> {
    return new LocalCursor(this.#slots.cursor(range), (slot) => this.#values[slot]);
  }

  /** How many keys are in `range`. O(1) without a range, otherwise O(keys in the range). */
  count(range?: Range<K>): number {
    return range === undefined ? this.size : this.#slots.count(range);
  }

  /**
   * Keys that cut a range into about equal parts: see `splitPoints` of the maps that threads share. O(parts *
   * log size).
   *
   * @returns `parts - 1` keys, or fewer if there are too few entries
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  splitPoints(parts: number, range?: Range<K>): K[] {
    return this.#slots.splitPoints(parts, range);
  }

  /**
   * How another map differs from this one: see `diff` of the maps that threads share. Values are compared as
   * `Object.is` does, so objects by reference: those of a map that stores copies always differ.
   *
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if `other` is no map of the same kind of keys,
   *   MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), also if the range has an `offset` or a `limit`; both at once
   */
  diff(other: Comparable<K, V>, range?: Range<K>): OrderedMapIterator<Difference<K, V>> {
    return diff(this.#side(), other, range);
  }

  /**
   * Sets the value of `key`, whether it had one or not. O(key bytes + log size).
   *
   * @param value anything but `undefined`, which stands for 'no value'; kept by reference
   * @returns this map
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeBadValueError (`MASSTREE_BAD_VALUE`), MassTreeFullError
   *   (`MASSTREE_FULL`) if another key does not fit in `maxBytes`: nothing has changed
   */
  set(key: K, value: V): this {
    requireValue(value);
    this.#put(this.#slots.ready(key), value);
    return this;
  }

  /**
   * Removes `key` and its value. O(key bytes + log size). Throws like `get`.
   *
   * @returns whether the key was there
   */
  delete(key: K): boolean {
    return this.#remove(this.#slots.ready(key)) !== undefined;
  }

  /**
   * Sets several entries, one after the other; of equal keys the last one wins. All are checked before the
   * first is set. Throws like `set`; `written` of a MassTreeFullError says how many were set.
   *
   * @returns this map
   */
  setMany(entries: Iterable<readonly [K, V]>): this {
    this.#slots.checkOpen();
    requireList(entries, "setMany");
    const checked = Array.from(entries, (entry) => {
      const [key, value] = pairOf(entry);
      requireValue(value);
      return { ready: this.#slots.fixed(key), value };
    });
    for (const [written, { ready, value }] of checked.entries()) {
      try {
        this.#put(ready, value);
      } catch (error) {
        if (!(error instanceof MassTreeFullError)) throw error;
        throw new MassTreeFullError(error.message, written);
      }
    }
    return this;
  }

  /** Removes several keys. All are checked before the first is removed. Throws like `get`. Returns how many were there. */
  deleteMany(keys: Iterable<K>): number {
    this.#slots.checkOpen();
    requireList(keys, "deleteMany");
    const fixed = Array.from(keys, (key) => this.#slots.fixed(key));
    let count = 0;
    for (const key of fixed) if (this.#remove(key) !== undefined) count++;
    return count;
  }

  /**
   * Removes the entries that `entries(range)` gives; all of them without a range. O(their number).
   *
   * @returns how many went
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  clear(range?: Range<K>): number {
    if (range !== undefined) return this.deleteMany([...this.keys(range)]);
    const count = this.size;
    this.#changes++;
    this.#isInDoubt = true;
    this.#slots.clear();
    this.#values = [];
    this.#free = [];
    this.#frees++;
    this.#isInDoubt = false;
    return count;
  }

  /** The value of `key`; if there is none, sets it to `value` and returns that. Throws like `set`. */
  getOrInsert(key: K, value: V): V {
    requireValue(value);
    const ready = this.#slots.ready(key);
    const slot = this.#slots.get(ready);
    if (slot !== undefined) return this.#values[slot]!;
    this.#put(ready, value);
    return value;
  }

  /**
   * The value of `key`; if there is none, sets it to what `callback` returns and returns that. If
   * `callback` sets the key itself, that value stays and is returned, as in maps that threads share. Throws
   * like `set`, what `callback` throws, and TypeError if it is not a function.
   */
  getOrInsertComputed(key: K, callback: (key: K) => V): V {
    this.#slots.checkOpen();
    requireCallback(callback, "getOrInsertComputed");
    const ready = this.#slots.ready(key);
    const slot = this.#slots.get(ready);
    if (slot !== undefined) return this.#values[slot]!;
    const value = callback(key);
    requireValue(value);
    const now = this.#slots.get(ready);
    if (now !== undefined) return this.#values[now]!;
    this.#put(ready, value);
    return value;
  }

  /** Sets the value of `key` if it has none. Throws like `set`. Returns whether it did. */
  setIfAbsent(key: K, value: V): boolean {
    requireValue(value);
    const ready = this.#slots.ready(key);
    if (this.#slots.has(ready)) return false;
    this.#put(ready, value);
    return true;
  }

  /**
   * Sets the value of `key` only if it already has one. Throws like `set`.
   *
   * @returns the value before; `undefined` if there was none, and then nothing has changed
   */
  replace(key: K, value: V): V | undefined {
    requireValue(value);
    const slot = this.#slots.get(key);
    if (slot === undefined) return undefined;
    this.#changes++;
    const before = this.#values[slot];
    this.#values[slot] = value;
    return before;
  }

  /** Sets the value of `key` in any case. Throws like `set`. Returns the value before, if any. */
  exchange(key: K, value: V): V | undefined {
    requireValue(value);
    return this.#put(this.#slots.ready(key), value);
  }

  /** Removes `key`. Throws like `get`. Returns its value, if it had one. */
  take(key: K): V | undefined {
    return this.#remove(this.#slots.ready(key));
  }

  /**
   * Sets, removes or keeps the value of `key`, if it is the expected one. Throws like `set`.
   *
   * @param expected compared as `Object.is` does, so objects by reference; `undefined` for no value
   * @param next `undefined` removes the key
   * @returns whether the value was the expected one
   */
  compareAndSet(key: K, expected: V | undefined, next: V | undefined): boolean {
    const ready = this.#slots.ready(key);
    if (!Object.is(this.#valueOf(ready), expected)) return false;
    this.#change(ready, next);
    return true;
  }

  /**
   * Sets `key` to what `callback` makes of its value. Throws like `set`, what `callback` throws, and
   * TypeError if it is not a function.
   *
   * @param callback gets the value, or `undefined`, and the key. `undefined` removes the key. It is called
   *   again if it has itself changed this value, as in maps that threads share
   * @returns what `callback` returned last
   */
  update(key: K, callback: (old: V | undefined, key: K) => V | undefined): V | undefined {
    this.#slots.checkOpen();
    requireCallback(callback, "update");
    const ready = this.#slots.ready(key);
    while (true) {
      const old = this.#valueOf(ready);
      const changes = this.#changes;
      const next = callback(old, key);
      if (this.#changes === changes || Object.is(this.#valueOf(ready), old)) {
        this.#change(ready, next);
        return next;
      }
    }
  }

  /** Removes and returns the first entry that `entries(range)` gives. O(log size). */
  popFirst(range?: Range<K>): [K, V] | undefined {
    const entry = this.first(range);
    if (entry !== undefined) this.delete(entry[0]);
    return entry;
  }

  /** Removes and returns the last entry that `entries(range)` gives. Otherwise like `last`. */
  popLast(range?: Range<K>): [K, V] | undefined {
    const entry = this.last(range);
    if (entry !== undefined) this.delete(entry[0]);
    return entry;
  }

  /** The entries as an array, in key order, for `JSON.stringify`. O(size). */
  toJSON(): [K, V][] {
    return [...this];
  }

  /** The tree's shape and memory. Values are not in it. */
  stats(): MapStats {
    return this.#slots.stats();
  }

  /**
   * Checks every invariant of the tree, and that each value belongs to one key. O(size).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where
   */
  verify(): void {
    this.#slots.verify();
    this.#settle();
    const used = new Set(this.#slots.values());
    const isWhole =
      used.size === this.size &&
      used.size + this.#free.length === this.#values.length &&
      [...used].every((slot) => this.#values[slot] !== undefined) &&
      this.#free.every((slot) => this.#values[slot] === undefined && !used.has(slot));
    if (!isWhole) {
      throw new MassTreeCorruptError("The values and the keys of a local map do not match.", {
        keys: used.size,
        slots: this.#values.length,
        free: this.#free.length,
      });
    }
  }

  /** As `maintain` of a map that threads share: puts in order what removals have left. */
  maintain(options?: MaintainOptions): boolean {
    return this.#slots.maintain(options);
  }

  /**
   * Gives the memory back and lets go of all values. Every other method then throws
   * `MassTreeClosedError` (`MASSTREE_CLOSED`). Closing twice does nothing. A map that is dropped is closed
   * some time after its garbage collection.
   */
  close(): void {
    this.#slots.close();
    this.#values = [];
    this.#free = [];
  }

  get [Symbol.toStringTag](): string {
    return "LocalMassTree";
  }

  /** The entry of a slot that `find` gives. A key codec of the caller's may change the map meanwhile: then again. */
  #find(find: () => [K, number] | undefined): [K, V] | undefined {
    while (true) {
      const frees = this.#frees;
      const found = find();
      if (found === undefined) return undefined;
      const value = this.#frees === frees ? this.#values[found[1]] : this.get(found[0]);
      if (value !== undefined) return [found[0], value];
    }
  }

  #side(): Side<K, V> {
    const { codec, scan } = sideOf<K, number>(this.#slots);
    return {
      codec,
      values: undefined,
      scan: (bounds) => {
        const frees = this.#frees;
        // The tree hands out entries in batches: by now the slot may be another key's.
        return new LocalScan(scan(bounds), (slots) =>
          this.#frees === frees ? this.#values[slots.value()] : this.get(slots.key()),
        );
      },
    };
  }

  #valueOf(ready: K): V | undefined {
    const slot = this.#slots.get(ready);
    return slot === undefined ? undefined : this.#values[slot];
  }

  /** Sets or replaces. Returns the value before. */
  #put(ready: K, value: V): V | undefined {
    this.#changes++;
    const known = this.#slots.get(ready);
    if (known !== undefined) {
      const before = this.#values[known];
      this.#values[known] = value;
      return before;
    }
    this.#settle();
    this.#isInDoubt = true;
    const slot = this.#free.pop() ?? this.#values.length;
    this.#values[slot] = value;
    try {
      this.#slots.set(ready, slot);
    } catch (error) {
      // An error of the map's own says that nothing has changed.
      if (error instanceof MassTreeError) {
        this.#release(slot);
        this.#isInDoubt = false;
      }
      throw error;
    }
    this.#isInDoubt = false;
    return undefined;
  }

  /** Removes. Returns the value before. */
  #remove(ready: K): V | undefined {
    const slot = this.#slots.get(ready);
    if (slot === undefined) return undefined;
    this.#changes++;
    const before = this.#values[slot];
    this.#settle();
    this.#isInDoubt = true;
    this.#slots.delete(ready);
    this.#release(slot);
    this.#isInDoubt = false;
    return before;
  }

  /** The keys, each with a new slot for its value. */
  *#slotsOf(entries: Iterable<readonly [K, V]>): Generator<readonly [K, number], void> {
    for (const entry of entries) {
      const [key, value] = pairOf(entry, "fromSorted");
      requireValue(value);
      yield [key, this.#values.push(value) - 1];
    }
  }

  #change(ready: K, next: V | undefined): void {
    if (next === undefined) this.#remove(ready);
    else this.#put(ready, next);
  }

  #release(slot: number): void {
    this.#values[slot] = undefined;
    this.#free.push(slot);
    this.#frees++;
  }

  /** After an interrupted change: frees the slots that no key refers to. */
  #settle(): void {
    if (!this.#isInDoubt) return;
    const used = new Set(this.#slots.values());
    this.#free = [];
    for (let slot = 0; slot < this.#values.length; slot++) {
      if (!used.has(slot)) this.#release(slot);
    }
    this.#isInDoubt = false;
  }

  *#walk(inner: OrderedMapIterator<[K, number]>): Generator<[K, V], undefined> {
    const frees = this.#frees;
    for (const [key, slot] of inner) {
      // The tree hands out entries in batches: by now the slot may be another key's.
      const value = this.#frees === frees ? this.#values[slot] : this.get(key);
      if (value !== undefined) yield [key, value];
    }
    return undefined;
  }

  static {
    Object.defineProperty(LocalMassTreeClass, "name", { value: "LocalMassTree" });
    addComparable((object) =>
      #slots in object
        ? ((object as LocalMassTreeClass<unknown, KeyType>).#side() as never)
        : undefined,
    );
    makeUsable(LocalMassTreeClass.prototype, (map) => map.close());
    makeInspectable(LocalMassTreeClass.prototype, true, (map, limit) => map.entries({ limit }));
  }
}

function* secondOf<V>(entries: Iterable<[unknown, V]>): Generator<V, undefined> {
  for (const [, value] of entries) yield value;
  return undefined;
}

function requireValue(value: unknown): void {
  if (value !== undefined) return;
  throw new MassTreeBadValueError(
    "undefined cannot be a value. Store null for 'no value', or call 'delete' to remove a key.",
  );
}

/**
 * A map that `new LocalMassTree` returned, with values of type `V` and keys of type `K`.
 *
 * @interface
 */
export type LocalMassTree<V = unknown, K extends KeyType = string> = LocalMassTreeClass<V, K>;

/**
 * How maps are created: with types inferred from the options, or with explicit types.
 *
 * The signature that infers has three type parameters, so that one or two type arguments select the other
 * signature. This lets a class extend `LocalMassTree<V>`, as with `Map<K, V>`.
 */
export interface LocalMassTreeConstructor {
  readonly prototype: LocalMassTree<unknown, KeyType>;

  /**
   * Creates an empty map. Its types follow from the options.
   *
   * @param options `key`: `"string"` (default), `"bytes"`, `"number"`, `"bigint"` or a key codec; and those
   *   of {@link MapOptions}, which are about the keys' memory
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not even
   *   an empty map fits in `maxBytes`, MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a width that
   *   this thread has not imported, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <V, const Key, _Inferred>(
    options?: MapOptions & { key?: (Key & AnyKeyOption) | undefined },
  ): LocalMassTree<V, KeyTypeOf<Key>>;
  /** The same, with explicit types `V` and `K`, which the options must match. */
  new <V = unknown, K extends KeyType = string>(
    ...options: object extends LocalMassTreeOptions<K>
      ? [options?: LocalMassTreeOptions<K>]
      : [options: LocalMassTreeOptions<K>]
  ): LocalMassTree<V, K>;

  /**
   * Creates a map of entries that are sorted already, faster than setting one after the other, and with its keys
   * packed. If anything throws, no map is made.
   *
   * @param entries in ascending order of their keys: strings by code points
   * @param options as of the constructor
   * @throws TypeError if `entries` is not an iterable of pairs; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose
   *   `position` says which entry, counted from 0, has a key that is not greater than the one before; as the
   *   constructor; as `set`; and what the iterable throws
   *
   * @example
   * ```ts
   * const map = LocalMassTree.fromSorted([["a", new Date(0)], ["b", new Date(1)]]);
   * map.last()?.[0]; // => "b"
   * ```
   */
  fromSorted<V, K extends KeyType = string>(
    entries: Iterable<readonly [K, V]>,
    ...options: object extends LocalMassTreeOptions<K>
      ? [options?: LocalMassTreeOptions<K>]
      : [options: LocalMassTreeOptions<K>]
  ): LocalMassTree<V, K>;
}

/**
 * An ordered map for one thread, with any JavaScript values by reference and its keys off the heap. It has
 * the order, the ranges and the names of the maps that threads share: a drop-in for a sorted map in
 * JavaScript.
 *
 * `LocalMassTree<V, K>`: values of type `V`; keys of type `K` (default `string`).
 *
 * @example
 * ```ts
 * const map = new LocalMassTree<() => string>();
 * map.set("greet", () => "hello");
 * map.get("greet")?.(); // => "hello"
 * [...map.keys({ prefix: "g" })]; // => ["greet"]
 * ```
 */
export const LocalMassTree: LocalMassTreeConstructor =
  LocalMassTreeClass as unknown as LocalMassTreeConstructor;
