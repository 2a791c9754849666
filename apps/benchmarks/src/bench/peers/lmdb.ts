// LMDB, the native store that programs use to share an ordered map between threads: a memory-mapped file. Nothing else
// here writes to a disk, so it does not sync.
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Database, RangeOptions } from "lmdb";
import {
  type Key,
  type MapPlace,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

// An optional package: it has native code, which may not exist for a machine.
type Package = typeof import("lmdb");
const require = createRequire(import.meta.url);

type Store = Database<unknown, never>;

/** What the package declares as an object without members. */
interface Stats {
  readonly pageSize: number;
  readonly treeBranchPageCount: number;
  readonly treeLeafPageCount: number;
  readonly overflowPages: number;
}

/** The longest key of a database with the usual page size, in bytes. */
const LONGEST_KEY = 1978;

class LmdbMap implements PeerMap {
  readonly #db: Store;

  constructor(db: Store) {
    this.#db = db;
  }

  size(): number {
    return this.#db.getCount();
  }

  get(key: Key): unknown {
    return this.#db.get(key as never);
  }

  /** Promises of one turn are written in one transaction, which is how it is meant to be used. */
  set(key: Key, value: unknown): Promise<boolean> {
    return this.#db.put(key as never, value);
  }

  delete(key: Key): Promise<boolean> {
    return this.#db.remove(key as never);
  }

  setIfAbsent(key: Key, value: unknown): Promise<boolean> {
    return this.#db.ifNoExists(key as never, () => {
      this.#db.put(key as never, value);
    });
  }

  increment(key: Key): void {
    this.#db.transactionSync(() => {
      this.#db.put(key as never, (this.#db.get(key as never) as number) + 1);
    });
  }

  modify(key: Key, value: unknown): unknown {
    return this.#db.transactionSync(() => {
      const old = this.#db.get(key as never);
      this.#db.put(key as never, value);
      return old;
    });
  }

  getMany(keys: readonly Key[]): Promise<unknown[]> {
    return this.#db.getMany(keys as never);
  }

  entries(): Iterable<unknown> {
    return this.#db.getRange({});
  }

  range({ from, reverse = false, prefix, limit }: Query): Iterable<unknown> {
    const options: RangeOptions = {
      reverse,
      ...(from !== undefined && { start: from as never }),
      // No key has the greatest code point.
      ...(prefix !== undefined && { start: prefix, end: `${prefix}\u{10ffff}` }),
      ...(limit !== undefined && { limit }),
    };
    return this.#db.getRange(options);
  }

  sharedBytes(): number {
    const stats = this.#db.getStats() as Stats;
    const pages = stats.treeBranchPageCount + stats.treeLeafPageCount + stats.overflowPages;
    return stats.pageSize * pages;
  }

  /** Threads open the file by its path. */
  handle(): unknown {
    return undefined;
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

function open({ directory }: MapPlace): Store {
  const { open: openFile } = require("lmdb") as Package;
  return openFile<unknown, never>({
    path: join(directory, "map.mdb"),
    noSync: true,
    overlappingSync: false,
    compression: false,
  });
}

export const lmdb: Peer = {
  name: "lmdb",
  description:
    "a native store in a memory-mapped file, which threads share; it does not sync, writes are promises",
  own: false,
  memory: "shared",
  async: true,
  package: "lmdb",
  ...plainNumbers,
  cannot: {
    forEach: "it has no such call",
    waitFor: "it has no such call",
    load: "it has no such call",
  },
  refuses({ type, longestKey }) {
    // The usual encoding hides keys of bytes from ranges, the binary one hides some from descending ranges.
    if (type === "bytes") return "its ranges do not find all keys of bytes";
    return longestKey > LONGEST_KEY ? `its keys have at most ${LONGEST_KEY} bytes` : undefined;
  },
  async create(place) {
    const db = open(place);
    await db.clearAsync();
    return new LmdbMap(db);
  },
  attach: (_, place) => new LmdbMap(open(place)),
  pair(entry) {
    const { key, value } = entry as { key: Key; value: unknown };
    return [key, value];
  },
};
