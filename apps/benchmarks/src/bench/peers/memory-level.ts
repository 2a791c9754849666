// An in-memory database with the interface of Level, on the heap of one thread. It writes with promises.
import { MemoryLevel } from "memory-level";
import {
  type Key,
  onlyOneThread,
  type Peer,
  type PeerMap,
  plainNumbers,
  type Query,
} from "./peer.ts";

type Database = MemoryLevel<Key, unknown>;

/** Entries that the iterator hands over at once. */
const AT_ONCE = 1000;

class LevelMap implements PeerMap {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async size(): Promise<number> {
    let size = 0;
    const iterator = this.#db.keys();
    for (
      let keys = await iterator.nextv(AT_ONCE);
      keys.length > 0;
      keys = await iterator.nextv(AT_ONCE)
    ) {
      size += keys.length;
    }
    await iterator.close();
    return size;
  }

  /** It can read without a promise, which is faster. */
  get(key: Key): unknown {
    return this.#db.getSync(key);
  }

  set(key: Key, value: unknown): Promise<void> {
    return this.#db.put(key, value);
  }

  delete(key: Key): Promise<void> {
    return this.#db.del(key);
  }

  getMany(keys: readonly Key[]): Promise<unknown[]> {
    return this.#db.getMany(keys as Key[]);
  }

  entries(): AsyncIterable<unknown> {
    return inParts(this.#db, {});
  }

  range({
    from,
    reverse = false,
    prefix,
    limit,
  }: Query): Promise<unknown[]> | AsyncIterable<unknown> {
    const options = {
      ...(from !== undefined && (reverse ? { lte: from } : { gte: from })),
      // No key has the greatest code point.
      ...(prefix !== undefined && { gte: prefix, lt: `${prefix}\u{10ffff}` }),
      ...(limit !== undefined && { limit }),
      reverse,
    };
    return limit === undefined ? inParts(this.#db, options) : this.#db.iterator(options).all();
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

async function* inParts(db: Database, options: object): AsyncGenerator<unknown> {
  const iterator = db.iterator(options);
  try {
    for (
      let part = await iterator.nextv(AT_ONCE);
      part.length > 0;
      part = await iterator.nextv(AT_ONCE)
    )
      yield* part;
  } finally {
    await iterator.close();
  }
}

async function open(type: string): Promise<Database> {
  const db: Database = new MemoryLevel<Key, unknown>({
    keyEncoding: type === "bytes" ? "view" : "utf8",
    valueEncoding: "json",
  });
  await db.open();
  return db;
}

export const memoryLevel: Peer = {
  name: "memory-level",
  description:
    "an in-memory database with Level's interface, on the heap of one thread; writes are promises",
  own: false,
  memory: "heap",
  async: true,
  package: "memory-level",
  ...plainNumbers,
  cannot: {
    ...onlyOneThread,
    setIfAbsent: "it has no such step",
    increment: "it has no such step",
    modify: "it has no such step",
    forEach: "it has no such call",
    open: "it cannot be sent to another thread",
  },
  refuses: ({ type }) =>
    type === "number" || type === "tuple" ? "its keys are strings or bytes" : undefined,
  create: async ({ type }) => new LevelMap(await open(type)),
  async load({ type }, keys, values) {
    const db = await open(type);
    const all = keys.map((key, i) => ({ type: "put" as const, key, value: values[i] }));
    await db.batch(all);
    return new LevelMap(db);
  },
};
