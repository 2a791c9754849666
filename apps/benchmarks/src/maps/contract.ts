// What the quick job asks of a map, and how it gets one. The peers answer to the same contract,
// so that every figure of a table comes out of the same loops.

/** What is asked for: the keys that start with `prefix`, from `gte` on, at most `limit` of them. */
export interface Range {
  readonly prefix?: string;
  readonly gte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** An ordered map of strings, as `MassTree` and `MassTreeInline` are. */
export interface OrderedMap {
  readonly size: number;
  get(key: string): unknown;
  has(key: string): boolean;
  set(key: string, value: unknown): unknown;
  delete(key: string): boolean;
  entries(range?: Range): Iterable<readonly [string, unknown]>;
  /** Gives the map back; the peers need none. */
  close?(): void;
}

/** What a map occupies, in bytes of its own memory. */
export interface Occupied {
  /** Blocks that can be found from the map. */
  readonly live: number;
  /** Blocks that were removed and wait for the last reader to move on. */
  readonly retired: number;
}

/** A kind of map, and the values that go with it. */
export interface Subject {
  /** As the tables name it. */
  readonly name: string;
  /** The value that belongs to key number `i` of `byteLength` bytes. */
  value(i: number, byteLength: number): unknown;
  /** Whether `found` is that value. */
  isValue(found: unknown, i: number, byteLength: number): boolean;
  /** @param ascii whether all keys are ASCII, where cheaper comparisons give the same order */
  create(ascii: boolean): OrderedMap;
  /** Set on a subject whose maps several threads can share. */
  readonly shared?: Sharing;
}

export interface Sharing {
  /** A plain value from which other threads attach the map. */
  handle(map: OrderedMap): unknown;
  attach(handle: unknown): OrderedMap;
  /** What the map occupies once what can be given back from this thread has been. */
  settle(map: OrderedMap): Occupied;
}
