// The entries of a bucket as bytes: what the methods of transactions are made of. Keys are in the session's key scratch.
import type { Bounds, Divisible } from "@masstree/tree";
import type { Context } from "./context.ts";
import { dropTree } from "./drop-tree.ts";
import type { Tree } from "./tree.ts";
import { TreeParts } from "./tree-parts.ts";
import { countKeys, TreeScan } from "./tree-scan.ts";
import { setStreamIn, streamOfTree, type ValueStream } from "./value-stream.ts";

/** The entries of a range, one after another. */
export interface EntryScan {
  /** Moves to the next entry; false at the end. @throws StoreCorruptError (`STORE_CORRUPT`) */
  next(): boolean;
  /** The bytes that hold the present key, and where they are. */
  readonly bytes: Uint8Array;
  keyRange(): [from: number, to: number];
  /** Reads the present value with a function that takes bytes and where they begin and end. */
  value<V>(read: (bytes: Uint8Array, from: number, to: number) => V): V;
  /** The present entry by itself: nothing that the scan or the transaction does changes it. */
  keep(): KeptEntry;
  /** Ends the scan. */
  stop(): false;
}

/** An entry as it was. */
export interface KeptEntry {
  readonly key: Uint8Array;
  /**
   * The bytes of its value. Those of a long value are read when they are asked for, unless the transaction writes.
   *
   * @throws StoreCorruptError (`STORE_CORRUPT`), and for a long value as `Context.check`
   */
  readonly bytes: () => Uint8Array;
}

/** The entries of a bucket as a transaction sees them. All throw StoreCorruptError (`STORE_CORRUPT`). */
export interface Entries {
  readonly size: number;
  /** The tree, if the entries are all of its and no others, and nobody has to know who reads them. */
  readonly tree: Tree | undefined;
  /** Reads a value into `fetched`, and returns its length; -1 if there is none. */
  fetch(keyLength: number): number;
  has(keyLength: number): boolean;
  /** How many keys a range has, without its `offset` and `limit`. */
  count(bounds: Bounds): number;
  scan(bounds: Bounds, keysOnly: boolean): EntryScan;
  /** The keys of a range, to be cut into parts. */
  parts(bounds: Bounds): Divisible;
  /** Sets a value: the first bytes of `source`. */
  put(keyLength: number, source: Uint8Array, length: number): void;
  /** A value as a stream. It keeps the key. */
  stream(key: Uint8Array): ValueStream | undefined;
  /** Sets a value to the bytes of a source. It keeps the key, and its source may use the transaction. */
  putStream(key: Uint8Array, source: Iterable<Uint8Array>): void;
  /** Removes a key; whether it was there. */
  remove(keyLength: number): boolean;
  /** Removes all entries, and returns how many there were. */
  clear(): number;
}

/** Those of a tree. What changes pages may only be called in a transaction that writes. */
export class TreeEntries implements Entries {
  readonly #context: Context;
  readonly #tree: Tree;

  constructor(context: Context, tree: Tree) {
    this.#context = context;
    this.#tree = tree;
  }

  get tree(): Tree {
    return this.#tree;
  }

  get size(): number {
    return this.#tree.size;
  }

  fetch(keyLength: number): number {
    return this.#tree.fetch(keyLength);
  }

  has(keyLength: number): boolean {
    return this.#tree.has(keyLength);
  }

  count(bounds: Bounds): number {
    return countKeys(this.#tree, bounds);
  }

  scan(bounds: Bounds, keysOnly: boolean): TreeScan {
    return new TreeScan(this.#tree, bounds, keysOnly, this.#context);
  }

  parts(): TreeParts {
    return new TreeParts(this.#tree);
  }

  put(keyLength: number, source: Uint8Array, length: number): void {
    this.#context.change(() => this.#tree.put(keyLength, source, length));
  }

  stream(key: Uint8Array): ValueStream | undefined {
    return streamOfTree(this.#context, this.#tree, key);
  }

  putStream(key: Uint8Array, source: Iterable<Uint8Array>): void {
    setStreamIn(this.#context, this.#tree, key, source);
  }

  remove(keyLength: number): boolean {
    return this.#context.change(() => this.#tree.remove(keyLength));
  }

  clear(): number {
    const tree = this.#tree;
    const { root, size } = tree;
    if (root === 0) return 0;
    this.#context.change(() => dropTree(this.#context.core, root));
    tree.root = 0;
    tree.size = 0;
    tree.version++;
    return size;
  }
}
