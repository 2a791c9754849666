import { PUT_ALWAYS, PUT_FULL } from "../exports.ts";
import { fullError } from "../full-error.ts";
import type { TreeInstance } from "../instance.ts";
import type { MapValues } from "../map-values.ts";

/** Fills an empty map that nobody else has, with entries in order. */
export class EntryLoader<V> {
  readonly #tree: TreeInstance;
  readonly #values: MapValues<V>;

  constructor(tree: TreeInstance, values: MapValues<V>) {
    this.#tree = tree;
    this.#values = values;
  }

  /**
   * Adds an entry. Runs no code of the caller.
   *
   * @param key its bytes, up to MAX_KEY_BYTES, greater than those before
   * @param stored the value in its stored form
   * @throws MassTreeFullError (`MASSTREE_FULL`)
   */
  append(key: Uint8Array, stored: unknown): void {
    const values = this.#values;
    this.#tree.checkOpen();
    values.stageStored(stored);
    try {
      this.#tree.key.set(key);
      if (values.put(key.length, PUT_ALWAYS) === PUT_FULL) throw fullError(this.#tree);
    } finally {
      values.unstage();
    }
  }

  /** Makes all that was added the contents of the map. */
  finish(): void {}
}
