import { StoreCorruptError, StoreFailedError, StoreFullError } from "./errors.ts";
import type { VfsFile } from "./vfs.ts";

/** A file grows by at least this many bytes at a time, and by a sixteenth of its length. */
const LEAST_GROWTH = 1 << 18;

const consequence =
  ", so nobody knows what is on the disk. Close the store in all threads, and open it again: it has the last acknowledged state, or that and the whole commit that failed.";

/** Where threads tell each other that a write or a sync has failed. */
export interface SharedFailure {
  readonly hasFailed: boolean;
  fail(): void;
}

/**
 * A store's file, in whole pages: short reads and writes are continued, and after a failed write or sync every further
 * call fails (COMMIT4 of core.ts).
 */
export class PageFile {
  readonly pageBytes: number;
  readonly #file: VfsFile;
  #failure: StoreFailedError | undefined;
  #size: number;
  /** What the threads that have the file open tell each other. */
  readonly #failed: SharedFailure | undefined;

  /** Whether it was opened to be read only. */
  readonly isReadOnly: boolean;

  constructor(file: VfsFile, pageBytes: number, isReadOnly = false, failed?: SharedFailure) {
    this.isReadOnly = isReadOnly;
    this.#file = file;
    this.pageBytes = pageBytes;
    this.#size = file.size();
    this.#failed = failed;
  }

  /** Length in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Looks how long the file is: another thread may have changed that. */
  measure(): void {
    this.#size = this.#file.size();
  }

  /** Whether a write or a sync has failed, in any thread. */
  get hasFailed(): boolean {
    return this.#failure !== undefined || this.#failed?.hasFailed === true;
  }

  /** @throws StoreFailedError (`STORE_FAILED`) if a write or a sync has failed, in any thread */
  check(): void {
    if (!this.hasFailed) return;
    throw this.#failure === undefined
      ? new StoreFailedError(`A write or a sync failed in another thread${consequence}`)
      : new StoreFailedError(this.#failure.message, { cause: this.#failure.cause });
  }

  /**
   * Fills `target` with pages from a page on.
   *
   * @throws StoreCorruptError (`STORE_CORRUPT`) if the file ends before that; what the Vfs throws
   */
  read(target: Uint8Array, page: number): void {
    if (this.readSome(target, page) < target.length / this.pageBytes) throw endsBefore(page);
  }

  /**
   * Reads pages from a page on, as many as there are. How long the file is, another thread may be changing.
   *
   * @returns how many, at least 1
   * @throws as `read`
   */
  readSome(target: Uint8Array, page: number): number {
    this.check();
    const position = page * this.pageBytes;
    let done = 0;
    while (done < target.length) {
      const rest = done === 0 ? target : target.subarray(done);
      const count = this.#file.read(rest, position + done);
      if (!(count > 0 && count <= rest.length)) break;
      done += count;
    }
    const pages = Math.floor(done / this.pageBytes);
    if (pages === 0) throw endsBefore(page);
    return pages;
  }

  /**
   * Writes pages from a page on.
   *
   * @throws StoreFullError (`STORE_FULL`) if the disk is full: the caller gives up what it was writing, and the file
   *   can be used. StoreFailedError (`STORE_FAILED`) for any other reason
   */
  write(source: Uint8Array, page: number): void {
    this.check();
    try {
      this.#writeAll(source, page * this.pageBytes);
    } catch (cause) {
      if (isFull(cause)) {
        throw new StoreFullError("The disk is full. The transaction was rolled back.", { cause });
      }
      throw this.fail("A write failed", cause);
    }
  }

  /** Writes what must not be half written: any failure ends the use of the file. */
  writeMeta(source: Uint8Array, position: number): void {
    this.check();
    try {
      this.#writeAll(source, position);
    } catch (cause) {
      throw this.fail("A write failed", cause);
    }
  }

  #writeAll(source: Uint8Array, position: number): void {
    let done = 0;
    while (done < source.length) {
      const rest = done === 0 ? source : source.subarray(done);
      const count = this.#file.write(rest, position + done);
      if (!(count > 0 && count <= rest.length)) throw new Error("A write wrote nothing.");
      done += count;
      this.#size = Math.max(this.#size, position + done);
    }
  }

  /**
   * Makes the file long enough for pages 0 to `pages` - 1, and a little longer. Throws as `write` does.
   */
  reserve(pages: number): void {
    const needed = pages * this.pageBytes;
    if (needed <= this.#size) return;
    const growth = Math.max(LEAST_GROWTH, Math.floor(this.#size / 16));
    const size = Math.max(needed, this.#size + growth);
    try {
      this.lengthen(Math.min(Math.ceil(size / this.pageBytes), 2 ** 32));
    } catch (error) {
      if (!(error instanceof StoreFullError)) throw error;
      this.lengthen(pages); // There may be room for that.
    }
  }

  /** Makes the file longer, until it ends behind a number of pages. Throws as `write` does. */
  lengthen(pages: number): void {
    this.check();
    const size = pages * this.pageBytes;
    try {
      this.#file.truncate(size);
      this.#size = size;
    } catch (cause) {
      if (isFull(cause)) {
        throw new StoreFullError("The disk is full. The transaction was rolled back.", { cause });
      }
      throw this.fail("The file could not be made longer", cause);
    }
  }

  /** Makes the file end behind a number of pages. @throws StoreFailedError (`STORE_FAILED`) */
  shorten(pages: number): void {
    this.check();
    const size = pages * this.pageBytes;
    if (size >= this.#size) return;
    try {
      this.#file.truncate(size);
      this.#size = size;
    } catch (cause) {
      throw this.fail("The file could not be made shorter", cause);
    }
  }

  /** @throws StoreFailedError (`STORE_FAILED`) */
  sync(): void {
    this.check();
    try {
      this.#file.sync();
    } catch (cause) {
      throw this.fail("A sync failed", cause);
    }
  }

  /** As `sync`, for what was written before the call; resolves when it is done. */
  async syncLater(): Promise<void> {
    this.check();
    try {
      if (this.#file.syncLater === undefined) this.#file.sync();
      else await this.#file.syncLater();
    } catch (cause) {
      throw this.fail("A sync failed", cause);
    }
  }

  /** Ends the use of the file, and returns the error to throw. */
  fail(what: string, cause: unknown): StoreFailedError {
    this.#failed?.fail();
    this.#failure ??= new StoreFailedError(`${what}${consequence}`, { cause });
    return this.#failure;
  }

  close(): void {
    this.#file.close();
  }
}

function endsBefore(page: number): StoreCorruptError {
  return new StoreCorruptError("The file ends before a page that is in use.", page);
}

function isFull(error: unknown): boolean {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : 0;
  return code === "ENOSPC" || code === "EDQUOT";
}
