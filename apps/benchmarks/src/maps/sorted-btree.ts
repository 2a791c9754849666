// The B+ tree from the `sorted-btree` package, which lives on the heap of one thread.
import { createRequire } from "node:module";
import type { OrderedMap, Range, Subject } from "./contract.ts";
import { afterPrefix, byCodePoint } from "./native-map.ts";

// The package is CommonJS. Tools disagree on how to import it, but all agree on how to require it.
type Package = typeof import("sorted-btree");
const sortedBtree: Package = createRequire(import.meta.url)("sorted-btree");

export const BTree: Package["default"] = sortedBtree.default;
export type BTree<K, V> = InstanceType<typeof sortedBtree.default<K, V>>;
/** The package's fastest comparison for strings and numbers. For ASCII, it agrees with byte order. */
export const simpleComparator: Package["simpleComparator"] = sortedBtree.simpleComparator;

class Sorted implements OrderedMap {
  readonly #tree: BTree<string, unknown>;

  constructor(ascii: boolean) {
    this.#tree = new BTree(undefined, ascii ? simpleComparator : byCodePoint);
  }

  get size(): number {
    return this.#tree.size;
  }

  get(key: string): unknown {
    return this.#tree.get(key);
  }

  has(key: string): boolean {
    return this.#tree.has(key);
  }

  set(key: string, value: unknown): boolean {
    return this.#tree.set(key, value);
  }

  delete(key: string): boolean {
    return this.#tree.delete(key);
  }

  *entries({
    prefix = "",
    gte = "",
    reverse = false,
    limit = Infinity,
  }: Range = {}): Generator<readonly [string, unknown]> {
    const lowest = byCodePoint(gte, prefix) > 0 ? gte : prefix;
    let left = limit;
    if (!reverse) {
      for (const entry of this.#tree.entries(lowest)) {
        if (!entry[0].startsWith(prefix) || left-- <= 0) return;
        yield entry;
      }
      return;
    }
    for (const entry of this.#tree.entriesReversed(afterPrefix(prefix), undefined, true)) {
      if (byCodePoint(entry[0], lowest) < 0 || left-- <= 0) return;
      yield entry;
    }
  }
}

export const sortedBTree: Subject = {
  name: "sorted-btree",
  value: (i) => i,
  isValue: (found, i) => found === i,
  create: (ascii) => new Sorted(ascii),
};
