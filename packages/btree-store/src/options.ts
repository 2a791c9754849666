// What the methods of a store take, and the checks of it.
import { badOption, readOptions } from "@masstree/errors/options";
import type { Progress } from "./backup.ts";
import type { Durability } from "./core.ts";
import { PAGE_SIZES } from "./meta.ts";
import type { Vfs } from "./vfs.ts";

/** What `BTreeStore.open` takes. */
export interface StoreOptions {
  /** Opens the store to be read only: any number of processes may, while none writes. Default false. */
  readonly readOnly?: boolean | undefined;
  /**
   * Size of the pages of a new file: 4096 (default), 8192, 16384, 32768 or 65536 bytes. An existing file keeps its own.
   */
  readonly pageBytes?: number | undefined;
  /** How many bytes of pages may stay in memory between transactions. Default 64 MiB; at least 256 pages stay. */
  readonly cacheBytes?: number | undefined;
  /**
   * When a commit returns: `"sync"` (default), once it is on the disk; `"batch"` and `"none"`, once later transactions
   * see it. Then a crash loses the latest commits, whole and from the end: with `"batch"` those that the background has
   * not written yet, which it begins at once; with `"none"` all since the last `flush`, `close` or commit with `"sync"`.
   */
  readonly durability?: Durability | undefined;
  /**
   * How long a transaction waits while another thread writes, in milliseconds. Default 10,000; Infinity is allowed. Then
   * it throws StoreBusyError (`STORE_BUSY`).
   */
  readonly timeout?: number | undefined;
  /**
   * Where the file is. Default: the file system of Node, Bun or Deno. In browsers: what `opfsVfs` of
   * `@masstree/btree-store/opfs` resolves to.
   */
  readonly vfs?: Vfs | undefined;
}

/** What `BTreeStore.attach` takes. */
export interface AttachOptions {
  /** Where the file is, if the store was opened with this option. */
  readonly vfs?: Vfs | undefined;
}

/** What a transaction that writes takes. */
export interface WriteOptions {
  /** For this commit, instead of the store's. */
  readonly durability?: Durability | undefined;
  /** For this transaction, instead of the store's. */
  readonly timeout?: number | undefined;
}

/** What `snapshot` takes. */
export interface SnapshotOptions {
  /** For `stats`, so that a snapshot that is kept for too long can be found. */
  readonly name?: string | undefined;
}

/** What `begin` takes. */
export interface BeginOptions {
  /** For `stats`, which lists the transaction as a snapshot. Default `"transaction"`. */
  readonly name?: string | undefined;
}

/** What `retry` takes: how to commit, and how often to try. */
export interface RetryOptions extends WriteOptions {
  /** How often the callback is run at most: 1 or more, Infinity is allowed. Default 100. */
  readonly attempts?: number | undefined;
}

/** What `check` takes. */
export interface CheckOptions {
  /** Called now and then with how many pages were checked, and how many there are. */
  readonly onProgress?: Progress | undefined;
}

/** What `compact` takes. */
export interface CompactOptions {
  /**
   * It ends once the file has at most this many bytes. Then less is moved, and other threads wait for less time to write.
   * Default 0: as short as can be.
   */
  readonly targetBytes?: number | undefined;
}

/** What `backup` takes. */
export interface BackupOptions {
  /** Called now and then with how many pages were copied, and how many there are. */
  readonly onProgress?: Progress | undefined;
}

const optionNames = [
  "readOnly",
  "pageBytes",
  "cacheBytes",
  "durability",
  "timeout",
  "vfs",
] as const;
const defaultCacheBytes = 64 * 2 ** 20;
const defaultTimeout = 10_000;
const defaultAttempts = 100;

/** What `open` was asked for, with nothing left out but the Vfs. */
export interface Checked {
  readonly readOnly: boolean;
  readonly pageBytes: number;
  readonly cacheBytes: number;
  readonly durability: Durability;
  readonly timeout: number;
  readonly vfs: Vfs | undefined;
}

/** @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function checkOptions(options: StoreOptions): Checked {
  const {
    readOnly = false,
    pageBytes = PAGE_SIZES[0],
    cacheBytes = defaultCacheBytes,
    durability = "sync",
    timeout = defaultTimeout,
    vfs,
  } = readOptions(options, optionNames);
  if (typeof readOnly !== "boolean") throw badOption("readOnly", "true or false", readOnly);
  if (!PAGE_SIZES.includes(pageBytes as number)) {
    throw badOption("pageBytes", "4096, 8192, 16384, 32768 or 65536", pageBytes);
  }
  if (typeof cacheBytes !== "number" || !(cacheBytes >= 0 && cacheBytes <= 2 ** 31)) {
    throw badOption("cacheBytes", "a number of bytes from 0 to 2 GiB", cacheBytes);
  }
  checkDurability(durability);
  checkTimeout(timeout);
  checkVfs(vfs);
  return {
    readOnly,
    pageBytes: pageBytes as number,
    cacheBytes,
    durability,
    timeout,
    vfs,
  };
}

function checkVfs(vfs: unknown): asserts vfs is Vfs | undefined {
  if (vfs === undefined || (typeof vfs === "object" && vfs !== null)) return;
  throw badOption("vfs", "a Vfs", vfs);
}

function checkTimeout(timeout: unknown): asserts timeout is number {
  if (typeof timeout === "number" && timeout >= 0) return;
  throw badOption("timeout", "a number of milliseconds from 0", timeout);
}

/** Where the file of an attached store is. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function attachVfsOf(options: AttachOptions): Vfs | undefined {
  const { vfs } = readOptions(options, ["vfs"]);
  checkVfs(vfs);
  return vfs;
}

function checkDurability(durability: unknown): asserts durability is Durability {
  if (durability === "sync" || durability === "batch" || durability === "none") return;
  throw badOption("durability", '"sync", "batch" or "none"', durability);
}

/** How a transaction is to be committed. */
export interface CheckedWrite {
  readonly durability: Durability;
  readonly timeout: number;
}

/** What a transaction was asked for, or else the store. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function writeOptionsOf(
  options: WriteOptions | undefined,
  store: CheckedWrite,
): CheckedWrite {
  if (options === undefined) return store;
  return commitOf(readOptions(options, ["durability", "timeout"]), store);
}

function commitOf(
  found: Readonly<Record<"durability" | "timeout", unknown>>,
  store: CheckedWrite,
): CheckedWrite {
  const { durability = store.durability, timeout = store.timeout } = found;
  checkDurability(durability);
  checkTimeout(timeout);
  return { durability, timeout };
}

/** The function that is told how far it is. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function progressOf(options: CheckOptions | BackupOptions): Progress | undefined {
  const { onProgress } = readOptions(options, ["onProgress"]);
  if (onProgress === undefined || typeof onProgress === "function") {
    return onProgress as Progress | undefined;
  }
  throw badOption("onProgress", "a function", onProgress);
}

/** How long a file may stay. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function targetBytesOf(options: CompactOptions): number {
  const { targetBytes = 0 } = readOptions(options, ["targetBytes"]);
  if (typeof targetBytes === "number" && targetBytes >= 0) return targetBytes;
  throw badOption("targetBytes", "a number of bytes from 0", targetBytes);
}

/** How to commit, and how often to try. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function retryOptionsOf(
  options: RetryOptions,
  store: CheckedWrite,
): CheckedWrite & { readonly attempts: number } {
  const found = readOptions(options, ["durability", "timeout", "attempts"]);
  const { attempts = defaultAttempts } = found;
  if (!isAttempts(attempts)) {
    throw badOption("attempts", "a whole number from 1, or Infinity", attempts);
  }
  return { ...commitOf(found, store), attempts };
}

function isAttempts(attempts: unknown): attempts is number {
  return Number.isInteger(attempts) ? (attempts as number) >= 1 : attempts === Infinity;
}

/** The name of a snapshot. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
export function snapshotNameOf(options: SnapshotOptions | BeginOptions): string | undefined {
  const { name } = readOptions(options, ["name"]);
  if (name === undefined || typeof name === "string") return name;
  throw badOption("name", "a string", name);
}
