// The surface that the suite tests. A method that not every class has is optional here, and a capability says
// whether a class has it.
import type { AbortSignalLike } from "../wait-options.ts";

/** Which entries, and how: see `Range`. Here for keys of any type. */
export interface TestedRange<K> {
  gt?: K | undefined;
  gte?: K | undefined;
  lt?: K | undefined;
  lte?: K | undefined;
  /** A key in the kinds that the suite draws; in others it may be of another type. */
  // biome-ignore lint/suspicious/noExplicitAny: a conditional type of K cannot be checked here.
  prefix?: any;
  reverse?: boolean | undefined;
  offset?: number | undefined;
  limit?: number | undefined;
}

/** See `Cursor`. */
export interface TestedCursor<K, V> {
  readonly key: K | undefined;
  readonly value: V | undefined;
  next(): boolean;
  previous(): boolean;
  seek(key: K): boolean;
  dispose(): void;
}

/** See `Guard`. */
export interface TestedGuard<K> {
  get(key: K): Uint8Array | undefined;
  scan(
    range: TestedRange<K> | undefined,
    // biome-ignore lint/suspicious/noConfusingVoidType: as of Guard.
    visit: (key: Uint8Array, value: Uint8Array) => boolean | void,
  ): void;
  dispose(): void;
}

/** What is waited for: see `WaitSyncOptions`. */
export interface TestedWait<V> {
  until?(value: V): boolean;
  timeout?: number;
}

/** A map that the suite can test. */
export interface TestedMap<K, V> {
  readonly size: number;
  get(key: K): V | undefined;
  has(key: K): boolean;
  set(key: K, value: V): unknown;
  delete(key: K): boolean;
  clear(range?: TestedRange<K>): number;
  first(range?: TestedRange<K>): [K, V] | undefined;
  last(range?: TestedRange<K>): [K, V] | undefined;
  entries(range?: TestedRange<K>): IterableIterator<[K, V]>;
  keys(range?: TestedRange<K>): IterableIterator<K>;
  values(range?: TestedRange<K>): IterableIterator<V>;
  [Symbol.iterator](): IterableIterator<[K, V]>;
  forEach(callback: (value: V, key: K, map: unknown) => void, thisArg?: unknown): void;

  /** With the capability `replace`. */
  replace?(key: K, value: V): V | undefined;
  /** With the capability `exchange`. */
  exchange?(key: K, value: V): V | undefined;
  /** With the capability `setIfAbsent`. */
  setIfAbsent?(key: K, value: V): boolean;
  /** With the capability `getOrInsert`. */
  getOrInsert?(key: K, value: V): V;
  /** With the capability `getOrInsertComputed`. */
  getOrInsertComputed?(key: K, callback: (key: K) => V): V;
  /** With the capability `neighbours`. */
  floor?(key: K): [K, V] | undefined;
  /** With the capability `neighbours`. */
  lower?(key: K): [K, V] | undefined;
  /** With the capability `neighbours`. */
  ceiling?(key: K): [K, V] | undefined;
  /** With the capability `neighbours`. */
  higher?(key: K): [K, V] | undefined;
  /** With the capability `count`. */
  count?(range?: TestedRange<K>): number;
  /** With the capability `cursor`. */
  cursor?(range?: TestedRange<K>): TestedCursor<K, V>;
  /** With the capability `pin`. */
  pin?(): TestedGuard<K>;
  /** With the capability `splitPoints`. */
  splitPoints?(parts: number, range?: TestedRange<K>): K[];
  /** With the capability `diff`. */
  // biome-ignore lint/suspicious/noExplicitAny: what a class compares with is its own.
  diff?(other: any, range?: TestedRange<K>): IterableIterator<unknown>;
  /** With the capability `pop`. */
  popFirst?(range?: TestedRange<K>): [K, V] | undefined;
  /** With the capability `pop`. */
  popLast?(range?: TestedRange<K>): [K, V] | undefined;
  /** With the capability `many`. */
  getMany?(keys: Iterable<K>): (V | undefined)[];
  /** With the capability `many`. */
  hasMany?(keys: Iterable<K>): boolean[];
  /** With the capability `many`. */
  setMany?(entries: Iterable<readonly [K, V]>): unknown;
  /** With the capability `many`. */
  deleteMany?(keys: Iterable<K>): number;
  /** With the capability `take`. */
  take?(key: K): V | undefined;
  /** With the capability `compareAndSet`. */
  compareAndSet?(key: K, expected: V | undefined, next: V | undefined): boolean;
  /** With the capability `update`. */
  update?(key: K, callback: (old: V | undefined, key: K) => V | undefined): V | undefined;
  /** With the capability `wait`. */
  waitFor?(key: K, options?: TestedWait<V> & { signal?: AbortSignalLike }): Promise<V>;
  /** With the capability `wait`. */
  waitForSync?(key: K, options?: TestedWait<V>): V | undefined;
  /** With the capability `maintain`. */
  maintain?(options?: { readonly budgetMs?: number | undefined }): boolean;
  /** With the capability `verify`. */
  verify?(): void;
  /** With the capability `close`. */
  close?(): void;
  /** With the capability `handle`. */
  readonly handle?: unknown;
  /** With the capability `release`. */
  readonly participant?: number;
  /** With the capability `release`. */
  release?(participant: number): boolean;
}

/** A map whose types the suite does not know. */
export type AnyMap = TestedMap<unknown, unknown>;
