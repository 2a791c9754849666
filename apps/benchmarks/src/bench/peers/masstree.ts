// This project's maps in shared memory, through their public API.
import { tuple } from "@masstree/key";
import { MassTree, MassTreeInline } from "masstree";
import { settle } from "../../maps/occupied.ts";
import {
  type Key,
  type KeyType,
  type MapFacts,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

type Shared = MassTree<unknown, never> | MassTreeInline<number, never>;

/** The option that both classes call `key`. */
export function keyOption(type: KeyType): never {
  return (type === "tuple" ? tuple("string", "number") : type) as never;
}

abstract class SharedTree<Tree extends Shared> implements PeerMap {
  readonly tree: Tree;

  constructor(tree: Tree) {
    this.tree = tree;
  }

  size(): number {
    return this.tree.size;
  }

  abstract get(key: Key): unknown;
  abstract set(key: Key, value: unknown): unknown;
  abstract increment(key: Key): unknown;
  abstract waitFor(key: Key, number: number): unknown;

  delete(key: Key): boolean {
    return this.tree.delete(key as never);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    return this.tree.setIfAbsent(key as never, value as never);
  }

  modify(key: Key, value: unknown): unknown {
    return this.tree.exchange(key as never, value as never);
  }

  getMany(keys: readonly Key[]): unknown[] {
    return this.tree.getMany(keys as never);
  }

  entries(): Iterable<unknown> {
    return this.tree.entries();
  }

  forEach(): number {
    let seen = 0;
    (this.tree as MassTree<unknown>).forEach((value) => {
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
    return settle(this.tree as never).live;
  }

  handle(): unknown {
    return this.tree.handle;
  }

  close(): void {
    this.tree.close();
  }
}

class Boxed extends SharedTree<MassTree<unknown, never>> {
  readonly #peer: Peer;

  constructor(tree: MassTree<unknown, never>, peer: Peer) {
    super(tree);
    this.#peer = peer;
  }

  get(key: Key): unknown {
    return this.tree.get(key as never);
  }

  set(key: Key, value: unknown): unknown {
    return this.tree.set(key as never, value);
  }

  increment(key: Key): unknown {
    const { value, numberOf } = this.#peer;
    return this.tree.update(key as never, (old) => value(numberOf(old) + 1));
  }

  waitFor(key: Key, number: number): unknown {
    const { numberOf } = this.#peer;
    return this.tree.waitForSync(key as never, { until: (value) => numberOf(value) === number });
  }
}

class Inline extends SharedTree<MassTreeInline<number, never>> {
  get(key: Key): unknown {
    return this.tree.get(key as never);
  }

  set(key: Key, value: unknown): unknown {
    return this.tree.set(key as never, value as number);
  }

  increment(key: Key): unknown {
    return this.tree.add(key as never, 1);
  }

  waitFor(key: Key, number: number): unknown {
    return this.tree.waitForSync(key as never, { until: (value) => value === number });
  }
}

const shared = {
  own: true,
  memory: "shared",
  async: false,
  package: "masstree",
  cannot: {},
} as const;

function* entriesOf(
  keys: readonly Key[],
  values: readonly unknown[],
): Generator<readonly [never, never]> {
  for (let i = 0; i < keys.length; i++) yield [keys[i] as never, values[i] as never];
}

export const massTreeInline: Peer = {
  ...shared,
  name: "MassTreeInline",
  description: "this project's map of numbers, in memory that threads share",
  ...plainNumbers,
  create: ({ type }) =>
    new Inline(new MassTreeInline({ key: keyOption(type), value: "u32" }) as never),
  load: ({ type }, keys, values) =>
    new Inline(
      MassTreeInline.fromSorted(entriesOf(keys, values), {
        key: keyOption(type),
        value: "u32",
      }) as never,
    ),
  attach: (handle, { type }) =>
    new Inline(MassTreeInline.attach(handle as never, { key: keyOption(type) }) as never),
};

function boxed(
  codec: "json" | "utf8",
  parts: Pick<Peer, "description" | "value" | "numberOf">,
): Peer {
  const options = ({ type }: MapFacts) => ({ key: keyOption(type), value: codec }) as never;
  const peer: Peer = {
    ...shared,
    name: `MassTree (${codec})`,
    ...parts,
    create: (place) => new Boxed(new MassTree(options(place)) as never, peer),
    load: (place, keys, values) =>
      new Boxed(MassTree.fromSorted(entriesOf(keys, values), options(place)) as never, peer),
    attach: (handle, { type }) =>
      new Boxed(MassTree.attach(handle as never, { key: keyOption(type) }) as never, peer),
  };
  return peer;
}

export const massTreeJson = boxed("json", {
  description:
    'this project\'s map of any values, in memory that threads share; values such as {"n":123456}',
  value: (number) => ({ n: number }),
  numberOf: (value) => (value as { n: number }).n,
});

export const massTreeText = boxed("utf8", {
  description: "the same with text as values, such as `value 123456`",
  value: (number) => `value ${number}`,
  numberOf: (value) => Number((value as string).slice(6)),
});
