// This project's store.
import { join } from "node:path";
import { BTreeStore, bucket, type StoreHandle } from "@masstree/btree-store";
import { type Entry, type OpenStore, type StorePeer, weightOf } from "../peer.ts";

const entries = bucket("entries", { value: "utf8" });

class OwnStore implements OpenStore {
  readonly #store: BTreeStore;

  constructor(store: BTreeStore) {
    this.#store = store;
  }

  put(key: string, value: string): void {
    this.#store.write(entries, (txn) => {
      txn.set(key, value);
    });
  }

  putAll(all: readonly Entry[]): void {
    this.#store.write(entries, (txn) => {
      txn.setMany(all);
    });
  }

  reading<R>(run: (get: (key: string) => string | undefined) => R): R {
    return this.#store.read(entries, (txn) => run((key) => txn.get(key)));
  }

  get(key: string): string | undefined {
    return this.#store.read(entries, (txn) => txn.get(key));
  }

  scan(from: string, limit: number): { seen: number; sum: number } {
    return this.#store.read(entries, (txn) => {
      let seen = 0;
      let sum = 0;
      for (const [, value] of txn.entries({ gte: from, limit })) {
        seen++;
        sum += weightOf(value);
      }
      return { seen, sum };
    });
  }

  handle(): StoreHandle {
    return this.#store.handle;
  }

  close(): void {
    this.#store.close();
  }
}

export const btreeStore: StorePeer = {
  name: "btree-store",
  description: 'this project\'s store, with durability "sync"',
  open: (directory) => new OwnStore(BTreeStore.open(join(directory, "own.db"))),
  attach: (_, handle) => new OwnStore(BTreeStore.attach(handle as StoreHandle)),
};
