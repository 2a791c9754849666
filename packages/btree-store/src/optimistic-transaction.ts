// Optimistic transactions as programs have them. What they do is in attempt.ts.
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import type { KeyType } from "@masstree/tree";
import type { Attempt } from "./attempt.ts";
import type { Bucket } from "./bucket.ts";
import type { WriteOptions } from "./options.ts";
import { TransactionParts } from "./transaction-parts.ts";
import { WriteTransaction, writerOn } from "./write-transaction.ts";

/** The transaction on one bucket of an attempt, which ends if the bucket cannot be opened. */
export let transactionOf: <V, K extends KeyType>(
  attempt: Attempt,
  asked: string | Bucket<V, K>,
) => OptimisticTransaction<V, K>;

/** The transaction on all buckets of an attempt. */
export let bucketsOf: (attempt: Attempt) => OptimisticBuckets;

// What `using` calls; see Usable.
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface OptimisticTransaction<V = unknown, K extends KeyType = string> extends Usable {}

/**
 * A bucket in an optimistic transaction, from `BTreeStore.begin`: it sees the state in which it has begun and its own
 * changes, and keeps others from nothing. `commit` finds out whether that was right.
 *
 * It has the methods of a WriteTransaction. What they write stays in memory until `commit`, and what they read is
 * remembered: keys, also those that are not there; ranges as far as they were read, with those of `first`, `last`, of
 * the neighbours of a key, of a cursor and of `diff`; and, where only that was asked for, whether keys are there, and how
 * many.
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
  private constructor(attempt: object, parts: object, name: string) {
    super(parts, name);
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
    return this.#attempt.commit(options);
  }

  /** Ends the transaction: what it has written is forgotten. Also by `using`. Does nothing once it has ended. */
  abort(): void {
    this.#attempt.abort();
  }

  /** Whether the transaction was committed or aborted, or has met a conflict. */
  get ended(): boolean {
    return !this.#attempt.isOpen;
  }

  override get [Symbol.toStringTag](): string {
    return "OptimisticTransaction";
  }

  static {
    transactionOf = <V, K extends KeyType>(attempt: Attempt, asked: string | Bucket<V, K>) => {
      try {
        const { bucket, entries } = attempt.open(asked as string | Bucket<unknown, KeyType>);
        const parts = new TransactionParts<V, K>(attempt.context, bucket, entries);
        return new OptimisticTransaction<V, K>(attempt, parts, bucket.name);
      } catch (error) {
        attempt.abort();
        throw error;
      }
    };
    makeUsable(OptimisticTransaction.prototype, (transaction) => transaction.abort());
  }
}

// What `using` calls; see Usable.
export interface OptimisticBuckets extends Usable {}

/**
 * An optimistic transaction on several buckets, from `BTreeStore.beginMany`: one state of all of them, and one commit.
 * Otherwise like OptimisticTransaction.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class OptimisticBuckets {
  readonly #attempt: Attempt;

  /** Transactions are made by a store. */
  private constructor(attempt: object) {
    this.#attempt = attempt as Attempt;
  }

  /**
   * A bucket in this transaction, which can be kept until that ends. It is created when something is set in it, and the
   * transaction is committed.
   *
   * @param bucket its name, or what `bucket` returned
   * @throws StoreBucketError (`STORE_BUCKET`) if it has other codecs, StoreEndedError (`STORE_ENDED`)
   */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): WriteTransaction<V, K> {
    const attempt = this.#attempt;
    const part = attempt.open(bucket as string | Bucket<unknown, KeyType>);
    return writerOn<V, K>(attempt.context, part.bucket, part.entries);
  }

  /**
   * Commits what was written in all buckets together, if nothing has changed since the beginning that this transaction has
   * read or written in any of them.
   *
   * @param options see {@link WriteOptions}
   * @returns the number of the commit; of one that has written nothing, that of the state that it has seen
   * @throws as `OptimisticTransaction.commit`; the `bucket` of a StoreConflictError says where
   */
  commit(options?: WriteOptions): number {
    return this.#attempt.commit(options);
  }

  /** Ends the transaction: what it has written is forgotten. Also by `using`. Does nothing once it has ended. */
  abort(): void {
    this.#attempt.abort();
  }

  /** Whether the transaction was committed or aborted, or has met a conflict. */
  get ended(): boolean {
    return !this.#attempt.isOpen;
  }

  get [Symbol.toStringTag](): string {
    return "OptimisticBuckets";
  }

  static {
    bucketsOf = (attempt) => new OptimisticBuckets(attempt);
    makeUsable(OptimisticBuckets.prototype, (transaction) => transaction.abort());
  }
}
