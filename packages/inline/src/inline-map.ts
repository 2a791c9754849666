import { MassTreeBadValueError } from "@masstree/errors";
import {
  COMBINE_ADD,
  COMBINE_AND,
  COMBINE_MAX,
  COMBINE_MIN,
  COMBINE_OR,
  COMBINE_XOR,
  type KeyType,
  type MapValues,
  type OpenMap,
  OrderedMap,
  type WordCodec,
  type WordTreeExports,
  WordValues,
} from "@masstree/tree";
import { bitsOf, operandOf } from "./operand.ts";
import { InlineCodec, type InlineValue, type InlineValueName, valueNumbers } from "./values.ts";

/** The kind of values that are no numbers in slots. */
const NO_NUMBERS = -1;

/** What `InlineMap` needs of a map whose values are no numbers in slots. */
export interface OtherValues<K extends KeyType, V> extends OpenMap<K, string> {
  readonly values: MapValues<V, unknown>;
}

/**
 * What all maps of numbers in slots have in common: operations that combine a value with another one. The classes to
 * use are `MassTreeInline`, and `LearnedMap` of `@masstree/learned`, which may have other values as well: then these
 * operations throw.
 */
export class InlineMap<V, K extends KeyType> extends OrderedMap<K, V> {
  readonly #kind: number;

  /** For classes of maps, which pass on an open map. */
  protected constructor(map: OpenMap<K, InlineValueName, WordTreeExports> | OtherValues<K, V>) {
    if ("values" in map) {
      super(map);
      this.#kind = NO_NUMBERS;
      return;
    }
    const kind = valueNumbers[map.value];
    const codec = new InlineCodec(kind) as unknown as WordCodec<V>;
    super({ ...map, values: new WordValues(map.tree, codec) });
    this.#kind = kind;
  }

  /**
   * Adds `delta` to the value of `key`; a missing key counts as 0. Integers wrap around as their
   * kind does, as those of a typed array.
   *
   * O(key bytes + log size). Locks one leaf, or several nodes if it splits; takes no lock if the
   * value stays what it is. Atomic for all other threads: no addition is lost.
   *
   * @param delta of integers, one with or without a sign: `add(key, -1)` subtracts, whatever the kind
   * @returns the new value
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeBadValueError (`MASSTREE_BAD_VALUE`), MassTreeFullError
   *   (`MASSTREE_FULL`): nothing has changed
   *
   * @example
   * ```ts
   * const hits = new MassTreeInline({ value: "u32" });
   * hits.add("/", 1); // => 1
   * hits.add("/", 2); // => 3
   * hits.add("/", -4); // => 4294967295
   * ```
   */
  add(key: K, delta: V & InlineValue): V {
    return this.#combine(key, delta, COMBINE_ADD, "add");
  }

  /**
   * Sets the value of `key` to the smaller of itself and `value`; a missing key counts as 0. For
   * numbers as `Math.min`: -0 is below 0, and NaN wins. Otherwise like `add`.
   *
   * @returns the new value
   * @throws as `set`
   *
   * @example
   * ```ts
   * const best = new MassTreeInline();
   * best.set("lap", 63.2);
   * best.min("lap", 61.5); // => 61.5
   * best.min("lap", 70); // => 61.5
   * ```
   */
  min(key: K, value: V & InlineValue): V {
    return this.combine(key, value, COMBINE_MIN + this.#numbers("min"));
  }

  /**
   * Sets the value of `key` to the greater of itself and `value`; a missing key counts as 0. For
   * numbers as `Math.max`: 0 is above -0, and NaN wins. Otherwise like `add`.
   *
   * @returns the new value
   * @throws as `set`
   *
   * @example
   * ```ts
   * const peaks = new MassTreeInline({ value: "u32" });
   * peaks.max("users", 5); // => 5
   * peaks.max("users", 3); // => 5
   * ```
   */
  max(key: K, value: V & InlineValue): V {
    return this.combine(key, value, COMBINE_MAX + this.#numbers("max"));
  }

  /**
   * Clears the bits of the value of `key` that `mask` does not have; a missing key counts as 0. For
   * kinds of integers. Otherwise like `add`.
   *
   * @param mask an integer with or without a sign
   * @returns the new value
   * @throws as `add`, and MassTreeBadValueError (`MASSTREE_BAD_VALUE`) if the values are of kind
   *   `"f64"`
   *
   * @example
   * ```ts
   * const flags = new MassTreeInline({ value: "u32" });
   * flags.or("a", 0b101); // => 5
   * flags.and("a", ~0b100); // => 1
   * flags.xor("a", 0b11); // => 2
   * ```
   */
  and(key: K, mask: V & InlineValue): V {
    return this.#combineBits(key, mask, COMBINE_AND, "and");
  }

  /** Sets the bits that `mask` has. Otherwise like `and`. */
  or(key: K, mask: V & InlineValue): V {
    return this.#combineBits(key, mask, COMBINE_OR, "or");
  }

  /** Flips the bits that `mask` has. Otherwise like `and`. */
  xor(key: K, mask: V & InlineValue): V {
    return this.#combineBits(key, mask, COMBINE_XOR, "xor");
  }

  /** The kind of numbers. @throws MassTreeBadValueError */
  #numbers(method: string): number {
    if (this.#kind !== NO_NUMBERS) return this.#kind;
    throw new MassTreeBadValueError(
      `'${method}' combines numbers in slots, and this map has values of another kind. Use 'update', or create the map with a value such as "f64".`,
    );
  }

  #combine(key: K, operand: V & InlineValue, operation: number, method: string): V {
    this.open();
    const kind = this.#numbers(method);
    return this.combine(key, operandOf(kind, operand) as V, operation + kind);
  }

  #combineBits(key: K, mask: V & InlineValue, operation: number, method: string): V {
    this.open();
    const kind = this.#numbers(method);
    return this.combine(key, bitsOf(kind, mask, method) as V, operation + kind);
  }
}
