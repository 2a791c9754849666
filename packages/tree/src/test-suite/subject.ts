// What the suite is told about a class of maps: how to make one, its keys and values, and what it can do.
import type fc from "fast-check";
import type { KeyKind } from "./keys.ts";
import type { TestedMap } from "./map.ts";
import type { ThreadJob } from "./threads/job.ts";

/** The values of a map. */
export interface ValueKind<V> {
  /** Draws values. Those that come back must be equal: see {@link MapSubject.values}. */
  readonly arbitrary: fc.Arbitrary<V>;
  /** What is no value: refused with `MASSTREE_BAD_VALUE`. */
  readonly refused?: readonly unknown[];
  /** Whether two values are the same to `compareAndSet` and `update`. Default: compared by structure, as all are. */
  equal?(a: V, b: V): boolean;
  /** Whether a value is always stored as the same bytes, so that `compareAndSet` finds it again. Default true. */
  readonly comparable?: boolean;
  /** Changes a value in place. For values that are objects, of maps that keep copies. */
  spoil?(value: V): void;
}

/**
 * What a class can do beyond what every map can. The suite looks nothing up in the map itself: what is not
 * declared here is not tested. A method that is there all the same is a failure, so that none stays untested.
 */
export interface MapCapabilities<M> {
  /** `replace(key, value)`. */
  readonly replace?: boolean;
  /** `exchange(key, value)`. */
  readonly exchange?: boolean;
  /** `setIfAbsent(key, value)`. */
  readonly setIfAbsent?: boolean;
  /** `getOrInsert(key, value)`. */
  readonly getOrInsert?: boolean;
  /** `getOrInsertComputed(key, callback)`. */
  readonly getOrInsertComputed?: boolean;
  /** `take(key)`. */
  readonly take?: boolean;
  /** `floor(key)`, `lower(key)`, `ceiling(key)` and `higher(key)`. */
  readonly neighbours?: boolean;
  /** `count(range)`. */
  readonly count?: boolean;
  /** `cursor(range)`. */
  readonly cursor?: boolean;
  /** `pin()`. */
  readonly pin?: boolean;
  /** `splitPoints(parts, range)`. */
  readonly splitPoints?: boolean;
  /** `diff(other, range)`. Values that `ValueKind.equal` calls the same must be the same to it. */
  readonly diff?: boolean;
  /** `popFirst(range)` and `popLast(range)`. */
  readonly pop?: boolean;
  /** `getMany(keys)`, `hasMany(keys)`, `setMany(entries)` and `deleteMany(keys)`. */
  readonly many?: boolean;
  /** `compareAndSet(key, expected, next)`. */
  readonly compareAndSet?: boolean;
  /** `update(key, callback)`. */
  readonly update?: boolean;
  /** `waitFor(key, options)` and `waitForSync(key, options)`. */
  readonly wait?: boolean;
  /** `maintain(options)`. */
  readonly maintain?: boolean;
  /** `verify()`, which every check calls at its end. */
  readonly verify?: boolean;
  /** `close()`, after which every other method throws `MASSTREE_CLOSED`. */
  readonly close?: boolean;
  /** `[Symbol.dispose]()`, which closes. */
  readonly dispose?: boolean;
  /** `participant` and `release(participant)`. */
  readonly release?: boolean;
  /** `handle`, and opening the map that it is of: `attach` throws `MASSTREE_BAD_HANDLE` for anything else. */
  readonly handle?: { attach(handle: unknown): M };
  /** Options: `create` makes a map with those that it is given, and throws `MASSTREE_BAD_OPTION` for `refused`. */
  readonly options?: { create(options: unknown): M; readonly refused: readonly unknown[] };
  /** A write that has no memory throws `MASSTREE_FULL`: `create` makes a map for at most 100,000 of the entries. */
  readonly full?: { create(): M };
  /**
   * `fromSorted` of the class: `create` calls it with entries, and with the options that `MapSubject.create` uses.
   */
  // biome-ignore lint/suspicious/noExplicitAny: keys and values of the subject.
  readonly fromSorted?: { create(entries: Iterable<readonly [any, any]>): M };
  /**
   * Several threads on one map. `start` starts a thread that opens the map of `handle`, calls
   * `runThread(map, job)` of this package with it, and sends back what that returned: `start` resolves with it
   * once the thread has ended. Keys and values must be structured-cloneable. Needs `handle`.
   */
  readonly threads?: { start(handle: unknown, job: ThreadJob): Promise<unknown> };
}

/** The name of a capability. */
export type Capability = keyof MapCapabilities<unknown>;

type OrderedMapMethod =
  | "replace"
  | "exchange"
  | "setIfAbsent"
  | "getOrInsert"
  | "getOrInsertComputed"
  | "take"
  | "neighbours"
  | "count"
  | "cursor"
  | "pin"
  | "splitPoints"
  | "diff"
  | "pop"
  | "many"
  | "compareAndSet"
  | "update"
  | "wait"
  | "maintain";

/** The methods that every class has that extends `OrderedMap`, as capabilities. */
export const orderedMapMethods: Readonly<Record<OrderedMapMethod, true>> = {
  replace: true,
  exchange: true,
  setIfAbsent: true,
  getOrInsert: true,
  getOrInsertComputed: true,
  take: true,
  neighbours: true,
  count: true,
  cursor: true,
  pin: true,
  splitPoints: true,
  diff: true,
  pop: true,
  many: true,
  compareAndSet: true,
  update: true,
  wait: true,
  maintain: true,
};

/** All of them. */
export const capabilityNames: Readonly<Record<Capability, true>> = {
  ...orderedMapMethods,
  verify: true,
  close: true,
  dispose: true,
  release: true,
  handle: true,
  options: true,
  full: true,
  fromSorted: true,
  threads: true,
};

/** The codes of errors that every class throws. */
export interface ErrorCodes {
  readonly badKey: string;
  readonly keyTooLong: string;
  readonly badValue: string;
  readonly badRange: string;
  readonly badOption: string;
  readonly badHandle: string;
  readonly closed: string;
  readonly timeout: string;
  readonly full: string;
  readonly unsorted: string;
}

export const familyCodes: ErrorCodes = {
  badKey: "MASSTREE_BAD_KEY",
  keyTooLong: "MASSTREE_KEY_TOO_LONG",
  badValue: "MASSTREE_BAD_VALUE",
  badRange: "MASSTREE_BAD_RANGE",
  badOption: "MASSTREE_BAD_OPTION",
  badHandle: "MASSTREE_BAD_HANDLE",
  closed: "MASSTREE_CLOSED",
  timeout: "MASSTREE_TIMEOUT",
  full: "MASSTREE_FULL",
  unsorted: "MASSTREE_UNSORTED",
};

/** A class of maps, as `mapChecks` takes it. */
export interface MapSubject<K, V, M extends TestedMap<K, V>> {
  /** Makes an empty map. */
  create(): M;
  /** `stringKeys`, `bytesKeys`, `numberKeys`, `bigintKeys`, or a kind of one's own. */
  readonly keys: KeyKind<K>;
  /**
   * The values. They are compared by structure: primitives as `Object.is` does, arrays, bytes, dates, maps, sets,
   * and the enumerable members of other objects. Those with a method `equals` are compared by it.
   */
  readonly values: ValueKind<V>;
  readonly capabilities: MapCapabilities<M>;
  /** Codes of a class whose errors are not the family's. */
  readonly codes?: Partial<ErrorCodes>;
  /** Looks at a map at the end of each check that made it, before it is closed. Throws what is wrong. */
  inspect?(map: M): void;
  /** Replays a run. Default: drawn anew each time; the error of a check says which it was. */
  readonly seed?: number;
  /** How many cases each random check tries. Default 100. */
  readonly runs?: number;
}
