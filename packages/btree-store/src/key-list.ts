/*
 * A map whose keys are bytes, in their order, on this thread's heap: what a transaction remembers until it commits.
 *
 * A LocalMassTree would do the same, but each one is an instance of a module with a memory of its own, which costs more
 * than most transactions do, and stays until it is collected. So this is a list of short sorted lists.
 */
import { compareBytes } from "./compare-bytes.ts";

export interface KeyEntry<T> {
  readonly key: Uint8Array;
  value: T;
}

/** A list that has become longer than this is cut in two. */
const LONGEST = 512;

export class KeyList<T> {
  /** None is empty. */
  readonly #lists: KeyEntry<T>[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The entry of a key, the first `length` bytes of some. O(log size). */
  find(key: Uint8Array, length: number): KeyEntry<T> | undefined {
    const list = this.#lists[this.#listOf(key, length)];
    if (list === undefined) return undefined;
    const entry = list[lowerBound(list, key, length)];
    return entry !== undefined && compareBytes(key, entry.key, length) === 0 ? entry : undefined;
  }

  /** Sets the value of a key, which is copied if it is new. O(log size), and now and then O(√size). */
  set(key: Uint8Array, length: number, value: T): void {
    const at = this.#listOf(key, length);
    const list = this.#lists[at];
    if (list === undefined) {
      this.#lists.push([{ key: key.slice(0, length), value }]);
      this.#size++;
      return;
    }
    const index = lowerBound(list, key, length);
    const entry = list[index];
    if (entry !== undefined && compareBytes(key, entry.key, length) === 0) {
      entry.value = value;
      return;
    }
    list.splice(index, 0, { key: key.slice(0, length), value });
    this.#size++;
    if (list.length > LONGEST) this.#lists.splice(at + 1, 0, list.splice(LONGEST / 2));
  }

  /**
   * The first entry of a range: the lowest from a key on, or the greatest up to it. O(log size).
   *
   * @param from undefined: the first of all
   * @param inclusive whether it may be `from` itself
   */
  nearest(
    from: Uint8Array | undefined,
    inclusive: boolean,
    isReverse: boolean,
  ): KeyEntry<T> | undefined {
    const lists = this.#lists;
    if (from === undefined) return isReverse ? lists.at(-1)?.at(-1) : lists[0]?.[0];
    const at = this.#listOf(from, from.length);
    const list = lists[at];
    if (list === undefined) return undefined;
    const index = lowerBound(list, from, from.length);
    const entry = list[index];
    const isThere = entry !== undefined && compareBytes(from, entry.key) === 0;
    if (isThere && inclusive) return entry;
    if (isReverse) return list[index - 1] ?? lists[at - 1]?.at(-1);
    return list[isThere ? index + 1 : index] ?? lists[at + 1]?.[0];
  }

  /** All entries, in order. */
  *[Symbol.iterator](): Generator<KeyEntry<T>> {
    for (const list of this.#lists) yield* list;
  }

  /** Forgets everything. */
  clear(): void {
    this.#lists.length = 0;
    this.#size = 0;
  }

  /** The list where a key belongs: the last one that begins with it or below, or else the first. */
  #listOf(key: Uint8Array, length: number): number {
    let low = 0;
    let high = this.#lists.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareBytes(key, this.#lists[middle]![0]!.key, length) < 0) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low - 1);
  }
}

/** The index of the first entry whose key is not below a given one. */
function lowerBound(list: readonly KeyEntry<unknown>[], key: Uint8Array, length: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(key, list[middle]!.key, length) > 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
