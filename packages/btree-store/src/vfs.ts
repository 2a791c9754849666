/**
 * Where a store keeps its file: Node's file system, the private one of a site in a browser, a simulated disk, or one of
 * your own. All calls but `syncLater` are synchronous.
 *
 * What an implementation throws reaches the caller of the store as the `cause` of a StoreError. An error with the
 * `code` `"ENOSPC"` or `"EDQUOT"` means that the disk is full.
 */
export interface Vfs {
  /**
   * Opens a file.
   *
   * @param path as the program passed it to `BTreeStore.open`
   * @param mode `"readWrite"` creates it, empty, if it is not there; `"readOnly"` throws then
   */
  open(path: string, mode: VfsMode): VfsFile;

  /**
   * Keeps other processes, and other threads, from writing to the file: until `release`, or the end of the process.
   * Any number may hold it as `"readOnly"`, and one as `"readWrite"` while nobody else does.
   *
   * @throws StoreLockedError (`STORE_LOCKED`)
   */
  lock(path: string, mode: VfsMode): VfsLock;

  /** A name that all paths of one file have in common, whether it exists or not. It is one of them. */
  identify(path: string): string;

  /**
   * The lock of a file that another thread of this process has taken, for a thread that attaches to its store. The last
   * one to close the store releases it. Optional: without it, a store can be used in one thread only.
   *
   * @param token what the lock of that thread says
   */
  adoptLock?(path: string, token: string): VfsLock;
}

/** What a file is opened for. */
export type VfsMode = "readWrite" | "readOnly";

/** A lock that is held. */
export interface VfsLock {
  /** Gives it back. Called once. */
  release(): void;
  /** What `adoptLock` takes in another thread. */
  readonly token?: string | undefined;
}

/** An open file. */
export interface VfsFile {
  /** Its length in bytes. */
  size(): number;

  /**
   * Reads bytes.
   *
   * @param target where they go; may be shared memory
   * @param position of the first byte in the file
   * @returns how many were read: 1 to `target.length`, or 0 at the end of the file
   */
  read(target: Uint8Array, position: number): number;

  /**
   * Writes bytes. The file grows if they are beyond its end.
   *
   * @param source the bytes; may be shared memory
   * @param position of the first byte in the file
   * @returns how many were written, 1 to `source.length`
   */
  write(source: Uint8Array, position: number): number;

  /** Sets the file's length. New bytes are zero. */
  truncate(size: number): void;

  /**
   * Returns once everything that was written is on the disk, with the file's length. Until then a crash may lose any
   * part of it, and keep any other, in units of 512 bytes.
   */
  sync(): void;

  /**
   * The same for what was written before the call, without waiting: resolves once it is on the disk. Further calls may
   * be made meanwhile, `close` too. Optional: without it, durability `"batch"` syncs during the call.
   */
  syncLater?(): Promise<void>;

  /** Closes the file. Called once. */
  close(): void;
}
