import { MassTreeBadRangeError } from "@masstree/errors";
import { describe, reasonOf } from "@masstree/errors/options";
import { type KeyCodec, type PrefixRange, prefixEnd } from "@masstree/key";
import { KEY_SCRATCH_BYTES } from "@masstree/session";
import type { KeyType, Prefix } from "./key-types.ts";

/**
 * Which entries a scan visits, and how. All members are optional and can be combined: of several
 * lower bounds the greatest applies, of several upper bounds the smallest. Bounds that contradict
 * each other give an empty range. A member that is `undefined` counts as absent.
 */
export interface Range<K extends KeyType = string> {
  /** Only keys greater than this one. */
  gt?: K | undefined;
  /** Only keys greater than or equal to this one. */
  gte?: K | undefined;
  /** Only keys less than this one. */
  lt?: K | undefined;
  /** Only keys less than or equal to this one. */
  lte?: K | undefined;
  /**
   * Only keys that begin with this: strings and bytes with these, tuples and lists with these
   * members. Not for other keys.
   */
  prefix?: Prefix<K> | undefined;
  /** Visit the greatest key first. Default false. */
  reverse?: boolean | undefined;
  /**
   * Skip this many entries first: a whole number, default 0. O(offset). To go on where a page ended,
   * `gt` with its last key is faster, and exact while others write.
   */
  offset?: number | undefined;
  /** Visit at most this many entries: a whole number, or Infinity, the default. */
  limit?: number | undefined;
}

/**
 * A checked range. It has its own encoded bounds, so that nobody else can change them. @internal
 */
export interface Bounds {
  readonly lower: Uint8Array | undefined;
  readonly lowerInclusive: boolean;
  readonly upper: Uint8Array | undefined;
  readonly upperInclusive: boolean;
  readonly reverse: boolean;
  readonly offset: number;
  /** 0 also stands for bounds that no key can satisfy. */
  readonly limit: number;
}

/** Every key, in order. @internal */
export const everything: Bounds = {
  lower: undefined,
  lowerInclusive: false,
  upper: undefined,
  upperInclusive: false,
  reverse: false,
  offset: 0,
  limit: Number.POSITIVE_INFINITY,
};

/** The keys on one side of a key. @internal */
export function beside(key: Uint8Array, inclusive: boolean, isBelow: boolean): Bounds {
  return isBelow
    ? { ...everything, upper: key, upperInclusive: inclusive, reverse: true }
    : { ...everything, lower: key, lowerInclusive: inclusive };
}

/** The same keys in the other direction, of a range without `offset` and `limit`. @internal */
export function reversed(bounds: Bounds): Bounds {
  return { ...bounds, reverse: !bounds.reverse };
}

/** Whether a range ends, or begins, at some number of entries. @internal */
export function isCounted({ offset, limit }: Bounds): boolean {
  return offset !== 0 || (limit !== 0 && limit !== Number.POSITIVE_INFINITY);
}

/**
 * Refuses `offset` and `limit`, for methods that have no first entry to count from.
 *
 * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
 * @internal
 */
export function requireUncounted(bounds: Bounds, method: string): Bounds {
  if (!isCounted(bounds)) return bounds;
  throw new MassTreeBadRangeError(
    `The range of '${method}' takes no 'offset' and no 'limit'. Bound it by keys.`,
  );
}

/**
 * Checks a range and encodes its bounds.
 *
 * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`) if the range is not an object, or has an
 *   unknown member, a member of the wrong type, or a bound that cannot be a key; the key codec's
 *   error is its `cause`
 * @internal
 */
export function checkRange<K extends KeyType>(range: unknown, codec: KeyCodec<K>): Bounds {
  if (range === undefined) return everything;
  if (typeof range !== "object" || range === null) {
    throw new MassTreeBadRangeError(`A range must be an object, not ${describe(range)}.`);
  }
  const { gt, gte, lt, lte, prefix, reverse, offset, limit } = readMembers(range);
  if (reverse !== undefined && typeof reverse !== "boolean") {
    throw badMember("reverse", "true or false", reverse);
  }
  if (limit !== undefined && !isLimit(limit)) {
    throw badMember("limit", "a whole number from 0 up, or Infinity", limit);
  }
  if (offset !== undefined && !(isLimit(offset) && offset < Number.POSITIVE_INFINITY)) {
    throw badMember("offset", "a whole number from 0 up", offset);
  }

  const lower = new Bound(1);
  const upper = new Bound(-1);
  if (gt !== undefined) lower.tighten(encoded("gt", gt, codec), false);
  if (gte !== undefined) lower.tighten(encoded("gte", gte, codec), true);
  if (lt !== undefined) upper.tighten(encoded("lt", lt, codec), false);
  if (lte !== undefined) upper.tighten(encoded("lte", lte, codec), true);
  if (prefix !== undefined) {
    const range = prefixRange(prefix, codec);
    lower.tighten(range.lower, true);
    if (range.upper !== undefined) upper.tighten(range.upper, false);
  }
  return {
    lower: lower.key,
    lowerInclusive: lower.inclusive,
    upper: upper.key,
    upperInclusive: upper.inclusive,
    reverse: reverse ?? false,
    offset: offset ?? 0,
    limit: contradict(lower, upper) ? 0 : (limit ?? Number.POSITIVE_INFINITY),
  };
}

const members = ["gt", "gte", "lt", "lte", "prefix", "reverse", "offset", "limit"] as const;

/** The members, each read once: any of them may be a getter, and may throw. */
function readMembers(range: object): Record<(typeof members)[number], unknown> {
  let unknown: string | undefined;
  try {
    if (Symbol.iterator in range) throw new TypeError("it is an iterable, not an object of bounds");
    unknown = Object.keys(range).find((name) => !(members as readonly string[]).includes(name));
    if (unknown === undefined) {
      const { gt, gte, lt, lte, prefix, reverse, offset, limit } = range as Record<string, unknown>;
      return { gt, gte, lt, lte, prefix, reverse, offset, limit };
    }
  } catch (cause) {
    throw new MassTreeBadRangeError(`The range cannot be read: ${reasonOf(cause)}`, { cause });
  }
  throw new MassTreeBadRangeError(
    `A range has no member '${unknown}'. It has ${members.map((m) => `'${m}'`).join(", ")}.`,
  );
}

/** The tightest of several bounds on one side. */
class Bound {
  key: Uint8Array | undefined;
  inclusive = false;
  readonly #side: 1 | -1;

  /** @param side 1 for a lower bound, which tightens upwards; -1 for an upper one */
  constructor(side: 1 | -1) {
    this.#side = side;
  }

  tighten(key: Uint8Array, inclusive: boolean): void {
    const order = this.key === undefined ? 1 : compare(key, this.key) * this.#side;
    if (order > 0) {
      this.key = key;
      this.inclusive = inclusive;
    } else if (order === 0) {
      this.inclusive &&= inclusive;
    }
  }
}

function contradict(lower: Bound, upper: Bound): boolean {
  if (lower.key === undefined || upper.key === undefined) return false;
  const order = compare(lower.key, upper.key);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}

function isLimit(limit: unknown): limit is number {
  return (
    typeof limit === "number" &&
    limit >= 0 &&
    (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY)
  );
}

function badMember(name: string, wanted: string, got: unknown): MassTreeBadRangeError {
  return new MassTreeBadRangeError(
    `The member '${name}' of a range must be ${wanted}, not ${describe(got)}.`,
  );
}

// Bounds are encoded here, one at a time, and then copied.
let scratch: Uint8Array | undefined;

function encoded<K extends KeyType>(name: string, key: unknown, codec: KeyCodec<K>): Uint8Array {
  scratch ??= new Uint8Array(KEY_SCRATCH_BYTES);
  let length: number;
  try {
    // A codec that runs the caller's code, which may check other ranges, writes to the scratch last.
    length = codec.encode(key as K, scratch, 0);
  } catch (cause) {
    throw notAKey(name, cause);
  }
  return scratch.slice(0, length);
}

function prefixRange<K extends KeyType>(prefix: unknown, codec: KeyCodec<K>): PrefixRange {
  if (codec.kind === "string" || codec.kind === "bytes") {
    const lower = encoded("prefix", prefix, codec);
    return { lower, upper: prefixEnd(lower) };
  }
  if (codec.prefixRange === undefined) {
    throw new MassTreeBadRangeError(
      `The keys of this map are of kind "${codec.kind}" and have no prefixes. Use 'gte' and 'lt'.`,
    );
  }
  try {
    return codec.prefixRange(prefix);
  } catch (cause) {
    throw notAKey("prefix", cause);
  }
}

function notAKey(name: string, cause: unknown): MassTreeBadRangeError {
  return new MassTreeBadRangeError(
    `The member '${name}' of a range is not a key: ${reasonOf(cause)}`,
    { cause },
  );
}

/** The order of two encoded keys: negative, 0 or positive. @internal */
export function compare(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
