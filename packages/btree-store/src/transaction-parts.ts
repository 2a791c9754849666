/*
 * What the methods of transactions are made of: a bucket's entries, and its codecs.
 *
 * Code of the caller may run in any codec, in a getter of a key, in the members of a range. It may use the transaction,
 * which overwrites the scratch areas and what is staged, and it may end it. So an operation has the bytes of its key
 * before it stages a value (`readyKey`), and looks whether the transaction goes on after all such code has run.
 */
import { MassTreeBadKeyError } from "@masstree/errors";
import { type KeyCodec, MAX_KEY_BYTES } from "@masstree/key";
import {
  type Bounds,
  checkRange,
  encodeForeign,
  everything,
  type KeyTarget,
  type KeyType,
  type Range,
  ReadyKey,
} from "@masstree/tree";
import { ByteValues, type Values } from "masstree/codecs";
import type { Context, OpenBucket } from "./context.ts";
import type { Entries } from "./entries.ts";
import { fetched } from "./tree.ts";

/** What a transaction works with. */
export class TransactionParts<V, K extends KeyType> implements KeyTarget {
  readonly context: Context;
  readonly entries: Entries;
  readonly codec: KeyCodec<K>;
  readonly values: Values<V>;
  #stored: ByteValues<V> | undefined;

  constructor(context: Context, { codecs }: OpenBucket, entries: Entries) {
    this.context = context;
    this.entries = entries;
    this.codec = codecs.keyCodec as KeyCodec<K>;
    this.values = codecs.values as Values<V>;
  }

  /** The values as bytes that are compared. */
  get stored(): ByteValues<V> {
    this.#stored ??= new ByteValues(this.values);
    return this.#stored;
  }

  /** The first step of each operation. Throws once the transaction has ended, and so on: see `Context.check`. */
  checkOpen(): void {
    this.context.check();
  }

  /** The key scratch. */
  get key(): Uint8Array {
    return this.context.core.memory.open().key;
  }

  /** Writes a key to the key scratch, and returns its length. */
  encodeKey(key: K): number {
    const { codec } = this;
    if (codec.runsCallersCode) return encodeForeign(this, codec as KeyCodec<unknown>, key);
    const length = codec.encode(key, this.key, 0);
    if (length >>> 0 > MAX_KEY_BYTES) throw new MassTreeBadKeyError("A key codec is broken.");
    return length;
  }

  /**
   * Runs what code of the caller a key needs, and returns what to pass to `encodeKey`: for operations that prepare
   * something else as well, or encode the key more than once.
   */
  readyKey(key: K): K {
    const { codec } = this;
    return codec.runsCallersCode && !(key instanceof ReadyKey)
      ? (new ReadyKey(codec as KeyCodec<unknown>, key) as unknown as K)
      : key;
  }

  /** The same, and nobody can change what it returns. Refuses what is no key. */
  fixedKey(key: K): K {
    if (this.codec.runsCallersCode) return this.readyKey(key);
    const length = this.encodeKey(key);
    return typeof key === "object" ? this.codec.decode(this.key, 0, length) : key;
  }

  /** The bytes of a key. */
  keyBytes(key: K): Uint8Array {
    const length = this.encodeKey(key);
    return this.key.slice(0, length);
  }

  /** A checked range. @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`); as `checkOpen` */
  bounds(range: Range<K> | undefined): Bounds {
    this.checkOpen();
    if (range === undefined) return everything;
    const bounds = checkRange(range, this.codec);
    this.checkOpen();
    return bounds;
  }

  /** The value of the key in the key scratch. */
  valueAt(keyLength: number): V | undefined {
    const length = this.entries.fetch(keyLength);
    return length < 0 ? undefined : this.values.read(fetched, 0, length);
  }

  /** The same as bytes, which nobody else has. */
  bytesAt(keyLength: number): Uint8Array | undefined {
    const length = this.entries.fetch(keyLength);
    return length < 0 ? undefined : fetched.slice(0, length);
  }

  /** The value for such bytes. */
  decode(bytes: Uint8Array): V;
  decode(bytes: Uint8Array | undefined): V | undefined;
  decode(bytes: Uint8Array | undefined): V | undefined {
    return bytes === undefined ? undefined : this.values.read(bytes, 0, bytes.length);
  }
}
