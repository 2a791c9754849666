// A Map whose keys are sorted when an order is asked for. The sorted keys are kept until a key comes or goes, as a
// program would keep them.
import { mapRefuses } from "./map.ts";
import { type Compare, comparisonFor } from "./order.ts";
import {
  type Key,
  type MapFacts,
  onlyOneThread,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

class SortedMap implements PeerMap {
  readonly map = new Map<Key, unknown>();
  readonly #compare: Compare;
  readonly #native: boolean;
  #sorted: Key[] | undefined;

  constructor(facts: MapFacts) {
    this.#compare = comparisonFor(facts);
    // Without a comparison, the engine sorts strings itself, by UTF-16 units.
    this.#native = facts.type === "string" && facts.ascii;
  }

  size(): number {
    return this.map.size;
  }

  get(key: Key): unknown {
    return this.map.get(key);
  }

  set(key: Key, value: unknown): void {
    const before = this.map.size;
    this.map.set(key, value);
    if (this.map.size !== before) this.#sorted = undefined;
  }

  delete(key: Key): boolean {
    const found = this.map.delete(key);
    if (found) this.#sorted = undefined;
    return found;
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    if (this.map.has(key)) return false;
    this.set(key, value);
    return true;
  }

  increment(key: Key): void {
    this.set(key, (this.map.get(key) as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    const old = this.map.get(key);
    this.set(key, value);
    return old;
  }

  entries(): Iterable<unknown> {
    return this.range({});
  }

  *range({ from, reverse = false, prefix, limit = Infinity }: Query): Generator<unknown> {
    const keys = this.#keys();
    let position = reverse ? keys.length - 1 : 0;
    const bound = from ?? prefix;
    // Descending, the first key is the last one that is not above the bound.
    if (bound !== undefined)
      position = reverse ? this.#rank(keys, bound, true) - 1 : this.#rank(keys, bound, false);
    for (let left = limit; left > 0 && position >= 0 && position < keys.length; left--) {
      const key = keys[position]!;
      if (prefix !== undefined && !(key as string).startsWith(prefix)) return;
      yield [key, this.map.get(key)];
      position += reverse ? -1 : 1;
    }
  }

  #keys(): Key[] {
    this.#sorted ??= this.#native
      ? [...this.map.keys()].sort()
      : [...this.map.keys()].sort(this.#compare);
    return this.#sorted;
  }

  /** How many keys are below `key`, or with `equal` not above it. */
  #rank(keys: readonly Key[], key: Key, equal: boolean): number {
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const order = this.#compare(keys[middle]!, key);
      if (order < 0 || (equal && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export const sortedMap: Peer = {
  name: "Map + sort",
  description:
    "a Map whose keys are sorted when an order is needed, and kept until a key comes or goes",
  own: false,
  memory: "heap",
  async: false,
  package: "node",
  ...plainNumbers,
  cannot: {
    ...onlyOneThread,
    getMany: "it has no call for many keys",
    forEach: "it is that of Map",
    load: "it is that of Map",
    open: "it is that of Map",
  },
  refuses: mapRefuses,
  create: (place) => new SortedMap(place),
};
