// The red-black tree of the `@js-sdsl/ordered-map` package, on the heap of one thread.
import { OrderedMap } from "@js-sdsl/ordered-map";
import { comparisonFor } from "./order.ts";
import {
  type Key,
  onlyOneThread,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

type Tree = OrderedMap<Key, unknown>;

class SdslMap implements PeerMap {
  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  size(): number {
    return this.tree.length;
  }

  get(key: Key): unknown {
    return this.tree.getElementByKey(key);
  }

  set(key: Key, value: unknown): number {
    return this.tree.setElement(key, value);
  }

  delete(key: Key): boolean {
    return this.tree.eraseElementByKey(key);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    if (this.tree.getElementByKey(key) !== undefined) return false;
    this.tree.setElement(key, value);
    return true;
  }

  increment(key: Key): void {
    this.tree.setElement(key, (this.tree.getElementByKey(key) as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    const old = this.tree.getElementByKey(key);
    this.tree.setElement(key, value);
    return old;
  }

  entries(): Iterable<unknown> {
    return this.tree;
  }

  forEach(): number {
    let seen = 0;
    this.tree.forEach(([, value]) => {
      if (value !== undefined) seen++;
    });
    return seen;
  }

  *range({ from, reverse, prefix, limit = Infinity }: Query): Generator<unknown> {
    const { tree } = this;
    const bound = from ?? prefix;
    const first = (): ReturnType<Tree["begin"]> => {
      if (reverse) return bound === undefined ? tree.rBegin() : tree.reverseLowerBound(bound);
      return bound === undefined ? tree.begin() : tree.lowerBound(bound);
    };
    const at = first();
    for (let left = limit; left > 0 && at.isAccessible(); left--) {
      const [key, value] = at.pointer;
      if (prefix !== undefined && !(key as string).startsWith(prefix)) return;
      yield [key, value];
      // A reverse iterator's `next` goes down; one from a bound is a normal iterator.
      if (reverse && bound !== undefined) {
        if (at.equals(tree.begin())) return;
        at.pre();
      } else {
        at.next();
      }
    }
  }
}

export const jsSdsl: Peer = {
  name: "js-sdsl",
  description: "OrderedMap of js-sdsl, a red-black tree on the heap of one thread",
  own: false,
  memory: "heap",
  async: false,
  package: "@js-sdsl/ordered-map",
  ...plainNumbers,
  cannot: {
    ...onlyOneThread,
    getMany: "it has no call for many keys",
    load: "it inserts one entry after the other",
    open: "it cannot be sent to another thread",
  },
  // Without positions, which the third argument would ask for: nothing here needs them.
  create: (place) => new SdslMap(new OrderedMap<Key, unknown>([], comparisonFor(place))),
};
