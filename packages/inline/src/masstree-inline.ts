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
  oneOf,
  optionNames,
  readOptions,
  SetResult,
  type TreeInstance,
  treeModules,
  WORD_IN,
  WORD_OUT,
} from "@masstree/tree";
import {
  InlineScanValues,
  type InlineValue,
  type InlineValueName,
  type InlineValueTypes,
  readValue,
  valueNumbers,
  writeValue,
} from "./values.ts";

/** What `new MassTreeInline` takes, for values of type `V` and keys of type `K`. */
export type MassTreeInlineOptions<
  V extends InlineValue = number,
  K extends KeyType = string,
> = MapOptions & KeyOption<K> & InlineValueOption<V>;

/** The option `value` as a member of the options: may be left out for numbers. */
export type InlineValueOption<V extends InlineValue> = [V] extends [number]
  ? { value?: "f64" | "u32" | "i32" | undefined }
  : { value: [V] extends [bigint] ? "u64" | "i64" : InlineValueName };

const kind: MapKind<InlineValueName> = {
  className: "MassTreeInline",
  modules: treeModules,
  valueNumbers,
};
const valueNames = Object.keys(valueNumbers) as InlineValueName[];

/** A map that `attach` opened, on its way through the constructor. */
class Attached {
  readonly map: OpenMap<KeyType, InlineValueName>;
  readonly #own = true;

  constructor(map: OpenMap<KeyType, InlineValueName>) {
    this.map = map;
  }

  /** Whether `options` is one. It does not touch what is a caller's, and may be a proxy. */
  static is(options: unknown): options is Attached {
    return typeof options === "object" && options !== null && #own in options;
  }
}

/** What `MassTreeInline` is, under another name: the exported one has the constructors' types besides. */
class MassTreeInlineClass<
  V extends InlineValue = number,
  K extends KeyType = string,
> extends OrderedMap<K, V> {
  readonly #tree: TreeInstance;
  readonly #kind: number;

  constructor(options: unknown = {}) {
    const opened = Attached.is(options) ? options.map : create(options);
    const { tree, value } = opened as OpenMap<K, InlineValueName>;
    const number = valueNumbers[value];
    super({
      ...(opened as OpenMap<K, InlineValueName>),
      values: new InlineScanValues(number) as never,
    });
    this.#tree = tree;
    this.#kind = number;
  }

  static attach<V extends InlineValue = number, K extends KeyType = string>(
    handle: MapHandle,
  ): MassTreeInlineClass<V, K> {
    const map = attachMap<KeyType, InlineValueName>(kind, checkedHandle(kind, handle));
    return new MassTreeInlineClass<V, K>(new Attached(map));
  }

  override get(key: K): V | undefined {
    const tree = this.#tree;
    const length = this.encodeKey(key);
    if (tree.exports.get(length) === 0) return undefined;
    return readValue(this.#kind, tree.result, WORD_OUT) as V;
  }

  override set(key: K, value: V): this {
    const tree = this.#tree;
    const length = this.encodeKey(key);
    writeValue(this.#kind, tree.result, WORD_IN, value);
    if (tree.exports.set(length) === SetResult.full) this.#setWhenFull(key, value);
    return this;
  }

  /** Tries again with what can be reclaimed of that which was deleted. */
  #setWhenFull(key: K, value: V): void {
    const tree = this.#tree;
    tree.exports.quiesce();
    const length = this.encodeKey(key);
    writeValue(this.#kind, tree.result, WORD_IN, value);
    if (tree.exports.set(length) === SetResult.full) throw fullError();
  }

  static {
    Object.defineProperty(MassTreeInlineClass, "name", { value: "MassTreeInline" });
  }
}

function create(options: unknown): OpenMap<KeyType, InlineValueName> {
  const read = readOptions(options, optionNames);
  const { value = "f64" } = read;
  if (!valueNames.includes(value as InlineValueName)) {
    throw badOption("value", oneOf(valueNames), value);
  }
  return createMap<KeyType, InlineValueName>(kind, read, value as InlineValueName);
}

/** A map that `new MassTreeInline` or its `attach` gave, with values of type `V` and keys of type `K`. */
export type MassTreeInline<
  V extends InlineValue = number,
  K extends KeyType = string,
> = MassTreeInlineClass<V, K>;

/** The type of the values that an option `value` of type `Name` asks for; numbers where none was given. */
type ValueTypeOf<Name> = unknown extends Name ? number : InlineValueTypes[Name & InlineValueName];

/**
 * How maps are made: with types that follow from the options, or with types that are given.
 *
 * The signature that infers has three type parameters, so that only the one for given types takes one or
 * two: which is what lets a class extend `MassTreeInline<V>`, as it does `Map<K, V>`.
 */
export interface MassTreeInlineConstructor {
  readonly prototype: MassTreeInline<InlineValue, KeyType>;

  /**
   * Makes an empty map in a memory of its own, with the types that the options imply.
   *
   * @param options `value`: `"f64"` (default), `"u32"`, `"i32"`, `"u64"` or `"i64"`; `key`:
   *   `"string"` (default), `"bytes"`, `"number"` or `"bigint"`; and those of {@link MapOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) when
   *   not even an empty map fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <const Name, const Key, _Inferred>(
    options?: MapOptions & {
      value?: (Name & InlineValueName) | undefined;
      key?: (Key & KeyName) | undefined;
    },
  ): MassTreeInline<ValueTypeOf<Name>, KeyTypeOf<Key>>;
  /** The same, with the types `V` and `K` given, which the options must agree with. */
  new <V extends InlineValue = number, K extends KeyType = string>(
    ...options: object extends MassTreeInlineOptions<V, K>
      ? [options?: MassTreeInlineOptions<V, K>]
      : [options: MassTreeInlineOptions<V, K>]
  ): MassTreeInline<V, K>;

  /**
   * Opens the map that a handle is of, in this thread. The types are the caller's word; the kinds of
   * key and value come with the handle.
   *
   * Each call makes one more participant: attach once per thread, and `close` what is not needed any
   * more. Called on a class that extends `MassTreeInline`, it gives a `MassTreeInline` all the same.
   *
   * @param handle the `handle` of a `MassTreeInline`, from this thread or another
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeTooManyParticipantsError
   *   (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError (`MASSTREE_FULL`) when no room is left
   *   for another participant
   */
  attach<V extends InlineValue = number, K extends KeyType = string>(
    handle: MapHandle,
  ): MassTreeInline<V, K>;
}

/**
 * A concurrent ordered map of numbers or bigints, which stand in the tree's slots themselves: a value
 * costs 8 bytes and no allocation. Every thread that attaches to its handle reads and writes the same
 * map.
 *
 * `MassTreeInline<V, K>`: values of type `V`, `number` if not given; keys of type `K`, `string` if
 * not given. The option `value` says which numbers exactly, `"f64"` if not given.
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
