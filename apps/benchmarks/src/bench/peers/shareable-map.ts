// ShareableMap of the `shared-memory-datastructures` package: an unordered map in shared memory, without locks.
import { createRequire } from "node:module";
import { type Key, noOrder, type Peer, type PeerMap, plainNumbers } from "./peer.ts";

// The package is CommonJS. Tools disagree on how to import it, but all agree on how to require it.
type Package = typeof import("shared-memory-datastructures");
const require = createRequire(import.meta.url);

type State = { indexBuffer: SharedArrayBuffer; dataBuffer: SharedArrayBuffer };

class Shareable implements PeerMap {
  readonly #map: Map<Key, unknown> & { toTransferableState(): unknown };

  constructor(map: Map<Key, unknown>) {
    this.#map = map as never;
  }

  size(): number {
    return this.#map.size;
  }

  get(key: Key): unknown {
    return this.#map.get(key);
  }

  set(key: Key, value: unknown): unknown {
    return this.#map.set(key, value);
  }

  delete(key: Key): boolean {
    return this.#map.delete(key);
  }

  setIfAbsent(key: Key, value: unknown): boolean {
    if (this.#map.has(key)) return false;
    this.#map.set(key, value);
    return true;
  }

  increment(key: Key): void {
    this.#map.set(key, (this.#map.get(key) as number) + 1);
  }

  modify(key: Key, value: unknown): unknown {
    const old = this.#map.get(key);
    this.#map.set(key, value);
    return old;
  }

  entries(): Iterable<unknown> {
    return this.#map.entries();
  }

  sharedBytes(): number {
    const { indexBuffer, dataBuffer } = this.#map.toTransferableState() as State;
    return indexBuffer.byteLength + dataBuffer.byteLength;
  }

  handle(): unknown {
    return this.#map.toTransferableState();
  }
}

const load = (): Package["ShareableMap"] =>
  (require("shared-memory-datastructures") as Package).ShareableMap;

export const shareableMap: Peer = {
  name: "ShareableMap",
  description: "shared-memory-datastructures: an unordered map in shared memory, without locks",
  own: false,
  memory: "shared",
  async: false,
  package: "shared-memory-datastructures",
  ...plainNumbers,
  cannot: {
    range: noOrder,
    getMany: "it has no call for many keys",
    forEach: "its forEach visits no entry in this version",
    waitFor: "it has no such call",
    load: "it inserts one entry after the other",
    share: "it has no locks, so that only one thread may write",
  },
  refuses: ({ type }) =>
    type === "bytes" || type === "tuple" ? "its keys are strings or numbers" : undefined,
  create: ({ size }) =>
    new Shareable(new (load())<Key, unknown>({ expectedSize: Math.max(16, size) })),
  attach: (handle) => new Shareable(load().fromTransferableState<Key, unknown>(handle as never)),
};
