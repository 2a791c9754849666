// What is known about the keys without the map: their order, and which of them a prefix selects.
import { randomFrom, shuffle } from "../random.ts";
import { KeyTable, type PackedKeys } from "./packed.ts";

/** Key numbers `0..count` in a shared array, to be sorted or shuffled. */
export function keyNumbers(count: number): Uint32Array {
  const numbers = new Uint32Array(new SharedArrayBuffer(count * 4));
  for (let i = 0; i < count; i++) numbers[i] = i;
  return numbers;
}

/** Sorts key numbers by the bytes of their keys, in place. */
function sortByBytes(keys: KeyTable, numbers: Uint32Array): Uint32Array {
  return numbers.sort((a, b) => keys.compare(a, b));
}

/** `inverse[order[p]] = p`. */
function inverseOf(order: Uint32Array): Uint32Array {
  const inverse = new Uint32Array(new SharedArrayBuffer(order.length * 4));
  for (let position = 0; position < order.length; position++) inverse[order[position]!] = position;
  return inverse;
}

/** The part of `sorted` whose keys start with `prefix`, found by bisection: [from, to). */
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
 * The keys of `sorted` that start with `prefix`, found by looking at every key: the plain
 * definition, which prefix scans are held against.
 */
export function prefixFilter(keys: KeyTable, sorted: Uint32Array, prefix: Uint8Array): Uint32Array {
  return sorted.filter((i) => keys.comparePrefix(i, prefix) === 0);
}

/** The input in shared memory, once for all threads, with what is known of it. */
export interface SharedInput {
  readonly keys: PackedKeys;
  /** Key numbers in the random order in which steps write them. */
  readonly order: Uint32Array;
  /** Where in `order` a key number stands. */
  readonly position: Uint32Array;
  /** Key numbers in the order of their keys' bytes. */
  readonly sorted: Uint32Array;
  readonly seed: number;
}

/** Shuffles and sorts: seconds for millions of keys. */
export function arrangeInput(keys: PackedKeys, seed: number): SharedInput {
  const order = shuffle(keyNumbers(keys.count), randomFrom(seed));
  const sorted = sortByBytes(new KeyTable(keys), keyNumbers(keys.count));
  return { keys, order, position: inverseOf(order), sorted, seed };
}
