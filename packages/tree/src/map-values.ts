import type { Views } from "@masstree/session";
import type { ScanValues } from "./cursor.ts";
import type { EntryBuffer } from "./entry-buffer.ts";
import { ENTRY_VALUE, WORD_IN, WORD_OUT, type WordTreeExports } from "./exports.ts";
import type { TreeInstance } from "./instance.ts";

/**
 * How a class of maps stores its values: everything that `OrderedMap` does not know itself. If a
 * value fits in a 64-bit word, `WordValues` does it.
 *
 * An operation that writes a value first calls `stage`. Then it writes the key, and calls one of
 * `get`, `put`, `swap` and `take`; after `swap` and `take` it may call `previous`.
 */
export interface MapValues<V> extends ScanValues<V> {
  /**
   * Prepares a value to be written. May run the caller's code, which may use the map.
   *
   * @throws before anything has changed
   */
  stage(value: V): void;
  /**
   * Releases what `stage` prepared. Called after every operation that staged a value, even if it
   * failed.
   */
  unstage(): void;
  /** The value of the key in the key scratch, whose length is `keyLength` bytes. */
  get(keyLength: number): V | undefined;
  /**
   * Writes the staged value, if a condition holds.
   *
   * @param condition PUT_ALWAYS, PUT_IF_PRESENT or PUT_IF_ABSENT
   * @returns PUT_INSERTED, PUT_REPLACED, PUT_FULL or PUT_REFUSED
   */
  put(keyLength: number, condition: number): number;
  /**
   * Like `put`. If the key had a value, `previous` returns it: after PUT_REPLACED the one that is
   * gone, after PUT_REFUSED under PUT_IF_ABSENT the one that stays.
   */
  swap(keyLength: number, condition: number): number;
  /**
   * Removes the key in the key scratch.
   *
   * @returns whether it was there; then `previous` returns its value
   */
  take(keyLength: number): boolean;
  /**
   * The value that the last `swap` or `take` found. Can be called once. May run the caller's code.
   */
  previous(): V;
}

/** How a value becomes a 64-bit word, and back. */
export interface WordCodec<V> {
  /**
   * Writes a value into a word.
   *
   * @param views of the memory that holds the word
   * @param index of the word, in words of 64 bits
   * @throws before it writes anything, if the value cannot be stored
   */
  write(views: Views, index: number, value: V): void;
  /** Reads a value from a word. Must not run code of the caller. */
  read(views: Views, index: number): V;
}

/** Values that are in the tree's value words themselves. */
export class WordValues<V> implements MapValues<V> {
  readonly pinned = false;
  readonly #tree: TreeInstance<WordTreeExports>;
  readonly #codec: WordCodec<V>;

  constructor(tree: TreeInstance<WordTreeExports>, codec: WordCodec<V>) {
    this.#tree = tree;
    this.#codec = codec;
  }

  stage(value: V): void {
    this.#codec.write(this.#tree.result, WORD_IN / 8, value);
  }

  unstage(): void {}

  get(keyLength: number): V | undefined {
    const tree = this.#tree;
    if (tree.exports.get(keyLength) === 0) return undefined;
    return this.#codec.read(tree.result, WORD_OUT / 8);
  }

  put(keyLength: number, condition: number): number {
    return this.#tree.exports.put(keyLength, condition);
  }

  swap(keyLength: number, condition: number): number {
    return this.put(keyLength, condition);
  }

  take(keyLength: number): boolean {
    return this.#tree.exports.remove(keyLength) !== 0;
  }

  previous(): V {
    return this.#codec.read(this.#tree.result, WORD_OUT / 8);
  }

  keep(_buffer: EntryBuffer, count: number): number {
    return count;
  }

  read(buffer: EntryBuffer, entry: number): V {
    return this.#codec.read(buffer.views, (entry + ENTRY_VALUE) / 8);
  }
}
