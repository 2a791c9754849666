import { MassTreeBadKeyError, MassTreeBadOptionError, MassTreeFullError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { Cursor, type ScanValues } from "./cursor.ts";
import type { MapHandle } from "./handle.ts";
import type { TreeInstance } from "./instance.ts";
import { entryIterator, keyIterator, type OrderedMapIterator, valueIterator } from "./iterators.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, checkRange, everything, firstOnly, lastOnly, type Range } from "./range.ts";
import { type MapStats, statsOf } from "./stats.ts";
import { takeOver } from "./thread-ends/take-over.ts";
import { threadEnds } from "./thread-ends.ts";

let openTree: (map: OrderedMap<KeyType, unknown>) => TreeInstance;

/** Whether an object is a map, of whatever class on this package. Runs no code of it. @internal */
export let isMap: (object: object) => boolean;

/** What the classes hand to their common part: what `createMap` and `attachMap` give, and `values`. */
export interface MapParts<K extends KeyType, V> {
  readonly tree: TreeInstance;
  readonly codec: KeyCodec<K>;
  /** How scans read values. */
  readonly values: ScanValues<V>;
  readonly handle: MapHandle;
}

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface OrderedMap<K extends KeyType, V> extends Usable {}

/**
 * What all maps have in common: everything but how a value is stored. The classes to use are
 * `MassTree` of `masstree` and `MassTreeInline` of `@masstree/inline`.
 *
 * Single-key operations are linearizable. `size` is exact when no one is writing. A scan is live: it
 * visits every key that was there from its start to its end exactly once, in order, never a torn
 * value, and may or may not see keys that came or went meanwhile. It takes up to 256 entries at a time,
 * and what it gives may be as old as that.
 *
 * Every method but `close` throws `MassTreeClosedError` (`MASSTREE_CLOSED`) once the map was closed.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export abstract class OrderedMap<K extends KeyType, V> {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #values: ScanValues<V>;
  readonly #handle: MapHandle;

  /** For classes of maps, which pass an open map on: `super({ ...createMap(...), values })`. */
  protected constructor({ tree, codec, values, handle }: MapParts<K, V>) {
    this.#tree = tree;
    this.#codec = codec;
    this.#values = values;
    this.#handle = handle;
  }

  /**
   * The value of `key`, or `undefined` when there is none.
   *
   * O(key bytes + log size). Takes no lock.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  abstract get(key: K): V | undefined;

  /**
   * Gives `key` this value, whether it had one or not.
   *
   * O(key bytes + log size). Locks one leaf, or a few when it splits. Another thread sees the old
   * value or the new one, whole.
   *
   * @returns this map
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeBadValueError (`MASSTREE_BAD_VALUE`), MassTreeFullError
   *   (`MASSTREE_FULL`): nothing has changed
   */
  abstract set(key: K, value: V): this;

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
   * O(key bytes + log size). Locks one leaf. Its memory is used again once no thread can be looking
   * at it any more.
   *
   * @returns whether there was something to remove; of several threads that remove one key at once,
   *   one gets true
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  delete(key: K): boolean {
    return this.removeKey(this.encodeKey(key));
  }

  /** How many entries there are. O(participants). Exact when no one is writing. */
  get size(): number {
    return this.open().exports.size();
  }

  /**
   * Removes every entry that is there when it begins. O(size). Entries that other threads add
   * meanwhile may be removed or stay.
   */
  clear(): void {
    this.open().exports.clear();
  }

  /**
   * The entry with the least key, or `undefined` when the map is empty. O(log size).
   *
   * @throws what the value codec throws
   */
  first(): [K, V] | undefined {
    return this.#only(firstOnly);
  }

  /**
   * The entry with the greatest key, or `undefined` when the map is empty. O(log size).
   *
   * @throws what the value codec throws
   */
  last(): [K, V] | undefined {
    return this.#only(lastOnly);
  }

  /**
   * The entries whose keys are in `range`, in key order; all of them without one.
   *
   * A search, then O(1) a step. The iterator is live, as described at the class, and holds no lock.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  entries(range?: Range<K>): OrderedMapIterator<[K, V]> {
    return entryIterator(this.#cursor(range, this.#values));
  }

  /**
   * The keys in `range`, in order; all of them without one. Reads no values.
   *
   * A search, then O(1) a step. The iterator is live, as described at the class, and holds no lock.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  keys(range?: Range<K>): OrderedMapIterator<K> {
    return keyIterator(this.#cursor(range, undefined));
  }

  /**
   * The values of the keys in `range`, in key order; all of them without one.
   *
   * A search, then O(1) a step. The iterator is live, as described at the class, and holds no lock.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  values(range?: Range<K>): OrderedMapIterator<V> {
    return valueIterator(this.#cursor(range, this.#values));
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
   * @throws TypeError when `callback` is not a function, and what `callback` throws
   */
  forEach(callback: (value: V, key: K, map: this) => void, thisArg?: unknown): void {
    const tree = this.open();
    if (typeof callback !== "function") throw new TypeError("forEach takes a function.");
    const cursor = new Cursor(tree, this.#codec, this.#values, everything);
    try {
      while (cursor.next()) callback.call(thisArg, cursor.value(), cursor.key(), this);
    } finally {
      cursor.stop();
    }
  }

  /**
   * What other threads need to open this map: send it with `postMessage` or `workerData` and pass it
   * to `attach` there. A frozen, structured-cloneable object; always the same one.
   */
  get handle(): MapHandle {
    this.open();
    return this.#handle;
  }

  /**
   * The participant that this object is among all threads that use the map, from 1: what another thread
   * gives to `release` when it knows that this one has ended. Another number after a call of this thread
   * was broken off, as by a full stack.
   */
  get participant(): number {
    return this.open().exports.participantNumber();
  }

  /**
   * Takes over from a participant whose thread has ended without closing its map: the write it was in is
   * finished or undone, and what it held (locks, memory, its number) is given back.
   *
   * Mostly nobody needs to call this. On Node, a thread that holds a map hears of the ends of the workers
   * it started, and on Linux a thread that has to wait for a lock finds out by itself. In browsers, the
   * threads that have the map open hear of it from Web Locks when they come back to their event loops;
   * except of a thread that ended before it had come back to its own once since it opened its first map,
   * or while no other had the map open. For those, and on other platforms, there is this.
   *
   * **Only for threads that never run again**: to take over from one that does corrupts the map. A worker
   * may run on after `worker.terminate()` returned: in Chromium for two seconds, in Deno for good.
   *
   * Done when this returns, unless a lock that it takes is held by another that may have ended, too: then it
   * is tried again, from the event loop, until it can be done. O(what it held).
   *
   * @param participant the other thread's `participant`
   * @returns whether there was something to take over
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when it is this object's own, no number of a
   *   participant, or that of a thread which can be seen to run (on Linux, and in browsers one whose lock
   *   this thread knows to be held)
   */
  release(participant: number): boolean {
    const { exports } = this.open();
    if (!Number.isInteger(participant) || participant < 1 || participant > 256) {
      throw new MassTreeBadOptionError(
        `'release' takes the 'participant' of a map in another thread, 1 to 256; this is ${describe(participant)}.`,
      );
    }
    if (participant === exports.participantNumber()) {
      throw new MassTreeBadOptionError("This is the participant of this very map: call 'close'.");
    }
    if (threadEnds.hasEnded(exports, participant) === false) {
      throw new MassTreeBadOptionError(
        `The thread of participant ${participant} still runs. Have it close its map, or terminate it first.`,
      );
    }
    return takeOver(exports, () => exports.release(participant)) !== 0;
  }

  /**
   * Checks every invariant of the map: the order of keys, the links and bounds of all nodes, and that every
   * byte of its memory is accounted for. For tests, and for whoever wants to be sure.
   *
   * No thread may be writing to the map meanwhile: what it is in the middle of would be reported. From threads
   * that are known to have ended it takes over first.
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

  /** What the map is made of: its shape, its memory, and who uses it. O(participants). */
  stats(): MapStats {
    return statsOf(this.open());
  }

  /**
   * Leaves the map: gives back what this thread holds in it. The map itself goes on for the other
   * threads, and for whoever attaches to a handle that is still around; its memory is freed once
   * nobody holds it. Closing twice does nothing.
   *
   * A map that is dropped without `close` is closed some time after it was collected. Up to then it
   * counts as one of the threads that have the map open.
   */
  close(): void {
    this.#tree.close();
  }

  /** The name of the class that the map's handle is for; "OrderedMap" of what is no map, such as a prototype. */
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
   * Writes a key where the tree reads it: the first step of an operation of a class of maps that needs
   * one, before it looks at the tree's `exports` and `result`, which are others after a call was broken
   * off. Runs no code of the caller's; and none may run from here to the call into the tree, or the key
   * there might be another one, or the map be closed.
   *
   * @returns its length in bytes, which the tree's operations take
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`), MassTreeBadKeyError (`MASSTREE_BAD_KEY`),
   *   MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`)
   */
  protected encodeKey(key: K): number {
    const tree = this.#tree;
    tree.checkOpen();
    const length = this.#codec.encode(key, tree.key, 0);
    // The tree trusts lengths. No codec of this project gives another.
    if (length >>> 0 > MAX_KEY_BYTES) throw badLength(length);
    return length;
  }

  /**
   * Removes the key that was written. For classes of maps whose value words are addresses of something
   * that has to be given back.
   *
   * @param length what `encodeKey` returned
   * @returns whether there was something to remove
   */
  protected removeKey(length: number): boolean {
    return this.#tree.exports.remove(length) === 1;
  }

  #cursor<W>(range: Range<K> | undefined, values: ScanValues<W> | undefined): Cursor<K, W> {
    return new Cursor(this.open(), this.#codec, values, checkRange(range, this.#codec));
  }

  #only(bounds: Bounds): [K, V] | undefined {
    const cursor = new Cursor(this.open(), this.#codec, this.#values, bounds);
    try {
      return cursor.next() ? [cursor.key(), cursor.value()] : undefined;
    } finally {
      cursor.stop();
    }
  }

  static {
    openTree = (map) => map.open();
    isMap = (object) => #handle in object;
    makeUsable(OrderedMap.prototype, (map) => map.close());
  }
}

/**
 * The tree of a map, for what only tests and tools ask of it.
 *
 * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
 * @internal
 */
export function treeOf<K extends KeyType, V>(map: OrderedMap<K, V>): TreeInstance {
  return openTree(map as unknown as OrderedMap<KeyType, unknown>);
}

/**
 * Checks a map's every invariant: of the tree, and that every byte of its memory is accounted for. No
 * thread may be using the map meanwhile.
 *
 * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where;
 *   MassTreeClosedError (`MASSTREE_CLOSED`)
 * @internal
 */
export function verify<K extends KeyType, V>(map: OrderedMap<K, V>): void {
  treeOf(map).verify();
}

function badLength(length: number): MassTreeBadKeyError {
  return new MassTreeBadKeyError(
    `A key has 0 to ${MAX_KEY_BYTES} bytes, and the map's key codec says ${describe(length)}.`,
  );
}

/** The error for a `set` that the tree answered with `SetResult.full`. */
export function fullError(): MassTreeFullError {
  return new MassTreeFullError(
    "The map has reached its 'maxBytes'. It still reads and deletes, and takes writes again once something was deleted. Create it with a larger 'maxBytes' to hold more.",
  );
}
