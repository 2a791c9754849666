/*
 * An optimistic transaction: docs/design.md, 'Optimistic transactions', argues for what is done here. Its methods are those
 * of WriteTransaction, on OptimisticEntries.
 */
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import { describe } from "@masstree/errors/options";
import type { KeyType } from "@masstree/tree";
import type { Bucket } from "./bucket.ts";
import { Context, type OpenBucket } from "./context.ts";
import type { Core } from "./core.ts";
import { TreeEntries } from "./entries.ts";
import { StoreConflictError } from "./errors.ts";
import { OptimisticEntries } from "./optimistic-entries.ts";
import type { WriteOptions } from "./options.ts";
import type { Change } from "./read-set.ts";
import { partsOf, TransactionParts } from "./read-transaction.ts";
import type { Hold } from "./reads.ts";
import type { ThreadStore } from "./thread-store.ts";
import { WriteTransaction } from "./write-transaction.ts";

/** What an optimistic transaction is below its methods. */
class Attempt {
  readonly context: Context;
  readonly bucket: OpenBucket;
  readonly entries: OptimisticEntries;
  /** What its commit has thrown. */
  conflict: StoreConflictError | undefined;
  readonly #store: ThreadStore;
  readonly #core: Core;
  readonly #asked: string | Bucket<unknown, KeyType>;
  readonly #hold: Hold;
  readonly #ended: () => void;
  isOpen = true;

  constructor(
    store: ThreadStore,
    asked: string | Bucket<unknown, KeyType>,
    name: string | undefined,
  ) {
    const { core } = store.open();
    const hold = core.reads.hold(name);
    this.#store = store;
    this.#core = core;
    this.#asked = asked;
    this.#hold = hold;
    this.context = new Context(core, hold.state, false, () => hold.isLost);
    try {
      this.bucket = this.context.open(asked);
    } catch (error) {
      core.drop(hold);
      throw error;
    }
    this.entries = new OptimisticEntries(this.context, this.bucket.tree);
    this.#ended = store.endWithStore(() => this.end("The store was closed."));
  }

  /** Commits it, and returns the number of the state that has it; or what has changed, and then it has ended. */
  commit(options: WriteOptions | undefined): number | Change {
    this.context.check();
    let commit = this.#hold.state.commit;
    if (this.entries.hasWritten) {
      let writer: Context | undefined;
      const change = this.#store.write(options, (context) => {
        writer = context;
        return this.#apply(context);
      });
      if (change !== undefined) {
        this.end("This transaction has ended: its commit met a conflict. Begin another one.");
        return change;
      }
      commit = writer!.committed;
    }
    this.end("This transaction was committed. Begin another one.");
    return commit;
  }

  /** Writes what it has written, unless something has changed that it has read or written. */
  #apply(context: Context): Change | undefined {
    const now = context.open(this.#asked);
    const { key, value } = this.bucket;
    if (now.key !== key || now.value !== value) return { key: undefined };
    const change = this.entries.findChange(now.tree);
    if (change === undefined) this.entries.writeTo(new TreeEntries(context, now.tree));
    return change;
  }

  /** Ends it; nothing if it has ended. @param why every use throws from now on, as a sentence */
  end(why: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#ended();
    this.context.end(why);
    this.#core.drop(this.#hold);
  }
}

/** Makes a transaction, which has begun. */
export let makeOptimistic: <V, K extends KeyType>(
  store: ThreadStore,
  asked: string | Bucket<V, K>,
  name: string | undefined,
) => OptimisticTransaction<V, K>;

/** Whether an error is what the commit of a transaction has thrown. */
export let isConflictOf: <V, K extends KeyType>(
  error: unknown,
  transaction: OptimisticTransaction<V, K>,
) => boolean;

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface OptimisticTransaction<V = unknown, K extends KeyType = string> extends Usable {}

/**
 * A bucket in an optimistic transaction, from `BTreeStore.begin`: it sees the state in which it has begun and its own
 * changes, and keeps others from nothing. `commit` finds out whether that was right.
 *
 * It has the methods of a WriteTransaction. What they write stays in memory until `commit`, and what they read is
 * remembered: keys, also those that are not there; ranges as far as they were read, with those of `first`, `last` and the
 * neighbours of a key; and, where only that was asked for, whether keys are there, and how many.
 *
 * Committed transactions are serializable: all has happened as if they had run one after another, in the order of their
 * commits. It may last longer than a callback, and be open across `await`. It keeps pages, as a snapshot does; so commit
 * it or abort it. At the end of a `using` block it is aborted, unless it was committed.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class OptimisticTransaction<
  V = unknown,
  K extends KeyType = string,
> extends WriteTransaction<V, K> {
  readonly #attempt: Attempt;

  /** Transactions are made by a store. */
  private constructor(attempt: object) {
    const { context, bucket, entries } = attempt as Attempt;
    super(new TransactionParts<V, K>(context, bucket, entries), bucket.name);
    this.#attempt = attempt as Attempt;
  }

  /**
   * Commits what was written, if nothing has changed since the beginning that this transaction has read or written. Of two
   * transactions that overlap, the one that commits first wins. A value that is what it was, byte by byte, has not
   * changed; one of more than half a page has, once it was set again or moved by `compact`.
   *
   * One that has written nothing is committed without a check: it has seen one state. O(what was read and written ×
   * log size), with the lock of `write`.
   *
   * @param options see {@link WriteOptions}
   * @returns the number of the commit; of one that has written nothing, that of the state that it has seen
   * @throws StoreConflictError (`STORE_CONFLICT`): it was rolled back and has ended. StoreEndedError (`STORE_ENDED`);
   *   StoreNestedError (`STORE_NESTED`) within the callback of a transaction, StoreBusyError (`STORE_BUSY`),
   *   StoreFullError (`STORE_FULL`): nothing was written, and it can be committed again. StoreBucketError
   *   (`STORE_BUCKET`), MassTreeInterruptedError (`MASSTREE_INTERRUPTED`), StoreFailedError (`STORE_FAILED`),
   *   StoreCorruptError (`STORE_CORRUPT`)
   */
  commit(options?: WriteOptions): number {
    const attempt = this.#attempt;
    const result = attempt.commit(options);
    if (typeof result === "number") return result;
    const { key } = result;
    const { codec } = partsOf(this);
    const decoded = key === undefined ? undefined : codec.decode(key, 0, key.length);
    attempt.conflict = conflictError(this.name, decoded);
    throw attempt.conflict;
  }

  /** Ends the transaction: what it has written is forgotten. Also by `using`. Does nothing once it has ended. */
  abort(): void {
    this.#attempt.end("This transaction was aborted.");
  }

  /** Whether the transaction was committed or aborted, or has met a conflict. */
  get ended(): boolean {
    return !this.#attempt.isOpen;
  }

  override get [Symbol.toStringTag](): string {
    return "OptimisticTransaction";
  }

  static {
    makeOptimistic = <V, K extends KeyType>(
      store: ThreadStore,
      asked: string | Bucket<V, K>,
      name: string | undefined,
    ) =>
      new OptimisticTransaction<V, K>(
        new Attempt(store, asked as string | Bucket<unknown, KeyType>, name),
      );
    isConflictOf = <V, K extends KeyType>(
      error: unknown,
      transaction: OptimisticTransaction<V, K>,
    ) => error !== undefined && error === transaction.#attempt.conflict;
    makeUsable(OptimisticTransaction.prototype, (transaction) => transaction.abort());
  }
}

/** @param key that has changed, if it is a matter of one */
function conflictError(bucket: string, key: unknown): StoreConflictError {
  const where = key === undefined ? "" : `, at the key ${describe(key)}`;
  return new StoreConflictError(
    `Another transaction has changed something in bucket '${bucket}' that this one has read or written${where}. It was rolled back. Run it again from its beginning; 'retry' does so.`,
    bucket,
    key,
  );
}
