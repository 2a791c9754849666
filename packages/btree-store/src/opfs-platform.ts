/*
 * What a store in OPFS needs of a browser. The types stand here, because the package's users may not have those of the DOM,
 * and those do not have sync access handles outside of workers.
 */
import { MassTreeUnsupportedError } from "@masstree/errors";

/** A worker of a browser, or a test's. */
export interface OpfsPlatform {
  /** The root of the site's private file system. */
  getDirectory(): Promise<OpfsDirectory>;
  readonly locks: WebLocks;
  /** Whether access handles have modes. Without, one thread at a time can have a file open. */
  readonly hasModes: boolean;
}

/** A FileSystemDirectoryHandle. */
export interface OpfsDirectory {
  getDirectoryHandle(name: string, options: { create: boolean }): Promise<OpfsDirectory>;
  getFileHandle(name: string, options: { create: boolean }): Promise<OpfsFileHandle>;
}

/** A FileSystemFileHandle. */
export interface OpfsFileHandle {
  createSyncAccessHandle(options?: { mode: AccessMode }): Promise<AccessHandle>;
}

/** How several may have a file open: all that only read, or all that read and write and see to their order themselves. */
export type AccessMode = "readwrite-unsafe" | "read-only";

/** A FileSystemSyncAccessHandle. */
export interface AccessHandle {
  getSize(): number;
  read(target: Uint8Array, options: { at: number }): number;
  write(source: Uint8Array, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** A LockManager. */
export interface WebLocks {
  request<R>(
    name: string,
    options: { mode?: "exclusive" | "shared"; signal?: AbortSignal },
    whileHeld: () => Promise<R>,
  ): Promise<R>;
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** What of a browser's worker is looked at. */
interface WorkerScope {
  readonly navigator?: {
    readonly storage?: { getDirectory?(): Promise<OpfsDirectory> };
    readonly locks?: WebLocks;
  };
  readonly FileSystemSyncAccessHandle?: { readonly prototype: object };
}

/**
 * The browser in whose worker this runs.
 *
 * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`)
 */
export function browserPlatform(): OpfsPlatform {
  const { navigator, FileSystemSyncAccessHandle: Access } = globalThis as unknown as WorkerScope;
  const storage = navigator?.storage;
  const locks = navigator?.locks;
  if (typeof storage?.getDirectory !== "function" || locks === undefined) {
    throw new MassTreeUnsupportedError(
      "There is no private file system (OPFS) here, or there are no Web Locks. Browsers have both, for pages from https: or localhost. In Node, Bun and Deno, leave the option 'vfs' out.",
    );
  }
  if (Access === undefined) {
    throw new MassTreeUnsupportedError(
      "Browsers read and write OPFS synchronously in dedicated workers only. Open the store in a 'new Worker(...)', and ask that for what the page needs.",
    );
  }
  return {
    getDirectory: () => storage.getDirectory!(),
    locks,
    hasModes: "mode" in Access.prototype,
  };
}
