/*
 * What an optimistic transaction is below its methods: docs/design.md, 'Optimistic transactions', argues for what is done
 * here. Each of its buckets has OptimisticEntries.
 */
import { describe } from "@masstree/errors/options";
import type { KeyType } from "@masstree/tree";
import type { Bucket } from "./bucket.ts";
import { Context, type OpenBucket } from "./context.ts";
import type { Core } from "./core.ts";
import { TreeEntries } from "./entries.ts";
import { StoreConflictError } from "./errors.ts";
import { OptimisticEntries } from "./optimistic-entries.ts";
import { type RetryOptions, retryOptionsOf, type WriteOptions } from "./options.ts";
import type { Change } from "./read-set.ts";
import type { Hold } from "./reads.ts";
import { refusePromise, type ThreadStore } from "./thread-store.ts";
import type { Tree } from "./tree.ts";

/** A bucket of the transaction. */
export interface Part {
  readonly asked: string | Bucket<unknown, KeyType>;
  readonly bucket: OpenBucket;
  readonly entries: OptimisticEntries;
}

/** What has changed, and in which bucket. */
interface Conflict extends Change {
  readonly part: Part;
}

export class Attempt {
  readonly context: Context;
  /** What its commit has thrown. */
  conflict: StoreConflictError | undefined;
  readonly #store: ThreadStore;
  readonly #core: Core;
  readonly #hold: Hold;
  readonly #ended: () => void;
  /** By name. */
  readonly #parts = new Map<string, Part>();
  #isOpen = true;

  /** @param name what `stats` calls it @throws StoreTooLargeError (`STORE_TOO_LARGE`) */
  constructor(store: ThreadStore, name: string) {
    const { core } = store.open();
    const hold = core.reads.hold(name);
    this.#store = store;
    this.#core = core;
    this.#hold = hold;
    this.context = new Context(core, hold.state, hold);
    this.#ended = store.endWithStore(() => this.end("The store was closed."));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** A bucket: the same one for the same name. Throws as `Context.open` */
  open(asked: string | Bucket<unknown, KeyType>): Part {
    const bucket = this.context.open(asked);
    const known = this.#parts.get(bucket.name);
    if (known !== undefined) return known;
    const entries = new OptimisticEntries(this.context, bucket.tree);
    const part = { asked, bucket, entries };
    this.#parts.set(bucket.name, part);
    return part;
  }

  /**
   * Commits it, and returns the number of the state that has it.
   *
   * @throws as `OptimisticTransaction.commit`
   */
  commit(options: WriteOptions | undefined): number {
    this.context.check();
    let commit = this.#hold.state.commit;
    const parts = [...this.#parts.values()];
    if (parts.some(({ entries }) => entries.hasWritten)) {
      let writer: Context | undefined;
      const conflict = this.#store.write(options, (context) => {
        writer = context;
        return apply(context, parts);
      });
      if (conflict !== undefined) {
        this.end("This transaction has ended: its commit met a conflict. Begin another one.");
        this.conflict = conflictError(conflict);
        throw this.conflict;
      }
      commit = writer!.committed;
    }
    this.end("This transaction was committed. Begin another one.");
    return commit;
  }

  /** Forgets what it has written. Nothing if it has ended. */
  abort(): void {
    this.end("This transaction was aborted.");
  }

  /** Ends it; nothing if it has ended. @param why every use throws from now on, as a sentence */
  end(why: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#ended();
    this.context.end(why);
    this.#core.drop(this.#hold);
  }
}

/**
 * Writes what a transaction has written, unless something has changed that it has read or written. All buckets are looked
 * at before any is changed: what is written here is committed.
 */
function apply(context: Context, parts: readonly Part[]): Conflict | undefined {
  const trees: Tree[] = [];
  for (const part of parts) {
    const { tree, codecs } = context.open(part.asked);
    const { key, value } = part.bucket.codecs;
    const isOther = codecs.key !== key || codecs.value !== value;
    const change = isOther ? { key: undefined } : part.entries.findChange(tree);
    if (change !== undefined) return { ...change, part };
    trees.push(tree);
  }
  parts.forEach(({ entries }, i) => {
    entries.writeTo(new TreeEntries(context, trees[i]!));
  });
  return undefined;
}

function conflictError({ key, part }: Conflict): StoreConflictError {
  const { name, codecs } = part.bucket;
  const decoded = key && codecs.keyCodec.decode(key, 0, key.length);
  const where = key === undefined ? "" : `, at the key ${describe(decoded)}`;
  return new StoreConflictError(
    `Another transaction has changed something in bucket '${name}' that this one has read or written${where}. It was rolled back. Run it again from its beginning; 'retry' does so.`,
    name,
    decoded,
  );
}

/** Runs a transaction and commits it, again after each conflict of its commit. Throws as `BTreeStore.retry`. */
export function retrying<R>(
  store: ThreadStore,
  options: RetryOptions,
  run: (attempt: Attempt) => R,
): R {
  const { attempts, ...commit } = retryOptionsOf(options, store.open());
  for (let count = 1; ; count++) {
    store.refuseToWrite();
    const attempt = new Attempt(store, "retry");
    try {
      const result = run(attempt);
      refusePromise(result, "was rolled back");
      if (attempt.isOpen) attempt.commit(commit);
      return result;
    } catch (error) {
      if (count >= attempts || attempt.conflict === undefined || error !== attempt.conflict) {
        throw error;
      }
    } finally {
      attempt.abort();
    }
  }
}
