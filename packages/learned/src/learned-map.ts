import {
  MassTreeFullError,
  MassTreeInterruptedError,
  MassTreeUnsortedError,
} from "@masstree/errors";
import { InlineMap, type InlineValueName, type InlineValueTypes } from "@masstree/inline";
import type { AnyKeyCodec } from "@masstree/key";
import {
  Attached,
  fillSorted,
  type KeyCodecFor,
  type KeyType,
  LOAD_FULL,
  LOADED,
  type MapHandle,
  pairOf,
  partsOf,
  requireList,
  type TreeInstance,
  type WordTreeExports,
} from "@masstree/tree";
import type { ValueOption } from "masstree";
import type { ValueCodec, ValueCodecName, ValueTypes } from "masstree/codecs";
import type { LearnedExports } from "./generated/learned-exports.ts";
import { bytesOfNodes, type LearnedStats, rebuildNodes, withNodes } from "./nodes.ts";
import { withOrdinals } from "./open.ts";
import { attachLearned, newLearned, type Opened } from "./opened-map.ts";
import type {
  LearnedKeyOption,
  LearnedKeyTypeOf,
  LearnedOptions,
  LearnedValueOption,
} from "./options.ts";

/** What `new LearnedMap` takes, for values of type `V` and keys of type `K`. */
export type LearnedMapOptions<V = number, K extends KeyType = number> = LearnedOptions &
  LearnedKeyOption<K> &
  LearnedValueOption<V>;

/** What `LearnedMap.attach` takes. */
export interface AttachLearnedOptions<K extends KeyType = KeyType, V = unknown> {
  /** The key codec, if the map was created with one, such as `date`: a handle cannot carry it. */
  key?: "number" | "bigint" | KeyCodecFor<K> | undefined;
  /** The value codec, if the map was created with a codec of your own; it must have the name of that one. */
  value?: ValueOption<V> | undefined;
}

/** The class behind `LearnedMap`: the exported constant adds the constructors' types. */
class LearnedMapClass<V = number, K extends KeyType = number> extends InlineMap<V, K> {
  #isLoading = false;

  constructor(options: unknown = {}) {
    const map = (Attached.is(options) ? options.map : newLearned(options)) as Opened<K, V>;
    super(withOrdinals<K, Opened<K, V>>(map));
  }

  /**
   * Puts many entries into the map in one step for all threads, and rebuilds it of what it has then: the nodes fit the
   * keys, and no key is searched. Of a key that is there already, the new value wins.
   *
   * O(entries + size). Takes the entries one at a time, and keeps 16 bytes of each, and its value if that is no number in
   * a slot, until all are there; needs that, and the new nodes, beside the old ones. Other threads write on when it is done.
   *
   * @param sorted in ascending order of their keys
   * @returns this map
   * @throws TypeError if `sorted` is not an iterable of pairs; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose
   *   `position` says which entry, counted from 0, has a key that is not greater than the one before; as `set`; what the
   *   iterable throws; MassTreeInterruptedError (`MASSTREE_INTERRUPTED`) if the iterable loads into this very map.
   *   Nothing has changed
   *
   * @example
   * ```ts
   * const map = new LearnedMap();
   * map.bulkLoad([[1, 10], [2, 20], [3, 30]]).get(2); // => 20
   * ```
   */
  bulkLoad(sorted: Iterable<readonly [K, V]>): this {
    this.#load(sorted, "bulkLoad", false);
    return this;
  }

  /**
   * As `bulkLoad`, of entries of which some may have equal keys: the last of them wins.
   *
   * @throws as `bulkLoad`; MassTreeUnsortedError only if a key is less than the one before
   *
   * @example
   * ```ts
   * new LearnedMap().bulkLoadDedup([[1, 10], [1, 11], [3, 30]]).get(1); // => 11
   * ```
   */
  bulkLoadDedup(sorted: Iterable<readonly [K, V]>): this {
    this.#load(sorted, "bulkLoadDedup", true);
    return this;
  }

  /**
   * Removes every entry that is there when the call begins, and returns them in order. Each is removed in one step: no two
   * threads get the same one, and one that another thread has removed is left out. O(size).
   *
   * @example
   * ```ts
   * const map = new LearnedMap().set(2, 20).set(1, 10);
   * map.drain(); // => [[1, 10], [2, 20]]
   * map.size; // => 0
   * ```
   */
  drain(): [K, V][] {
    const entries: [K, V][] = [];
    for (const key of this.keys()) {
      const value = this.take(key);
      if (value !== undefined) entries.push([key, value]);
    }
    return entries;
  }

  /**
   * Builds all nodes anew, so that they fit the keys that are there: for a time in which nothing else is to be done, or
   * with the option `autoRebuild: false`. Readers do not wait; writers do. O(size).
   *
   * @throws MassTreeFullError (`MASSTREE_FULL`) if the new nodes do not fit beside the old ones: nothing has changed
   */
  rebuild(): void {
    rebuildNodes(this.#open().exports);
  }

  /** Bytes of the nodes. Exact while no one is writing. */
  get allocatedBytes(): number {
    return bytesOfNodes(this.#open().exports);
  }

  /** The greatest depth of a node that was made since the whole map was last rebuilt: as many are passed at most. */
  get maxDepth(): number {
    return this.#open().exports.height();
  }

  /** The map's shape, its memory, and who uses it. O(participants). */
  override stats(): LearnedStats {
    return withNodes(super.stats(), this.#open().exports);
  }

  #open(): TreeInstance<WordTreeExports & LearnedExports> {
    return this.open() as TreeInstance<WordTreeExports & LearnedExports>;
  }

  #load(entries: Iterable<readonly [K, V]>, method: string, isDedup: boolean): void {
    const tree = this.#open();
    requireList(entries, method);
    if (this.#isLoading) {
      throw new MassTreeInterruptedError(
        `'${method}' was called while this map is being loaded: by the iterable that it takes its entries from. Load them afterwards.`,
      );
    }
    const { exports } = tree;
    this.#isLoading = true;
    exports.beginLoad();
    if (isDedup) exports.takeLast();
    try {
      let position = 0;
      for (const entry of entries) {
        const [key, value] = pairOf(entry, method);
        this.#append(key, value, isDedup, position++);
      }
      const { exports: now } = this.#open();
      if (now !== exports) throw interrupted();
      if (exports.finishLoad() === LOADED) return;
      exports.quiesce();
      throw full();
    } finally {
      this.#isLoading = false;
      if (!tree.closed && tree.exports === exports) exports.endLoad();
    }
  }

  #append(key: K, value: V, isDedup: boolean, position: number): void {
    const { values } = partsOf<K, V>(this);
    const ready = this.readyKey(key);
    values.stage(value);
    let status: number;
    try {
      const length = this.encodeKey(ready);
      this.#open();
      status = values.append(length);
    } finally {
      values.unstage();
    }
    if (status === LOADED) return;
    if (status === LOAD_FULL) throw full();
    throw new MassTreeUnsortedError(
      `The entries must be in ascending order of their keys${isDedup ? "" : ", which differ"}, but entry ${position}, counted from 0, is not.`,
      position,
    );
  }

  static fromSorted<V, K extends KeyType>(
    entries: Iterable<readonly [K, V]>,
    options: unknown = {},
  ): LearnedMapClass<V, K> {
    return fillSorted(() => new LearnedMapClass<V, K>(options), entries);
  }

  static attach<V = number, K extends KeyType = number>(
    handle: MapHandle,
    options: AttachLearnedOptions<K, V> = {},
  ): LearnedMapClass<V, K> {
    return new LearnedMapClass<V, K>(new Attached(attachLearned(handle, options) as never));
  }

  static {
    Object.defineProperty(LearnedMapClass, "name", { value: "LearnedMap" });
  }
}

function full(): MassTreeFullError {
  return new MassTreeFullError(
    "The entries do not fit beside what the map has. The map is unchanged. Create it with a larger 'maxBytes', or use 'setMany'.",
  );
}

function interrupted(): MassTreeInterruptedError {
  return new MassTreeInterruptedError(
    "A call was interrupted while this map was being loaded, and what was loaded is lost. The map is unchanged. Load it again.",
  );
}

/**
 * A map that `new LearnedMap` or `LearnedMap.attach` returned, with values of type `V` and keys of type `K`.
 *
 * @interface
 */
export type LearnedMap<V = number, K extends KeyType = number> = LearnedMapClass<V, K>;

/** The type of the values for an option `value` of type `Name`; numbers if it is absent. */
type ValueTypeOf<Name> = unknown extends Name
  ? number
  : Name extends InlineValueName
    ? InlineValueTypes[Name]
    : ValueTypes[Name & ValueCodecName];

/** The type of which `V` is: that of `1` is 1 where it is inferred. */
type Widened<V> = V extends bigint ? bigint : V extends number ? number : V;

/** How maps are created: with types inferred from the options, or with explicit types. */
export interface LearnedMapConstructor {
  readonly prototype: LearnedMap<unknown, KeyType>;

  /**
   * Creates an empty map in its own memory. Its types follow from the options.
   *
   * @param options `value`: `"f64"` (default), `"u32"`, `"i32"`, `"u64"` or `"i64"`, which are stored in slots; or what a
   *   `MassTree` takes, for values of any kind: `"json"`, `"structured"`, `"utf8"`, `"bytes"`, `"lossy-json"` or a codec;
   *   `key`: `"number"` (default), `"bigint"`, `date`, `descending(...)` of one of these, or a codec of your own that
   *   always writes 8 bytes; and those of {@link LearnedOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not even an empty map
   *   fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <const Name, const Key, _Inferred>(
    options?: LearnedOptions & {
      key?: (Key & ("number" | "bigint" | AnyKeyCodec)) | undefined;
      value?: (Name & (InlineValueName | "utf8" | "bytes")) | undefined;
    },
  ): LearnedMap<ValueTypeOf<Name>, LearnedKeyTypeOf<Key>>;
  /** The same, for values of any kind. */
  new <V, const Key, _Inferred>(
    options: LearnedOptions & {
      key?: (Key & ("number" | "bigint" | AnyKeyCodec)) | undefined;
      value: "json" | "lossy-json" | "structured";
    },
  ): LearnedMap<V, LearnedKeyTypeOf<Key>>;
  /** The same, with a codec. */
  new <V, const Key, _Inferred>(
    options: LearnedOptions & {
      key?: (Key & ("number" | "bigint" | AnyKeyCodec)) | undefined;
      value: ValueCodec<V>;
    },
  ): LearnedMap<V, LearnedKeyTypeOf<Key>>;
  /** The same, with explicit types `V` and `K`, which the options must match. */
  new <V = number, K extends KeyType = number>(
    ...options: object extends LearnedMapOptions<V, K>
      ? [options?: LearnedMapOptions<V, K>]
      : [options: LearnedMapOptions<V, K>]
  ): LearnedMap<V, K>;

  /**
   * Creates a map of entries that are sorted already: nodes that fit the keys, and no search. O(entries).
   *
   * @param entries in ascending order of their keys
   * @param options as of the constructor
   * @throws TypeError if `entries` is not an iterable of pairs; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose
   *   `position` says which entry, counted from 0, has a key that is not greater than the one before; as the
   *   constructor; as `set`; and what the iterable throws
   *
   * @example
   * ```ts
   * LearnedMap.fromSorted([[1, 10], [2, 20]]).get(2); // => 20
   * ```
   */
  fromSorted<V, K extends KeyType = number>(
    entries: Iterable<readonly [K, V]>,
    ...options: object extends LearnedMapOptions<V, K>
      ? [options?: LearnedMapOptions<V, K>]
      : [options: LearnedMapOptions<V, K>]
  ): LearnedMap<Widened<V>, K>;

  /**
   * Opens the map of a handle in this thread. The types are not checked; the kinds of key and value come with the
   * handle. Attach once per thread, and `close` maps that are no longer needed.
   *
   * @param handle the `handle` of a `LearnedMap`, from this thread or another
   * @param options `key` and `value`: the codecs, if the map was created with codecs
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if the codec is
   *   missing or another one, MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) if there is no room for another participant
   */
  attach<V = number, K extends KeyType = number>(
    handle: MapHandle,
    options?: AttachLearnedOptions<K, V>,
  ): LearnedMap<V, K>;
}

/**
 * A concurrent sorted map of numbers or bigints that predicts where a key lies instead of walking a tree. Every thread
 * that attaches to its handle reads and writes the same map.
 *
 * `LearnedMap<V, K>`: values of type `V` (default `number`), keys of type `K` (default `number`). Numbers and bigints are
 * stored in slots; with an option such as `value: "json"`, values of any kind in blocks of their own, as a `MassTree` does.
 *
 * @example
 * ```ts
 * const readings = new LearnedMap();
 * readings.set(1, 0.5).set(2, 0.25);
 * readings.get(2); // => 0.25
 * [...readings.keys({ gt: 1 })]; // => [2]
 * ```
 */
export const LearnedMap: LearnedMapConstructor = LearnedMapClass as LearnedMapConstructor;
