// The B+ tree of the `sorted-btree` package, on the heap of one thread.
import { BTree, simpleComparator } from "../../maps/sorted-btree.ts";
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

type Tree = InstanceType<typeof BTree<Key, unknown>>;

class SortedBTree implements PeerMap {
  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  size(): number {
    return this.tree.size;
  }

  get(key: Key): unknown {
    return this.tree.get(key);
  }

  set(key: Key, value: unknown): boolean {
    return this.tree.set(key, value);
  }

  delete(key: Key): boolean {
    return this.tree.delete(key);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    return this.tree.setIfNotPresent(key, value);
  }

  increment(key: Key): void {
    this.tree.set(key, (this.tree.get(key) as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    const old = this.tree.get(key);
    this.tree.set(key, value);
    return old;
  }

  entries(): Iterable<unknown> {
    return this.tree.entries();
  }

  forEach(): number {
    let seen = 0;
    this.tree.forEachPair((_, value) => {
      if (value !== undefined) seen++;
    });
    return seen;
  }

  range({ from, reverse, prefix }: Query): Iterable<unknown> {
    if (prefix !== undefined) return withPrefix(this.tree, prefix);
    return reverse ? this.tree.entriesReversed(from) : this.tree.entries(from);
  }
}

function* withPrefix(tree: Tree, prefix: string): Generator<unknown> {
  for (const entry of tree.entries(prefix)) {
    if (!(entry[0] as string).startsWith(prefix)) return;
    yield entry;
  }
}

/** The package's own comparison is the faster one where it is right. */
function comparison(facts: MapFacts): Compare {
  const { type, ascii } = facts;
  if (type === "number" || (type === "string" && ascii)) return simpleComparator as Compare;
  return comparisonFor(facts);
}

export const sortedBTree: Peer = {
  name: "sorted-btree",
  description: "a B+ tree on the heap of one thread",
  own: false,
  memory: "heap",
  async: false,
  package: "sorted-btree",
  ...plainNumbers,
  cannot: {
    ...onlyOneThread,
    getMany: "it has no call for many keys",
    open: "it cannot be sent to another thread",
  },
  create: (place) => new SortedBTree(new BTree<Key, unknown>(undefined, comparison(place))),
  load: (place, keys, values) =>
    new SortedBTree(
      new BTree<Key, unknown>(
        keys.map((key, i) => [key, values[i]]),
        comparison(place),
      ),
    ),
};
