/*
 * A store as a thread has it open: the context of transactions that all BTreeStore objects of this thread share. It knows
 * which transactions are under way, and so refuses what would wait for itself.
 */
import { MassTreeClosedError } from "@masstree/errors";
import { type Context, reading, writing } from "./context.ts";
import type { Durability } from "./core.ts";
import { StoreAsyncError, StoreNestedError, StoreReadOnlyError } from "./errors.ts";
import { type WriteOptions, writeOptionsOf } from "./options.ts";
import { closeParts, type Parts } from "./store-parts.ts";

export class ThreadStore {
  /** What it works with, also once it is closed. */
  readonly parts: Parts;
  /** How many BTreeStore objects are open. */
  #objects = 0;
  #isClosed = false;
  /** Which transactions are under way. */
  #writing = false;
  #reading = 0;
  /** What ends the snapshots and the optimistic transactions that are open. */
  readonly #endings = new Set<() => void>();

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Which opening of the file it is. */
  get opening(): string {
    return this.parts.opening;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isReadOnly(): boolean {
    return this.parts.readOnly;
  }

  /** What it works with. @throws MassTreeClosedError (`MASSTREE_CLOSED`), StoreFailedError (`STORE_FAILED`) */
  open(): Parts {
    if (this.#isClosed) throw closedError();
    this.parts.core.file.check();
    return this.parts;
  }

  /** Runs a transaction, and commits it. Throws as `BTreeStore.write`. */
  write<R>(options: WriteOptions | undefined, run: (context: Context) => R): R {
    const parts = this.open();
    const { durability, timeout } = writeOptionsOf(options, parts);
    this.refuseToWrite();
    parts.core.begin(timeout);
    try {
      return this.writeLocked(durability, run);
    } finally {
      parts.core.end();
    }
  }

  /** Runs a transaction that has begun. */
  writeLocked<R>(durability: Durability, run: (context: Context) => R): R {
    const { core } = this.parts;
    this.#writing = true;
    const context = writing(core);
    let isCommitted = false;
    try {
      const result = run(context);
      refusePromise(result, "was rolled back");
      context.check();
      context.settle();
      context.committed = core.commit(context.catalog.root, durability);
      isCommitted = true;
      return result;
    } finally {
      context.end("This transaction has ended: it lasts as long as its callback.");
      this.#writing = false;
      if (!isCommitted) core.rollback();
    }
  }

  /** Runs a transaction that only reads. Throws as `BTreeStore.read`. */
  read<R>(run: (context: Context) => R): R {
    const { core } = this.open();
    if (this.#writing) {
      throw new StoreNestedError(
        "This is within the callback of a transaction that writes. Use that one, or a snapshot from before it.",
      );
    }
    this.#reading++;
    try {
      const result = reading(core, run);
      refusePromise(result, "was read");
      return result;
    } finally {
      this.#reading--;
    }
  }

  /** @throws StoreReadOnlyError (`STORE_READ_ONLY`) or StoreNestedError (`STORE_NESTED`) if nothing may be written now */
  refuseToWrite(): void {
    this.refuseIfReadOnly();
    if (this.#writing || this.#reading > 0) {
      throw new StoreNestedError(
        "This is within the callback of another transaction. Use that one; for several buckets there is 'writeMany'.",
      );
    }
  }

  /** @throws StoreReadOnlyError (`STORE_READ_ONLY`) */
  refuseIfReadOnly(): void {
    if (this.isReadOnly) throw new StoreReadOnlyError("The store was opened with 'readOnly'.");
  }

  /** @throws StoreNestedError (`STORE_NESTED`) within a transaction that writes */
  refuseInWriting(): void {
    if (!this.#writing) return;
    throw new StoreNestedError("This is within the callback of a transaction that writes.");
  }

  /** Has something end with the store. Returns what says that it has ended before. */
  endWithStore(end: () => void): () => void {
    this.#endings.add(end);
    return () => void this.#endings.delete(end);
  }

  /** Another object uses this. */
  join(): void {
    this.#objects++;
  }

  /**
   * An object does not use this any more. If it was the last one, the store is closed in this thread.
   *
   * @returns whether it was the last one
   * @throws as `BTreeStore.close`
   */
  leave(): boolean {
    if (this.#objects > 1) {
      this.#objects--;
      return false;
    }
    const { core, timeout } = this.parts;
    const mayWrite = !core.file.isReadOnly && !core.file.hasFailed;
    const isBehind = mayWrite && core.states.durable !== core.state.commit;
    if (isBehind) core.lock(timeout);
    this.#objects = 0;
    this.#isClosed = true;
    core.endFlushing();
    try {
      if (isBehind) core.flush();
    } finally {
      if (isBehind) core.end();
      for (const end of this.#endings) end();
      closeParts(this.parts);
    }
    return true;
  }

  /** @throws StoreNestedError (`STORE_NESTED`) within a transaction */
  refuseToClose(): void {
    if (!this.#writing && this.#reading === 0) return;
    throw new StoreNestedError("A store cannot be closed within the callback of a transaction.");
  }
}

export function closedError(): MassTreeClosedError {
  return new MassTreeClosedError("This store was closed. Open it again.");
}

/**
 * Refuses what the callback of a transaction must not return.
 *
 * @param consequence what happened to the transaction
 * @throws StoreAsyncError (`STORE_ASYNC`)
 */
export function refusePromise(result: unknown, consequence: string): void {
  if ((typeof result !== "object" && typeof result !== "function") || result === null) return;
  if (typeof (result as { then?: unknown }).then !== "function") return;
  // What it does from now on fails. Nobody else will hear of that.
  if (result instanceof Promise) result.catch(() => {});
  throw new StoreAsyncError(
    `The callback of a transaction returned a promise, so it ${consequence}. A transaction ends when its callback returns: await first, and then begin it.`,
  );
}
