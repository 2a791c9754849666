// LevelDB through classic-level: a log-structured tree, whose writes are promises.
import { join } from "node:path";
import type { ClassicLevel } from "classic-level";
import { type Entry, type OpenStore, optional, type StorePeer, weightOf } from "../peer.ts";

class LevelStore implements OpenStore {
  readonly #db: ClassicLevel<string, string>;

  constructor(db: ClassicLevel<string, string>) {
    this.#db = db;
  }

  put(key: string, value: string): Promise<void> {
    return this.#db.put(key, value, { sync: true });
  }

  putAll(all: readonly Entry[]): Promise<void> {
    const operations = all.map(([key, value]) => ({ type: "put" as const, key, value }));
    return this.#db.batch(operations, { sync: true });
  }

  get(key: string): string | undefined {
    return this.#db.getSync(key);
  }

  async scan(from: string, limit: number): Promise<{ seen: number; sum: number }> {
    let seen = 0;
    let sum = 0;
    const iterator = this.#db.iterator({ gte: from, limit });
    try {
      // Many at a time, which is its fastest way.
      for (let batch = await iterator.nextv(1000); batch.length > 0; ) {
        for (const [, value] of batch) {
          seen++;
          sum += weightOf(value);
        }
        batch = await iterator.nextv(1000);
      }
    } finally {
      await iterator.close();
    }
    return { seen, sum };
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

export const classicLevel: StorePeer = {
  name: "classic-level",
  description: "LevelDB: a native store in files of sorted entries; writes are promises, synced",
  oneThread: "one object of one thread has it open",
  async open(directory) {
    const { ClassicLevel: Level } = await optional(() => import("classic-level"), "");
    const db = new Level<string, string>(join(directory, "level"));
    await db.open();
    return new LevelStore(db);
  },
};
