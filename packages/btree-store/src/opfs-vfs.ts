/*
 * A Vfs whose files are prepared before a store opens them: OPFS is asynchronous until there is an access handle, and so
 * are Web Locks. Everything after that is synchronous.
 *
 *   prepare ──> prepared ── lock, adoptLock ──> locked ── open ──> open
 *                  │                               │                │
 *                  └─ close of the Vfs             └─ release       └─ close of the file ──> not there
 *
 * What is prepared has the access handle and this thread's lock (opfs-locks.ts), and gives both back at its end.
 */
import {
  MassTreeBadOptionError,
  MassTreeClosedError,
  MassTreeUnsupportedError,
} from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { badOption, describe, readOptions } from "@masstree/errors/options";
import { StoreLockedError } from "./errors.ts";
import { accessFile, asFull, nameOf } from "./opfs-file.ts";
import { lockToAttach, lockToOpen, type OpfsLock } from "./opfs-locks.ts";
import type { AccessHandle, OpfsDirectory, OpfsFileHandle, OpfsPlatform } from "./opfs-platform.ts";
import { readStoreHandle, type StoreHandle } from "./store-handle.ts";
import type { Vfs, VfsFile, VfsLock, VfsMode } from "./vfs.ts";

/** What is prepared: a path, or the handle of a store that another thread has open. */
export type OpfsFile = string | StoreHandle;

/** What `opfsVfs` and `prepare` take. */
export interface OpfsOptions {
  /**
   * Prepares paths for stores that are opened with `readOnly`: any number of tabs may, while none writes. The file has to
   * be there. Default false. A handle says it by itself.
   */
  readonly readOnly?: boolean | undefined;
  /**
   * How long another tab, or a thread that is just ending, may take to give the file back, in milliseconds. Default 1,000;
   * 0 looks once, and Infinity is allowed. Then `prepare` throws StoreLockedError (`STORE_LOCKED`).
   */
  readonly timeout?: number | undefined;
}

/**
 * Files in the private file system of a site (OPFS), for stores in a worker of a browser. The option `vfs` of
 * `BTreeStore.open` and `attach` takes it.
 *
 * Each file is prepared, asynchronously; then one `open`, `attach` or `backup` takes it, and when that store is closed, or
 * the backup has ended, the file is given back. To open it once more, prepare it once more.
 */
export interface OpfsVfs extends Vfs, Usable {
  /**
   * Prepares a file: takes the lock that keeps other tabs out, creates the file and its folders unless they are there, and
   * opens it. A file that is prepared or open through this Vfs stays as it is.
   *
   * @param file a path, for `open` and `backup`: names with `/` between them; or what another thread sent, for `attach`
   * @throws as a rejection: StoreLockedError (`STORE_LOCKED`) if another tab has the file open, or another thread or
   *   another Vfs; MassTreeClosedError (`MASSTREE_CLOSED`) if all threads of a handle have closed the store since, or
   *   this Vfs is closed; MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`) for a handle, in browsers that let one thread
   *   at a time have a file open; MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeBadHandleError
   *   (`MASSTREE_BAD_HANDLE`); what the browser throws, with `code` `"EDQUOT"` if the site may not store more
   */
  prepare(file: OpfsFile, options?: OpfsOptions): Promise<void>;

  /** As for every Vfs; the token has to be that of the handle which was prepared. */
  adoptLock(path: string, token: string): VfsLock;

  /**
   * Gives back what is prepared and no store has taken, and prepares nothing from now on. Stores that are open stay open.
   * Closing again does nothing.
   */
  close(): void;
}

/** A file that was prepared. */
interface Prepared {
  readonly mode: VfsMode;
  readonly access: AccessHandle;
  readonly lock: OpfsLock;
  state: "prepared" | "locked" | "open";
}

/** What a file is prepared for. */
interface Wanted {
  readonly path: string;
  readonly mode: VfsMode;
  /** Of the opening to attach to. */
  readonly token: string | undefined;
  readonly timeout: number;
}

const DEFAULT_TIMEOUT = 1000;
/**
 * A thread that ends gives up its lock and its access handles in any order, so there is a while to wait for a handle once
 * there is the lock, in milliseconds.
 */
const LEAST_HANDLE_WAIT = 1000;
const PAUSE = 20;

/**
 * A Vfs with some files prepared. See `opfsVfs`.
 *
 * @throws as `OpfsVfs.prepare`; then nothing stays prepared
 */
export async function prepared(
  platform: OpfsPlatform,
  files: OpfsFile | readonly OpfsFile[],
  options: OpfsOptions,
): Promise<OpfsVfs> {
  const vfs = new PreparedFiles(platform);
  try {
    const list: readonly OpfsFile[] = isList(files) ? files : [files];
    for (const file of list) await vfs.prepare(file, options);
    return vfs;
  } catch (error) {
    vfs.close();
    throw error;
  }
}

function isList(files: OpfsFile | readonly OpfsFile[]): files is readonly OpfsFile[] {
  return Array.isArray(files);
}

// What `using` calls; see Usable.
export interface PreparedFiles extends Usable {}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class PreparedFiles implements OpfsVfs {
  readonly #platform: OpfsPlatform;
  readonly #files = new Map<string, Prepared>();
  /** The last preparation that was begun: they come one after the other. */
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(platform: OpfsPlatform) {
    this.#platform = platform;
  }

  async prepare(file: OpfsFile, options: OpfsOptions = {}): Promise<void> {
    const wanted = wantedOf(file, options);
    if (wanted.token !== undefined && !this.#platform.hasModes) {
      throw new MassTreeUnsupportedError(
        "This browser lets one thread at a time have a file in OPFS open (it does not know the mode 'readwrite-unsafe'), so no other thread can attach. Use the store in the worker that has opened it.",
      );
    }
    const before = this.#last;
    const run = async () => {
      await before;
      await this.#prepare(wanted);
    };
    const done = run();
    this.#last = done.catch(() => {}); // Its caller hears of it.
    await done;
  }

  async #prepare(wanted: Wanted): Promise<void> {
    this.#refuseIfClosed();
    const known = this.#files.get(wanted.path);
    if (known !== undefined) return refuseOther(known, wanted);
    const { path, mode, token, timeout } = wanted;
    const { locks } = this.#platform;
    const lock =
      token === undefined
        ? await lockToOpen(locks, path, mode, timeout)
        : await lockToAttach(locks, path, mode, token, timeout);
    try {
      const access = await openAccess(this.#platform, wanted);
      if (this.#isClosed) access.close();
      this.#refuseIfClosed();
      this.#files.set(path, { mode, access, lock, state: "prepared" });
    } catch (error) {
      lock.release();
      throw asFull(error);
    }
  }

  #refuseIfClosed(): void {
    if (this.#isClosed) throw new MassTreeClosedError("This Vfs was closed. Make another one.");
  }

  identify(path: string): string {
    return normalPath(path);
  }

  lock(path: string, mode: VfsMode): VfsLock {
    const file = this.#find(path);
    if (file.state !== "prepared") {
      throw new StoreLockedError(`'${path}' is open in this thread already.`);
    }
    if (file.mode !== mode) {
      throw new MassTreeBadOptionError(
        mode === "readOnly"
          ? `'${path}' was prepared to be written. Prepare it with { readOnly: true } to open it so.`
          : `'${path}' was prepared to be read only. Prepare it without 'readOnly' to write to it.`,
      );
    }
    return this.#taken(path, file);
  }

  adoptLock(path: string, token: string): VfsLock {
    const file = this.#find(path);
    if (file.lock.token !== token || file.state !== "prepared") {
      throw new StoreLockedError(
        `'${path}' was prepared for something else than this handle. Close that, and prepare the handle.`,
      );
    }
    return this.#taken(path, file);
  }

  #taken(path: string, file: Prepared): VfsLock {
    file.state = "locked";
    return {
      // Without modes, no other thread can open the file.
      token: this.#platform.hasModes ? file.lock.token : undefined,
      release: () => {
        if (file.state === "locked") this.#end(path, file);
      },
    };
  }

  open(path: string, _mode: VfsMode): VfsFile {
    const file = this.#find(path);
    if (file.state === "open") {
      throw new StoreLockedError(`'${path}' is open in this thread already.`);
    }
    file.state = "open";
    // A thread's lock ends with its file, for it stands for this thread alone.
    return accessFile(file.access, () => this.#forget(path, file));
  }

  close(): void {
    this.#isClosed = true;
    for (const [path, file] of this.#files) if (file.state === "prepared") this.#end(path, file);
  }

  #find(path: string): Prepared {
    const file = this.#files.get(normalPath(path));
    if (file !== undefined) return file;
    throw new MassTreeBadOptionError(
      `'${path}' was not prepared, or was given back since. Files in OPFS are opened asynchronously: 'await vfs.prepare(path)' first, each time.`,
    );
  }

  #end(path: string, file: Prepared): void {
    file.access.close();
    this.#forget(path, file);
  }

  /** OPFSLOCK4: the access handle is closed. */
  #forget(path: string, file: Prepared): void {
    this.#files.delete(normalPath(path));
    file.lock.release();
  }

  get [Symbol.toStringTag](): string {
    return "OpfsVfs";
  }

  static {
    makeUsable(PreparedFiles.prototype, (vfs) => vfs.close());
  }
}

/** @throws StoreLockedError (`STORE_LOCKED`) unless what is there is what is wanted */
function refuseOther({ mode, lock }: Prepared, wanted: Wanted): void {
  if (mode === wanted.mode && (wanted.token === undefined || wanted.token === lock.token)) return;
  throw new StoreLockedError(
    `'${wanted.path}' is prepared or open in this thread already, ${mode === "readOnly" ? "to be read only" : "to be written"}${wanted.token === undefined ? "" : ", and not for this handle"}.`,
  );
}

/** @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`), MassTreeBadHandleError (`MASSTREE_BAD_HANDLE`) */
function wantedOf(file: unknown, options: OpfsOptions): Wanted {
  const { readOnly = false, timeout = DEFAULT_TIMEOUT } = readOptions(options, [
    "readOnly",
    "timeout",
  ]);
  if (typeof readOnly !== "boolean") throw badOption("readOnly", "true or false", readOnly);
  if (typeof timeout !== "number" || !(timeout >= 0)) {
    throw badOption("timeout", "a number of milliseconds from 0", timeout);
  }
  if (typeof file === "string") {
    const mode = readOnly ? "readOnly" : "readWrite";
    return { path: normalPath(file), mode, token: undefined, timeout };
  }
  if (typeof file !== "object" || file === null) {
    throw new MassTreeBadOptionError(
      `What is prepared is the path of a file, or the handle of a store, not ${describe(file)}.`,
    );
  }
  const handle = readStoreHandle(file, () => false);
  const mode = handle.readOnly ? "readOnly" : "readWrite";
  return { path: normalPath(handle.path), mode, token: handle.lock, timeout };
}

/** The path of a file, without a `/` at its beginning. @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) */
function normalPath(path: string): string {
  const normal = path.startsWith("/") ? path.slice(1) : path;
  if (!normal.split("/").some((name) => name === "" || name === "." || name === "..")) {
    return normal;
  }
  throw new MassTreeBadOptionError(
    `A path in OPFS is names with '/' between them, such as "app/data.db", and not ${describe(path)}.`,
  );
}

/** Opens a file, whose lock this thread has. */
async function openAccess(platform: OpfsPlatform, wanted: Wanted): Promise<AccessHandle> {
  const { path, mode, timeout } = wanted;
  const file = await findFile(platform, wanted);
  const deadline = performance.now() + Math.max(timeout, LEAST_HANDLE_WAIT);
  for (;;) {
    try {
      const access = await (platform.hasModes
        ? file.createSyncAccessHandle({
            mode: mode === "readOnly" ? "read-only" : "readwrite-unsafe",
          })
        : file.createSyncAccessHandle());
      return refuseOldHandle(access);
    } catch (cause) {
      if (nameOf(cause) !== "NoModificationAllowedError") throw cause;
      if (performance.now() >= deadline) {
        throw new StoreLockedError(
          `'${path}' is open elsewhere, by something that is no store${platform.hasModes ? "" : ", or to be read in another tab: this browser lets one at a time"}.`,
          { cause },
        );
      }
    }
    await new Promise<void>((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** In browsers before 2023, some methods return promises: nothing would be on the disk when they return. */
function refuseOldHandle(access: AccessHandle): AccessHandle {
  if (typeof access.getSize() === "number") return access;
  access.close();
  throw new MassTreeUnsupportedError(
    "The access handles of this browser are asynchronous. Chrome 108, Firefox 111 and Safari 16.4 are new enough.",
  );
}

async function findFile(
  platform: OpfsPlatform,
  { path, mode, token }: Wanted,
): Promise<OpfsFileHandle> {
  const create = mode === "readWrite" && token === undefined;
  const folders = path.split("/");
  const name = folders.pop()!;
  let directory = await rootOf(platform);
  try {
    for (const folder of folders)
      directory = await directory.getDirectoryHandle(folder, { create });
    return await directory.getFileHandle(name, { create });
  } catch (cause) {
    switch (nameOf(cause)) {
      case "NotFoundError":
        throw new MassTreeBadOptionError(
          `There is no file '${path}'. A store creates it when it is opened without 'readOnly'.`,
          { cause },
        );
      case "TypeMismatchError":
        throw new MassTreeBadOptionError(
          `'${path}' is a folder, or leads through a file. Choose another path.`,
          { cause },
        );
      case "TypeError":
        throw new MassTreeBadOptionError(`OPFS does not accept a name in '${path}'.`, { cause });
      default:
        throw cause;
    }
  }
}

async function rootOf(platform: OpfsPlatform): Promise<OpfsDirectory> {
  try {
    return await platform.getDirectory();
  } catch (cause) {
    throw new MassTreeUnsupportedError(
      "The browser gives this page no private file system (OPFS): some do not in private windows, or in frames of other sites.",
      { cause },
    );
  }
}
