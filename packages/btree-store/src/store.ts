import {
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeUnsupportedError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import { keyCodecs } from "@masstree/key";
import { everything, type KeyType } from "@masstree/tree";
import { type BackupReport, copyState } from "./backup.ts";
import { type Bucket, checkName } from "./bucket.ts";
import { type CheckReport, checkState } from "./check.ts";
import { type CompactReport, compactFile } from "./compact.ts";
import { type Context, reading, writing } from "./context.ts";
import type { Durability } from "./core.ts";
import { dropTree } from "./drop-tree.ts";
import {
  StoreAsyncError,
  StoreBucketError,
  StoreLockedError,
  StoreNestedError,
  StoreReadOnlyError,
} from "./errors.ts";
import { nodeVfs } from "./node-vfs.ts";
import {
  type AttachOptions,
  attachVfsOf,
  type BackupOptions,
  type CheckOptions,
  checkOptions,
  progressOf,
  type SnapshotOptions,
  type StoreOptions,
  snapshotNameOf,
  type WriteOptions,
  writeOptionsOf,
} from "./options.ts";
import { type ReadTransaction, readerOf } from "./read-transaction.ts";
import { makeSnapshot, type Snapshot } from "./snapshot.ts";
import { type BucketInfo, type StoreStats, snapshotsOf } from "./stats.ts";
import { makeHandle, readStoreHandle, type StoreHandle } from "./store-handle.ts";
import { attachParts, closeParts, openParts, type Parts } from "./store-parts.ts";
import { TreeScan } from "./tree-scan.ts";
import type { Vfs } from "./vfs.ts";
import { type WriteTransaction, writerOf } from "./write-transaction.ts";

/** Several buckets in one transaction that writes. */
export interface WriteBuckets {
  /**
   * A bucket in this transaction. It is created when something is set in it.
   *
   * @param bucket its name, or what `bucket` returned
   * @throws StoreBucketError (`STORE_BUCKET`) if it has other codecs
   */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): WriteTransaction<V, K>;
}

/** Several buckets in one transaction that reads. */
export interface ReadBuckets {
  /** A bucket in this transaction; empty if there is none. Throws as `WriteBuckets.bucket`. */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): ReadTransaction<V, K>;
}

let defaultVfs: Vfs | undefined;

/** The open stores of this thread, by Vfs and file. */
const open = /* @__PURE__ */ new WeakMap<Vfs, Map<string, BTreeStore>>();

function storesOf(vfs: Vfs): Map<string, BTreeStore> {
  const stores = open.get(vfs) ?? new Map<string, BTreeStore>();
  open.set(vfs, stores);
  return stores;
}

function vfsOf(vfs: Vfs | undefined): Vfs {
  if (vfs !== undefined) return vfs;
  defaultVfs ??= nodeVfs();
  return defaultVfs;
}

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
  readonly #parts: Parts;
  /** How often `open` has returned this object, less the calls of `close`. */
  #opened = 1;
  #closed = false;
  /** Which transactions are under way. */
  #writing = false;
  #reading = 0;
  readonly #snapshots = new Set<Snapshot>();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Opens a store, and creates it if there is no file.
   *
   * A file that is open in this thread already gives the same object, which is closed once `close` was called as often
   * as `open`; the options of the first call count.
   *
   * @param path of the file; beside it there will be a small one with `.lock-` and a number
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
    const stores = storesOf(vfs);
    const known = stores.get(key);
    if (known !== undefined) {
      if (known.#parts.readOnly !== checked.readOnly) {
        throw new StoreLockedError(
          `'${path}' is open in this thread already, ${checked.readOnly ? "to be written" : "to be read only"}.`,
        );
      }
      known.#opened++;
      return known;
    }
    const store = new BTreeStore(openParts(vfs, path, key, checked));
    stores.set(key, store);
    return store;
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
    const checked = readStoreHandle(handle, (object) => #parts in object);
    const vfs = vfsOf(attachVfsOf(options));
    if (vfs.adoptLock === undefined) {
      throw new MassTreeUnsupportedError("This Vfs is for one thread: it has no 'adoptLock'.");
    }
    const key = vfs.identify(checked.path);
    const stores = storesOf(vfs);
    const known = stores.get(key);
    if (known !== undefined && known.#parts.opening === checked.opening) {
      known.#opened++;
      return known;
    }
    const store = new BTreeStore(attachParts(vfs, key, checked));
    stores.set(key, store);
    return store;
  }

  /**
   * What other threads of this process pass to `attach`: `postMessage` and `workerData` accept it.
   *
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) if the store's Vfs is for one thread
   */
  get handle(): StoreHandle {
    const { core, key, opening, lock, vfs, readOnly, durability, timeout, recovery } = this.#open();
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
    return this.#transact((context) => {
      return callback({
        bucket: <V, K extends KeyType>(asked: string | Bucket<V, K>) =>
          writerOf<V, K>(context, context.open(asked)),
      });
    }, options);
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
    return this.readMany((buckets) => callback(buckets.bucket(bucket)));
  }

  /** Runs a transaction that reads several buckets in one state. As `read`. */
  readMany<R>(callback: (buckets: ReadBuckets) => R): R {
    const { core } = this.#open();
    if (this.#writing) {
      throw new StoreNestedError(
        "This is within the callback of a transaction that writes. Use that one, or a snapshot from before it.",
      );
    }
    this.#reading++;
    try {
      return reading(core, (context) => {
        const result = callback({
          bucket: <V, K extends KeyType>(asked: string | Bucket<V, K>) =>
            readerOf<V, K>(context, context.open(asked)),
        });
        refusePromise(result, "was read");
        return result;
      });
    } finally {
      this.#reading--;
    }
  }

  #transact<R>(callback: (context: Context) => R, options: WriteOptions | undefined): R {
    const parts = this.#open();
    const { durability, timeout } = writeOptionsOf(options, parts);
    this.#refuseToWrite();
    parts.core.begin(timeout);
    try {
      return this.#transactLocked(callback, durability);
    } finally {
      parts.core.end();
    }
  }

  /** A transaction that has begun. */
  #transactLocked<R>(callback: (context: Context) => R, durability: Durability): R {
    const { core } = this.#parts;
    this.#writing = true;
    const context = writing(core);
    let isCommitted = false;
    try {
      const result = callback(context);
      refusePromise(result, "was rolled back");
      context.check();
      context.settle();
      core.commit(context.catalog.root, durability);
      isCommitted = true;
      return result;
    } finally {
      context.end("This transaction has ended: it lasts as long as its callback.");
      this.#writing = false;
      if (!isCommitted) core.rollback();
    }
  }

  /**
   * A view of the newest state, which stays the same until it is disposed of, whatever is committed meanwhile.
   *
   * While it is open, no page that it uses is used again, so the file may grow. O(1).
   *
   * @param options `name`: what `stats` calls it
   */
  snapshot(options: SnapshotOptions = {}): Snapshot {
    const { core } = this.#open();
    const name = snapshotNameOf(options);
    this.#refuseInWriting();
    const snapshot: Snapshot = makeSnapshot(core, name, () => this.#snapshots.delete(snapshot));
    this.#snapshots.add(snapshot);
    return snapshot;
  }

  /** The names of all buckets, in order. O(buckets). */
  buckets(): string[] {
    const { core } = this.#open();
    this.#refuseInWriting();
    return reading(core, (context) => {
      const names: string[] = [];
      const scan = new TreeScan(context.catalog, everything, true);
      while (scan.next()) names.push(keyCodecs.string.decode(scan.bytes, ...scan.keyRange()));
      return names;
    });
  }

  /**
   * Removes a bucket and all its entries, in one commit. O(its pages).
   *
   * @returns whether there was one
   * @throws as `write`
   */
  dropBucket(name: string, options?: WriteOptions): boolean {
    checkName(name);
    return this.#transact((context) => {
      const record = context.find(name);
      if (record === undefined) return false;
      if (record.root !== 0) context.change(() => dropTree(context.core, record.root));
      context.unrecord(name);
      return true;
    }, options);
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
    return this.#transact((context) => {
      const record = context.find(from);
      if (record === undefined) return false;
      if (context.find(to) !== undefined) {
        throw new StoreBucketError(`There is a bucket '${to}' already.`);
      }
      context.unrecord(from);
      context.record(to, record);
      return true;
    }, options);
  }

  /**
   * Resolves once all commits so far are on the disk. The event loop does not wait meanwhile. Closing the store
   * resolves it as well, for that writes everything.
   *
   * @throws StoreFailedError (`STORE_FAILED`), as a rejection
   */
  async flush(): Promise<void> {
    await this.#open().core.flushLater();
  }

  /**
   * Checks the newest state: every page, checksum, the order of keys, and that each page is used once or free. Reads
   * the whole file. O(used pages).
   *
   * @throws StoreCorruptError (`STORE_CORRUPT`), whose `page` says where; StoreNestedError (`STORE_NESTED`);
   *   StoreBusyError (`STORE_BUSY`), for at its beginning no thread may be writing
   */
  check(options: CheckOptions = {}): CheckReport {
    const { core, readOnly, timeout } = this.#open();
    const progress = progressOf(options);
    this.#refuseInWriting();
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
    const { core, vfs } = this.#open();
    const progress = progressOf(options);
    this.#refuseInWriting();
    const hold = core.reads.hold("backup");
    try {
      return await copyState(core, hold, vfs, path, progress, () => void this.#open());
    } finally {
      if (!this.#closed) core.drop(hold);
    }
  }

  /**
   * Makes the file shorter: moves pages from its end to free ones, in a few commits, and cuts off what is free then. The
   * file may stay some pages longer than what is in use. Pages that snapshots use do not move. All commits are on the
   * disk when it returns.
   *
   * Other threads read meanwhile, and do not write. O(used pages), and in memory what moves.
   *
   * @throws as `write`; what was done until then stays done
   */
  compact(): CompactReport {
    const { core, timeout } = this.#open();
    this.#refuseToWrite();
    return core.locked(timeout, () =>
      compactFile(core, (change) => {
        core.beginLocked();
        this.#transactLocked(change, "sync");
      }),
    );
  }

  /** What the file says of a bucket; undefined if there is none. O(log buckets). */
  bucketInfo(name: string): BucketInfo | undefined {
    const { core } = this.#open();
    this.#refuseInWriting();
    checkName(name);
    const record = reading(core, (context) => context.find(name));
    if (record === undefined) return undefined;
    const { key, value, size, created } = record;
    return { name, key, value, size, created };
  }

  /** The store's size, its commits, and who holds old ones, in all threads. O(threads + snapshots). */
  stats(): StoreStats {
    const { core, recovery } = this.#open();
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
    if (this.#writing || this.#reading > 0) {
      throw new StoreNestedError("A store cannot be closed within the callback of a transaction.");
    }
    if (this.#opened > 1) {
      this.#opened--;
      return;
    }
    const { core, key, vfs, timeout } = this.#parts;
    const mayWrite = !core.file.isReadOnly && !core.file.hasFailed;
    const isBehind = mayWrite && core.states.durable !== core.state.commit;
    if (isBehind) core.lock(timeout);
    this.#closed = true;
    if (open.get(vfs)?.get(key) === this) open.get(vfs)?.delete(key);
    core.endFlushing();
    try {
      if (isBehind) core.flush();
    } finally {
      if (isBehind) core.end();
      for (const snapshot of this.#snapshots) snapshot.dispose();
      closeParts(this.#parts);
    }
  }

  #refuseToWrite(): void {
    if (this.#parts.readOnly) throw new StoreReadOnlyError("The store was opened with 'readOnly'.");
    if (this.#writing || this.#reading > 0) {
      throw new StoreNestedError(
        "This is within the callback of another transaction. Use that one; for several buckets there is 'writeMany'.",
      );
    }
  }

  #refuseInWriting(): void {
    if (!this.#writing) return;
    throw new StoreNestedError("This is within the callback of a transaction that writes.");
  }

  #open(): Parts {
    if (this.#closed) {
      throw new MassTreeClosedError("This store was closed. Open it again.");
    }
    this.#parts.core.file.check();
    return this.#parts;
  }

  get [Symbol.toStringTag](): string {
    return "BTreeStore";
  }

  static {
    makeUsable(BTreeStore.prototype, (store) => store.close());
  }
}

/** @param consequence what happened to the transaction */
function refusePromise(result: unknown, consequence: string): void {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) return;
  if (typeof (result as { then?: unknown }).then !== "function") return;
  // What it does from now on fails. Nobody else will hear of that.
  if (result instanceof Promise) result.catch(() => {});
  throw new StoreAsyncError(
    `The callback of a transaction returned a promise, so it ${consequence}. A transaction ends when its callback returns: await first, and then begin it.`,
  );
}
