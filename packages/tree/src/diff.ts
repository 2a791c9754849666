/*
 * The differences between two maps of the same order, by one pass over both.
 *
 * Keys are compared as bytes, in the batches that two scans have taken; only keys that differ are decoded. Values are
 * compared as they are stored. Between two differences nothing is held in either map (scan.ts BATCH1).
 */
import { MassTreeBadOptionError, MassTreeBadValueError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { KeyCodec } from "@masstree/key";
import type { EntryCursor, OrderedMapIterator } from "./iterators.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, checkRange, type Range, requireUncounted } from "./range.ts";

/** One key about which two maps differ: `here` is the map whose `diff` was called, `there` the other one. */
export type Difference<K, V> =
  /** Only the other map has the key. */
  | { readonly kind: "added"; readonly key: K; readonly here: undefined; readonly there: V }
  /** Only this map has it. */
  | { readonly kind: "removed"; readonly key: K; readonly here: V; readonly there: undefined }
  /** Both have it, with different values. */
  | { readonly kind: "changed"; readonly key: K; readonly here: V; readonly there: V };

/** A map that can be compared: any of this family. */
export interface Comparable<K, V> {
  get(key: K): V | undefined;
  entries(range?: Range<K & KeyType>): Iterable<[K, V]>;
}

/** One of the two maps. @internal */
export interface Side<K, V> {
  readonly codec: KeyCodec<K>;
  /** How its values are stored; undefined if they are kept by reference. */
  readonly values: SideValues<V> | undefined;
  scan(bounds: Bounds): SideScan<K, V>;
}

/** How the values of a map are stored. */
export interface SideValues<V> {
  /** The stored form of a value: see `MapValues`. */
  encode(value: V): unknown;
  /** Whether the values of another map have the same stored forms, so that these can be compared. */
  storesAs(other: SideValues<unknown>): boolean;
}

/** A pass over one of them. @internal */
export interface SideScan<K, V> extends EntryCursor<K, V> {
  /** The entry that it is at, as it is stored. */
  readonly raw: RawEntry;
}

/** An entry as it is stored. Runs no code of the caller. @internal */
export interface RawEntry {
  /** Private memory with the bytes of its key, from `keyStart` to `keyEnd`. */
  readonly keyBytes: Uint8Array;
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The bytes of its value: a view of private memory, until the next step. */
  valueBytes(): Uint8Array;
  /** Whether another entry has the same stored value. Both maps store their values in the same way. */
  sameValue(other: RawEntry): boolean;
  /** Whether it has this stored value. */
  hasValue(stored: unknown): boolean;
}

/** For an object that is a map of some class, its side. Throws if the map is closed. Runs no code of the object. @internal */
export type Finder = (object: object) => Side<never, never> | undefined;

const finders: Finder[] = [];

/** Makes the maps of a class comparable. @internal */
export function addComparable(find: Finder): void {
  finders.push(find);
}

/**
 * For `diff` of a class of maps.
 *
 * @param here the map itself, which is open
 * @throws as `diff` of `OrderedMap`
 * @internal
 */
export function diff<K extends KeyType, V>(
  here: Side<K, V>,
  other: Comparable<K, V>,
  range: Range<K> | undefined,
): OrderedMapIterator<Difference<K, V>> {
  const bounds = requireUncounted(checkRange(range, here.codec), "diff");
  const there = sideOf<K, V>(other);
  if (there.codec.kind !== here.codec.kind) {
    throw new MassTreeBadOptionError(
      `'diff' compares maps of the same order, but the keys of this map are of kind "${here.codec.kind}", and those of the other of kind "${there.codec.kind}".`,
    );
  }
  return differences(here, there, bounds) as unknown as OrderedMapIterator<Difference<K, V>>;
}

function sideOf<K, V>(other: unknown): Side<K, V> {
  if (typeof other === "object" && other !== null) {
    for (const find of finders) {
      const side = find(other);
      if (side !== undefined) return side as unknown as Side<K, V>;
    }
  }
  throw new MassTreeBadOptionError(
    `'diff' takes another ordered map, such as a MassTree, a LocalMassTree or a bucket in a transaction, not ${describe(other)}.`,
  );
}

/**
 * The differences of two maps with the same kind of keys, by one pass over both.
 *
 * @param bounds without `offset` and `limit`
 * @internal
 */
export function* differences<K extends KeyType, V>(
  here: Side<K, V>,
  there: Side<K, V>,
  bounds: Bounds,
): Generator<Difference<K, V>, undefined> {
  const mine = here.scan(bounds);
  const theirs = there.scan(bounds);
  const forwards = bounds.reverse ? -1 : 1;
  const isSame = sameness(here, there);
  try {
    let isHere = mine.next();
    let isThere = theirs.next();
    while (isHere || isThere) {
      const side = isHere ? (isThere ? compareKeys(mine.raw, theirs.raw) * forwards : -1) : 1;
      if (side < 0) {
        const [key, value] = mine.entry();
        yield { kind: "removed", key, here: value, there: undefined };
      } else if (side > 0) {
        const [key, value] = theirs.entry();
        yield { kind: "added", key, here: undefined, there: value };
      } else if (!isSame(mine, theirs)) {
        const [key, value] = mine.entry();
        yield { kind: "changed", key, here: value, there: theirs.value() };
      }
      if (side <= 0) isHere = mine.next();
      if (side >= 0) isThere = theirs.next();
    }
  } finally {
    mine.stop();
    theirs.stop();
  }
  return undefined;
}

/** The order of the keys of two entries. */
function compareKeys(a: RawEntry, b: RawEntry): number {
  const { keyBytes: mine, keyStart: aStart } = a;
  const { keyBytes: theirs, keyStart: bStart } = b;
  const aLength = a.keyEnd - aStart;
  const bLength = b.keyEnd - bStart;
  const shared = Math.min(aLength, bLength);
  for (let i = 0; i < shared; i++) {
    const difference = mine[aStart + i]! - theirs[bStart + i]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}

/** How the values of two entries are compared. */
function sameness<K, V>(
  { values }: Side<K, V>,
  there: Side<K, V>,
): (mine: SideScan<K, V>, theirs: SideScan<K, V>) => boolean {
  if (values === undefined) return (mine, theirs) => Object.is(mine.value(), theirs.value());
  if (there.values !== undefined && values.storesAs(there.values)) {
    return (mine, theirs) => mine.raw.sameValue(theirs.raw);
  }
  return (mine, theirs) => {
    try {
      return mine.raw.hasValue(values.encode(theirs.value()));
    } catch (error) {
      // What this map cannot store is none of its values.
      if (error instanceof MassTreeBadValueError) return false;
      throw error;
    }
  };
}
