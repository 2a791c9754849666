// What is known about the keys without the map: their order, and which keys a prefix selects.
import { randomFrom, shuffle } from "../random.ts";
import { KeyTable, type PackedKeys } from "./packed.ts";

/** The key numbers from 0 to `count - 1`, in a shared array, to be sorted or shuffled. */
export function keyNumbers(count: number): Uint32Array {
  const numbers = new Uint32Array(new SharedArrayBuffer(count * 4));
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** Sorts key numbers in place, by the bytes of their keys. */
function sortByBytes(keys: KeyTable, numbers: Uint32Array): Uint32Array {
  return numbers.sort((a, b) => keys.compare(a, b));
}

/** `inverse[order[p]] = p`. */
function inverseOf(order: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(new SharedArrayBuffer(order.length * 4));
  for (let position = 0; position < order.length; position++) inverse[order[position]!] = position;
  return inverse;
}

/** The range [from, to) of `sorted` whose keys start with `prefix`, found by binary search. */
export function prefixRange(
  keys: KeyTable,
  sorted: Uint32Array,
  prefix: Uint8Array,
): { from: number; to: number } {
  const first = (isPast: (comparison: number) => boolean): number => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isPast(keys.comparePrefix(sorted[middle]!, prefix))) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return { from: first((order) => order >= 0), to: first((order) => order > 0) };
}

/**
 * The keys of `sorted` that start with `prefix`, found by testing every key. This is the plain
 * definition, with which prefix scans are compared.
 */
export function prefixFilter(keys: KeyTable, sorted: Uint32Array, prefix: Uint8Array): Uint32Array {
  return sorted.filter((i) => keys.comparePrefix(i, prefix) === 0);
}

/** The input and what is known about it, in shared memory, once for all threads. */
export interface SharedInput {
  readonly keys: PackedKeys;
  /** Key numbers in the random order in which steps write them. */
  readonly order: Uint32Array;
  /** The position of each key number in `order`. */
  readonly position: Uint32Array;
  /** Key numbers sorted by the bytes of their keys. */
  readonly sorted: Uint32Array;
  readonly seed: number;
}

/** Shuffles and sorts the keys. Takes seconds for millions of keys. */
export function arrangeInput(keys: PackedKeys, seed: number): SharedInput {
  const order = shuffle(keyNumbers(keys.count), randomFrom(seed));
  const sorted = sortByBytes(new KeyTable(keys), keyNumbers(keys.count));
  return { keys, order, position: inverseOf(order), sorted, seed };
}
