// A map that is not built on OrderedMap: strings and any values in a sorted array, for one thread.

import { keyCodecs } from "@masstree/key";
import { checkRange } from "../src/range.ts";
import type { TestedMap, TestedRange } from "../src/test-suite/index.ts";

const codec = keyCodecs.string;
const scratch = new Uint8Array(2 ** 18);

interface Entry<V> {
  readonly bytes: Uint8Array;
  readonly key: string;
  value: V;
}

/** Its iterators are snapshots. It cannot be closed, verified or shared, and has no `replace`. */
export class SortedArrayMap<V> implements TestedMap<string, V> {
  #entries: Entry<V>[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get(key: string): V | undefined {
    const { found } = this.#search(encode(key));
    return found?.value;
  }

  has(key: string): boolean {
    return this.#search(encode(key)).found !== undefined;
  }

  set(key: string, value: V): this {
    const bytes = encode(key);
    const { at, found } = this.#search(bytes);
    if (found === undefined) this.#entries.splice(at, 0, { bytes, key, value });
    else found.value = value;
    return this;
  }

  delete(key: string): boolean {
    const { at, found } = this.#search(encode(key));
    if (found !== undefined) this.#entries.splice(at, 1);
    return found !== undefined;
  }

  clear(range?: TestedRange<string>): number {
    const gone = new Set(this.#range(range));
    this.#entries = this.#entries.filter((entry) => !gone.has(entry));
    return gone.size;
  }

  first(range?: TestedRange<string>): [string, V] | undefined {
    return [...this.entries(range)].at(0);
  }

  last(range?: TestedRange<string>): [string, V] | undefined {
    return [...this.entries(range)].at(-1);
  }

  entries(range?: TestedRange<string>): IterableIterator<[string, V]> {
    return each(this.#range(range).map(({ key, value }): [string, V] => [key, value]));
  }

  keys(range?: TestedRange<string>): IterableIterator<string> {
    return each(this.#range(range).map(({ key }) => key));
  }

  values(range?: TestedRange<string>): IterableIterator<V> {
    return each(this.#range(range).map(({ value }) => value));
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.entries();
  }

  forEach(callback: (value: V, key: string, map: unknown) => void, thisArg?: unknown): void {
    if (typeof callback !== "function") throw new TypeError("forEach takes a function.");
    for (const [key, value] of this) callback.call(thisArg, value, key, this);
  }

  #range(range: unknown): Entry<V>[] {
    const { lower, lowerInclusive, upper, upperInclusive, reverse, offset, limit } = checkRange(
      range,
      codec,
    );
    const above = ({ bytes }: Entry<V>) =>
      lower === undefined || Buffer.compare(bytes, lower) >= (lowerInclusive ? 0 : 1);
    const below = ({ bytes }: Entry<V>) =>
      upper === undefined || Buffer.compare(bytes, upper) <= (upperInclusive ? 0 : -1);
    const found = this.#entries.filter((entry) => above(entry) && below(entry));
    if (reverse) found.reverse();
    return found.slice(offset, offset + limit);
  }

  #search(bytes: Uint8Array): { at: number; found: Entry<V> | undefined } {
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(this.#entries[middle]!.bytes, bytes) < 0) low = middle + 1;
      else high = middle;
    }
    const entry = this.#entries[low];
    const found = entry !== undefined && Buffer.compare(entry.bytes, bytes) === 0;
    return { at: low, found: found ? entry : undefined };
  }
}

function encode(key: string): Uint8Array {
  return scratch.slice(0, codec.encode(key, scratch, 0));
}

function* each<T>(list: readonly T[]): IterableIterator<T> {
  yield* list;
}
