import { MassTreeBadOptionError, MassTreeUnsupportedError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import type { KeyType } from "@masstree/tree";
import { Attempt, retrying } from "./attempt.ts";
import { type BackupReport, copyState } from "./backup.ts";
import { type Bucket, checkName } from "./bucket.ts";
import {
  dropBucketIn,
  namesOf,
  type ReadBuckets,
  readBuckets,
  renameBucketIn,
  type WriteBuckets,
  writeBuckets,
} from "./buckets.ts";
import { type CheckReport, checkState } from "./check.ts";
import { type CompactReport, compactFile } from "./compact.ts";
import { type Context, reading } from "./context.ts";
import { StoreLockedError } from "./errors.ts";
import { type OpenStore, OpenStores, vfsOf } from "./open-stores.ts";
import {
  bucketsOf,
  type OptimisticBuckets,
  type OptimisticTransaction,
  transactionOf,
} from "./optimistic-transaction.ts";
import {
  type AttachOptions,
  attachVfsOf,
  type BackupOptions,
  type BeginOptions,
  type CheckOptions,
  type CompactOptions,
  checkOptions,
  progressOf,
  type RetryOptions,
  type SnapshotOptions,
  type StoreOptions,
  snapshotNameOf,
  targetBytesOf,
  type WriteOptions,
} from "./options.ts";
import { type ReadTransaction, readerOf } from "./read-transaction.ts";
import { makeSnapshot, type Snapshot } from "./snapshot.ts";
import { type BucketInfo, type StoreStats, snapshotsOf } from "./stats.ts";
import { makeHandle, readStoreHandle, type StoreHandle } from "./store-handle.ts";
import { attachParts, openParts, type Parts } from "./store-parts.ts";
import { closedError, ThreadStore } from "./thread-store.ts";
import type { WriteTransaction } from "./write-transaction.ts";

const openStores = /* @__PURE__ */ new OpenStores<BTreeStore>();

// What `using` calls; see Usable.
export interface BTreeStore extends Usable {}

/**
 * A durable ordered map in one file: a copy-on-write B+tree with buckets, transactions and snapshots.
 *
 * A transaction is a callback. All that it changes is committed when it returns, or nothing if it throws. It sees the
 * newest committed state and its own changes. Nothing of it is visible to others before it is committed.
 *
 * Threads of one process share a store by its `handle`: the same file, and the same pages in memory. One of them writes
 * at a time. Transactions that only read wait for nobody, and nobody for them.
 *
 * Every method but `close` throws MassTreeClosedError (`MASSTREE_CLOSED`) once the store is closed, and
 * StoreFailedError (`STORE_FAILED`) once a write or a sync has failed.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class BTreeStore {
  readonly #shared: ThreadStore;
  /** How often `open` and `attach` have returned this object, less the calls of `close`. */
  #opened = 1;
  #closed = false;

  private constructor(shared: ThreadStore) {
    this.#shared = shared;
    shared.join();
  }

  /**
   * Opens a store, and creates it if there is no file.
   *
   * A file that is open in this thread already gives the same object, which is closed once `close` was called as often
   * as `open`; the options of the first call count.
   *
   * @param path of the file; beside it there will be a small one with `.lock-` and a number, but not in OPFS
   * @param options see {@link StoreOptions}
   * @throws StoreLockedError (`STORE_LOCKED`) if another process has it open, or another thread, whose `handle` `attach`
   *   takes; StoreCorruptError
   *   (`STORE_CORRUPT`) if the file is damaged or is no store, and is left as it is; MassTreeBadOptionError
   *   (`MASSTREE_BAD_OPTION`); MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`); what the Vfs throws
   */
  static open(path: string, options: StoreOptions = {}): BTreeStore {
    const checked = checkOptions(options);
    if (typeof path !== "string" || path === "") {
      throw new MassTreeBadOptionError(`The path of a store is a string, not ${describe(path)}.`);
    }
    const vfs = vfsOf(checked.vfs);
    const key = vfs.identify(path);
    const known = openStores.get(vfs, key);
    if (known === undefined) return BTreeStore.#begin(openParts(vfs, path, key, checked));
    if (known.shared.isReadOnly !== checked.readOnly) {
      throw new StoreLockedError(
        `'${path}' is open in this thread already, ${checked.readOnly ? "to be written" : "to be read only"}.`,
      );
    }
    return BTreeStore.#again(known);
  }

  /** The first object of a store in this thread. */
  static #begin(parts: Parts): BTreeStore {
    const shared = new ThreadStore(parts);
    const object = new BTreeStore(shared);
    openStores.add(shared, object);
    return object;
  }

  /** The object of a store that is open in this thread, once more; a new one if only clones of it are open. */
  static #again(known: OpenStore<BTreeStore>): BTreeStore {
    if (known.object.#closed) known.object = new BTreeStore(known.shared);
    else known.object.#opened++;
    return known.object;
  }

  /**
   * Opens a store that another thread of this process has open: the same file, through the same pages in memory. In a
   * thread that has it open already, returns the same object, as `open` does.
   *
   * @param handle what that thread sent, the `handle` of its store
   * @param options see {@link AttachOptions}
   * @throws MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`); MassTreeClosedError (`MASSTREE_CLOSED`) if all threads have
   *   closed the store since; MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`) or MassTreeFullError
   *   (`MASSTREE_FULL`) if there is no room for another thread; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`);
   *   MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`); what the Vfs throws
   *
   * @example
   * ```ts ignore
   * new Worker("./worker.js", { workerData: store.handle });
   * // worker.js
   * using store = BTreeStore.attach(workerData);
   * ```
   */
  static attach(handle: StoreHandle, options: AttachOptions = {}): BTreeStore {
    const checked = readStoreHandle(handle, (object) => #shared in object);
    const vfs = vfsOf(attachVfsOf(options));
    if (vfs.adoptLock === undefined) {
      throw new MassTreeUnsupportedError("This Vfs is for one thread: it has no 'adoptLock'.");
    }
    const key = vfs.identify(checked.path);
    const known = openStores.get(vfs, key);
    if (known?.shared.opening === checked.opening) return BTreeStore.#again(known);
    return BTreeStore.#begin(attachParts(vfs, key, checked));
  }

  /**
   * What other threads of this process pass to `attach`: `postMessage` and `workerData` accept it.
   *
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the store's Vfs is for one thread
   */
  get handle(): StoreHandle {
    const { core, key, opening, lock, vfs, readOnly, durability, timeout, recovery } =
      this.#parts();
    return makeHandle({
      memory: core.memory.memory,
      path: key,
      opening,
      lock: vfs.adoptLock === undefined ? undefined : lock.token,
      readOnly,
      durability,
      timeout,
      recovery,
    });
  }

  /**
   * Runs a transaction on one bucket, and commits it.
   *
   * @param bucket its name, or what `bucket` returned; created when something is set in it
   * @param callback gets the bucket; not async
   * @param options see {@link WriteOptions}
   * @returns what `callback` returned, once the commit is as durable as asked for
   * @throws what `callback` throws, rolled back; StoreAsyncError (`STORE_ASYNC`) if it returns a thenable, rolled back;
   *   StoreNestedError (`STORE_NESTED`) within another transaction; StoreBusyError (`STORE_BUSY`) if another thread
   *   writes for longer than `timeout`; StoreReadOnlyError (`STORE_READ_ONLY`); StoreBucketError (`STORE_BUCKET`) if the bucket has other codecs; StoreFullError (`STORE_FULL`), rolled back;
   *   StoreFailedError (`STORE_FAILED`); StoreCorruptError (`STORE_CORRUPT`)
   */
  write<V = unknown, K extends KeyType = string, R = unknown>(
    bucket: string | Bucket<V, K>,
    callback: (txn: WriteTransaction<V, K>) => R,
    options?: WriteOptions,
  ): R {
    return this.writeMany((buckets) => callback(buckets.bucket(bucket)), options);
  }

  /** Runs a transaction on several buckets: one commit. As `write`. */
  writeMany<R>(callback: (buckets: WriteBuckets) => R, options?: WriteOptions): R {
    return this.#open().write(options, (context) => callback(writeBuckets(context)));
  }

  /**
   * Runs a transaction that only reads one bucket, in the newest state.
   *
   * @param bucket its name, or what `bucket` returned; a bucket that there is not is empty
   * @param callback gets the bucket, and must not keep it
   * @returns what `callback` returned
   * @throws what `callback` throws; StoreAsyncError (`STORE_ASYNC`); StoreNestedError (`STORE_NESTED`) within a
   *   transaction that writes; StoreBucketError (`STORE_BUCKET`)
   */
  read<V = unknown, K extends KeyType = string, R = unknown>(
    bucket: string | Bucket<V, K>,
    callback: (txn: ReadTransaction<V, K>) => R,
  ): R {
    return this.#open().read((context) => callback(readerOf(context, context.open(bucket))));
  }

  /** Runs a transaction that reads several buckets in one state. As `read`. */
  readMany<R>(callback: (buckets: ReadBuckets) => R): R {
    return this.#open().read((context) => callback(readBuckets(context)));
  }

  /**
   * Begins an optimistic transaction on one bucket: it sees the newest state, and keeps others from nothing. Its `commit`
   * is refused if another one has changed meanwhile what it has read or written. For work that overlaps rarely, that takes
   * long, or that waits for something on the way; for all else, `write` is simpler and faster. O(1).
   *
   * @param bucket its name, or what `bucket` returned
   * @param options `name`: what `stats` calls it
   * @throws StoreReadOnlyError (`STORE_READ_ONLY`); StoreNestedError (`STORE_NESTED`) within a transaction that writes;
   *   StoreBucketError (`STORE_BUCKET`) if the bucket has other codecs; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`);
   *   StoreTooLargeError (`STORE_TOO_LARGE`) if there is no memory for another one
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("accounts.db");
   * store.write<number>("accounts", (txn) => txn.setMany([["ann", 10], ["bob", 0]]));
   *
   * using transfer = store.begin<number>("accounts");
   * transfer.update("ann", (ann = 0) => ann - 5);
   * transfer.update("bob", (bob = 0) => bob + 5);
   * transfer.commit();
   * store.read<number>("accounts", (txn) => [...txn.values()]); // => [5, 5]
   * ```
   */
  begin<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
    options: BeginOptions = {},
  ): OptimisticTransaction<V, K> {
    return transactionOf(this.#beginAttempt(options), bucket);
  }

  /**
   * Begins an optimistic transaction on several buckets: one state of all of them, and one commit. As `begin`. O(1).
   *
   * @param options `name`: what `stats` calls it
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("shop.db");
   * store.write("stock", (txn) => txn.set("pears", 3));
   *
   * using order = store.beginMany();
   * order.bucket<number>("stock").update("pears", (n = 0) => n - 1);
   * order.bucket("orders").set("order:1", { pears: 1 });
   * order.commit(); // both, or neither
   * store.read("stock", (txn) => txn.get("pears")); // => 2
   * ```
   */
  beginMany(options: BeginOptions = {}): OptimisticBuckets {
    return bucketsOf(this.#beginAttempt(options));
  }

  #beginAttempt(options: BeginOptions): Attempt {
    const shared = this.#open();
    const name = snapshotNameOf(options) ?? "transaction";
    shared.refuseIfReadOnly();
    shared.refuseInWriting();
    return new Attempt(shared, name);
  }

  /**
   * Runs an optimistic transaction and commits it, again from its beginning as often as its commit meets a conflict. Each
   * conflict means that another transaction was committed, so of all that compete one always gets on.
   *
   * @param bucket its name, or what `bucket` returned
   * @param callback gets the transaction, once for each attempt; not async. It may commit or abort it by itself
   * @param options see {@link RetryOptions}
   * @returns what `callback` returned in the attempt that was committed
   * @throws StoreConflictError (`STORE_CONFLICT`) of the last attempt; what `callback` throws, and then nothing was
   *   written; StoreAsyncError (`STORE_ASYNC`) if it returns a thenable; StoreNestedError (`STORE_NESTED`) within another
   *   transaction; as `begin` and `commit`
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("visits.db");
   * store.retry<number>("counts", (txn) => txn.update("visits", (n = 0) => n + 1)); // => 1
   * ```
   */
  retry<V = unknown, K extends KeyType = string, R = unknown>(
    bucket: string | Bucket<V, K>,
    callback: (txn: OptimisticTransaction<V, K>) => R,
    options: RetryOptions = {},
  ): R {
    return retrying(this.#open(), options, (attempt) =>
      callback(transactionOf<V, K>(attempt, bucket)),
    );
  }

  /** The same on several buckets: see `beginMany`. As `retry`. */
  retryMany<R>(callback: (transaction: OptimisticBuckets) => R, options: RetryOptions = {}): R {
    return retrying(this.#open(), options, (attempt) => callback(bucketsOf(attempt)));
  }

  /**
   * Another object for the same store in this thread, for a part of the program that closes what it uses. Both share
   * everything: pages, transactions and snapshots; so within a transaction of one, `write` of the other is refused as well.
   * The store stays open until all are closed. O(1).
   */
  clone(): BTreeStore {
    return new BTreeStore(this.#open());
  }

  /**
   * A view of the newest state, which stays the same until it is disposed of, whatever is committed meanwhile.
   *
   * While it is open, no page that it uses is used again, so the file may grow. O(1).
   *
   * @param options `name`: what `stats` calls it
   */
  snapshot(options: SnapshotOptions = {}): Snapshot {
    const shared = this.#open();
    const name = snapshotNameOf(options);
    shared.refuseInWriting();
    return makeSnapshot(shared, name);
  }

  /** The names of all buckets, in order. O(buckets). */
  buckets(): string[] {
    return this.#inspect(namesOf);
  }

  /**
   * Removes a bucket and all its entries, in one commit. O(its pages).
   *
   * @returns whether there was one
   * @throws as `write`
   */
  dropBucket(name: string, options?: WriteOptions): boolean {
    checkName(name);
    return this.#open().write(options, (context) => dropBucketIn(context, name));
  }

  /**
   * Gives a bucket another name, in one commit. O(1).
   *
   * @returns whether there was one
   * @throws StoreBucketError (`STORE_BUCKET`) if there is one with the new name; as `write`
   */
  renameBucket(from: string, to: string, options?: WriteOptions): boolean {
    checkName(from);
    checkName(to);
    return this.#open().write(options, (context) => renameBucketIn(context, from, to));
  }

  /**
   * Resolves once all commits so far are on the disk. The event loop does not wait meanwhile. Closing the store
   * resolves it as well, for that writes everything.
   *
   * @throws StoreFailedError (`STORE_FAILED`), as a rejection
   */
  async flush(): Promise<void> {
    await this.#parts().core.flushLater();
  }

  /**
   * Checks the newest state: every page, checksum, the order of keys, and that each page is used once or free. Reads
   * the whole file. O(used pages).
   *
   * @throws StoreCorruptError (`STORE_CORRUPT`), whose `page` says where; StoreNestedError (`STORE_NESTED`);
   *   StoreBusyError (`STORE_BUSY`), for at its beginning no thread may be writing
   */
  check(options: CheckOptions = {}): CheckReport {
    const { core, readOnly, timeout } = this.#parts();
    const progress = progressOf(options);
    this.#shared.refuseInWriting();
    // With the lock, for what writers know has to fit together. The state stays as it is, so the rest goes without.
    const begin = () => {
      core.space.verify();
      return core.reads.hold("check");
    };
    const hold = readOnly ? begin() : core.locked(timeout, begin);
    try {
      return checkState(core, hold.state, progress);
    } finally {
      core.drop(hold);
    }
  }

  /**
   * Copies the newest state to a new file, which is a store of its own. Transactions go on meanwhile, between two parts
   * of the copy. Every page is checked on the way. O(used pages).
   *
   * @param path of the copy; there must be no file yet
   * @param options see {@link BackupOptions}
   * @throws as a rejection: MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if there is a file; StoreCorruptError
   *   (`STORE_CORRUPT`) at a damaged page; MassTreeClosedError (`MASSTREE_CLOSED`) if the store is closed meanwhile;
   *   StoreFullError (`STORE_FULL`) or StoreFailedError (`STORE_FAILED`) for the copy's disk. Then the new file is no
   *   store, and can be removed
   */
  async backup(path: string, options: BackupOptions = {}): Promise<BackupReport> {
    const { core, vfs } = this.#parts();
    const progress = progressOf(options);
    this.#shared.refuseInWriting();
    const hold = core.reads.hold("backup");
    try {
      return await copyState(core, hold, vfs, path, progress, () => void this.#parts());
    } finally {
      if (!this.#shared.isClosed) core.drop(hold);
    }
  }

  /**
   * Makes the file shorter: moves pages from its end to free ones, in a few commits, and cuts off what is free then. The
   * file may stay some pages longer than what is in use. Pages that snapshots use do not move. All commits are on the
   * disk when it returns.
   *
   * Other threads read meanwhile, and do not write. O(used pages), and in memory what moves. With `targetBytes`, only what
   * lies behind that moves: a large file becomes shorter step by step, with others writing in between.
   *
   * @param options see {@link CompactOptions}
   * @returns how far it came: a snapshot may keep pages at the end of the file, for example
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`); as `write`; what was done until then stays done
   *
   * @example
   * ```ts
   * import { BTreeStore } from "@masstree/btree-store";
   *
   * using store = BTreeStore.open("log.db");
   * store.write("log", (txn) => txn.setStream("dump", [new Uint8Array(5_000_000)]));
   * store.write("log", (txn) => txn.delete("dump"));
   * const { after, reached } = store.compact({ targetBytes: 2_000_000 });
   * [after <= 2_000_000, reached]; // => [true, true]
   * ```
   */
  compact(options: CompactOptions = {}): CompactReport {
    const { core, timeout } = this.#parts();
    const targetBytes = targetBytesOf(options);
    this.#shared.refuseToWrite();
    return core.locked(timeout, () =>
      compactFile(core, targetBytes, (change) => {
        core.beginLocked();
        this.#shared.writeLocked("sync", change);
      }),
    );
  }

  /** What the file says of a bucket; undefined if there is none. O(log buckets). */
  bucketInfo(name: string): BucketInfo | undefined {
    checkName(name);
    const record = this.#inspect((context) => context.find(name));
    if (record === undefined) return undefined;
    const { key, value, size, created } = record;
    return { name, key, value, size, created };
  }

  /** The store's size, its commits, and who holds old ones, in all threads. O(threads + snapshots). */
  stats(): StoreStats {
    const { core, recovery } = this.#parts();
    const { memory, space, file, states } = core;
    const state = states.read();
    file.measure();
    return {
      pageBytes: memory.pageBytes,
      fileBytes: file.size,
      usedPages: state.used,
      pendingPages: space.pending,
      commit: state.commit,
      durableCommit: states.durable,
      committedAt: state.time,
      cachedPages: memory.frames,
      snapshots: snapshotsOf(memory),
      recovery,
    };
  }

  /** Whether the store is closed. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Closes the store in this thread, once it was called as often as `open` and `attach` returned this object: what is not on
   * the disk yet is written, and this thread's snapshots end. The last thread gives back the lock against other
   * processes. Closing again does nothing.
   *
   * @throws StoreNestedError (`STORE_NESTED`) within a transaction; StoreBusyError (`STORE_BUSY`) if there is something to
   *   write and another thread does not end its transaction in time: neither has closed it. StoreFailedError
   *   (`STORE_FAILED`) if the last commits could not be written: it is closed all the same
   */
  close(): void {
    if (this.#closed) return;
    this.#shared.refuseToClose();
    if (this.#opened > 1) {
      this.#opened--;
      return;
    }
    try {
      if (!this.#shared.leave()) this.#closed = true;
    } finally {
      if (this.#shared.isClosed) {
        this.#closed = true;
        openStores.remove(this.#shared);
      }
    }
  }

  /** Reads something that is of no bucket. */
  #inspect<R>(run: (context: Context) => R): R {
    const shared = this.#open();
    shared.refuseInWriting();
    return reading(shared.open().core, run);
  }

  #parts(): Parts {
    return this.#open().open();
  }

  #open(): ThreadStore {
    if (this.#closed) throw closedError();
    this.#shared.open();
    return this.#shared;
  }

  get [Symbol.toStringTag](): string {
    return "BTreeStore";
  }

  static {
    makeUsable(BTreeStore.prototype, (store) => store.close());
  }
}
