import { Views } from "@masstree/session";
import type { SideValues } from "./diff.ts";
import type { EntryBuffer } from "./entry-buffer.ts";
import { ENTRY_VALUE, WORD_EXPECTED, WORD_IN, WORD_OUT, type WordTreeExports } from "./exports.ts";
import type { GuardMemory } from "./guard-memory.ts";
import type { TreeInstance } from "./instance.ts";
import type { ScanValues } from "./scan.ts";

/**
 * How a class of maps stores its values: everything that `OrderedMap` does not know itself. If a
 * value fits in a 64-bit word, `WordValues` does it.
 *
 * An operation that writes a value first calls `stage`. Then it writes the key, and calls one of
 * `get`, `put`, `swap` and `take`; after `swap` and `take` it may call `previous`.
 *
 * An operation that compares has the value to compare with in its stored form, `Stored`: private to
 * it, so that nothing that the caller's code does in between can change it.
 */
export interface MapValues<V, Stored = unknown> extends ScanValues<V> {
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
   * @param condition PUT_ALWAYS, PUT_IF_PRESENT, PUT_IF_ABSENT or PUT_IF_EQUAL
   * @param expected for PUT_IF_EQUAL: what the value must be
   * @returns PUT_INSERTED, PUT_REPLACED, PUT_FULL or PUT_REFUSED
   */
  put(keyLength: number, condition: number, expected?: Stored): number;
  /**
   * Like `put`. If the key had a value, `previous` returns it: after PUT_REPLACED the one that is
   * gone, after PUT_REFUSED under PUT_IF_ABSENT the one that stays. For words that are numbers,
   * `condition` can also be an operation (COMBINE_ADD and so on, plus a kind); then `previous`
   * returns the new value.
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
  /**
   * The stored form of a value. May run the caller's code, which may use the map.
   *
   * @throws as `stage`
   */
  encode(value: V): Stored;
  /**
   * Looks up the keys of a batch in the result scratch. Writes an entry over them for each that is there, its number in
   * place of the key's length: `keep` and `read` take these like a scan's. Pinned if `pinned` is true.
   *
   * @returns how many
   */
  findMany(count: number): number;
  /**
   * Writes a value, after its key, into an entry of a batch for `putMany`. May run the caller's code, before it writes.
   *
   * @param views private memory with the batch
   * @param entry where the entry begins, and `end` where its key ends, in bytes
   * @returns where the entry ends then; or the value's stored form if there is no room for it
   * @throws as `stage`
   */
  writeValue(
    views: Views,
    entry: number,
    end: number,
    value: V,
  ): number | { readonly stored: Stored };
  /** As `stage`, for a value in its stored form. Runs no code of the caller. */
  stageStored(stored: Stored): void;
  /** The value of a stored form. May run the caller's code. */
  decode(stored: Stored): V;
  /** The stored form of the value of the key in the key scratch. */
  fetch(keyLength: number): Stored | undefined;
  /**
   * Appends the key in the key scratch, with the staged value, to the tree that is being built.
   *
   * @returns LOADED, LOAD_FULL, LOAD_UNSORTED or LOAD_REPEATED
   */
  append(keyLength: number): number;
  /** Whether the values of another map have the same stored forms, so that these can be compared. */
  storesAs(other: SideValues<unknown>): boolean;
  isSame(buffer: EntryBuffer, entry: number, other: EntryBuffer, otherEntry: number): boolean;
  isStored(buffer: EntryBuffer, entry: number, stored: Stored): boolean;
  /** Removes the key in the key scratch if its value is `expected`. Returns whether it did. */
  removeEqual(keyLength: number, expected: Stored): boolean;
  /**
   * Copies the bytes that a guard gives for the value of the key in the key scratch. Runs no code of the caller.
   *
   * @returns what `copy` of the memory has returned; undefined if there is no value
   */
  view(keyLength: number, memory: GuardMemory): Uint8Array | undefined;
  /** Where in `buffer.payload` the same bytes begin, of the entry at byte offset `entry`. */
  storedStart(buffer: EntryBuffer, entry: number): number;
  /** How many they are. */
  storedLength(buffer: EntryBuffer, entry: number): number;
  /**
   * The bytes with which `save` writes the value of the entry at byte offset `entry`: a view of private
   * memory, until the next batch. Runs no code of the caller.
   */
  savedBytes(buffer: EntryBuffer, entry: number): Uint8Array;
  /**
   * The stored form of such bytes, which it may share. Runs no code of the caller.
   *
   * @returns undefined if no value of this kind is saved so
   */
  fromSaved(bytes: Uint8Array): Stored | undefined;
}

/** How a value becomes a 64-bit word, and back. */
export interface WordCodec<V> {
  /** Two codecs of the same kind write the same words. A codec without one is like itself only. */
  readonly kind?: string | number;
  /** How many bytes of the word, from the first on, a guard gives as the value's. Default 8. */
  readonly bytes?: number;
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
export class WordValues<V> implements MapValues<V, bigint> {
  readonly pinned = false;
  /** A word in private memory. */
  readonly #word: Views = new Views(new ArrayBuffer(8), 0, 8);
  readonly #tree: TreeInstance<WordTreeExports>;
  readonly #codec: WordCodec<V>;
  readonly #bytes: number;

  constructor(tree: TreeInstance<WordTreeExports>, codec: WordCodec<V>) {
    this.#tree = tree;
    this.#codec = codec;
    this.#bytes = codec.bytes ?? 8;
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

  put(keyLength: number, condition: number, expected?: bigint): number {
    if (expected !== undefined) this.#tree.result.u64[WORD_EXPECTED / 8] = expected;
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

  encode(value: V): bigint {
    this.#codec.write(this.#word, 0, value);
    return this.#word.u64[0]!;
  }

  findMany(count: number): number {
    return this.#tree.exports.findMany(count);
  }

  writeValue(views: Views, entry: number, end: number, value: V): number {
    this.#codec.write(views, (entry + ENTRY_VALUE) / 8, value);
    return end;
  }

  stageStored(stored: bigint): void {
    this.#tree.result.u64[WORD_IN / 8] = stored;
  }

  decode(stored: bigint): V {
    this.#word.u64[0] = stored;
    return this.#codec.read(this.#word, 0);
  }

  fetch(keyLength: number): bigint | undefined {
    const tree = this.#tree;
    return tree.exports.get(keyLength) === 0 ? undefined : tree.result.u64[WORD_OUT / 8]!;
  }

  append(keyLength: number): number {
    return this.#tree.exports.append(keyLength);
  }

  removeEqual(keyLength: number, expected: bigint): boolean {
    this.#tree.result.u64[WORD_EXPECTED / 8] = expected;
    return this.#tree.exports.removeEqual(keyLength) !== 0;
  }

  view(keyLength: number, memory: GuardMemory): Uint8Array | undefined {
    const tree = this.#tree;
    if (tree.exports.get(keyLength) === 0) return undefined;
    return memory.copy(tree.result.bytes, WORD_OUT, WORD_OUT + this.#bytes);
  }

  storedStart(_buffer: EntryBuffer, entry: number): number {
    return entry + ENTRY_VALUE;
  }

  storedLength(): number {
    return this.#bytes;
  }

  savedBytes(buffer: EntryBuffer, entry: number): Uint8Array {
    return buffer.views.bytes.subarray(entry + ENTRY_VALUE, entry + ENTRY_VALUE + 8);
  }

  fromSaved(bytes: Uint8Array): bigint | undefined {
    const { u64, bytes: word } = this.#word;
    if (bytes.length !== word.length) return undefined;
    word.set(bytes);
    const stored = u64[0]!;
    // The word that `encode` gives, so that equal values are equal words.
    this.#codec.write(this.#word, 0, this.#codec.read(this.#word, 0));
    return u64[0] === stored ? stored : undefined;
  }

  keep(buffer: EntryBuffer, count: number, keyBytes: number): number {
    buffer.fill(this.#tree.result, count, keyBytes);
    buffer.payload = buffer.views.bytes;
    return count;
  }

  read(buffer: EntryBuffer, entry: number): V {
    return this.#codec.read(buffer.views, (entry + ENTRY_VALUE) / 8);
  }

  storesAs(other: SideValues<unknown>): boolean {
    if (!(other instanceof WordValues)) return false;
    const [one, two] = [this.#codec as WordCodec<unknown>, other.#codec];
    return one === two || (one.kind !== undefined && one.kind === two.kind);
  }

  isSame(buffer: EntryBuffer, entry: number, other: EntryBuffer, otherEntry: number): boolean {
    const [a, b] = [buffer.views.u32, other.views.u32];
    const at = (entry + ENTRY_VALUE) / 4;
    const otherAt = (otherEntry + ENTRY_VALUE) / 4;
    return a[at] === b[otherAt] && a[at + 1] === b[otherAt + 1];
  }

  isStored(buffer: EntryBuffer, entry: number, stored: bigint): boolean {
    return buffer.views.u64[(entry + ENTRY_VALUE) / 8] === stored;
  }
}
