import { MassTreeBadOptionError } from "@masstree/errors";
import { badOption } from "@masstree/errors/options";
import {
  attachMap,
  checkedHandle,
  createMap,
  fullError,
  type KeyName,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  type MapHandle,
  type MapKind,
  type MapOptions,
  type OpenMap,
  OrderedMap,
  optionNames,
  readOptions,
  reasonOf,
  type TreeInstance,
} from "@masstree/tree";
import type { BoxExports } from "./box-exports.ts";
import { BoxScanValues } from "./box-scan.ts";
import { fetch, fetched, release, store } from "./boxes.ts";
import { boxedModules } from "./modules.ts";
import { unstage } from "./stage.ts";
import {
  type ValueCodec,
  type ValueCodecName,
  type ValueName,
  type ValueTypes,
  valueNumbers,
} from "./value-codec.ts";
import { Values } from "./values.ts";

/** The option `value` for values of type `V`. */
export type ValueOption<V> =
  | "json"
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
export interface AttachOptions<V> {
  /**
   * The codec, if the map was made with one of the caller's own; it must do what that one does. For
   * other maps it may be left out.
   */
  value?: ValueOption<V> | undefined;
}

type Opened<K extends KeyType> = OpenMap<K, ValueName, BoxExports>;

/** An open map and its codec, on their way through the constructor. */
class Parts<V> {
  readonly map: Opened<KeyType>;
  readonly values: Values<V>;
  readonly #own = true;

  constructor(map: Opened<KeyType>, custom: ValueCodec<V> | undefined) {
    this.map = map;
    this.values = new Values(map.value, custom);
  }

  /** Whether `options` are these. It does not touch what is a caller's, and may be a proxy. */
  static are(options: unknown): options is Parts<unknown> {
    return typeof options === "object" && options !== null && #own in options;
  }
}

const kind: MapKind<ValueName> = { className: "MassTree", modules: boxedModules, valueNumbers };

/** What `MassTree` is, under another name: the exported one has the constructors' types besides. */
class MassTreeClass<V = unknown, K extends KeyType = string> extends OrderedMap<K, V> {
  readonly #tree: TreeInstance<BoxExports>;
  readonly #values: Values<V>;

  constructor(options: unknown = {}) {
    const { map, values } = (Parts.are(options) ? options : create(options)) as Parts<V>;
    const opened = map as unknown as Opened<K>;
    super({ ...opened, values: new BoxScanValues(opened.tree, values) });
    this.#tree = opened.tree;
    this.#values = values;
  }

  static attach<V = unknown, K extends KeyType = string>(
    handle: MapHandle,
    options: AttachOptions<V> = {},
  ): MassTreeClass<V, K> {
    const { value } = readOptions(options, ["value"]);
    const checked = checkedHandle(kind, handle);
    const custom = checkAttachedValue<V>(checked.value, value);
    const map = attachMap<KeyType, ValueName, BoxExports>(kind, checked);
    return new MassTreeClass<V, K>(new Parts(map, custom));
  }

  override get(key: K): V | undefined {
    const length = fetch(this.#tree, this.encodeKey(key));
    if (length < 0) return undefined;
    const bytes = fetched;
    release();
    return this.#values.read(bytes, 0, length);
  }

  override set(key: K, value: V): this {
    this.open();
    const length = this.#values.stage(value);
    try {
      if (!store(this.#tree, this.encodeKey(key), length)) this.#storeWhenFull(key, length);
    } finally {
      unstage();
    }
    return this;
  }

  /** @internal */
  protected override removeKey(length: number): boolean {
    return this.#tree.exports.removeBox(length) === 1;
  }

  /** Tries again with what can be reclaimed of that which was deleted. */
  #storeWhenFull(key: K, length: number): void {
    this.#tree.exports.quiesce();
    if (!store(this.#tree, this.encodeKey(key), length)) throw fullError();
  }

  static {
    Object.defineProperty(MassTreeClass, "name", { value: "MassTree" });
  }
}

function create(options: unknown): Parts<unknown> {
  const read = readOptions(options, optionNames);
  const { value = "json" } = read;
  const custom = checkCodec(value);
  const name = custom === undefined ? (value as ValueCodecName) : "custom";
  return new Parts(createMap<KeyType, ValueName, BoxExports>(kind, read, name), custom);
}

/** The codec if `value` is one, undefined if it is the name of one. */
function checkCodec(value: unknown): ValueCodec<unknown> | undefined {
  if (value === "json" || value === "utf8" || value === "bytes") return undefined;
  if (typeof value === "object" && value !== null && hasBoth(value)) {
    return value as ValueCodec<unknown>;
  }
  throw badOption("value", '"json", "utf8", "bytes" or { encode, decode }', value);
}

function hasBoth(codec: object): boolean {
  try {
    const { encode, decode } = codec as Partial<ValueCodec<unknown>>;
    return typeof encode === "function" && typeof decode === "function";
  } catch (cause) {
    throw new MassTreeBadOptionError(
      `The option 'value' cannot be read as { encode, decode }: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

function checkAttachedValue<V>(name: ValueName, value: unknown): ValueCodec<V> | undefined {
  if (value === undefined && name !== "custom") return undefined;
  if (value === undefined) {
    throw new MassTreeBadOptionError(
      "The map was made with a codec of its own, which a handle cannot carry. Give it as the option 'value', { encode, decode }.",
    );
  }
  const custom = checkCodec(value);
  if ((custom === undefined ? value : "custom") !== name) {
    const own = name === "custom" ? "a codec of its own, { encode, decode }" : `"${name}"`;
    throw badOption("value", `what the map was made with: ${own}`, value);
  }
  return custom as ValueCodec<V> | undefined;
}

/** A map that `new MassTree` or `MassTree.attach` gave, with values of type `V` and keys of type `K`. */
export type MassTree<V = unknown, K extends KeyType = string> = MassTreeClass<V, K>;

/**
 * How maps are made: with types that follow from the options, or with types that are given.
 *
 * The signatures that infer have three type parameters, so that only the one for given types takes one or
 * two: which is what lets a class extend `MassTree<V>`, as it does `Map<K, V>`.
 */
export interface MassTreeConstructor {
  readonly prototype: MassTree<unknown, KeyType>;

  /**
   * Makes an empty map in a memory of its own, with the types that the options imply.
   *
   * @param options `value`: `"json"` (default), `"utf8"`, `"bytes"` or a {@link ValueCodec}; `key`:
   *   `"string"` (default), `"bytes"`, `"number"` or `"bigint"`; and those of {@link MapOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) when
   *   not even an empty map fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <V, const Key, _Inferred>(
    options?: MapOptions & {
      value?: "json" | undefined;
      key?: (Key & KeyName) | undefined;
    },
  ): MassTree<V, KeyTypeOf<Key>>;
  /** The same, with the name of a codec. */
  new <const Name, const Key, _Inferred>(
    options: MapOptions & {
      value: Name & ValueCodecName;
      key?: (Key & KeyName) | undefined;
    },
  ): MassTree<ValueTypes[Name & ValueCodecName], KeyTypeOf<Key>>;
  /** The same, with a codec. */
  new <V, const Key, _Inferred>(
    options: MapOptions & { value: ValueCodec<V>; key?: (Key & KeyName) | undefined },
  ): MassTree<V, KeyTypeOf<Key>>;
  /** The same, with the types `V` and `K` given, which the options must agree with. */
  new <V = unknown, K extends KeyType = string>(
    ...options: object extends MassTreeOptions<V, K>
      ? [options?: MassTreeOptions<V, K>]
      : [options: MassTreeOptions<V, K>]
  ): MassTree<V, K>;

  /**
   * Opens the map that a handle is of, in this thread. The types are the caller's word; the kinds of
   * key and value come with the handle.
   *
   * Each call makes one more participant: attach once per thread, and `close` what is not needed any
   * more. Called on a class that extends `MassTree`, it gives a `MassTree` all the same.
   *
   * @param handle the `handle` of a `MassTree`, from this thread or another
   * @param options `value`: the codec, if the map has one of its own
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`) when the codec is missing or another one,
   *   MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) when no room is left for another participant
   */
  attach<V = unknown, K extends KeyType = string>(
    handle: MapHandle,
    options?: AttachOptions<V>,
  ): MassTree<V, K>;
}

/**
 * A concurrent ordered map with values of any type and size. Every thread that attaches to its handle
 * reads and writes the same map, synchronously, without copies of it and without messages.
 *
 * `MassTree<V, K>`: values of type `V`; keys of type `K`, `string` if not given. Values are stored as
 * bytes: the option `value` says how, `"json"` if not given. What `get` gives is a value of its own:
 * changing it does not change the map.
 *
 * @example
 * ```ts
 * const map = new MassTree<{ size: number }>();
 * map.set("src/index.ts", { size: 1200 });
 * map.get("src/index.ts"); // => { size: 1200 }
 * ```
 */
export const MassTree: MassTreeConstructor = MassTreeClass as MassTreeConstructor;
