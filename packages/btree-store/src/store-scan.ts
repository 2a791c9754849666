// What iterators, cursors and `diff` of a transaction go over: its entries, decoded.
import type {
  Bounds,
  CursorSource,
  EntryCursor,
  KeyType,
  RawEntry,
  Side,
  SideScan,
} from "@masstree/tree";
import { compareBytes } from "./compare-bytes.ts";
import type { EntryScan, KeptEntry } from "./entries.ts";
import type { TransactionParts } from "./transaction-parts.ts";

/** A pass over a range. */
export class StoreScan<K extends KeyType, V>
  implements EntryCursor<K, V>, RawEntry, SideScan<K, V>
{
  readonly #parts: TransactionParts<V, K>;
  readonly #scan: EntryScan;

  constructor(parts: TransactionParts<V, K>, bounds: Bounds, keysOnly: boolean) {
    this.#parts = parts;
    this.#scan = parts.entries.scan(bounds, keysOnly);
  }

  next(): boolean {
    this.#parts.checkOpen();
    return this.#scan.next();
  }

  key(): K {
    const [from, to] = this.#scan.keyRange();
    return this.#parts.codec.decode(this.#scan.bytes, from, to);
  }

  value(): V {
    return this.#scan.value((bytes, from, to) => this.#parts.values.read(bytes, from, to));
  }

  entry(): [K, V] {
    const { codec } = this.#parts;
    if (!codec.runsCallersCode) return [this.key(), this.value()];
    // Either may move this scan: both are read before the caller's code runs.
    const key = this.#scan.bytes.slice(...this.#scan.keyRange());
    const value = this.value();
    return [codec.decode(key, 0, key.length), value];
  }

  stop(): void {
    this.#scan.stop();
  }

  // For `diff`.

  get raw(): this {
    return this;
  }

  get keyBytes(): Uint8Array {
    return this.#scan.bytes;
  }

  get keyStart(): number {
    return this.#scan.keyRange()[0];
  }

  get keyEnd(): number {
    return this.#scan.keyRange()[1];
  }

  valueBytes(): Uint8Array {
    return this.#scan.value((bytes, from, to) => bytes.subarray(from, to));
  }

  sameValue(other: RawEntry): boolean {
    return compareBytes(this.valueBytes(), other.valueBytes()) === 0;
  }

  hasValue(stored: unknown): boolean {
    return compareBytes(this.valueBytes(), stored as Uint8Array) === 0;
  }
}

/** A transaction's side of `diff`. */
export function sideOf<K extends KeyType, V>(parts: TransactionParts<V, K>): Side<K, V> {
  parts.checkOpen();
  const { codec, stored } = parts;
  return { codec, values: stored, scan: (bounds) => new StoreScan(parts, bounds, false) };
}

/** What a cursor of a transaction moves over. */
export class StoreSource<K extends KeyType, V> implements CursorSource<K, V, KeptEntry> {
  readonly #parts: TransactionParts<V, K>;
  readonly read: (entry: KeptEntry) => V;

  constructor(parts: TransactionParts<V, K>) {
    this.#parts = parts;
    this.read = ({ bytes }) => parts.decode(bytes());
  }

  get codec(): TransactionParts<V, K>["codec"] {
    return this.#parts.codec;
  }

  checkOpen(): void {
    this.#parts.checkOpen();
  }

  encode(key: K): Uint8Array {
    return this.#parts.keyBytes(key);
  }

  first(bounds: Bounds): KeptEntry | undefined {
    const scan = this.#parts.entries.scan({ ...bounds, limit: Math.min(bounds.limit, 1) }, false);
    return scan.next() ? scan.keep() : undefined;
  }

  keyOf({ key }: KeptEntry): Uint8Array {
    return key;
  }

  release(): void {}
}
