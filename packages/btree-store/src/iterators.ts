import {
  entryIterator,
  type KeyType,
  keyIterator,
  type OrderedMapIterator,
  valueIterator,
} from "@masstree/tree";
import type { StoreCursor } from "./read-transaction.ts";

/**
 * What `entries`, `keys` and `values` return: an iterator like those of `Map`, with all methods of the engine's own
 * iterators (`map`, `filter`, `take`, ... if it has them). Its steps throw `STORE_ENDED` once its transaction has
 * ended, and `STORE_CORRUPT` at a damaged page; it never ends early in silence.
 */
export type StoreIterator<T> = OrderedMapIterator<T>;

// The iterators of the maps need no more of a cursor than a StoreCursor has.

export function entriesOf<K extends KeyType, V>(cursor: StoreCursor<K, V>): StoreIterator<[K, V]> {
  return entryIterator(cursor as never) as StoreIterator<[K, V]>;
}

export function keysOf<K extends KeyType, V>(cursor: StoreCursor<K, V>): StoreIterator<K> {
  return keyIterator(cursor as never) as StoreIterator<K>;
}

export function valuesOf<K extends KeyType, V>(cursor: StoreCursor<K, V>): StoreIterator<V> {
  return valueIterator(cursor as never) as StoreIterator<V>;
}
