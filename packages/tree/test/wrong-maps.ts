// Maps with a mistake each, as one might make it, and the checks that must notice it.
import type {
  Cursor,
  Guard,
  KeyType,
  MapHandle,
  OrderedMapIterator,
  Range,
  WaitOptions,
  WaitSyncOptions,
} from "../src/index.ts";
import type { TestedRange } from "../src/test-suite/index.ts";
import { WordMap } from "./word-map.ts";

/** A wrong class, and the group of the checks that must fail. */
export type WrongMap = readonly [mistake: string, group: string, Class: typeof WordMap];

/** An iterator with the steps of a list. */
const over = (list: unknown[]) => list[Symbol.iterator]() as never;

function disposingBy(dispose: unknown): typeof WordMap {
  class Disposing<K extends KeyType> extends WordMap<K> {}
  Object.defineProperty(Disposing.prototype, Symbol.dispose, { value: dispose });
  return Disposing as typeof WordMap;
}

/** The members of a guard, to be replaced. */
function bound(guard: Guard<string>): Guard<string> {
  const { get, scan, dispose } = guard;
  const own = {
    get: get.bind(guard),
    scan: scan.bind(guard),
    dispose: dispose.bind(guard),
    [Symbol.dispose]: dispose.bind(guard),
  };
  return own as Guard<string>;
}

/** A class whose guards are others. */
function guarding(wrap: (guard: Guard<string>) => Guard<string>): typeof WordMap {
  return class extends WordMap<string> {
    override pin(): Guard<string> {
      return wrap(super.pin());
    }
  } as unknown as typeof WordMap;
}

export const wrongMaps: readonly WrongMap[] = [
  [
    "get finds no key of more than 30 bytes",
    "get",
    class<K extends KeyType> extends WordMap<K> {
      override get(key: K): bigint | undefined {
        return (key as string).length > 30 ? undefined : super.get(key);
      }
    } as typeof WordMap,
  ],
  [
    "has takes the beginning of a key for the key",
    "has",
    class extends WordMap<string> {
      override has(key: string): boolean {
        return !this.keys({ prefix: key, limit: 1 }).next().done;
      }
    } as unknown as typeof WordMap,
  ],
  [
    "set returns nothing",
    "set",
    class<K extends KeyType> extends WordMap<K> {
      override set(key: K, value: bigint): this {
        super.set(key, value);
        return undefined as never;
      }
    } as typeof WordMap,
  ],
  [
    "set leaves the first value",
    "set",
    class<K extends KeyType> extends WordMap<K> {
      override set(key: K, value: bigint): this {
        return this.has(key) ? this : super.set(key, value);
      }
    } as typeof WordMap,
  ],
  [
    "waitForSync takes a value for the one that is wanted",
    "waitForSync",
    class<K extends KeyType> extends WordMap<K> {
      override waitForSync(key: K, options?: WaitSyncOptions<bigint>): bigint | undefined {
        return super.waitForSync(key, options && { ...options, until: undefined });
      }
    } as typeof WordMap,
  ],
  [
    "waitFor does not hear its signal",
    "waitFor",
    class<K extends KeyType> extends WordMap<K> {
      override waitFor(key: K, { signal, ...rest }: WaitOptions<bigint> = {}): Promise<bigint> {
        return super.waitFor(key, signal ? { ...rest, timeout: 5 } : rest);
      }
    } as typeof WordMap,
  ],
  [
    "replace inserts",
    "replace",
    class<K extends KeyType> extends WordMap<K> {
      override replace(key: K, value: bigint): bigint | undefined {
        const before = super.get(key);
        super.set(key, value);
        return before;
      }
    } as typeof WordMap,
  ],
  [
    "replace returns the new value",
    "replace",
    class<K extends KeyType> extends WordMap<K> {
      override replace(key: K, value: bigint): bigint | undefined {
        return super.replace(key, value) === undefined ? undefined : value;
      }
    } as typeof WordMap,
  ],
  [
    "exchange returns the new value",
    "exchange",
    class<K extends KeyType> extends WordMap<K> {
      override exchange(key: K, value: bigint): bigint | undefined {
        super.exchange(key, value);
        return value;
      }
    } as typeof WordMap,
  ],
  [
    "exchange does not insert",
    "exchange",
    class<K extends KeyType> extends WordMap<K> {
      override exchange(key: K, value: bigint): bigint | undefined {
        return super.replace(key, value);
      }
    } as typeof WordMap,
  ],
  [
    "setIfAbsent sets what is there",
    "setIfAbsent",
    class<K extends KeyType> extends WordMap<K> {
      override setIfAbsent(key: K, value: bigint): boolean {
        return super.exchange(key, value) === undefined;
      }
    } as typeof WordMap,
  ],
  [
    "getOrInsert gives undefined for what it inserted",
    "getOrInsert",
    class<K extends KeyType> extends WordMap<K> {
      override getOrInsert(key: K, value: bigint): bigint {
        const before = super.get(key);
        super.getOrInsert(key, value);
        return before as bigint;
      }
    } as typeof WordMap,
  ],
  [
    "getOrInsertComputed overwrites what its callback has put there",
    "getOrInsertComputed",
    class<K extends KeyType> extends WordMap<K> {
      override getOrInsertComputed(key: K, callback: (key: K) => bigint): bigint {
        if (super.has(key)) return super.getOrInsertComputed(key, callback);
        super.getOrInsertComputed(key, callback);
        const value = callback(key);
        super.set(key, value);
        return value;
      }
    } as typeof WordMap,
  ],
  [
    "take leaves the key",
    "take",
    class<K extends KeyType> extends WordMap<K> {
      override take(key: K): bigint | undefined {
        return super.get(key);
      }
    } as typeof WordMap,
  ],
  [
    "compareAndSet inserts where a value is expected",
    "compareAndSet",
    class<K extends KeyType> extends WordMap<K> {
      override compareAndSet(
        key: K,
        expected: bigint | undefined,
        next: bigint | undefined,
      ): boolean {
        return super.compareAndSet(key, super.has(key) ? expected : undefined, next);
      }
    } as typeof WordMap,
  ],
  [
    "compareAndSet keeps a key that should go",
    "compareAndSet",
    class<K extends KeyType> extends WordMap<K> {
      override compareAndSet(
        key: K,
        expected: bigint | undefined,
        next: bigint | undefined,
      ): boolean {
        return super.compareAndSet(key, expected, next ?? expected);
      }
    } as typeof WordMap,
  ],
  [
    "update does not look again",
    "update",
    class<K extends KeyType> extends WordMap<K> {
      override update(
        key: K,
        callback: (old: bigint | undefined, key: K) => bigint | undefined,
      ): bigint | undefined {
        const next = callback(super.get(key), key);
        if (next === undefined) super.delete(key);
        else super.set(key, next);
        return next;
      }
    } as typeof WordMap,
  ],
  [
    "values have no end",
    "values",
    class<K extends KeyType> extends WordMap<K> {
      override values(): OrderedMapIterator<bigint> {
        return (function* () {
          for (;;) yield 1n;
        })() as unknown as OrderedMapIterator<bigint>;
      }
    } as typeof WordMap,
  ],
  [
    "delete is always true",
    "delete",
    class<K extends KeyType> extends WordMap<K> {
      override delete(key: K): boolean {
        super.delete(key);
        return true;
      }
    } as typeof WordMap,
  ],
  [
    "size counts the keys that were deleted",
    "size",
    class<K extends KeyType> extends WordMap<K> {
      #deleted = 0;
      override delete(key: K): boolean {
        const deleted = super.delete(key);
        if (deleted) this.#deleted++;
        return deleted;
      }
      override get size(): number {
        return super.size + this.#deleted;
      }
    } as typeof WordMap,
  ],
  [
    "clear leaves the last key of a large map",
    "clear",
    class<K extends KeyType> extends WordMap<K> {
      override clear(range?: Range<K>): number {
        const last = super.size > 500 ? super.last() : undefined;
        const removed = super.clear(range);
        if (last !== undefined) super.set(...last);
        return removed;
      }
    } as typeof WordMap,
  ],
  [
    "clear takes a range for everything",
    "clear",
    class<K extends KeyType> extends WordMap<K> {
      override clear(): number {
        return super.clear();
      }
    } as typeof WordMap,
  ],
  [
    "first ignores its range",
    "first",
    class<K extends KeyType> extends WordMap<K> {
      override first(): [K, bigint] | undefined {
        return super.first();
      }
    } as typeof WordMap,
  ],
  [
    "floor gives what is lower",
    "floor",
    class<K extends KeyType> extends WordMap<K> {
      override floor(key: K): [K, bigint] | undefined {
        return super.lower(key);
      }
    } as typeof WordMap,
  ],
  [
    "lower gives the first entry of all",
    "lower",
    class<K extends KeyType> extends WordMap<K> {
      override lower(key: K): [K, bigint] | undefined {
        return super.first({ lt: key });
      }
    } as typeof WordMap,
  ],
  [
    "ceiling gives nothing for a key that is not there",
    "ceiling",
    class<K extends KeyType> extends WordMap<K> {
      override ceiling(key: K): [K, bigint] | undefined {
        return super.has(key) ? super.ceiling(key) : undefined;
      }
    } as typeof WordMap,
  ],
  [
    "higher gives the key itself",
    "higher",
    class<K extends KeyType> extends WordMap<K> {
      override higher(key: K): [K, bigint] | undefined {
        return super.ceiling(key);
      }
    } as typeof WordMap,
  ],
  [
    "maintain removes an entry",
    "maintain",
    class<K extends KeyType> extends WordMap<K> {
      override maintain(options?: { budgetMs?: number }): boolean {
        this.popFirst();
        return super.maintain(options);
      }
    } as typeof WordMap,
  ],
  [
    "count does not know of offset",
    "count",
    class<K extends KeyType> extends WordMap<K> {
      override count(range?: Range<K>): number {
        return super.count(range?.offset ? { ...range, offset: 0 } : range);
      }
    } as typeof WordMap,
  ],
  [
    "a cursor that goes back stays at its key",
    "cursor",
    class<K extends KeyType> extends WordMap<K> {
      override cursor(range?: Range<K>): Cursor<K, bigint> {
        const cursor = super.cursor(range);
        cursor.previous = () => {
          const { key } = cursor;
          const before = key === undefined ? undefined : super.floor(key);
          return before === undefined ? false : cursor.seek(before[0]);
        };
        return cursor;
      }
    } as typeof WordMap,
  ],
  [
    "a guard gives views of memory that the next call uses again",
    "pin().get",
    guarding((guard) => {
      const own = new Uint8Array(8);
      const get = (key: string) => {
        const view = guard.get(key);
        if (view === undefined) return undefined;
        own.set(view);
        return own;
      };
      return { ...bound(guard), get };
    }),
  ],
  [
    "a guard leaves views behind",
    "pin().get",
    guarding((guard) => ({ ...bound(guard), get: (key) => guard.get(key)?.slice() })),
  ],
  [
    "a guard's scan goes on after false",
    "pin().scan",
    guarding((guard) => ({
      ...bound(guard),
      scan: (range, visit) => guard.scan(range, (key, value) => void visit(key, value)),
    })),
  ],
  [
    "a guard's scan gives views that stay",
    "pin().scan",
    guarding((guard) => ({
      ...bound(guard),
      scan: (range, visit) => guard.scan(range, (key, value) => visit(key.slice(), value.slice())),
    })),
  ],
  [
    "splitPoints takes no notice of its range",
    "splitPoints",
    class<K extends KeyType> extends WordMap<K> {
      override splitPoints(parts: number, range?: Range<K>): K[] {
        super.splitPoints(parts, range);
        return super.splitPoints(parts);
      }
    } as typeof WordMap,
  ],
  [
    "fromSorted sets what it is given, sorted or not",
    "fromSorted",
    class extends WordMap<string> {
      static override fromSorted<K extends KeyType>(
        entries: Iterable<readonly [K, bigint]>,
        options?: object,
      ): WordMap<K> {
        return new WordMap<K>(options).setMany(entries);
      }
    } as unknown as typeof WordMap,
  ],
  [
    "diff takes what is added for what is removed",
    "diff",
    class<K extends KeyType> extends WordMap<K> {
      override diff(other: WordMap<K>, range?: Range<K>) {
        const swapped = [...super.diff(other, range)].map((one) => {
          const kind = { added: "removed", removed: "added", changed: "changed" }[one.kind];
          return { ...one, kind };
        });
        return over(swapped);
      }
    } as typeof WordMap,
  ],
  [
    "popFirst leaves the entry",
    "popFirst",
    class<K extends KeyType> extends WordMap<K> {
      override popFirst(range?: Range<K>): [K, bigint] | undefined {
        return super.first(range);
      }
    } as typeof WordMap,
  ],
  [
    "popLast pops the last of all",
    "popLast",
    class<K extends KeyType> extends WordMap<K> {
      override popLast(range?: Range<K>): [K, bigint] | undefined {
        return super.last(range) && super.popLast();
      }
    } as typeof WordMap,
  ],
  [
    "getMany leaves out what is not there",
    "getMany",
    class<K extends KeyType> extends WordMap<K> {
      override getMany(keys: Iterable<K>): (bigint | undefined)[] {
        return super.getMany(keys).filter((value) => value !== undefined);
      }
    } as typeof WordMap,
  ],
  [
    "hasMany answers in key order",
    "hasMany",
    class<K extends KeyType> extends WordMap<K> {
      override hasMany(keys: Iterable<K>): boolean[] {
        return super.hasMany([...keys].sort());
      }
    } as typeof WordMap,
  ],
  [
    "setMany lets the first of equal keys win",
    "setMany",
    class<K extends KeyType> extends WordMap<K> {
      override setMany(entries: Iterable<readonly [K, bigint]>): this {
        return super.setMany([...entries].reverse());
      }
    } as typeof WordMap,
  ],
  [
    "deleteMany stops at what is no key",
    "deleteMany",
    class<K extends KeyType> extends WordMap<K> {
      override deleteMany(keys: Iterable<K>): number {
        return [...keys].filter((key) => super.delete(key)).length;
      }
    } as typeof WordMap,
  ],
  [
    "first gives the least value",
    "first",
    class<K extends KeyType> extends WordMap<K> {
      override first(): [K, bigint] | undefined {
        return [...super.entries()].sort(([, a], [, b]) => (a < b ? -1 : 1))[0];
      }
    } as typeof WordMap,
  ],
  [
    "last gives the first entry of a map of two",
    "last",
    class<K extends KeyType> extends WordMap<K> {
      override last(): [K, bigint] | undefined {
        return super.size === 2 ? super.first() : super.last();
      }
    } as typeof WordMap,
  ],
  [
    "entries counts from 0 up to and with the limit",
    "entries",
    class<K extends KeyType> extends WordMap<K> {
      override entries(range?: Range<K>) {
        return super.entries(range?.limit ? { ...range, limit: range.limit + 1 } : range);
      }
    } as typeof WordMap,
  ],
  [
    "keys takes gt for gte",
    "keys",
    class<K extends KeyType> extends WordMap<K> {
      override keys(range?: Range<K>) {
        if (range?.gt === undefined || range.gte !== undefined) return super.keys(range);
        return super.keys({ ...range, gt: undefined, gte: range.gt });
      }
    } as typeof WordMap,
  ],
  [
    "values loses lte when it goes backwards",
    "values",
    class<K extends KeyType> extends WordMap<K> {
      override values(range?: Range<K>) {
        return super.values(range?.reverse ? { ...range, lte: undefined } : range);
      }
    } as typeof WordMap,
  ],
  [
    "keys orders by UTF-16",
    "model",
    class extends WordMap<string> {
      override keys(range?: Range) {
        const keys = [...super.keys(range)].sort();
        return over(range?.reverse ? keys.reverse() : keys);
      }
    } as unknown as typeof WordMap,
  ],
  [
    "a prefix is not among the keys that begin with it",
    "entries",
    class extends WordMap<string> {
      override entries(range?: Range) {
        const { prefix } = range ?? {};
        return super.entries(prefix === undefined ? range : { gt: prefix, ...range });
      }
    } as unknown as typeof WordMap,
  ],
  [
    "for...of goes backwards",
    "[Symbol.iterator]",
    class<K extends KeyType> extends WordMap<K> {
      override [Symbol.iterator]() {
        return super.entries({ reverse: true });
      }
    } as typeof WordMap,
  ],
  [
    "forEach passes the key first",
    "forEach",
    class<K extends KeyType> extends WordMap<K> {
      override forEach(callback: (value: bigint, key: K, map: this) => void) {
        super.forEach((value, key) => {
          callback(key as never, value as never, this);
        });
      }
    } as typeof WordMap,
  ],
  [
    "an iterator goes on after return",
    "iterators",
    class<K extends KeyType> extends WordMap<K> {
      override keys(range?: Range<K>) {
        const iterator = super.keys(range);
        iterator.return = () => ({ done: true, value: undefined });
        return iterator;
      }
    } as typeof WordMap,
  ],
  [
    "an iterator is none of the engine's",
    "iterators",
    class<K extends KeyType> extends WordMap<K> {
      override values(range?: Range<K>) {
        const iterator = super.values(range);
        const own = { next: () => iterator.next(), return: () => iterator.return() };
        return { ...own, [Symbol.iterator]: () => iterator } as never;
      }
    } as typeof WordMap,
  ],
  [
    "a scan gives a key again after the map has changed",
    "a scan",
    class<K extends KeyType> extends WordMap<K> {
      override keys(range?: Range<K>) {
        const iterator = super.keys(range);
        const sizeNow = () => super.size;
        let size = sizeNow();
        let last = iterator.next();
        const next = () => {
          const grown = sizeNow() > size;
          size = sizeNow();
          const given = last;
          if (!grown) last = iterator.next();
          return given;
        };
        return { next, [Symbol.iterator]: () => ({ next }) } as never;
      }
    } as typeof WordMap,
  ],
  [
    "numbers are taken for keys",
    "keys",
    class<K extends KeyType> extends WordMap<K> {
      override get(key: K): bigint | undefined {
        return typeof key === "number" ? undefined : super.get(key);
      }
    } as typeof WordMap,
  ],
  [
    "set deletes before it looks at the value",
    "values",
    class<K extends KeyType> extends WordMap<K> {
      override set(key: K, value: bigint): this {
        if (this.has(key)) this.delete(key);
        return super.set(key, value);
      }
    } as typeof WordMap,
  ],
  [
    "unknown members of a range are ignored",
    "ranges",
    class<K extends KeyType> extends WordMap<K> {
      override keys(range?: Range<K>) {
        const { form: _, ...rest } = (range ?? {}) as TestedRange<K> & { form?: unknown };
        return super.keys(rest as Range<K>);
      }
    } as typeof WordMap,
  ],
  [
    "unknown options are ignored",
    "options",
    class<K extends KeyType> extends WordMap<K> {
      constructor(options: object = {}, ...rest: never[]) {
        const { witdh: _, ...known } = (options ?? {}) as { witdh?: number };
        super(known, ...rest);
      }
    } as typeof WordMap,
  ],
  ["`using` does not know it", "capabilities", disposingBy(undefined)],
  [
    "every handle is another object",
    "handle",
    class<K extends KeyType> extends WordMap<K> {
      override get handle(): MapHandle {
        return Object.freeze({ ...super.handle });
      }
    } as typeof WordMap,
  ],
  [
    "a closed map is empty",
    "closed maps",
    class<K extends KeyType> extends WordMap<K> {
      #closed = false;
      override close(): void {
        this.#closed = true;
        super.close();
      }
      override has(key: K): boolean {
        return this.#closed ? false : super.has(key);
      }
    } as typeof WordMap,
  ],
  ["dispose leaves it open", "dispose", disposingBy(() => {})],
  [
    "release says true when there was nothing to do",
    "release",
    class<K extends KeyType> extends WordMap<K> {
      override release(participant: number): boolean {
        super.release(participant);
        return true;
      }
    } as typeof WordMap,
  ],
  [
    "a map that is full loses the key that was set",
    "full maps",
    class<K extends KeyType> extends WordMap<K> {
      override set(key: K, value: bigint): this {
        try {
          return super.set(key, value);
        } catch (error) {
          const last = super.last();
          if (last !== undefined) super.delete(last[0]);
          throw error;
        }
      }
    } as typeof WordMap,
  ],
];
