import { readOptions } from "@masstree/errors/options";
import {
  type AnyKeyOption,
  attachMap,
  checkedHandle,
  createMap,
  fillSorted,
  type KeyCodecFor,
  type KeyNameOf,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  type MapHandle,
  type MapKind,
  type MapOptions,
  type OpenMap,
  OrderedMap,
  optionNames,
} from "@masstree/tree";
import { BoxValues } from "./box-values.ts";
import type { BoxExports } from "./exports.ts";
import { boxedModules } from "./modules.ts";
import {
  checkAttachedValue,
  checkCodec,
  kindOf,
  type ValueCodec,
  type ValueCodecName,
  type ValueKind,
  type ValueTypes,
  valueNumbers,
} from "./value-codec.ts";
import { Values } from "./values.ts";

/** The option `value` for values of type `V`. */
export type ValueOption<V> =
  | "json"
  | "lossy-json"
  | "structured"
  | ([string] extends [V] ? "utf8" : never)
  | ([Uint8Array] extends [V] ? "bytes" : never)
  | ValueCodec<V>;

/** What `new MassTree` takes, for values of type `V` and keys of type `K`. */
export type MassTreeOptions<V = unknown, K extends KeyType = string> = MapOptions &
  KeyOption<K> & {
    /** How values become bytes. Default `"json"`. */
    value?: ValueOption<V> | undefined;
  };

/** What `MassTree.attach` takes. */
export interface AttachOptions<V, K extends KeyType = KeyType> {
  /**
   * The key codec, if the map was created with one, such as `tuple(...)`: a handle cannot carry it.
   * Optional for keys of a kind with a name.
   */
  key?: KeyNameOf<K> | KeyCodecFor<K> | undefined;
  /**
   * The codec, if the map was created with a codec of your own; it must have the name of that one, and
   * behave like it. Optional for other maps.
   */
  value?: ValueOption<V> | undefined;
}

type Opened<K extends KeyType> = OpenMap<K, ValueKind, BoxExports>;

/** An open map and its codec, to be passed through the constructor. */
class Parts<V> {
  readonly map: Opened<KeyType>;
  readonly values: Values<V>;
  readonly #own = true;

  constructor(map: Opened<KeyType>, custom: ValueCodec<V> | undefined) {
    this.map = map;
    this.values = new Values(map.value, custom);
  }

  /** Whether `options` is one. Runs no code of the caller: `options` may be a proxy. */
  static are(options: unknown): options is Parts<unknown> {
    return typeof options === "object" && options !== null && #own in options;
  }
}

const kind: MapKind<ValueKind> = {
  className: "MassTree",
  modules: boxedModules,
  valueNumbers,
  customValues: true,
};

/** The class behind `MassTree`: the exported constant adds the constructors' types. */
class MassTreeClass<V = unknown, K extends KeyType = string> extends OrderedMap<K, V> {
  constructor(options: unknown = {}) {
    const { map, values } = (Parts.are(options) ? options : create(options)) as Parts<V>;
    const opened = map as unknown as Opened<K>;
    super({ ...opened, values: new BoxValues(opened.tree, values) });
  }

  static fromSorted<V, K extends KeyType>(
    entries: Iterable<readonly [K, V]>,
    options: unknown = {},
  ): MassTreeClass<V, K> {
    return fillSorted(() => new MassTreeClass<V, K>(options), entries);
  }

  static attach<V = unknown, K extends KeyType = string>(
    handle: MapHandle,
    options: AttachOptions<V, K> = {},
  ): MassTreeClass<V, K> {
    const { key, value } = readOptions(options, ["key", "value"]);
    const checked = checkedHandle(kind, handle);
    const custom = checkAttachedValue<V>(checked.value, value);
    const map = attachMap<KeyType, ValueKind, BoxExports>(kind, checked, key);
    return new MassTreeClass<V, K>(new Parts(map, custom));
  }

  static {
    Object.defineProperty(MassTreeClass, "name", { value: "MassTree" });
  }
}

function create(options: unknown): Parts<unknown> {
  const read = readOptions(options, optionNames);
  const { value = "json" } = read;
  const custom = checkCodec(value, "value");
  const name = custom === undefined ? (value as ValueCodecName) : kindOf(custom);
  return new Parts(createMap<KeyType, ValueKind, BoxExports>(kind, read, name), custom);
}

/**
 * A map that `new MassTree` or `MassTree.attach` returned, with values of type `V` and keys of type
 * `K`.
 *
 * @interface
 */
export type MassTree<V = unknown, K extends KeyType = string> = MassTreeClass<V, K>;

/**
 * How maps are created: with types inferred from the options, or with explicit types.
 *
 * The signatures that infer have three type parameters, so that one or two type arguments select
 * the other signature. This lets a class extend `MassTree<V>`, as with `Map<K, V>`.
 */
export interface MassTreeConstructor {
  readonly prototype: MassTree<unknown, KeyType>;

  /**
   * Creates an empty map in its own memory. Its types follow from the options.
   *
   * @param options `value`: `"json"` (default), `"structured"`, `"utf8"`, `"bytes"`, `"lossy-json"` or
   *   a {@link ValueCodec}; `key`: `"string"` (default), `"bytes"`, `"number"`, `"bigint"` or a key codec; and those of
   *   {@link MapOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if
   *   not even an empty map fits in `maxBytes`, MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a width that
   *   this thread has not imported, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <V, const Key, _Inferred>(
    options?: MapOptions & {
      value?: "json" | "lossy-json" | "structured" | undefined;
      key?: (Key & AnyKeyOption) | undefined;
    },
  ): MassTree<V, KeyTypeOf<Key>>;
  /** The same, with the name of a codec. */
  new <const Name, const Key, _Inferred>(
    options: MapOptions & {
      value: Name & ValueCodecName;
      key?: (Key & AnyKeyOption) | undefined;
    },
  ): MassTree<ValueTypes[Name & ValueCodecName], KeyTypeOf<Key>>;
  /** The same, with a codec. */
  new <V, const Key, _Inferred>(
    options: MapOptions & { value: ValueCodec<V>; key?: (Key & AnyKeyOption) | undefined },
  ): MassTree<V, KeyTypeOf<Key>>;
  /** The same, with explicit types `V` and `K`, which the options must match. */
  new <V = unknown, K extends KeyType = string>(
    ...options: object extends MassTreeOptions<V, K>
      ? [options?: MassTreeOptions<V, K>]
      : [options: MassTreeOptions<V, K>]
  ): MassTree<V, K>;

  /**
   * Creates a map of entries that are sorted already. Builds packed nodes from the bottom up: faster than
   * setting them in that order, several times as fast as in no order, and with less memory than that leaves. The
   * map is an ordinary one then.
   *
   * O(their bytes). Takes the entries one at a time, and does not keep them. If anything throws, what was built is
   * given up as a whole. Called on a subclass of `MassTree`, it still returns a `MassTree`.
   *
   * @param entries in ascending order of their keys as the map stores them: strings by code points
   * @param options as of the constructor
   * @throws TypeError if `entries` is not an iterable of pairs; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose
   *   `position` says which entry, counted from 0, has a key that is not greater than the one before; as the
   *   constructor; as `set`; and what the iterable throws
   *
   * @example
   * ```ts
   * const sizes = MassTree.fromSorted([["a.ts", 120], ["b.ts", 80]], { value: "json" });
   * sizes.get("b.ts"); // => 80
   * ```
   */
  fromSorted<V, K extends KeyType = string>(
    entries: Iterable<readonly [K, V]>,
    ...options: object extends MassTreeOptions<V, K>
      ? [options?: MassTreeOptions<V, K>]
      : [options: MassTreeOptions<V, K>]
  ): MassTree<V, K>;

  /**
   * Opens the map of a handle in this thread. The types are not checked; the kinds of key and value
   * come with the handle.
   *
   * Each call adds one participant: attach once per thread, and `close` maps that are no longer
   * needed. Called on a subclass of `MassTree`, it still returns a `MassTree`.
   *
   * @param handle the `handle` of a `MassTree`, from this thread or another
   * @param options `value`: the codec, if the map was created with a codec of your own; `key`: the
   *   key codec, if the map was created with one
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a
   *   width that this thread has not imported, MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`) if a codec is missing or of another kind,
   *   MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) if there is no room for another participant
   */
  attach<V = unknown, K extends KeyType = string>(
    handle: MapHandle,
    options?: AttachOptions<V, K>,
  ): MassTree<V, K>;
}

/**
 * A concurrent ordered map with values of any type and size. Every thread that attaches to its
 * handle reads and writes the same map, synchronously, without copying it and without messages.
 *
 * `MassTree<V, K>`: values of type `V`; keys of type `K` (default `string`). Values are stored as
 * bytes; the option `value` chooses how, `"json"` by default. `get` returns a copy: changing it
 * does not change the map.
 *
 * @example
 * ```ts
 * const map = new MassTree<{ size: number }>();
 * map.set("src/index.ts", { size: 1200 });
 * map.get("src/index.ts"); // => { size: 1200 }
 * ```
 */
export const MassTree: MassTreeConstructor = MassTreeClass as MassTreeConstructor;
