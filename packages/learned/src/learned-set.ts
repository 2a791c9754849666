import { readOptions } from "@masstree/errors/options";
import { MEMBER, OrderedSet } from "@masstree/inline";
import type { AnyKeyCodec, KeyCodec } from "@masstree/key";
import {
  Attached,
  attachMap,
  checkedHandle,
  type KeyType,
  type MapHandle,
  requireList,
  type WordTreeExports,
} from "@masstree/tree";
import type { LearnedExports } from "./generated/learned-exports.ts";
import type { AttachLearnedOptions } from "./learned-map.ts";
import { bytesOfNodes, type LearnedStats, rebuildNodes, withNodes } from "./nodes.ts";
import { createLearned, learnedKind, type OpenLearned, withOrdinals } from "./open.ts";
import {
  type LearnedKeyOption,
  type LearnedKeyTypeOf,
  type LearnedOptions,
  setOptionNames,
} from "./options.ts";

/** What `new LearnedSet` takes, for members of type `K`. */
export type LearnedSetOptions<K extends KeyType = number> = LearnedOptions & LearnedKeyOption<K>;

const kind = /* @__PURE__ */ learnedKind("LearnedSet", { member: MEMBER });

/** The class behind `LearnedSet`: the exported constant adds the constructors' types. */
class LearnedSetClass<K extends KeyType = number> extends OrderedSet<K> {
  readonly #codec: KeyCodec<K>;

  constructor(options: unknown = {}) {
    const opened = (Attached.is(options) ? options.map : create(options)) as OpenLearned<
      K,
      "member"
    >;
    super(withOrdinals<K, OpenLearned<K, "member">>(opened));
    this.#codec = opened.codec;
  }

  /**
   * Builds all nodes anew, as `rebuild` of a `LearnedMap`. O(size).
   *
   * @throws MassTreeFullError (`MASSTREE_FULL`) if the new nodes do not fit beside the old ones: nothing has changed
   */
  rebuild(): void {
    rebuildNodes(this.#exports());
  }

  /** Bytes of the nodes. Exact while no one is writing. */
  get allocatedBytes(): number {
    return bytesOfNodes(this.#exports());
  }

  /** The greatest depth of a node that was made since the whole set was last rebuilt: as many are passed at most. */
  get maxDepth(): number {
    return this.#exports().height();
  }

  /** The set's shape, its memory, and who uses it. O(participants). */
  override stats(): LearnedStats {
    return withNodes(super.stats(), this.#exports());
  }

  get [Symbol.toStringTag](): string {
    return "LearnedSet";
  }

  protected override empty(): this {
    return new LearnedSetClass<K>({ key: this.#codec }) as this;
  }

  #exports(): WordTreeExports & LearnedExports {
    return this.open().exports as WordTreeExports & LearnedExports;
  }

  static fromSorted<K extends KeyType>(
    values: Iterable<K>,
    options: unknown = {},
  ): LearnedSetClass<K> {
    requireList(values, "fromSorted");
    return new LearnedSetClass<K>(options).fill(values);
  }

  static attach<K extends KeyType = number>(
    handle: MapHandle,
    options: AttachLearnedOptions<K> = {},
  ): LearnedSetClass<K> {
    const { key } = readOptions(options, ["key"]);
    const map = attachMap<KeyType, "member", WordTreeExports>(
      kind,
      checkedHandle(kind, handle),
      key,
    );
    return new LearnedSetClass<K>(new Attached(map));
  }

  static {
    Object.defineProperty(LearnedSetClass, "name", { value: "LearnedSet" });
  }
}

function create(options: unknown): OpenLearned<KeyType, "member"> {
  return createLearned(kind, readOptions(options, setOptionNames), "member");
}

/**
 * A set that `new LearnedSet` or `LearnedSet.attach` returned, with members of type `K`.
 *
 * @interface
 */
export type LearnedSet<K extends KeyType = number> = LearnedSetClass<K>;

/** How sets are created: with types inferred from the options, or with explicit types. */
export interface LearnedSetConstructor {
  readonly prototype: LearnedSet<KeyType>;

  /**
   * Creates an empty set in its own memory.
   *
   * @param options `key`: `"number"` (default), `"bigint"`, `date`, `descending(...)` of one of these, or a codec of your
   *   own that always writes 8 bytes; and those of {@link LearnedOptions}
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeFullError (`MASSTREE_FULL`) if not even an empty set
   *   fits in `maxBytes`, MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
   */
  new <const Key, _Inferred>(
    options?: LearnedOptions & {
      key?: (Key & ("number" | "bigint" | AnyKeyCodec)) | undefined;
    },
  ): LearnedSet<LearnedKeyTypeOf<Key>>;
  /** The same, with an explicit type `K`, which the options must match. */
  new <K extends KeyType = number>(
    ...options: object extends LearnedSetOptions<K>
      ? [options?: LearnedSetOptions<K>]
      : [options: LearnedSetOptions<K>]
  ): LearnedSet<K>;

  /**
   * Creates a set of members that are sorted already: nodes that fit them, and no search. O(members).
   *
   * @param values in ascending order
   * @param options as of the constructor
   * @throws TypeError if `values` is not an iterable; MassTreeUnsortedError (`MASSTREE_UNSORTED`), whose `position`
   *   says which value, counted from 0, is not greater than the one before; as the constructor; as `add`; and what
   *   the iterable throws
   *
   * @example
   * ```ts
   * LearnedSet.fromSorted([2, 3, 5, 7]).has(5); // => true
   * ```
   */
  fromSorted<K extends KeyType = number>(
    values: Iterable<K>,
    ...options: object extends LearnedSetOptions<K>
      ? [options?: LearnedSetOptions<K>]
      : [options: LearnedSetOptions<K>]
  ): LearnedSet<K>;

  /**
   * Opens the set of a handle in this thread. The type is not checked; the kind of member comes with the handle.
   *
   * @param handle the `handle` of a `LearnedSet`, from this thread or another
   * @param options `key`: the key codec, if the set was created with one
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`), MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if the codec is
   *   missing or another one, MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) if there is no room for another participant
   */
  attach<K extends KeyType = number>(
    handle: MapHandle,
    options?: AttachLearnedOptions<K>,
  ): LearnedSet<K>;
}

/**
 * A concurrent sorted set of numbers, bigints or dates that predicts where a member lies, as a `LearnedMap` does a key.
 * Every thread that attaches to its handle reads and writes the same set. It has all that `MassTreeSet` has: the methods
 * of ECMAScript's `Set`, also those for two sets, and ranges.
 *
 * `LearnedSet<K>`: members of type `K` (default `number`).
 *
 * @example
 * ```ts
 * const seen = new LearnedSet();
 * seen.add(30).add(10).add(20);
 * [...seen]; // => [10, 20, 30]
 * seen.higher(10); // => 20
 * [...seen.intersection(new Set([20, 40]))]; // => [20]
 * ```
 */
export const LearnedSet: LearnedSetConstructor = LearnedSetClass as LearnedSetConstructor;
