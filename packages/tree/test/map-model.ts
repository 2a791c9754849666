// A naive model of the maps, a sorted array, and the property that a map does as its model does
// whatever is done to both.
import fc from "fast-check";
import { expect } from "vitest";
import type { KeyName, KeyType, Range } from "../src/index.ts";

/** What the property asks of a map, whichever class it is of. */
export interface MapLike<K extends KeyType, V> extends Iterable<[K, V]> {
  readonly size: number;
  get(key: K): V | undefined;
  set(key: K, value: V): unknown;
  has(key: K): boolean;
  delete(key: K): boolean;
  first(): [K, V] | undefined;
  last(): [K, V] | undefined;
  clear(): void;
  forEach(callback: (value: V, key: K) => void): void;
  entries(range: Range<K>): Iterable<[K, V]>;
  keys(range: Range<K>): Iterable<K>;
  values(range: Range<K>): Iterable<V>;
  close(): void;
}

/** One kind of key: how to draw keys that collide in all ways, and how they are ordered. */
export interface KeyKind<K extends KeyType> {
  readonly name: KeyName;
  readonly keys: fc.Arbitrary<K>;
  compare(a: K, b: K): number;
  /** The beginning of a key, if keys of this kind have prefixes. */
  cut?(key: K, length: number): K;
  hasPrefix?(key: K, prefix: K): boolean;
}

const bytesOf = (text: string) => new TextEncoder().encode(text);
const startsWith = (key: Uint8Array, prefix: Uint8Array) =>
  key.length >= prefix.length && prefix.every((byte, i) => key[i] === byte);

// Lengths about the borders of slices, few distinct bytes, long shared prefixes.
const lengths = fc.oneof(fc.constantFrom(0, 1, 7, 8, 9, 15, 16, 17, 24, 25), fc.nat(40));
const bytes = lengths.chain((length) =>
  fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc
      .array(fc.constantFrom(0, 1, 0xff), { minLength: length, maxLength: length })
      .map((list) => Uint8Array.from(list)),
  ),
);
const shared = fc.constantFrom("", "", "/shared", "/shared/prefix/of/forty/characters/each/");
const strings = fc
  .tuple(
    shared,
    fc.oneof(
      lengths.chain((length) =>
        fc.string({ unit: fc.constantFrom("\0", "a", "b"), minLength: length, maxLength: length }),
      ),
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.nat(99999).map(String),
    ),
  )
  .map(([start, rest]) => start + rest);

export const stringKeys: KeyKind<string> = {
  name: "string",
  keys: strings,
  compare: (a, b) => Buffer.compare(bytesOf(a), bytesOf(b)),
  cut: (key, length) => [...key].slice(0, length).join(""),
  hasPrefix: (key, prefix) => startsWith(bytesOf(key), bytesOf(prefix)),
};

export const bytesKeys: KeyKind<Uint8Array> = {
  name: "bytes",
  keys: bytes,
  compare: (a, b) => Buffer.compare(a, b),
  cut: (key, length) => key.slice(0, length),
  hasPrefix: startsWith,
};

export const numberKeys: KeyKind<number> = {
  name: "number",
  keys: fc.oneof(
    fc.double({ noNaN: true }),
    fc.integer({ min: -50, max: 50 }),
    fc.constantFrom(0, -0, Number.MIN_VALUE, Number.MAX_VALUE),
  ),
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
};

export const bigintKeys: KeyKind<bigint> = {
  name: "bigint",
  keys: fc.oneof(
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
    fc.bigInt(-50n, 50n),
    fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
  ),
  compare: (a, b) => (a === b ? 0 : a < b ? -1 : 1),
};

/** Entries in key order. */
export class SortedModel<K extends KeyType, V> {
  readonly kind: KeyKind<K>;
  entries: [K, V][] = [];

  constructor(kind: KeyKind<K>) {
    this.kind = kind;
  }

  get(key: K): V | undefined {
    return this.entries.find(([other]) => this.kind.compare(key, other) === 0)?.[1];
  }

  set(key: K, value: V): void {
    const at = this.entries.findIndex(([other]) => this.kind.compare(key, other) <= 0);
    if (at < 0) this.entries.push([key, value]);
    else if (this.kind.compare(key, this.entries[at]![0]) === 0) this.entries[at]![1] = value;
    else this.entries.splice(at, 0, [key, value]);
  }

  delete(key: K): boolean {
    const at = this.entries.findIndex(([other]) => this.kind.compare(key, other) === 0);
    if (at >= 0) this.entries.splice(at, 1);
    return at >= 0;
  }

  range({ gt, gte, lt, lte, prefix, reverse, limit }: Range<K>): [K, V][] {
    const { compare, hasPrefix } = this.kind;
    const found = this.entries.filter(
      ([key]) =>
        (gt === undefined || compare(key, gt as K) > 0) &&
        (gte === undefined || compare(key, gte as K) >= 0) &&
        (lt === undefined || compare(key, lt as K) < 0) &&
        (lte === undefined || compare(key, lte as K) <= 0) &&
        (prefix === undefined || hasPrefix!(key, prefix as K)),
    );
    if (reverse) found.reverse();
    return found.slice(0, limit);
  }
}

/** What may be done to a map; keys are chosen by number from a small pool, so that they meet again. */
type Step<V> =
  | { do: "set"; key: number; value: V }
  | { do: "delete" | "get" | "has"; key: number }
  | { do: "first" | "last" | "size" | "clear" | "forEach" }
  | { do: "entries" | "keys" | "values"; range: Bounds };

interface Bounds {
  gt: number | undefined;
  gte: number | undefined;
  lt: number | undefined;
  lte: number | undefined;
  prefix: [key: number, length: number] | undefined;
  reverse: boolean | undefined;
  limit: number | undefined;
}

function stepsOf<V>(values: fc.Arbitrary<V>): fc.Arbitrary<Step<V>[]> {
  const key = fc.nat(1000);
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
    fc.option(arbitrary, { nil: undefined, freq: 2 });
  const bound = fc.option(key, { nil: undefined, freq: 1 });
  const range = fc.record({
    gt: bound,
    gte: bound,
    lt: bound,
    lte: bound,
    prefix: maybe(fc.tuple(key, fc.nat(12))),
    reverse: maybe(fc.boolean()),
    limit: maybe(fc.nat(20)),
  });
  const step: fc.Arbitrary<Step<V>> = fc.oneof(
    { weight: 10, arbitrary: fc.record({ do: fc.constant("set" as const), key, value: values }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant("delete" as const), key }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constantFrom("get" as const, "has" as const), key }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom("first" as const, "last" as const, "size" as const, "forEach" as const),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constantFrom("entries" as const, "keys" as const, "values" as const),
        range,
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: "clear" as const }) },
  );
  return fc.array(step, { maxLength: 120, size: "max" });
}

/**
 * Asserts that maps do as the model does.
 *
 * @param create makes an empty map
 * @param check runs at the end, before the map is closed: `verify`
 */
export function assertLikeModel<K extends KeyType, V, Map extends MapLike<K, V>>(
  kind: KeyKind<K>,
  values: fc.Arbitrary<V>,
  create: () => Map,
  check: (map: Map) => void,
  numRuns: number,
): void {
  const pool = fc.array(kind.keys, { minLength: 1, maxLength: 60, size: "max" });
  fc.assert(
    fc.property(pool, stepsOf(values), (keys, steps) => {
      const map = create();
      const model = new SortedModel<K, V>(kind);
      const keyOf = (number: number) => keys[number % keys.length]!;
      for (const step of steps) run(map, model, step, keyOf);
      expect([...map]).toEqual(normal(model.entries));
      expect(map.size).toBe(model.entries.length);
      check(map);
      map.close();
    }),
    { numRuns },
  );
}

function run<K extends KeyType, V>(
  map: MapLike<K, V>,
  model: SortedModel<K, V>,
  step: Step<V>,
  keyOf: (number: number) => K,
): void {
  switch (step.do) {
    case "set":
      expect(map.set(keyOf(step.key), step.value)).toBe(map);
      model.set(keyOf(step.key), step.value);
      break;
    case "delete":
      expect(map.delete(keyOf(step.key))).toBe(model.delete(keyOf(step.key)));
      break;
    case "get":
      expect(map.get(keyOf(step.key))).toEqual(model.get(keyOf(step.key)));
      break;
    case "has":
      expect(map.has(keyOf(step.key))).toBe(model.get(keyOf(step.key)) !== undefined);
      break;
    case "first":
      expect(map.first()).toEqual(normal(model.entries)[0]);
      break;
    case "last":
      expect(map.last()).toEqual(normal(model.entries).at(-1));
      break;
    case "size":
      expect(map.size).toBe(model.entries.length);
      break;
    case "clear":
      map.clear();
      model.entries = [];
      break;
    case "forEach": {
      const seen: [K, V][] = [];
      map.forEach((value, key) => {
        seen.push([key, value]);
      });
      expect(seen).toEqual(normal(model.entries));
      break;
    }
    default: {
      const range = rangeOf(model.kind, step.range, keyOf);
      const wanted = normal(model.range(range));
      const part = {
        entries: wanted,
        keys: wanted.map(([k]) => k),
        values: wanted.map(([, v]) => v),
      };
      expect([...map[step.do](range)]).toEqual(part[step.do]);
    }
  }
}

function rangeOf<K extends KeyType>(
  kind: KeyKind<K>,
  { gt, gte, lt, lte, prefix, reverse, limit }: Bounds,
  keyOf: (number: number) => K,
): Range<K> {
  const bound = (number: number | undefined) => (number === undefined ? undefined : keyOf(number));
  const range: Record<string, unknown> = { reverse, limit };
  Object.assign(range, { gt: bound(gt), gte: bound(gte), lt: bound(lt), lte: bound(lte) });
  if (prefix === undefined || !kind.cut) return range as Range<K>;
  return { ...range, prefix: kind.cut(keyOf(prefix[0]), prefix[1]) } as Range<K>;
}

/** -0 as a key comes back as 0. */
function normal<K, V>(entries: [K, V][]): [K, V][] {
  return entries.map(([key, value]) => [Object.is(key, -0) ? (0 as K) : key, value]);
}
