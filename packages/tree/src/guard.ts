/*
 * A guard: views of stored bytes.
 *
 * Invariants
 *   LEND1  A view is of private memory of the guard or of its scan (guard-memory.ts), into which the bytes were copied
 *           while the thread was pinned, or from its scratch. Between two calls a guard holds nothing in shared memory: no lock,
 *          no pin, no block.
 *   LEND2  Code of the caller, which may dispose of the guard, runs only before a copy is made or after its view was
 *          handed over: it is asked after each time whether the guard is still open. So no view is made by a guard
 *          that is disposed.
 *   LEND3  A scan's views are of memory that it has for itself, which is detached when the scan ends, however that
 *          is, or when the guard does.
 */
import { MassTreeClosedError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { requireCallback } from "./arguments.ts";
import { now } from "./clock.ts";
import { ENTRY_BYTES, ENTRY_KEY } from "./exports.ts";
import { GuardAccount, GuardMemory } from "./guard-memory.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import type { MapValues } from "./map-values.ts";
import type { GuardKeeper } from "./open-guards.ts";
import type { Range } from "./range.ts";
import type { Scan } from "./scan.ts";

/**
 * Gives views of keys and values as they are stored: bytes, copied and not decoded. They are of memory that the guard
 * has for itself, so nothing that happens to the map changes them, and no guard keeps the map from anything.
 *
 * **The bytes** of a key are those that its codec encodes it to, and so are those of a value: UTF-8 for `"json"` and
 * `"utf8"`, what `encode` returned for a codec of your own. Numbers in slots are the little-endian bytes of their type,
 * 4 for `"u32"` and `"i32"`, 8 for the others. A view that `get` gave begins at a multiple of 8 in its `buffer`; of 4 if it has
 * more than 64 KiB.
 *
 * **Views end with the guard.** `dispose`, or the end of a `using` block, detaches their memory: every view of the
 * guard has length 0 from then on, its elements are `undefined`, and its methods throw a TypeError. It never shows
 * other bytes. (Only where an engine has neither `ArrayBuffer.prototype.transfer` nor `structuredClone` does it keep its length,
 * and shows zeros.) To keep bytes, `slice()` them.
 *
 * Until then the guard keeps the bytes of all views that `get` has given: dispose of it, or let `using` do that.
 * `stats().guards` of a map tells how many are open, for how long, and how much they hold. The memory of a guard that
 * is dropped goes when the guard and its views are collected.
 */
export interface Guard<K extends KeyType = string> extends Usable {
  /**
   * A view of the stored bytes of the value of `key`; `undefined` if there is none. O(key bytes + log size), and a copy of
   * the value.
   *
   * @returns bytes as they are at this moment. Who writes to them changes nothing else
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`),
   *   MassTreeClosedError (`MASSTREE_CLOSED`) if the guard was disposed, or the map closed
   */
  get(key: K): Uint8Array | undefined;
  /**
   * Calls `visit` with views of the keys and values in `range`, in key order: the fastest way over the entries of a large
   * map, and of any map whose values are not numbers in slots. Live, as `entries` is. One search, then O(1) for each entry,
   * and a copy of it.
   *
   * **These views are valid until `visit` returns.** Soon after, and at the latest when `scan` does, they have length 0 as
   * after `dispose`; until then they stay as they are. So a scan takes no more memory than a few hundred
   * entries do.
   *
   * `visit` runs while this thread holds nothing: no lock, no pin. It may write to the map, scan again and dispose of the
   * guard.
   *
   * @param range `undefined` or `{}` for all entries
   * @param visit gets the key and the value; `false`, and nothing else, ends the scan
   * @throws MassTreeBadRangeError (`MASSTREE_BAD_RANGE`), TypeError if `visit` is not a function, both before the first
   *   visit; what `visit` throws; MassTreeClosedError (`MASSTREE_CLOSED`), also if `visit` disposes of the guard or closes
   *   the map, and does not end the scan
   */
  scan(
    range: Range<K> | undefined,
    // biome-ignore lint/suspicious/noConfusingVoidType: a visitor need not return anything.
    visit: (key: Uint8Array, value: Uint8Array) => boolean | void,
  ): void;
  /** Ends the guard and its views. Also by `using`. Twice does nothing. O(bytes that it holds). */
  dispose(): void;
}

/** What a guard gives views of: the entries of a map, or of a transaction. @internal */
export interface GuardSource<K extends KeyType> {
  /** @throws if what is read was closed or has ended: then a guard that ended with it says so */
  checkOpen(): void;
  /**
   * Writes a key where `view` reads it. May run code of the caller, before it does.
   *
   * @returns its length in bytes
   * @throws if what is read was closed or has ended, and as `get` of a guard
   */
  encode(key: K): number;
  /** Copies the stored bytes of the key that was written. Runs no code of the caller. */
  view(keyLength: number, memory: GuardMemory): Uint8Array | undefined;
  /** May run code of the caller. */
  scan(range: Range<K> | undefined): ViewScan;
}

/** Gets views of a key and a value, and returns whether the scan goes on. Throws if that was made impossible. @internal */
export type Visitor = (key: Uint8Array, value: Uint8Array) => boolean;

/** A scan that copies its entries. @internal */
export interface ViewScan {
  /**
   * Visits entries with views of copies in `memory`, until the range ends or the visitor says so. Those of earlier visits
   * may be detached meanwhile. Runs no other code of the caller.
   *
   * @throws what `visit` throws; and if what is read was closed or has ended
   */
  run(memory: GuardMemory, visit: Visitor): void;
  /** Releases what it holds. */
  stop(): void;
}

/** What `using` calls; see Usable. @internal */
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface ViewGuard<K extends KeyType> extends Usable {}

/** The guard of any source. @internal */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class ViewGuard<K extends KeyType> implements Guard<K> {
  readonly #source: GuardSource<K>;
  readonly #keeper: GuardKeeper;
  readonly #account = new GuardAccount(now());
  readonly #memory: GuardMemory;
  /** Memory of scans that are running (LEND3). */
  readonly #scans = new Set<GuardMemory>();
  #isDisposed = false;

  constructor(source: GuardSource<K>, keeper: GuardKeeper) {
    this.#source = source;
    this.#keeper = keeper;
    this.#memory = new GuardMemory(this.#account);
    keeper.add(this, this.#account);
  }

  get(key: K): Uint8Array | undefined {
    const source = this.#source;
    this.#checkOpen();
    const length = source.encode(key);
    this.#checkOpen(); // LEND2
    return source.view(length, this.#memory);
  }

  scan(
    range: Range<K> | undefined,
    // biome-ignore lint/suspicious/noConfusingVoidType: see Guard.
    visit: (key: Uint8Array, value: Uint8Array) => boolean | void,
  ): void {
    this.#checkOpen();
    requireCallback(visit, "scan");
    const scan = this.#source.scan(range);
    const memory = new GuardMemory(this.#account);
    try {
      this.#scans.add(memory);
      this.#checkOpen(); // LEND2
      scan.run(memory, (key, value) => {
        if (visit(key, value) === false) return false;
        this.#checkOpen(); // LEND2
        return true;
      });
    } finally {
      scan.stop();
      memory.detach();
      this.#scans.delete(memory);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#keeper.delete(this, this.#account);
    this.#memory.detach();
    for (const memory of this.#scans) memory.detach();
  }

  #checkOpen(): void {
    if (!this.#isDisposed) return;
    this.#source.checkOpen();
    throw new MassTreeClosedError("This guard was disposed. Ask for another one with 'pin'.");
  }

  static {
    makeUsable(ViewGuard.prototype, (guard) => guard.dispose());
  }
}

/** A scan of a tree: its batches are copied whole, and views are made of the copies. @internal */
export class TreeViewScan<K extends KeyType> implements ViewScan {
  readonly #tree: TreeInstance;
  readonly #scan: Scan<K, unknown>;
  readonly #values: MapValues<unknown>;

  constructor(tree: TreeInstance, scan: Scan<K, unknown>, values: MapValues<unknown>) {
    this.#tree = tree;
    this.#scan = scan;
    this.#values = values;
  }

  run(memory: GuardMemory, visit: Visitor): void {
    const scan = this.#scan;
    let last = 0;
    for (let left = scan.nextBatch(last); left !== 0; left = scan.nextBatch(last)) {
      memory.recycle();
      const ended = this.#visitBatch(left, memory, visit);
      if (ended < 0) return;
      last = ended;
    }
  }

  stop(): void {
    this.#scan.stop();
  }

  /** Visits the entries of a batch. Returns where the last one begins; -1 if it was to be the last at all. */
  #visitBatch(count: number, memory: GuardMemory, visit: Visitor): number {
    const tree = this.#tree;
    const values = this.#values;
    const { batch } = this.#scan;
    // Where entries are is read from the batch itself, which nobody else has (VIEW2).
    const { u32, bytes } = batch.views;
    let { buffer, byteOffset } = memory.copy(bytes, 0, batch.used);
    // One value that is too long for a batch is in memory of its own.
    const apart = batch.payload === bytes ? undefined : memory.adopt(batch.payload);
    let entry = 0;
    for (let left = count; ; left--) {
      const key = new Uint8Array(buffer, byteOffset + entry + ENTRY_KEY, u32[entry >> 2]!);
      const start = values.storedStart(batch, entry);
      const length = values.storedLength(batch, entry);
      const value = apart ?? new Uint8Array(buffer, byteOffset + start, length);
      if (!visit(key, value)) return -1;
      if (left === 1) return entry;
      tree.checkOpen();
      // The caller may have transferred the copy away.
      if (buffer.byteLength === 0) ({ buffer, byteOffset } = memory.copy(bytes, 0, batch.used));
      entry += u32[(entry + ENTRY_BYTES) >> 2]!;
    }
  }
}
