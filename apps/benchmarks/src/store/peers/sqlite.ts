// SQLite, through better-sqlite3 and through Node's own module. Both have the same calls here, and the same settings: a
// write-ahead log, and a sync for each commit.
import { join } from "node:path";
import { type Entry, type OpenStore, optional, type StorePeer, weightOf } from "../peer.ts";

/** What is used of both packages. */
interface Statement {
  run(...values: unknown[]): unknown;
  get(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
}

interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  close(): void;
}

class SqliteStore implements OpenStore {
  readonly #db: Database;
  readonly #set: Statement;
  readonly #get: Statement;
  readonly #range: Statement;

  constructor(db: Database) {
    this.#db = db;
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    db.exec("CREATE TABLE IF NOT EXISTS entries (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID");
    this.#set = db.prepare(
      "INSERT INTO entries VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v",
    );
    this.#get = db.prepare("SELECT v FROM entries WHERE k = ?");
    this.#range = db.prepare("SELECT k, v FROM entries WHERE k >= ? ORDER BY k LIMIT ?");
  }

  put(key: string, value: string): void {
    this.#set.run(key, value);
  }

  putAll(all: readonly Entry[]): void {
    this.#db.exec("BEGIN IMMEDIATE");
    for (const [key, value] of all) this.#set.run(key, value);
    this.#db.exec("COMMIT");
  }

  get(key: string): string | undefined {
    return (this.#get.get(key) as { v: string } | undefined)?.v;
  }

  scan(from: string, limit: number): { seen: number; sum: number } {
    let seen = 0;
    let sum = 0;
    for (const { v } of this.#range.all(from, limit) as { v: string }[]) {
      seen++;
      sum += weightOf(v);
    }
    return { seen, sum };
  }

  close(): void {
    this.#db.close();
  }
}

type DatabaseClass = new (path: string) => Database;

async function openBetter(directory: string): Promise<SqliteStore> {
  const howTo = "See 'store' in the README of apps/benchmarks for how to build it.";
  const name = "better-sqlite3";
  const db = await optional(async () => {
    const { default: Database } = (await import(name)) as { default: DatabaseClass };
    return new Database(join(directory, "better.db"));
  }, howTo);
  return new SqliteStore(db);
}

async function openNode(directory: string): Promise<SqliteStore> {
  const name = "node:sqlite";
  const { DatabaseSync } = await optional(
    async () => (await import(name)) as { DatabaseSync: DatabaseClass },
    "Node has it from version 22.5 on.",
  );
  return new SqliteStore(new DatabaseSync(join(directory, "node.db")));
}

export const betterSqlite: StorePeer = {
  name: "better-sqlite3",
  description: "SQLite: a native module; a write-ahead log, synced for each commit",
  open: openBetter,
  attach: openBetter,
};

export const nodeSqlite: StorePeer = {
  name: "node:sqlite",
  description: "SQLite in Node itself; a write-ahead log, synced for each commit",
  open: openNode,
  attach: openNode,
};
