// JavaScript's own Map, which has no order.

import { count } from "../../format.ts";
import { MAP_LIMIT } from "../../maps/native-map.ts";
import {
  type Key,
  type MapFacts,
  noOrder,
  onlyOneThread,
  type Peer,
  type PeerMap,
  plainNumbers,
} from "./peer.ts";

class NativeMap implements PeerMap {
  readonly map: Map<Key, unknown>;

  constructor(map: Map<Key, unknown>) {
    this.map = map;
  }

  size(): number {
    return this.map.size;
  }

  get(key: Key): unknown {
    return this.map.get(key);
  }

  set(key: Key, value: unknown): unknown {
    return this.map.set(key, value);
  }

  delete(key: Key): boolean {
    return this.map.delete(key);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    if (this.map.has(key)) return false;
    this.map.set(key, value);
    return true;
  }

  increment(key: Key): void {
    this.map.set(key, (this.map.get(key) as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    const old = this.map.get(key);
    this.map.set(key, value);
    return old;
  }

  entries(): Iterable<unknown> {
    return this.map;
  }

  forEach(): number {
    let seen = 0;
    this.map.forEach((value) => {
      if (value !== undefined) seen++;
    });
    return seen;
  }

  /** Another thread gets a copy: structured cloning copies the entries. */
  handle(): unknown {
    return this.map;
  }
}

/** Why a Map cannot hold such keys. */
export function mapRefuses({ type, size }: MapFacts): string | undefined {
  if (size > MAP_LIMIT) return `it holds at most ${count(MAP_LIMIT)} entries`;
  if (type === "bytes" || type === "tuple")
    return `it compares ${type === "bytes" ? "byte arrays" : "arrays"} by identity`;
  return undefined;
}

export const nativeMap: Peer = {
  name: "Map",
  description: "JavaScript's own Map, which has no order; another thread gets a copy of it",
  own: false,
  memory: "heap",
  async: false,
  package: "node",
  ...plainNumbers,
  cannot: {
    ...onlyOneThread,
    range: noOrder,
    getMany: "it has no call for many keys",
  },
  refuses: mapRefuses,
  create: () => new NativeMap(new Map()),
  load: (_, keys, values) => new NativeMap(new Map(keys.map((key, i) => [key, values[i]]))),
  attach: (handle) => new NativeMap(handle as Map<Key, unknown>),
};
