import type { KeyType } from "./key-types.ts";

/**
 * What `entries`, `keys` and `values` return: an iterator like those of `Map`, with all methods of
 * the engine's own iterators (`map`, `filter`, `take`, ... if it has them).
 *
 * Between two steps it holds no lock and does not delay reclamation. The map may change in any way,
 * and closing the map makes the next step throw `MASSTREE_CLOSED`. Leaving a `for...of` loop calls
 * `return`.
 */
export interface OrderedMapIterator<T> extends IteratorObject<T, undefined, unknown> {
  /**
   * The next item. O(1), with an occasional search: up to 256 entries are taken from the map at a
   * time.
   */
  next(): IteratorResult<T, undefined>;
  /** Ends the iteration. */
  return(): IteratorResult<T, undefined>;
  [Symbol.iterator](): OrderedMapIterator<T>;
}

/** What an iterator needs of a cursor. @internal */
export interface EntryCursor<K, V> {
  /** Moves to the first or the next entry; false at the end, and from then on. */
  next(): boolean;
  /** The current entry's key. */
  key(): K;
  /** The current entry's value. */
  value(): V;
  /** Both. */
  entry(): [K, V];
  /** Ends the scan early. */
  stop(): void;
}

type Prototype = IteratorObject<never, undefined, unknown>;

const iteratorPrototype: Prototype = Object.getPrototypeOf(
  Object.getPrototypeOf([][Symbol.iterator]()),
);

// A base class whose prototype is the built-in one; its constructor does nothing else.
const BuiltIn = /* @__PURE__ */ (() => {
  function Iterator() {}
  Iterator.prototype = iteratorPrototype;
  return Iterator as unknown as new () => object;
})();

/*
 * Each class has its cursor in its own private field: a field shared by all three would be a
 * visible property.
 */
abstract class CursorIterator extends BuiltIn {
  get [Symbol.toStringTag](): string {
    return "OrderedMap Iterator";
  }
}

class EntryIterator<K extends KeyType, V> extends CursorIterator {
  readonly #cursor: EntryCursor<K, V>;

  constructor(cursor: EntryCursor<K, V>) {
    super();
    this.#cursor = cursor;
  }

  next(): IteratorResult<[K, V], undefined> {
    const cursor = this.#cursor;
    if (!cursor.next()) return { done: true, value: undefined };
    return { done: false, value: cursor.entry() };
  }

  return(): IteratorResult<never, undefined> {
    return stopped(this.#cursor);
  }
}

class KeyIterator<K extends KeyType> extends CursorIterator {
  readonly #cursor: EntryCursor<K, unknown>;

  constructor(cursor: EntryCursor<K, unknown>) {
    super();
    this.#cursor = cursor;
  }

  next(): IteratorResult<K, undefined> {
    const cursor = this.#cursor;
    if (!cursor.next()) return { done: true, value: undefined };
    return { done: false, value: cursor.key() };
  }

  return(): IteratorResult<never, undefined> {
    return stopped(this.#cursor);
  }
}

class ValueIterator<V> extends CursorIterator {
  readonly #cursor: EntryCursor<unknown, V>;

  constructor(cursor: EntryCursor<unknown, V>) {
    super();
    this.#cursor = cursor;
  }

  next(): IteratorResult<V, undefined> {
    const cursor = this.#cursor;
    if (!cursor.next()) return { done: true, value: undefined };
    return { done: false, value: cursor.value() };
  }

  return(): IteratorResult<never, undefined> {
    return stopped(this.#cursor);
  }
}

function stopped(cursor: EntryCursor<unknown, unknown>): IteratorResult<never, undefined> {
  cursor.stop();
  return { done: true, value: undefined };
}

/** @internal */
export function entryIterator<K extends KeyType, V>(
  cursor: EntryCursor<K, V>,
): OrderedMapIterator<[K, V]> {
  return new EntryIterator(cursor) as unknown as OrderedMapIterator<[K, V]>;
}

/** @internal */
export function keyIterator<K extends KeyType>(
  cursor: EntryCursor<K, unknown>,
): OrderedMapIterator<K> {
  return new KeyIterator(cursor) as unknown as OrderedMapIterator<K>;
}

/** @internal */
export function valueIterator<V>(cursor: EntryCursor<unknown, V>): OrderedMapIterator<V> {
  return new ValueIterator(cursor) as unknown as OrderedMapIterator<V>;
}
