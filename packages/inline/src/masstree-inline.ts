import { badOption, readOptions } from "@masstree/errors/options";
import {
  type AnyKeyOption,
  Attached,
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
  oneOf,
  optionNames,
  treeModules,
  type WordTreeExports,
} from "@masstree/tree";
import { InlineMap } from "./inline-map.ts";
import {
  type InlineValue,
  type InlineValueName,
  type InlineValueTypes,
  valueNumbers,
} from "./values.ts";

/** What `new MassTreeInline` takes, for values of type `V` and keys of type `K`. */
export type MassTreeInlineOptions<
  V extends InlineValue = number,
  K extends KeyType = string,
> = MapOptions & KeyOption<K> & InlineValueOption<V>;

/** The option `value` as a member of the options: optional for numbers. */
export type InlineValueOption<V extends InlineValue> = [V] extends [number]
  ? { value?: "f64" | "u32" | "i32" | undefined }
  : { value: [V] extends [bigint] ? "u64" | "i64" : InlineValueName };

/** What `MassTreeInline.attach` takes. */
export interface AttachInlineOptions<K extends KeyType = KeyType> {
  /**
   * The key codec, if the map was created with one, such as `tuple(...)`: a handle cannot carry it.
   * Optional for keys of a kind with a name.
   */
  key?: KeyNameOf<K> | KeyCodecFor<K> | undefined;
}

const kind: MapKind<InlineValueName> = {
  className: "MassTreeInline",
  modules: treeModules,
  valueNumbers,
};
const valueNames = Object.keys(valueNumbers) as InlineValueName[];

/** The class behind `MassTreeInline`: the exported constant adds the constructors' types. */
class MassTreeInlineClass<
  V extends InlineValue = number,
  K extends KeyType = string,
> extends InlineMap<V, K> {
  constructor(options: unknown = {}) {
    const opened = Attached.is(options) ? options.map : create(options);
    super(opened as OpenMap<K, InlineValueName, WordTreeExports>);
  }

  static fromSorted<V extends InlineValue, K extends KeyType>(
    entries: Iterable<readonly [K, V]>,
    options: unknown = {},
  ): MassTreeInlineClass<V, K> {
    return fillSorted(() => new MassTreeInlineClass<V, K>(options), entries);
  }

  static attach<V extends InlineValue = number, K extends KeyType = string>(
    handle: MapHandle,
    options: AttachInlineOptions<K> = {},
  ): MassTreeInlineClass<V, K> {
    const { key } = readOptions(options, ["key"]);
    const map = attachMap<KeyType, InlineValueName, WordTreeExports>(
      kind,
      checkedHandle(kind, handle),
      key,
    );
    return new MassTreeInlineClass<V, K>(new Attached(map));
  }

  static {
    Object.defineProperty(MassTreeInlineClass, "name", { value: "MassTreeInline" });
  }
}

function create(options: unknown): OpenMap<KeyType, InlineValueName, WordTreeExports> {
  const read = readOptions(options, optionNames);
  const { value = "f64" } = read;
  if (!valueNames.includes(value as InlineValueName)) {
    throw badOption("value", oneOf(valueNames), value);
  }
  return createMap<KeyType, InlineValueName, WordTreeExports>(kind, read, value as InlineValueName);
}

/**
 * A map that `new MassTreeInline` or `MassTreeInline.attach` returned, with values of type `V` and
 * keys of type `K`.
 *
 * @interface
 */
export type MassTreeInline<
  V extends InlineValue = number,
  K extends KeyType = string,
> = MassTreeInlineClass<V, K>;

/** The type of the values for an option `value` of type `Name`; numbers if it is absent. */
type ValueTypeOf<Name> = unknown extends Name ? number : InlineValueTypes[Name & InlineValueName];

/** The type of which `V` is: that of `1` is 1 where it is inferred. */
type Widened<V extends InlineValue> = V extends bigint ? bigint : number;

/**
 * How maps are created: with types inferred from the options, or with explicit types.
 *
 * The signature that infers has three type parameters, so that one or two type arguments select the
 * other signature. This lets a class extend `MassTreeInline<V>`, as with `Map<K, V>`.
 */
export interface MassTreeInlineConstructor {
  readonly prototype: MassTreeInline<InlineValue, KeyType>;

  /**
   * Creates an empty map in its own memory. Its types follow from the options.
   *
   * @param options `value`: `"f64"` (default), `"u32"`, `"i32"`, `"u64"` or `"i64"`; `key`:
   *   `"string"` (default), `"bytes"`, `"number"`, `"bigint"` or a key codec; and those of
   *   {@link MapOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if
   *   not even an empty map fits in `maxBytes`, MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a width that
   *   this thread has not imported, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <const Name, const Key, _Inferred>(
    options?: MapOptions & {
      value?: (Name & InlineValueName) | undefined;
      key?: (Key & AnyKeyOption) | undefined;
    },
  ): MassTreeInline<ValueTypeOf<Name>, KeyTypeOf<Key>>;
  /** The same, with explicit types `V` and `K`, which the options must match. */
  new <V extends InlineValue = number, K extends KeyType = string>(
    ...options: object extends MassTreeInlineOptions<V, K>
      ? [options?: MassTreeInlineOptions<V, K>]
      : [options: MassTreeInlineOptions<V, K>]
  ): MassTreeInline<V, K>;

  /**
   * Creates a map of entries that are sorted already. Builds packed nodes from the bottom up: faster than
   * setting them in that order, several times as fast as in no order, and with less memory than that leaves. The
   * map is an ordinary one then.
   *
   * O(their bytes). Takes the entries one at a time, and does not keep them. If anything throws, what was built is
   * given up as a whole. Called on a subclass of `MassTreeInline`, it still returns a `MassTreeInline`.
   *
   * @param entries in ascending order of their keys as the map stores them: strings by code points
   * @param options as of the constructor
   * @throws TypeError if `entries` is not an iterable of pairs; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose
   *   `position` says which entry, counted from 0, has a key that is not greater than the one before; as the
   *   constructor; as `set`; and what the iterable throws
   *
   * @example
   * ```ts
   * const stock = MassTreeInline.fromSorted([["apples", 3], ["pears", 4]], { value: "u32" });
   * stock.add("pears", 1); // => 5
   * ```
   */
  fromSorted<V extends InlineValue, K extends KeyType = string>(
    entries: Iterable<readonly [K, V]>,
    ...options: object extends MassTreeInlineOptions<V, K>
      ? [options?: MassTreeInlineOptions<V, K>]
      : [options: MassTreeInlineOptions<V, K>]
  ): MassTreeInline<Widened<V>, K>;

  /**
   * Opens the map of a handle in this thread. The types are not checked; the kinds of key and value
   * come with the handle.
   *
   * Each call adds one participant: attach once per thread, and `close` maps that are no longer
   * needed. Called on a subclass of `MassTreeInline`, it still returns a `MassTreeInline`.
   *
   * @param handle the `handle` of a `MassTreeInline`, from this thread or another
   * @param options `key`: the key codec, if the map was created with one
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a
   *   width that this thread has not imported, MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`) if the codec is missing or another one, MassTreeTooManyParticipantsError
   *   (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError (`MASSTREE_FULL`) if there is no room
   *   for another participant
   */
  attach<V extends InlineValue = number, K extends KeyType = string>(
    handle: MapHandle,
    options?: AttachInlineOptions<K>,
  ): MassTreeInline<V, K>;
}

/**
 * A concurrent ordered map of numbers or bigints, stored directly in the tree's slots: a value
 * takes 8 bytes and no allocation. Every thread that attaches to its handle reads and writes the
 * same map.
 *
 * `MassTreeInline<V, K>`: values of type `V` (default `number`), keys of type `K` (default
 * `string`). The option `value` chooses the kind of number, `"f64"` by default.
 *
 * @example
 * ```ts
 * const stock = new MassTreeInline({ value: "u32" });
 * stock.set("apples", 3).set("pears", 4);
 * stock.get("apples"); // => 3
 * [...stock.keys({ gt: "b" })]; // => ["pears"]
 * ```
 */
export const MassTreeInline: MassTreeInlineConstructor =
  MassTreeInlineClass as MassTreeInlineConstructor;
