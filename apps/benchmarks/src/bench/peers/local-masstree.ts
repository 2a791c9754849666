// This project's map for one thread: the tree is in memory of its own, the values stay on the heap.
import { LocalMassTree } from "masstree";
import { keyOption } from "./masstree.ts";
import {
  type Key,
  onlyOneThread,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

type Tree = LocalMassTree<unknown, never>;

class Local implements PeerMap {
  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  size(): number {
    return this.tree.size;
  }

  get(key: Key): unknown {
    return this.tree.get(key as never);
  }

  set(key: Key, value: unknown): unknown {
    return this.tree.set(key as never, value);
  }

  delete(key: Key): boolean {
    return this.tree.delete(key as never);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    return this.tree.setIfAbsent(key as never, value);
  }

  increment(key: Key): unknown {
    return this.tree.update(key as never, (old) => (old as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    return this.tree.exchange(key as never, value);
  }

  getMany(keys: readonly Key[]): unknown[] {
    return this.tree.getMany(keys as never);
  }

  entries(): Iterable<unknown> {
    return this.tree.entries();
  }

  forEach(): number {
    let seen = 0;
    this.tree.forEach((value) => {
      if (value !== undefined) seen++;
    });
    return seen;
  }

  range({ from, reverse, prefix, limit }: Query): Iterable<unknown> {
    const bounds =
      prefix !== undefined ? { prefix } : reverse ? { lte: from, reverse } : { gte: from };
    return this.tree.entries({ ...bounds, limit } as never);
  }

  sharedBytes(): number {
    return this.tree.stats().liveBytes;
  }

  close(): void {
    this.tree.close();
  }
}

export const localMassTree: Peer = {
  name: "LocalMassTree",
  description: "this project's map for one thread: keys outside of the heap, values on it",
  own: true,
  memory: "heap",
  async: false,
  package: "masstree",
  ...plainNumbers,
  cannot: { ...onlyOneThread, open: "it cannot be sent to another thread" },
  create: ({ type }) => new Local(new LocalMassTree({ key: keyOption(type) }) as never),
  load: ({ type }, keys, values) =>
    new Local(
      LocalMassTree.fromSorted(
        keys.map((key, i) => [key as never, values[i]] as const),
        {
          key: keyOption(type),
        },
      ) as never,
    ),
};
