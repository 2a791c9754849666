// What the threads of the deaths know in common: the keys, who writes which, and what was acknowledged.
//
// Key i belongs to thread i modulo the number of threads: only that one writes it, so it knows at any
// time what the key must hold. It notes in shared memory what it is about to do (pending), does it,
// and notes that it was done (acknowledged): whoever comes after its end knows what must be there.
import type { MapHandle } from "@masstree/tree";
import type { Builds } from "./builds.ts";

/** How a thread ends by itself; `terminate` waits to be ended. */
export type Ending = "terminate" | "exit" | "exit-in-value" | "throw" | "return";

/** What a thread is started with. */
export interface DeathStart {
  readonly handle: MapHandle;
  readonly builds: Builds;
  readonly board: SharedArrayBuffer;
  readonly keys: number;
  readonly thread: number;
  readonly threads: number;
  readonly seed: number;
  readonly ending: Ending;
  /** After how many operations it ends by itself. */
  readonly after: number;
}

/** What an ending by `throw` throws: not a failure. */
export const DELIBERATE = "the thread was told to throw";

/** Keys that are in one layer, that share a layer or ten, and that have long suffixes. */
export function keyOf(index: number): string {
  switch (index % 4) {
    case 0:
      return `k${index}`;
    case 1:
      return `/some/prefix/that/reaches/down/through/many/layers/of/the/trie/${index}`;
    case 2:
      return `${String(index).padStart(8, "0")}suffix-${index}-${"s".repeat(index % 50)}`;
    default:
      return `${"deep/".repeat(index % 13)}${index}`;
  }
}

/** Keys that every thread writes. */
export function contendedKeyOf(index: number): string {
  return index % 2 === 0 ? `contended ${index}` : `/some/prefix/contended/${index}`;
}
export const contendedKeys = 6;

/** The words that the threads share beside the map. */
export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly acknowledged: Int32Array;
  readonly pending: Int32Array;
  readonly operations: Int32Array;

  static bytes(keys: number, threads: number): number {
    return 4 * (2 * keys + threads);
  }

  constructor(buffer: SharedArrayBuffer, keys: number, threads: number) {
    this.buffer = buffer;
    this.acknowledged = new Int32Array(buffer, 0, keys);
    this.pending = new Int32Array(buffer, 4 * keys, keys);
    this.operations = new Int32Array(buffer, 8 * keys, threads);
  }
}
