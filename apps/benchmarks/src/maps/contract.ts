// What the check needs from a map, and how it gets one. The peers implement the same contract, so
// that the same loops produce every figure in a table.

/** The range of a scan: keys that start with `prefix`, from `gte` on, at most `limit` of them. */
export interface Range {
  readonly prefix?: string;
  readonly gte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** An ordered map with string keys, such as `MassTree` and `MassTreeInline`. */
export interface OrderedMap {
  readonly size: number;
  get(key: string): unknown;
  has(key: string): boolean;
  set(key: string, value: unknown): unknown;
  delete(key: string): boolean;
  entries(range?: Range): Iterable<readonly [string, unknown]>;
  /** Closes the map. The peers do not need it. */
  close?(): void;
}

/** What a map occupies, in bytes of its own memory. */
export interface Occupied {
  /** Bytes in blocks that are reachable from the map. */
  readonly live: number;
  /** Bytes in blocks that were removed and wait until no reader can hold them. */
  readonly retired: number;
}

/** A kind of map, and the values that go with it. */
export interface Subject {
  /** The name, as in the tables. */
  readonly name: string;
  /** The value of key number `i`, which has `byteLength` bytes. */
  value(i: number, byteLength: number): unknown;
  /** Whether `found` is that value. */
  isValue(found: unknown, i: number, byteLength: number): boolean;
  /** @param ascii whether all keys are ASCII, so that cheaper comparisons give the same order */
  create(ascii: boolean): OrderedMap;
  /** Set if several threads can share a map of this subject. */
  readonly shared?: Sharing;
}

export interface Sharing {
  /** A plain value with which other threads attach the map. */
  handle(map: OrderedMap): unknown;
  attach(handle: unknown): OrderedMap;
  /** Frees what this thread can free, then returns what the map occupies. */
  settle(map: OrderedMap): Occupied;
}
