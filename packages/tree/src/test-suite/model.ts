// What a map must do, written as simply as can be: a sorted array.
import type { KeyKind } from "./keys.ts";
import type { TestedRange } from "./map.ts";
import { same } from "./same.ts";

/** Entries in key order. */
export class SortedModel<K = unknown, V = unknown> {
  readonly #kind: KeyKind<K>;
  readonly equal: (a: unknown, b: unknown) => boolean;
  entries: [K, V][] = [];

  /** @param equal whether two values are the same, where values are compared */
  constructor(kind: KeyKind<K>, equal: (a: unknown, b: unknown) => boolean = same) {
    this.#kind = kind;
    this.equal = equal;
  }

  copy(): SortedModel<K, V> {
    const copy = new SortedModel<K, V>(this.#kind, this.equal);
    copy.entries = this.entries.map(([key, value]) => [key, value]);
    return copy;
  }

  get(key: K): V | undefined {
    const at = this.#at(key);
    return this.#isAt(at, key) ? this.entries[at]![1] : undefined;
  }

  has(key: K): boolean {
    return this.#isAt(this.#at(key), key);
  }

  set(key: K, value: V): void {
    const at = this.#at(key);
    if (this.#isAt(at, key)) this.entries[at]![1] = value;
    else this.entries.splice(at, 0, [this.#kind.stored?.(key) ?? key, value]);
  }

  delete(key: K): boolean {
    const at = this.#at(key);
    const there = this.#isAt(at, key);
    if (there) this.entries.splice(at, 1);
    return there;
  }

  range({ gt, gte, lt, lte, prefix, reverse, offset = 0, limit }: TestedRange<K> = {}): [K, V][] {
    const kind = this.#kind;
    const found = this.entries.filter(
      ([key]) =>
        (gt === undefined || kind.compare(key, gt) > 0) &&
        (gte === undefined || kind.compare(key, gte) >= 0) &&
        (lt === undefined || kind.compare(key, lt) < 0) &&
        (lte === undefined || kind.compare(key, lte) <= 0) &&
        (prefix === undefined || kind.hasPrefix!(key, prefix)),
    );
    if (reverse) found.reverse();
    return found.slice(offset, limit === undefined ? undefined : offset + limit);
  }

  /** The index of the first entry whose key is not below `key`. */
  #at(key: K): number {
    let [low, high] = [0, this.entries.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#kind.compare(this.entries[middle]![0], key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAt(at: number, key: K): boolean {
    const entry = this.entries[at];
    return entry !== undefined && this.#kind.compare(entry[0], key) === 0;
  }
}
