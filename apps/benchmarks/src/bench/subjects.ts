// The maps that are measured, each used as its own users would use it.
import { BTree, simpleComparator } from "../maps/sorted-btree.ts";
import type { Key, KeyType } from "./kinds.ts";

/** The members that all measured maps share. They are called directly, without a wrapper. */
export interface MapLike {
  readonly size: number;
  get(key: Key): unknown;
  set(key: Key, value: unknown): unknown;
  delete(key: Key): boolean;
}

export interface BenchSubject {
  /** The name, as in `--maps` and in the tables. */
  readonly name: string;
  /** The types of keys that the map can hold by value. */
  readonly keyTypes: readonly KeyType[];
  create(type: KeyType): MapLike;
  /** The value of number `i`, which is below 2^31. */
  value(i: number): unknown;
  /** Whether `found` is the value of number `i`. */
  isValue(found: unknown, i: number): boolean;
  /** Visits all entries with for...of. Returns how many there were. */
  scan(map: MapLike): number;
  /** Visits all entries with the map's own forEach. Returns how many there were. */
  forEach(map: MapLike): number;
  /** Visits up to `limit` entries from `start` on. Absent if the map has no order. */
  scanFrom?(map: MapLike, start: Key, limit: number): number;
  /** Bytes in the map's own memory. Absent for maps on the heap. */
  occupied?(map: MapLike): number;
  close?(map: MapLike): void;
  /** What other threads attach the map with. Absent if threads cannot share it. */
  handle?(map: MapLike): unknown;
  attach?(handle: unknown): MapLike;
}

const everyType: readonly KeyType[] = ["string", "number", "bytes"];

const nativeMap: BenchSubject = {
  name: "Map",
  // Map compares byte arrays by identity, so it would find none.
  keyTypes: ["string", "number"],
  create: () => new Map<Key, unknown>(),
  value: (i) => i,
  isValue: (found, i) => found === i,
  scan(map) {
    let seen = 0;
    for (const [, value] of map as Map<Key, unknown>) if (value !== undefined) seen++;
    return seen;
  },
  forEach(map) {
    let seen = 0;
    (map as Map<Key, unknown>).forEach((value) => {
      if (value !== undefined) seen++;
    });
    return seen;
  },
};

const sortedBTree: BenchSubject = {
  name: "sorted-btree",
  keyTypes: everyType,
  create: (type) =>
    new BTree<Key, unknown>(
      undefined,
      (type === "bytes" ? Buffer.compare : simpleComparator) as (a: Key, b: Key) => number,
    ),
  value: (i) => i,
  isValue: (found, i) => found === i,
  scan(map) {
    let seen = 0;
    for (const [, value] of (map as BTree<Key, unknown>).entries()) if (value !== undefined) seen++;
    return seen;
  },
  forEach(map) {
    let seen = 0;
    (map as BTree<Key, unknown>).forEachPair((_, value) => {
      if (value !== undefined) seen++;
    });
    return seen;
  },
  scanFrom(map, start, limit) {
    let seen = 0;
    for (const [, value] of (map as BTree<Key, unknown>).entries(start)) {
      if (value !== undefined) seen++;
      if (seen === limit) break;
    }
    return seen;
  },
};

const peers: readonly BenchSubject[] = [sortedBTree, nativeMap];

/** The names of all subjects, in the order of the tables. */
export const subjectNames: readonly string[] = [
  "MassTreeInline",
  "MassTree (json)",
  "MassTree (utf8)",
  "LocalMassTree",
  "sorted-btree",
  "Map",
];

export async function loadBenchSubject(name: string): Promise<BenchSubject> {
  const { massTrees } = await import("./masstree-subjects.ts");
  const found = [...peers, ...massTrees].find((subject) => subject.name === name);
  if (found === undefined) throw new Error(`there is no subject '${name}'`);
  return found;
}
