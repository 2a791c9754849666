import { readOptions } from "@masstree/errors/options";
import type { KeyCodec } from "@masstree/key";
import {
  type AnyKeyOption,
  Attached,
  attachMap,
  checkedHandle,
  createMap,
  type KeyOption,
  type KeyType,
  type KeyTypeOf,
  type MapHandle,
  type MapKind,
  type MapOptions,
  type OpenMap,
  requireList,
  treeModules,
  type WordTreeExports,
} from "@masstree/tree";
import type { AttachInlineOptions } from "./masstree-inline.ts";
import { OrderedSet } from "./ordered-set.ts";
import { MEMBER } from "./set-members.ts";

/** What `new MassTreeSet` takes, for members of type `K`. */
export type MassTreeSetOptions<K extends KeyType = string> = MapOptions & KeyOption<K>;

type Opened<K extends KeyType> = OpenMap<K, "member", WordTreeExports>;

const kind: MapKind<"member"> = {
  className: "MassTreeSet",
  modules: treeModules,
  valueNumbers: { member: MEMBER },
};

/** The class behind `MassTreeSet`: the exported constant adds the constructors' types. */
class MassTreeSetClass<K extends KeyType = string> extends OrderedSet<K> {
  readonly #codec: KeyCodec<K>;
  readonly #width: number;

  constructor(options: unknown = {}) {
    const opened = (Attached.is(options) ? options.map : create(options)) as Opened<K>;
    super(opened);
    this.#codec = opened.codec;
    this.#width = opened.tree.width;
  }

  static fromSorted<K extends KeyType>(
    values: Iterable<K>,
    options: unknown = {},
  ): MassTreeSetClass<K> {
    requireList(values, "fromSorted");
    return new MassTreeSetClass<K>(options).fill(values);
  }

  static attach<K extends KeyType = string>(
    handle: MapHandle,
    options: AttachInlineOptions<K> = {},
  ): MassTreeSetClass<K> {
    const { key } = readOptions(options, ["key"]);
    const map = attachMap<KeyType, "member", WordTreeExports>(
      kind,
      checkedHandle(kind, handle),
      key,
    );
    return new MassTreeSetClass<K>(new Attached(map));
  }

  get [Symbol.toStringTag](): string {
    return "MassTreeSet";
  }

  protected override empty(): this {
    return new MassTreeSetClass<K>({ key: this.#codec, width: this.#width }) as this;
  }

  static {
    Object.defineProperty(MassTreeSetClass, "name", { value: "MassTreeSet" });
  }
}

function create(options: unknown): Opened<KeyType> {
  const read = readOptions(options, ["key", "width", "initialBytes", "maxBytes"]);
  return createMap<KeyType, "member", WordTreeExports>(kind, read, "member");
}

/**
 * A set that `new MassTreeSet` or `MassTreeSet.attach` returned, with members of type `K`.
 *
 * @interface
 */
export type MassTreeSet<K extends KeyType = string> = MassTreeSetClass<K>;

/**
 * How sets are created: with types inferred from the options, or with explicit types. The signature that
 * infers has two type parameters, so that one type argument selects the other signature.
 */
export interface MassTreeSetConstructor {
  readonly prototype: MassTreeSet<KeyType>;

  /**
   * Creates an empty set in its own memory.
   *
   * @param options `key`: `"string"` (default), `"bytes"`, `"number"`, `"bigint"` or a key codec; and those
   *   of {@link MapOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not even
   *   an empty set fits in `maxBytes`, MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a width that
   *   this thread has not imported, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <const Key, _Inferred>(
    options?: MapOptions & { key?: (Key & AnyKeyOption) | undefined },
  ): MassTreeSet<KeyTypeOf<Key>>;
  /** The same, with an explicit type `K`, which the options must match. */
  new <K extends KeyType = string>(
    ...options: object extends MassTreeSetOptions<K>
      ? [options?: MassTreeSetOptions<K>]
      : [options: MassTreeSetOptions<K>]
  ): MassTreeSet<K>;

  /**
   * Creates a set of members that are sorted already, as `MassTreeInline.fromSorted` does a map.
   *
   * @param values in ascending order, as the set stores them: strings by code points
   * @param options as of the constructor
   * @throws TypeError if `values` is not an iterable; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose `position`
   *   says which value, counted from 0, is not greater than the one before; as the constructor; as `add`; and what
   *   the iterable throws
   *
   * @example
   * ```ts
   * [...MassTreeSet.fromSorted(["a", "b"])]; // => ["a", "b"]
   * ```
   */
  fromSorted<K extends KeyType = string>(
    values: Iterable<K>,
    ...options: object extends MassTreeSetOptions<K>
      ? [options?: MassTreeSetOptions<K>]
      : [options: MassTreeSetOptions<K>]
  ): MassTreeSet<K>;

  /**
   * Opens the set of a handle in this thread. The type is not checked; the kind of key comes with the
   * handle.
   *
   * @param handle the `handle` of a `MassTreeSet`, from this thread or another
   * @param options `key`: the key codec, if the set was created with one
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeNotLoadedError (`MASSTREE_NOT_LOADED`) for a
   *   width that this thread has not imported, MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
   *   if the codec is missing or another one, MassTreeTooManyParticipantsError
   *   (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError (`MASSTREE_FULL`) if there is no room for
   *   another participant
   */
  attach<K extends KeyType = string>(
    handle: MapHandle,
    options?: AttachInlineOptions<K>,
  ): MassTreeSet<K>;
}

/**
 * A concurrent ordered set. Every thread that attaches to its handle reads and writes the same set. It has
 * the methods of ECMAScript's `Set`, also those for two sets, and ranges.
 *
 * `MassTreeSet<K>`: members of type `K` (default `string`), compared by what they are: two arrays with the
 * same bytes are one member.
 *
 * @example
 * ```ts
 * const a = new MassTreeSet();
 * for (const name of ["cy", "ann", "bob"]) a.add(name);
 * [...a]; // => ["ann", "bob", "cy"]
 * a.higher("ann"); // => "bob"
 * [...a.intersection(new Set(["bob", "dan"]))]; // => ["bob"]
 * ```
 */
export const MassTreeSet: MassTreeSetConstructor = MassTreeSetClass as MassTreeSetConstructor;
