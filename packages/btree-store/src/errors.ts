/*
 * What a store throws that no map throws. Errors that mean the same as a map's are those of @masstree/errors:
 * MASSTREE_CLOSED, MASSTREE_BAD_OPTION, MASSTREE_BAD_KEY, MASSTREE_BAD_VALUE, MASSTREE_BAD_RANGE and so on.
 */
import { nameClass } from "@masstree/errors/name-class";

/**
 * What went wrong, as a word that never changes between versions. Compare this, not the message.
 *
 * - `STORE_CORRUPT`: the file is damaged, or is no store
 * - `STORE_LOCKED`: another process has the store open, or another thread that has not passed its handle
 * - `STORE_BUSY`: another thread is writing, and has not ended its transaction in time
 * - `STORE_CONFLICT`: another transaction has changed what an optimistic one has read or written; it was rolled back
 * - `STORE_FULL`: the disk is full; the transaction was rolled back
 * - `STORE_FAILED`: a write or a sync failed; the store has to be opened again
 * - `STORE_TOO_LARGE`: a transaction changes more than fits in memory; it was rolled back
 * - `STORE_READ_ONLY`: the store was opened to be read only
 * - `STORE_NESTED`: a transaction was begun within the callback of another
 * - `STORE_ASYNC`: the callback of a transaction returned a promise; it was rolled back
 * - `STORE_ENDED`: a transaction, a snapshot or one of their iterators was used after its end
 * - `STORE_BUCKET`: the bucket has other codecs, or its name is another's already, or cannot be one
 */
export type StoreErrorCode =
  | "STORE_CORRUPT"
  | "STORE_LOCKED"
  | "STORE_BUSY"
  | "STORE_CONFLICT"
  | "STORE_FULL"
  | "STORE_FAILED"
  | "STORE_TOO_LARGE"
  | "STORE_READ_ONLY"
  | "STORE_NESTED"
  | "STORE_ASYNC"
  | "STORE_ENDED"
  | "STORE_BUCKET";

/** The base class of the errors that only a store throws: an `Error` with a stable `code`. */
export abstract class StoreError extends Error {
  /** Which error this is. Each subclass has one code, so a `switch` over it narrows the type. */
  abstract readonly code: StoreErrorCode;
}

/** The file is damaged, or is no store. Nothing was written to it. */
export class StoreCorruptError extends StoreError {
  override readonly code = "STORE_CORRUPT" as const;
  /** The page where that was found; undefined if it is no page in particular. */
  readonly page: number | undefined;

  /** @param page appended to the message as `(page n)` @param options `cause`, as for every `Error` */
  constructor(message: string, page?: number, options?: { cause?: unknown }) {
    super(page === undefined ? message : `${message} (page ${page})`, options);
    this.page = page;
  }

  static {
    nameClass(StoreCorruptError, "StoreCorruptError");
  }
}

/** Another process has the store open, or another thread of this one that has not passed its handle. */
export class StoreLockedError extends StoreError {
  override readonly code = "STORE_LOCKED" as const;

  static {
    nameClass(StoreLockedError, "StoreLockedError");
  }
}

/** Another thread is writing, and has not ended its transaction in time. Nothing was begun. */
export class StoreBusyError extends StoreError {
  override readonly code = "STORE_BUSY" as const;
  /** The id of that thread (`threadId` of node:worker_threads), if it is known. */
  readonly threadId: number | undefined;

  constructor(message: string, threadId: number | undefined) {
    super(message);
    this.threadId = threadId;
  }

  static {
    nameClass(StoreBusyError, "StoreBusyError");
  }
}

/**
 * An optimistic transaction has read or written something that another transaction has changed since, and was rolled
 * back. Run it again from its beginning, as `BTreeStore.retry` does.
 */
export class StoreConflictError extends StoreError {
  override readonly code = "STORE_CONFLICT" as const;
  /** The name of the bucket. */
  readonly bucket: string;
  /** A key that has changed; undefined if it is not a matter of one key. */
  readonly key: unknown;

  constructor(message: string, bucket: string, key: unknown) {
    super(message);
    this.bucket = bucket;
    this.key = key;
  }

  static {
    nameClass(StoreConflictError, "StoreConflictError");
  }
}

/** The disk is full. The transaction was rolled back, and the store goes on. */
export class StoreFullError extends StoreError {
  override readonly code = "STORE_FULL" as const;

  static {
    nameClass(StoreFullError, "StoreFullError");
  }
}

/**
 * A write or a sync failed. Nobody knows which part of it is on the disk, so the store refuses everything until it is
 * closed and opened again. Then it has the last acknowledged state, or that and the whole commit that failed.
 */
export class StoreFailedError extends StoreError {
  override readonly code = "STORE_FAILED" as const;

  static {
    nameClass(StoreFailedError, "StoreFailedError");
  }
}

/** A transaction changes more pages than fit in memory. It was rolled back. Commit in smaller parts. */
export class StoreTooLargeError extends StoreError {
  override readonly code = "STORE_TOO_LARGE" as const;

  static {
    nameClass(StoreTooLargeError, "StoreTooLargeError");
  }
}

/** The store was opened with `readOnly`. */
export class StoreReadOnlyError extends StoreError {
  override readonly code = "STORE_READ_ONLY" as const;

  static {
    nameClass(StoreReadOnlyError, "StoreReadOnlyError");
  }
}

/** A transaction was begun within the callback of another one of the same store. */
export class StoreNestedError extends StoreError {
  override readonly code = "STORE_NESTED" as const;

  static {
    nameClass(StoreNestedError, "StoreNestedError");
  }
}

/** The callback of a transaction returned a promise. The transaction was rolled back. */
export class StoreAsyncError extends StoreError {
  override readonly code = "STORE_ASYNC" as const;

  static {
    nameClass(StoreAsyncError, "StoreAsyncError");
  }
}

/** A transaction, a snapshot or one of their iterators was used after its end. */
export class StoreEndedError extends StoreError {
  override readonly code = "STORE_ENDED" as const;

  static {
    nameClass(StoreEndedError, "StoreEndedError");
  }
}

/** A bucket has other codecs than asked for, or its name is another's already, or cannot be one. */
export class StoreBucketError extends StoreError {
  override readonly code = "STORE_BUCKET" as const;

  static {
    nameClass(StoreBucketError, "StoreBucketError");
  }
}
