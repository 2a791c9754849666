// LMDB through lmdb-js, with its synchronous transactions.
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import { type Entry, type OpenStore, optional, type StorePeer, weightOf } from "../peer.ts";

class LmdbStore implements OpenStore {
  readonly #db: RootDatabase<string, string>;

  constructor(db: RootDatabase<string, string>) {
    this.#db = db;
  }

  put(key: string, value: string): void {
    this.#db.transactionSync(() => {
      this.#db.putSync(key, value);
    });
  }

  putAll(all: readonly Entry[]): void {
    this.#db.transactionSync(() => {
      for (const [key, value] of all) this.#db.putSync(key, value);
    });
  }

  get(key: string): string | undefined {
    return this.#db.get(key);
  }

  scan(from: string, limit: number): { seen: number; sum: number } {
    let seen = 0;
    let sum = 0;
    for (const { value } of this.#db.getRange({ start: from, limit })) {
      seen++;
      sum += weightOf(value);
    }
    return { seen, sum };
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

async function open(directory: string): Promise<LmdbStore> {
  const { open: openFile } = await optional(() => import("lmdb"), "");
  const db = openFile<string, string>({
    path: join(directory, "lmdb.mdb"),
    encoding: "string",
    compression: false,
    // So that a commit is on the disk when its call returns.
    overlappingSync: false,
  });
  return new LmdbStore(db);
}

export const lmdb: StorePeer = {
  name: "lmdb",
  description: "a native store in a memory-mapped file; synchronous transactions, synced",
  open,
  attach: open,
};
