import {
  MassTreeInterruptedError,
  MassTreeKeyTooLongError,
  MassTreeUnsortedError,
} from "@masstree/errors";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import { EntryBatch } from "./entry-batch.ts";
import { ENTRIES, LOAD_FULL, LOAD_REPEATED, LOAD_UNSORTED, WORD_OUT } from "./exports.ts";
import { tooSmallError } from "./full-error.ts";
import type { TreeInstance } from "./instance.ts";
import type { MapValues } from "./map-values.ts";

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
  protected isWhole = true;

  constructor(tree: TreeInstance, values: MapValues<V>) {
    this.#tree = tree;
    this.#values = values;
    this.#exports = tree.exports;
    tree.exports.beginLoad();
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
    try {
      tree.key.set(key);
      this.tryAppend(1, () => this.#values.append(key.length));
    } finally {
      this.#values.unstage();
    }
  }

  /**
   * Makes all that was appended the contents of the map, in one step.
   *
   * @throws MassTreeFullError (`MASSTREE_FULL`), MassTreeInterruptedError (`MASSTREE_INTERRUPTED`)
   */
  finish(): void {
    this.#tree.checkOpen();
    this.requireWhole();
    if (this.#exports.finishLoad() === LOAD_FULL) throw tooSmallError(this.#tree);
  }

  /**
   * Appends entries.
   *
   * @param append appends `count` of them; if that is not all, the tree says how many
   */
  protected tryAppend(count: number, append: () => number): void {
    this.requireWhole();
    this.isWhole = false;
    const status = append();
    if (status === LOAD_FULL) throw tooSmallError(this.#tree);
    if (status === LOAD_UNSORTED || status === LOAD_REPEATED) {
      const position = this.#position + (count === 1 ? 0 : this.#tree.result.u32[WORD_OUT / 4]!);
      throw new MassTreeUnsortedError(
        status === LOAD_REPEATED
          ? `The entries must have different keys, but entry ${position}, counted from 0, has the key of the one before.`
          : `The entries must be in ascending order of their keys, but entry ${position}, counted from 0, has a smaller key than the one before. Sort them as the map does: strings by code points.`,
        position,
      );
    }
    this.isWhole = true;
    this.#position += count;
  }

  protected requireWhole(): void {
    if (this.isWhole && this.#tree.exports === this.#exports) return;
    throw new MassTreeInterruptedError(
      "The filling of this map was interrupted, or given up. Fill another one.",
    );
  }
}

/** The same, of keys and values as a map takes them. @internal */
export class SortedLoader<K, V> extends BytesLoader<V> {
  readonly #tree: TreeInstance;
  readonly #codec: KeyCodec<K>;
  readonly #values: MapValues<V>;
  /** What was added and not yet appended. */
  readonly #batch = new EntryBatch();

  constructor(tree: TreeInstance, codec: KeyCodec<K>, values: MapValues<V>) {
    super(tree, values);
    this.#tree = tree;
    this.#codec = codec;
    this.#values = values;
  }

  /**
   * Adds an entry. O(key bytes); now and then a node is completed. May run code of the caller.
   *
   * @throws as `set` of a map; MassTreeUnsortedError (`MASSTREE_UNSORTED`) if a key that was added, as bytes, is not
   *   greater than the one before: at once, later or at last from `finish`; MassTreeInterruptedError
   *   (`MASSTREE_INTERRUPTED`) if a call was interrupted before
   */
  add(key: K, value: V): void {
    const batch = this.#batch;
    this.requireWhole();
    if (batch.isFull) this.#appendBatch();
    const keyEnd = batch.writeKey(this.#codec, key);
    const end = this.#values.writeValue(batch.views, batch.next, keyEnd, value);
    if (typeof end === "number") {
      this.isWhole = false;
      batch.add(end);
      this.isWhole = true;
    } else {
      const bytes = batch.dropKey(keyEnd);
      this.#appendBatch();
      this.append(bytes, end.stored);
    }
  }

  override finish(): void {
    this.#appendBatch();
    super.finish();
  }

  #appendBatch(): void {
    const { count, next, views } = this.#batch;
    if (count === 0) return;
    const tree = this.#tree;
    tree.checkOpen();
    tree.result.bytes.set(views.bytes.subarray(0, next), ENTRIES);
    this.tryAppend(count, () => tree.exports.appendMany(count));
    this.#batch.clear();
  }
}
