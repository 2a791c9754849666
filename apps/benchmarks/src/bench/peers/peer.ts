// What the benchmark needs from a map, and what it may ask for if the map has it.
//
// Every peer is used as its own users would use it. What it cannot do is not imitated: the adapter has no such
// method, and `cannot` says why.

/** `[tenant, number]` and the like. */
export type Tuple = readonly (string | number)[];
export type Key = string | number | Uint8Array | Tuple;
export type KeyType = "string" | "number" | "bytes" | "tuple";

/** What is known about the entries before the map is made. */
export interface MapFacts {
  readonly type: KeyType;
  /** The most entries that there will be at a time. */
  readonly size: number;
  /** Bytes of the longest key, of strings in UTF-8. Numbers and tuples have 0. */
  readonly longestKey: number;
  /** Whether all text in keys is ASCII, so that cheap comparisons give the order of bytes. */
  readonly ascii: boolean;
}

export interface MapPlace extends MapFacts {
  /** A folder of the map's own, for maps that need a file. It exists, and is deleted after the run. */
  readonly directory: string;
  /** The folder of this app's built workers, as a URL with a slash at its end. */
  readonly workers: string;
}

/** Which entries, in which order. There is one bound at most, and `reverse` comes with `from`. */
export interface Query {
  /** Ascending from this key on, or with `reverse` descending from it. */
  readonly from?: Key;
  readonly reverse?: boolean;
  readonly prefix?: string;
  readonly limit?: number;
}

/** Maps that answer with promises, and those that answer at once, share the contract. */
export type Answer<T> = T | Promise<T>;
export type Entries = Iterable<unknown> | AsyncIterable<unknown>;

/** One thread's view of a map. Methods with a question mark are capabilities. */
export interface PeerMap {
  /** Exact while nobody writes; may take as long as a scan. */
  size(): Answer<number>;
  get(key: Key): Answer<unknown>;
  set(key: Key, value: unknown): Answer<unknown>;
  /** Removes the key, which is there. */
  delete(key: Key): Answer<unknown>;

  /** In one step against all threads. Tells whether the key was absent. */
  setIfAbsent?(key: Key, value: unknown): Answer<boolean>;
  /** Adds 1 to a number, in one step against all threads. The key is there. */
  increment?(key: Key): Answer<unknown>;
  /** Reads the value and writes another, in one step against all threads. */
  modify?(key: Key, value: unknown): Answer<unknown>;
  getMany?(keys: readonly Key[]): Answer<ArrayLike<unknown>>;
  /** All entries, in no particular order if the map has none. `pair` tells an entry's key and value. */
  entries?(): Answer<Entries>;
  /** Calls a function for each entry, the way that is fastest here. Tells how many there were. */
  forEach?(): number;
  /** Entries in the order of their keys. Callers stop after `limit` in any case. */
  range?(query: Query): Answer<Entries>;
  /** Resolves, or returns, when the key has a value with this number. */
  waitFor?(key: Key, number: number): Answer<unknown>;

  /** Bytes that the entries take in memory that threads share, or in a mapped file. 0 on a heap. */
  sharedBytes?(): number;
  /** Bytes on the heap that has the entries, if it is not that of this thread. */
  heapBytes?(): Answer<number>;
  /** What another thread attaches with. Each may be used once. */
  handle?(): unknown;
  close?(): Answer<unknown>;
}

/** What a workload may need. `load` makes a map of sorted entries; `share` lets threads write to one map. */
export type Capability =
  | "setIfAbsent"
  | "increment"
  | "modify"
  | "getMany"
  | "entries"
  | "forEach"
  | "range"
  | "waitFor"
  | "load"
  | "open"
  | "share"
  | "shareReading";

export const capabilities: readonly Capability[] = [
  "setIfAbsent",
  "increment",
  "modify",
  "getMany",
  "entries",
  "forEach",
  "range",
  "waitFor",
  "load",
  "open",
  "share",
  "shareReading",
];

export interface Peer {
  /** As in `--peers` and in the tables. */
  readonly name: string;
  readonly description: string;
  readonly own: boolean;
  readonly memory: "heap" | "shared" | "another thread";
  readonly async: boolean;
  /** The package whose version is recorded; `node` for what the engine has. */
  readonly package: string;
  /** Why it lacks a capability: a clause such as "it has no order". */
  readonly cannot: Partial<Record<Capability, string>>;
  /** Why it cannot hold such entries, if it cannot. */
  refuses?(facts: MapFacts): string | undefined;
  /** The value with a number, which is below 2^31. */
  value(number: number): unknown;
  numberOf(value: unknown): number;
  create(place: MapPlace): Answer<PeerMap>;
  /** Makes a map of entries that are sorted by their keys. */
  load?(place: MapPlace, keys: readonly Key[], values: readonly unknown[]): Answer<PeerMap>;
  /** Opens the map in another thread, with what `handle` returned there. */
  attach?(handle: unknown, place: MapPlace): Answer<PeerMap>;
  /** The key and the value of an entry, if it is not an array of the two. */
  pair?(entry: unknown): readonly [Key, unknown];
}

/** The reason why a peer lacks a capability, if it does. */
export function lacks(peer: Peer, capability: Capability): string | undefined {
  return peer.cannot[capability];
}

export function pairOf(peer: Peer, entry: unknown): readonly [Key, unknown] {
  return peer.pair === undefined ? (entry as readonly [Key, unknown]) : peer.pair(entry);
}

/** Values of the peers that take any value: the numbers themselves. */
export const plainNumbers = {
  value: (number: number): unknown => number,
  numberOf: (value: unknown): number => value as number,
};

export const oneThread = "one thread alone has it";
export const noOrder = "it has no order";

/** The reasons of maps that live on one thread's heap. */
export const onlyOneThread: Partial<Record<Capability, string>> = {
  share: oneThread,
  shareReading: oneThread,
  waitFor: oneThread,
};
