// The timed loops. Each subject runs them in its own worker, where they see only one class of map. So
// the engine specialises them as it would specialise a user's program, and no map pays for another
// map's garbage.
import { Difference } from "../failure.ts";
import { below, randomFrom } from "../random.ts";
import { now } from "../threads/clock.ts";
import { collect, heapBytes } from "../threads/heap.ts";
import { type BenchKeys, type Key, type KeyKind, makeKeys, sortedKeys } from "./kinds.ts";
import type { BenchSubject, MapLike } from "./subjects.ts";

/** In the order in which they run. Each operation finds the map as the previous one left it. */
export const operationNames = [
  "set",
  "get",
  "get fresh",
  "update",
  "scan",
  "forEach",
  "scan 100",
  "delete",
  "sorted set",
] as const;
export type OperationName = (typeof operationNames)[number];

export const operationNotes: Record<OperationName, string> = {
  set: "new keys in random order",
  get: "every key once, in another random order, with the same objects that were inserted",
  "get fresh": "the same, but with each key string newly built, as if read from input",
  update: "a new value for every key, in random order",
  scan: "all entries with for...of; Map yields them in insertion order",
  forEach: "all entries with the map's own forEach",
  "scan 100": "scans of 100 entries that start at random keys",
  delete: "every key, in random order",
  "sorted set": "new keys in ascending order",
};

/** Number of entries that each scan of "scan 100" visits. */
const SHORT_SCAN = 100;
/** Number of keys in the warm-up run. */
const WARM_KEYS = 20_000;

export class Operations {
  readonly #subject: BenchSubject;
  readonly #kind: KeyKind;
  readonly #seed: number;
  readonly #keys: BenchKeys;
  #sorted: Key[] | undefined;
  readonly #values: unknown[];
  readonly #updates: unknown[];
  /** The text of all probes back to back. Fresh strings are cut from it. */
  #text: { bytes: Buffer; ends: Uint32Array } | undefined;
  #map: MapLike | undefined;
  #heapBefore = 0;
  readonly #stringBytes: number;

  constructor(subject: BenchSubject, kind: KeyKind, count: number, seed: number) {
    this.#subject = subject;
    this.#kind = kind;
    this.#seed = seed;
    const before = heapBytes();
    this.#keys = makeKeys(kind, count, seed);
    // Subtract the two arrays of references: the rest is what the keys themselves take.
    this.#stringBytes = heapBytes() - before - 2 * 8 * count;
    this.#values = Array.from({ length: count }, (_, i) => subject.value(i));
    this.#updates = Array.from({ length: count }, (_, i) => subject.value(i + 1));
  }

  /** Whether the operation makes sense for this subject and this kind of key. */
  can(operation: OperationName): boolean {
    if (operation === "get fresh") return this.#kind.type === "string";
    if (operation === "scan 100") return this.#subject.scanFrom !== undefined;
    return true;
  }

  /** Lets the engine compile the loops, over a small map that costs almost no time. */
  static warm(subject: BenchSubject, kind: KeyKind): void {
    const small = new Operations(subject, kind, WARM_KEYS, 1);
    for (const operation of operationNames) if (small.can(operation)) small.run(operation);
    small.release();
  }

  /** Runs an operation over all keys. Returns operations, or entries of scans, per second. */
  run(operation: OperationName): number {
    const step = this.#prepared(operation);
    collect();
    const start = now();
    const operations = step();
    const seconds = (now() - start) / 1000;
    if (operation === "delete") this.release();
    return operations / seconds;
  }

  /** Inserts all keys, unless an earlier operation did, for operations that need a full map. */
  fill(): void {
    if (this.#map === undefined) this.#prepared("set")();
  }

  /** Bytes that each key takes with its value. For maps on the heap, this includes the key strings. */
  bytesPerKey(): number {
    const map = this.#map!;
    if (this.#subject.occupied !== undefined) return this.#subject.occupied(map) / map.size;
    return (heapBytes() - this.#heapBefore + this.#stringBytes) / map.size;
  }

  release(): void {
    if (this.#map !== undefined) this.#subject.close?.(this.#map);
    this.#map = undefined;
  }

  #create(): MapLike {
    this.release();
    if (this.#subject.occupied === undefined) this.#heapBefore = heapBytes();
    this.#map = this.#subject.create(this.#kind.type);
    return this.#map;
  }

  #prepared(operation: OperationName): () => number {
    const { inserted, probes } = this.#keys;
    switch (operation) {
      case "set": {
        const map = this.#create();
        return () => setAll(map, inserted, this.#values);
      }
      case "sorted set": {
        this.#sorted ??= sortedKeys(this.#kind, inserted);
        const map = this.#create();
        return () => setAll(map, this.#sorted!, this.#values);
      }
      case "get": {
        const map = this.#filled();
        this.#sample(map);
        return () => this.#all(operation, getAll(map, probes));
      }
      case "get fresh": {
        const map = this.#filled();
        const { bytes, ends } = this.#probeText();
        return () => this.#all(operation, getFresh(map, bytes, ends));
      }
      case "update": {
        const map = this.#filled();
        return () => setAll(map, probes, this.#updates);
      }
      case "scan": {
        const map = this.#filled();
        return () => this.#all(operation, this.#subject.scan(map));
      }
      case "forEach": {
        const map = this.#filled();
        return () => this.#all(operation, this.#subject.forEach(map));
      }
      case "scan 100": {
        const map = this.#filled();
        const random = randomFrom(this.#seed, 3);
        const starts = Array.from(
          { length: Math.max(1, Math.ceil(inserted.length / SHORT_SCAN)) },
          () => inserted[below(random, inserted.length)]!,
        );
        return () => scanShort(this.#subject, map, starts);
      }
      case "delete": {
        const map = this.#filled();
        return () => this.#all(operation, deleteAll(map, probes));
      }
    }
  }

  #filled(): MapLike {
    this.fill();
    return this.#map!;
  }

  /** A figure counts only if the work was done: the operation must have met every key. */
  #all(operation: OperationName, met: number): number {
    const wanted = this.#keys.inserted.length;
    if (met === wanted) return met;
    throw new Difference(
      `${this.#subject.name}, ${this.#kind.name}: ${operation} met ${met} keys instead of ${wanted}`,
    );
  }

  /** Compares a thousand values, outside the timed loops. */
  #sample(map: MapLike): void {
    const { inserted } = this.#keys;
    for (let i = 0; i < inserted.length; i += Math.ceil(inserted.length / 1000)) {
      const found = map.get(inserted[i]!);
      if (!this.#subject.isValue(found, i) && !this.#subject.isValue(found, i + 1)) {
        throw new Difference(
          `${this.#subject.name}, ${this.#kind.name}: key ${i} has the wrong value ${String(found)}`,
        );
      }
    }
  }

  #probeText(): { bytes: Buffer; ends: Uint32Array } {
    if (this.#text === undefined) {
      const probes = this.#keys.probes as string[];
      const ends = new Uint32Array(probes.length);
      let end = 0;
      for (let i = 0; i < probes.length; i++) ends[i] = end += probes[i]!.length;
      const bytes = Buffer.alloc(end);
      for (let i = 0; i < probes.length; i++) bytes.write(probes[i]!, ends[i - 1] ?? 0, "latin1");
      this.#text = { bytes, ends };
    }
    return this.#text;
  }
}

function setAll(map: MapLike, keys: readonly Key[], values: readonly unknown[]): number {
  for (let i = 0; i < keys.length; i++) map.set(keys[i]!, values[i]);
  return keys.length;
}

function getAll(map: MapLike, keys: readonly Key[]): number {
  let found = 0;
  for (let i = 0; i < keys.length; i++) if (map.get(keys[i]!) !== undefined) found++;
  return found;
}

function getFresh(map: MapLike, bytes: Buffer, ends: Uint32Array): number {
  let found = 0;
  let start = 0;
  for (let i = 0; i < ends.length; i++) {
    const end = ends[i]!;
    if (map.get(bytes.toString("latin1", start, end)) !== undefined) found++;
    start = end;
  }
  return found;
}

function deleteAll(map: MapLike, keys: readonly Key[]): number {
  let deleted = 0;
  for (let i = 0; i < keys.length; i++) if (map.delete(keys[i]!)) deleted++;
  return deleted;
}

function scanShort(subject: BenchSubject, map: MapLike, starts: readonly Key[]): number {
  let seen = 0;
  for (const start of starts) seen += subject.scanFrom!(map, start, SHORT_SCAN);
  return seen;
}
