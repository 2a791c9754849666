// SharedMap of the `sharedmap` package: an unordered map of strings in shared memory, with locks. Its room is fixed
// when it is made, and every entry has the room of the longest.
import { createRequire } from "node:module";
import { bytes as asBytes } from "../../format.ts";
import { type Key, type MapFacts, noOrder, type Peer, type PeerMap } from "./peer.ts";

// The package's types are no TypeScript, and it is CommonJS.
interface Package {
  new (maxSize: number, keySize: number, valueSize: number): SharedMap;
  prototype: SharedMap;
}

interface Held {
  readonly lockWrite: boolean;
}

interface SharedMap {
  readonly length: number;
  readonly storage: SharedArrayBuffer;
  get(key: string, held?: Held): string | undefined;
  has(key: string, held?: Held): boolean;
  set(key: string, value: string, held?: Held): void;
  delete(key: string): void;
  keys(): Iterable<string>;
  lockWrite(): void;
  unlockWrite(): void;
}

const require = createRequire(import.meta.url);
const load = (): Package => require("sharedmap") as Package;

/** Digits of the largest value. */
const LONGEST_VALUE = 10;
/** It becomes slow when the last places are taken. */
const SPARE = 1.25;
const MOST_BYTES = 2 ** 31;

const held: Held = { lockWrite: true };

class Locked implements PeerMap {
  readonly #map: SharedMap;

  constructor(map: SharedMap) {
    this.#map = map;
  }

  size(): number {
    return this.#map.length;
  }

  get(key: Key): unknown {
    return this.#map.get(key as string);
  }

  set(key: Key, value: unknown): void {
    this.#map.set(key as string, value as string);
  }

  delete(key: Key): void {
    this.#map.delete(key as string);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    return this.#alone((map) => {
      if (map.has(key as string, held)) return false;
      map.set(key as string, value as string, held);
      return true;
    });
  }

  increment(key: Key): void {
    this.#alone((map) => {
      map.set(key as string, String(Number(map.get(key as string, held)) + 1), held);
    });
  }

  modify(key: Key, value: unknown): unknown {
    return this.#alone((map) => {
      const old = map.get(key as string, held);
      map.set(key as string, value as string, held);
      return old;
    });
  }

  *entries(): Generator<unknown> {
    for (const key of this.#map.keys()) yield [key, this.#map.get(key)];
  }

  sharedBytes(): number {
    return this.#map.storage.byteLength;
  }

  handle(): unknown {
    return this.#map;
  }

  #alone<T>(step: (map: SharedMap) => T): T {
    this.#map.lockWrite();
    try {
      return step(this.#map);
    } finally {
      this.#map.unlockWrite();
    }
  }
}

/** Places, units of a key and units of a value, each with the zero that ends it. */
function plan({ size, longestKey }: MapFacts): [number, number, number] {
  return [Math.ceil(size * SPARE) + 32, longestKey + 1, LONGEST_VALUE + 1];
}

export const sharedMap: Peer = {
  name: "SharedMap",
  description: "sharedmap: an unordered map of strings in shared memory, with locks and fixed room",
  own: false,
  memory: "shared",
  async: false,
  package: "sharedmap",
  cannot: {
    range: noOrder,
    getMany: "it has no call for many keys",
    forEach: "it has no such call",
    waitFor: "it has no such call",
    load: "it inserts one entry after the other",
  },
  refuses(facts) {
    if (facts.type !== "string") return "its keys are strings";
    const [places, key, value] = plan(facts);
    const needed = places * (key + value + 2) * 2;
    if (needed <= MOST_BYTES) return undefined;
    return `it gives every entry the room of the longest key, here ${asBytes(needed)} in all`;
  },
  value: (number) => String(number),
  numberOf: (value) => Number(value),
  create: (place) => new Locked(new (load())(...plan(place))),
  attach: (handle) => new Locked(Object.setPrototypeOf(handle, load().prototype) as SharedMap),
};
