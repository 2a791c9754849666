import { MassTreeBadKeyError, MassTreeKeyTooLongError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import {
  addMapWithin,
  type Changes,
  type Cursor,
  fillSorted,
  type Guard,
  identify,
  type KeyType,
  type MaintainOptions,
  type MapHandle,
  type MapStats,
  makeInspectable,
  type OpenMap,
  type OrderedMapIterator,
  type Range,
  requireCallback,
  type TreeInstance,
  type WaitOptions,
  type WatchOptions,
  type WordTreeExports,
} from "@masstree/tree";
import { type SetLike, SetRecord } from "./set-like.ts";
import { SetMembers } from "./set-members.ts";

/** When waiting for a member of a set ends, if it does not come. */
export type MemberWaitOptions = Omit<WaitOptions<true>, "until">;

/** From this ratio of sizes on, looking the smaller set's members up beats reading the larger set. */
const LOOK_UP_FROM = 16;

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface OrderedSet<K extends KeyType> extends Usable {}

/**
 * What all ordered sets in shared memory have in common. The classes to use are `MassTreeSet`, and `LearnedSet` of
 * `@masstree/learned`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export abstract class OrderedSet<K extends KeyType> {
  readonly #members: SetMembers<K>;
  readonly #codec: KeyCodec<K>;

  /** For classes of sets, which pass on an open map. */
  protected constructor(map: OpenMap<K, "member", WordTreeExports>) {
    this.#members = new SetMembers(map);
    this.#codec = map.codec;
    identify(this);
  }

  /** Adds sorted values to this set, which has just been created: for `fromSorted` of a class of sets. */
  protected fill(values: Iterable<K>): this {
    fillSorted(() => this.#members, entriesOf(values));
    return this;
  }

  /** The number of members. O(participants). Exact while no one is writing. */
  get size(): number {
    return this.#members.size;
  }

  /**
   * Whether a value is in the set. O(its bytes + log size). Takes no lock.
   *
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`)
   */
  has(value: K): boolean {
    return this.#members.has(value);
  }

  /**
   * Adds a value. O(its bytes + log size).
   *
   * @returns this set
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError
   *   (`MASSTREE_KEY_TOO_LONG`), MassTreeFullError (`MASSTREE_FULL`): nothing has changed
   */
  add(value: K): this {
    this.#members.set(value, true);
    return this;
  }

  /**
   * Waits until a value is in the set: it is, or some thread adds it. As `waitFor` of maps.
   *
   * @param options.timeout in milliseconds; with 0, the set is looked at once
   * @param options.signal an `AbortSignal` that ends the wait
   * @returns a promise, which is rejected with MassTreeTimeoutError (`MASSTREE_TIMEOUT`) when the time
   *   has passed, with the signal's `reason` when that aborts, with MassTreeClosedError
   *   (`MASSTREE_CLOSED`) when the set is closed in this thread, with MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`), and as `has`
   *
   * @example
   * ```ts
   * const set = new MassTreeSet();
   * const ready = set.waitFor("ready", { timeout: 1000 });
   * set.add("ready"); // as another thread might
   * await ready; // => undefined
   * ```
   */
  async waitFor(value: K, options?: MemberWaitOptions): Promise<void> {
    await this.#members.waitFor(value, options);
  }

  /**
   * As `waitFor`, for a thread that may sleep.
   *
   * @returns whether the value is in the set; false when the time has passed
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) on the main thread of a browser,
   *   MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), and as `has`
   *
   * @example
   * ```ts
   * new MassTreeSet().waitForSync("gone", { timeout: 10 }); // => false
   * ```
   */
  waitForSync(value: K, options?: Omit<MemberWaitOptions, "signal">): boolean {
    return this.#members.waitForSync(value, options) === true;
  }

  /**
   * Tells which values are added or removed from now on, by whichever thread. As `watch` of maps.
   *
   * @param range takes no `offset` and no `limit`
   * @param options.signal an `AbortSignal` that ends the watch
   * @returns batches: `keys` are values that may have come or gone, and with `missed` there may be others in
   *   the range. Steps are rejected with the signal's `reason`, and with MassTreeClosedError
   *   (`MASSTREE_CLOSED`) when the set is closed in this thread
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
   *
   * @example
   * ```ts
   * const set = new MassTreeSet();
   * const changes = set.watch();
   * set.add("b").add("a"); // as another thread might
   * for await (const { keys } of changes) {
   *   keys; // => ["a", "b"]
   *   break;
   * }
   * ```
   */
  watch(range?: Range<K>, options?: WatchOptions): AsyncIterableIterator<Changes<K>> {
    return this.#members.watch(range, options);
  }

  /**
   * Removes a value. O(its bytes + log size). Throws like `has`.
   *
   * @returns whether it was there; if several threads remove one value at once, one of them gets true
   */
  delete(value: K): boolean {
    return this.#members.delete(value);
  }

  /**
   * Removes the members that `keys(range)` gives; all of them without a range. O(their number). Members
   * that other threads add meanwhile may be removed or stay.
   *
   * @returns how many this call removed
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  clear(range?: Range<K>): number {
    return this.#members.clear(range);
  }

  /**
   * The first member that `keys(range)` gives, or `undefined`. O(log size).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  first(range?: Range<K>): K | undefined {
    return this.#members.first(range)?.[0];
  }

  /**
   * The last member that `keys(range)` gives, or `undefined`. O(log size), and with a `limit` O(limit).
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  last(range?: Range<K>): K | undefined {
    return this.#members.last(range)?.[0];
  }

  /** The greatest member that is at most `value`. O(log size). */
  floor(value: K): K | undefined {
    return this.#members.floor(value)?.[0];
  }

  /** The greatest member that is less than `value`. O(log size). */
  lower(value: K): K | undefined {
    return this.#members.lower(value)?.[0];
  }

  /** The least member that is at least `value`. O(log size). */
  ceiling(value: K): K | undefined {
    return this.#members.ceiling(value)?.[0];
  }

  /** The least member that is greater than `value`. O(log size). */
  higher(value: K): K | undefined {
    return this.#members.higher(value)?.[0];
  }

  /**
   * A cursor before the first member of `range`, which moves both ways and holds nothing in between. Its
   * `key` and its `value` are the member.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), also if the range has an `offset` or a `limit`
   *
   * @example
   * ```ts
   * const tags = new MassTreeSet();
   * tags.add("blue").add("red");
   * const cursor = tags.cursor();
   * cursor.seek("green"); // => true
   * cursor.key; // => "red"
   * cursor.previous(); // => true
   * cursor.key; // => "blue"
   * ```
   */
  cursor(range?: Range<K>): Cursor<K, K> {
    return this.#members.keyCursor(range);
  }

  /**
   * A guard, which gives views of the members' bytes, as that of a map. What `get` and `scan` give as a value has no
   * bytes: `get(value)` tells by it that the value is a member.
   *
   * @example
   * ```ts
   * const words = new MassTreeSet();
   * words.add("tea").add("milk");
   * const guard = words.pin();
   * let bytes = 0;
   * guard.scan({}, (member) => {
   *   bytes += member.length;
   * });
   * bytes; // => 7
   * guard.get("tea")?.length; // => 0
   * guard.get("cocoa"); // => undefined
   * guard.dispose();
   * ```
   */
  pin(): Guard<K> {
    return this.#members.pin();
  }

  /** How many members are in `range`. Without a range it is `size`, otherwise O(their number). */
  count(range?: Range<K>): number {
    return range === undefined ? this.size : this.#members.count(range);
  }

  /**
   * Members that cut a range into about equal parts: see `splitPoints` of maps. O(parts * log size).
   *
   * @returns `parts - 1` members, or fewer if there are too few
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeBadRangeError (`MASSTREE_BAD_RANGE`)
   */
  splitPoints(parts: number, range?: Range<K>): K[] {
    return this.#members.splitPoints(parts, range);
  }

  /**
   * The members in `range`, in order; all of them without a range.
   *
   * One search, then O(1) per step. Live, as the iterators of maps are: it gives every member that is
   * there from its start to its end, and may or may not give others.
   *
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), at once
   */
  keys(range?: Range<K>): OrderedMapIterator<K> {
    return this.#members.keys(range);
  }

  /** The same as `keys`, as with a `Set`. */
  values(range?: Range<K>): OrderedMapIterator<K> {
    return this.#members.keys(range);
  }

  /** Each member twice, as `[value, value]`, as with a `Set`. Otherwise like `keys`. */
  entries(range?: Range<K>): OrderedMapIterator<[K, K]> {
    return pairs(this.#members.keys(range)) as OrderedMapIterator<[K, K]>;
  }

  /** The same as `keys()`. */
  [Symbol.iterator](): OrderedMapIterator<K> {
    return this.keys();
  }

  /**
   * Calls `callback` for every member, in order. O(size). Live: `callback` may change the set.
   *
   * @param callback gets the value, the value again, and this set
   * @param thisArg what `this` is in `callback`
   * @throws TypeError if `callback` is not a function, and what `callback` throws
   */
  forEach(callback: (value: K, again: K, set: this) => void, thisArg?: unknown): void {
    const keys = this.keys();
    requireCallback(callback, "forEach");
    for (const value of keys) callback.call(thisArg, value, value, this);
  }

  /**
   * A new set of the members of both. O(the size of both), by one pass over both in order if `other` is a
   * set in shared memory of the same kind of key.
   *
   * This and the methods that follow are ECMAScript's. They are not atomic: each reads the sets as an
   * iterator does. The new set has its own memory; `close` it, or let it be collected.
   *
   * @param other a set of this class or another one, a `Map`, or anything with `size`, `has` and `keys`
   * @throws TypeError and RangeError if it is none of them; what `add` throws for a member of `other`
   */
  union(other: SetLike<K>): this {
    const record = new SetRecord<K>(other);
    return this.#collect(function* (self) {
      const pairs = self.#merge(other);
      if (pairs !== undefined) {
        for (const [value] of pairs) yield value;
      } else {
        yield* self.keys();
        yield* record.members();
      }
    });
  }

  /** A new set of the members that are in both sets. See `union`; O(the smaller size) look-ups. */
  intersection(other: SetLike<K>): this {
    const record = new SetRecord<K>(other);
    return this.#collect((self) => self.#common(other, record));
  }

  /** A new set of the members that are not in `other`. See `union`. */
  difference(other: SetLike<K>): this {
    const record = new SetRecord<K>(other);
    return this.#collect(function* (self) {
      const pairs = self.#merge(other);
      if (pairs !== undefined) {
        for (const [value, mine, theirs] of pairs) if (mine && !theirs) yield value;
      } else if (self.size <= record.size) {
        for (const value of self.keys()) if (!record.has(value)) yield value;
      } else {
        const gone = self.empty();
        try {
          for (const value of record.members()) if (self.#mayHave(value)) gone.add(value);
          for (const value of self.keys()) if (!gone.has(value)) yield value;
        } finally {
          gone.close();
        }
      }
    });
  }

  /** A new set of the members that are in one of both sets only. See `union`. */
  symmetricDifference(other: SetLike<K>): this {
    const record = new SetRecord<K>(other);
    const pairs = this.#merge(other);
    if (pairs !== undefined) {
      return this.#collect(function* () {
        for (const [value, mine, theirs] of pairs) if (mine !== theirs) yield value;
      });
    }
    return this.#build((result) => {
      for (const value of this.keys()) result.add(value);
      for (const value of record.members()) {
        if (this.#mayHave(value)) result.delete(value);
        else result.add(value);
      }
    });
  }

  /** Whether all members are in `other`. See `union`. */
  isSubsetOf(other: SetLike<K>): boolean {
    const record = new SetRecord<K>(other);
    if (this.size > record.size) return false;
    const pairs = this.#merge(other);
    if (pairs !== undefined) {
      for (const [, mine, theirs] of pairs) if (mine && !theirs) return false;
      return true;
    }
    for (const value of this.keys()) if (!record.has(value)) return false;
    return true;
  }

  /** Whether all members of `other` are in this set. See `union`. */
  isSupersetOf(other: SetLike<K>): boolean {
    const record = new SetRecord<K>(other);
    if (this.size < record.size) return false;
    const pairs = this.#merge(other);
    if (pairs !== undefined) {
      for (const [, mine, theirs] of pairs) if (theirs && !mine) return false;
      return true;
    }
    for (const value of record.members()) if (!this.#mayHave(value)) return false;
    return true;
  }

  /** Whether no member is in both sets. See `union`. */
  isDisjointFrom(other: SetLike<K>): boolean {
    for (const _ of this.#common(other, new SetRecord<K>(other))) return false;
    return true;
  }

  /** The members as an array, in order, for `JSON.stringify`. O(size). */
  toJSON(): K[] {
    return [...this];
  }

  /** What other threads need to open this set: send it, and pass it to `attach` of its class there. */
  get handle(): MapHandle {
    return this.#members.handle;
  }

  /** This object's number among all threads that use the set, as with maps. */
  get participant(): number {
    return this.#members.participant;
  }

  /**
   * Recovers a participant whose thread has ended. Rarely needed; only for threads that never run again:
   * see `release` of maps.
   *
   * @param participant the other thread's `participant`
   * @returns whether there was something to recover
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
   */
  release(participant: number): boolean {
    return this.#members.release(participant);
  }

  /** The set's shape, its memory, and who uses it. */
  stats(): MapStats {
    return this.#members.stats();
  }

  /**
   * Checks every invariant, while no one is writing. O(size).
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where
   */
  verify(): void {
    this.#members.verify();
  }

  /** As `maintain` of a map. */
  maintain(options?: MaintainOptions): boolean {
    return this.#members.maintain(options);
  }

  /** Leaves the set, as with maps. Closing twice does nothing. */
  close(): void {
    this.#members.close();
  }

  abstract get [Symbol.toStringTag](): string;

  /** A new set of the same kind, with a memory of its own and no members. */
  protected abstract empty(): this;

  /**
   * The tree, for an operation of a class of sets.
   *
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
   */
  protected open(): TreeInstance {
    return this.#members.open();
  }

  /** Whether a value is a member; what can be none is not. */
  #mayHave(value: K): boolean {
    try {
      return this.has(value);
    } catch (error) {
      if (error instanceof MassTreeBadKeyError || error instanceof MassTreeKeyTooLongError) {
        return false;
      }
      throw error;
    }
  }

  /** The members that are in both sets. */
  *#common(other: SetLike<K>, record: SetRecord<K>): Generator<K, void> {
    const pairs = this.#merge(other);
    if (pairs !== undefined) {
      for (const [value, mine, theirs] of pairs) if (mine && theirs) yield value;
    } else if (this.size <= record.size) {
      for (const value of this.keys()) if (record.has(value)) yield value;
    } else {
      for (const value of record.members()) if (this.#mayHave(value)) yield value;
    }
  }

  /** A new set of these members. */
  #collect(values: (self: this) => Iterable<K>): this {
    return this.#build((result) => {
      for (const value of values(this)) result.add(value);
    });
  }

  /** A new set that `fill` has filled. */
  #build(fill: (result: this) => void): this {
    const result = this.empty();
    try {
      fill(result);
      return result;
    } catch (error) {
      result.close();
      throw error;
    }
  }

  /**
   * Every member of both sets once, in order, and which of them has it; undefined if `other` is another
   * kind of set, or so much larger or smaller that looking members up takes less time.
   */
  #merge(other: unknown): Iterable<[value: K, mine: boolean, theirs: boolean]> | undefined {
    if (typeof other !== "object" || other === null || !(#members in other)) return undefined;
    const set = other as OrderedSet<K>;
    if (set.#codec.kind !== this.#codec.kind) return undefined;
    const [less, more] = [this.size, set.size].sort((a, b) => a - b) as [number, number];
    if (less * LOOK_UP_FROM < more) return undefined;
    return merge(this.keys(), set.keys(), this.#codec);
  }

  static {
    addMapWithin((object) => (#members in object ? object.#members : undefined));
    makeUsable(OrderedSet.prototype, (set) => set.close());
    makeInspectable(OrderedSet.prototype, false, (set, limit) => set.keys({ limit }));
  }
}

function* entriesOf<K>(values: Iterable<K>): Generator<readonly [K, true], void> {
  for (const value of values) yield [value, true];
}

function* pairs<K>(values: Iterable<K>): Generator<[K, K], void> {
  for (const value of values) yield [value, value];
}

function* merge<K>(
  mine: Iterator<K, undefined>,
  theirs: Iterator<K, undefined>,
  codec: KeyCodec<K>,
): Generator<[value: K, mine: boolean, theirs: boolean], void> {
  const left = new Uint8Array(MAX_KEY_BYTES + 16);
  const right = new Uint8Array(MAX_KEY_BYTES + 16);
  let [a, b] = [mine.next(), theirs.next()];
  let aLength = a.done ? 0 : codec.encode(a.value, left, 0);
  let bLength = b.done ? 0 : codec.encode(b.value, right, 0);
  while (!(a.done && b.done)) {
    const order = a.done ? 1 : b.done ? -1 : compare(left, aLength, right, bLength);
    yield [(order <= 0 ? a.value : b.value) as K, order <= 0, order >= 0];
    if (order <= 0) {
      a = mine.next();
      if (!a.done) aLength = codec.encode(a.value, left, 0);
    }
    if (order >= 0) {
      b = theirs.next();
      if (!b.done) bLength = codec.encode(b.value, right, 0);
    }
  }
}

function compare(a: Uint8Array, aLength: number, b: Uint8Array, bLength: number): number {
  const shared = Math.min(aLength, bLength);
  for (let i = 0; i < shared; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return aLength - bLength;
}
