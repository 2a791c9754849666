import {
  MassTreeInterruptedError,
  MassTreeKeyTooLongError,
  MassTreeUnsortedError,
} from "@masstree/errors";
import { MAX_KEY_BYTES } from "@masstree/key";
import { LOAD_FULL, LOAD_REPEATED, LOAD_UNSORTED } from "./exports.ts";
import { tooSmallError } from "./full-error.ts";
import type { TreeInstance } from "./instance.ts";
import type { MapValues } from "./map-values.ts";

/** How keys get where the tree reads them: `readyKey` and `encodeKey` of a map. */
export interface KeyWriter<K> {
  ready(key: K): K;
  encode(key: K): number;
}

/**
 * Builds the tree of an empty map from sorted entries, one at a time: nodes are packed, from the bottom up, and
 * nothing is searched (assembly/load.ts).
 *
 * Nobody else may have the map yet. Until `finish` has returned, nothing but this may use it; a loader that has
 * thrown cannot go on, and its map can only be closed.
 *
 * @internal
 */
export class BytesLoader<V> {
  readonly #tree: TreeInstance;
  readonly #values: MapValues<V>;
  /** What an interrupted call replaces, and with it all that was built. */
  readonly #exports: TreeInstance["exports"];
  #position = 0;
  /** False while an entry is being appended, and from then on if that was given up. */
  #isWhole = true;

  constructor(tree: TreeInstance, values: MapValues<V>) {
    this.#tree = tree;
    this.#values = values;
    this.#exports = tree.exports;
    tree.exports.beginLoad();
  }

  /** How many entries were appended. */
  get position(): number {
    return this.#position;
  }

  /**
   * Appends an entry: the bytes of a key and a value in its stored form (`MapValues`). O(key bytes); now and then a
   * node is completed. Runs no code of the caller.
   *
   * @throws MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`), MassTreeFullError (`MASSTREE_FULL`); MassTreeUnsortedError (`MASSTREE_UNSORTED`) if the key is not greater
   *   than the one before; MassTreeInterruptedError (`MASSTREE_INTERRUPTED`) if a call was interrupted before
   */
  append(key: Uint8Array, stored: unknown): void {
    const tree = this.#tree;
    tree.checkOpen();
    if (key.length > MAX_KEY_BYTES) {
      throw new MassTreeKeyTooLongError(
        `A key has at most ${MAX_KEY_BYTES} bytes, but that of entry ${this.#position}, counted from 0, has ${key.length}.`,
      );
    }
    this.#values.stageStored(stored);
    this.appendStaged(() => {
      tree.key.set(key);
      return key.length;
    });
  }

  /**
   * Makes all that was appended the contents of the map, in one step.
   *
   * @throws MassTreeFullError (`MASSTREE_FULL`), MassTreeInterruptedError (`MASSTREE_INTERRUPTED`)
   */
  finish(): void {
    this.#tree.checkOpen();
    this.#requireWhole();
    if (this.#exports.finishLoad() === LOAD_FULL) throw tooSmallError(this.#tree);
  }

  /** Appends the staged value with the key that `write` writes. */
  protected appendStaged(write: () => number): void {
    let status: number;
    try {
      const length = write();
      this.#requireWhole();
      this.#isWhole = false;
      status = this.#values.append(length);
    } finally {
      this.#values.unstage();
    }
    if (status === LOAD_FULL) throw tooSmallError(this.#tree);
    if (status === LOAD_UNSORTED || status === LOAD_REPEATED) {
      throw new MassTreeUnsortedError(
        status === LOAD_REPEATED
          ? `The entries must have different keys, but entry ${this.#position}, counted from 0, has the key of the one before.`
          : `The entries must be in ascending order of their keys, but entry ${this.#position}, counted from 0, has a smaller key than the one before. Sort them as the map does: strings by code points.`,
        this.#position,
      );
    }
    this.#isWhole = true;
    this.#position++;
  }

  #requireWhole(): void {
    if (this.#isWhole && this.#tree.exports === this.#exports) return;
    throw new MassTreeInterruptedError(
      "The filling of this map was interrupted, or given up. Fill another one.",
    );
  }
}

/** The same, of keys and values as a map takes them. @internal */
export class SortedLoader<K, V> extends BytesLoader<V> {
  readonly #values: MapValues<V>;
  readonly #keys: KeyWriter<K>;

  constructor(tree: TreeInstance, values: MapValues<V>, keys: KeyWriter<K>) {
    super(tree, values);
    this.#values = values;
    this.#keys = keys;
  }

  /**
   * Appends an entry. O(key bytes); now and then a node is completed. May run code of the caller.
   *
   * @throws as `set` of a map; MassTreeUnsortedError (`MASSTREE_UNSORTED`) if the key, as bytes, is not greater than
   *   the one before; MassTreeInterruptedError (`MASSTREE_INTERRUPTED`) if a call was interrupted before
   */
  add(key: K, value: V): void {
    const keys = this.#keys;
    const ready = keys.ready(key);
    this.#values.stage(value);
    this.appendStaged(() => keys.encode(ready));
  }
}
