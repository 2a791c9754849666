import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import type { KeyType } from "@masstree/tree";
import type { Bucket } from "./bucket.ts";
import { Context } from "./context.ts";
import { type ReadTransaction, readerOf } from "./read-transaction.ts";
import type { ThreadStore } from "./thread-store.ts";

/** Makes a snapshot, which ends with the store. */
export let makeSnapshot: (store: ThreadStore, name: string | undefined) => Snapshot;

// What `using` calls; see Usable.
export interface Snapshot extends Usable {}

/**
 * One state of a store, for as long as it is wanted: what `BTreeStore.snapshot` returns. Dispose of it, for pages that it
 * uses are not used again.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class Snapshot {
  /** What the program calls it. */
  readonly name: string | undefined;
  /** The commit that it sees. */
  readonly commit: number;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
  readonly #context: Context;
  readonly #end: () => void;
  #ended = false;

  /** Snapshots are made by a store. */
  private constructor(store: object, name: string | undefined) {
    const shared = store as ThreadStore;
    const { core } = shared.open();
    const hold = core.reads.hold(name);
    this.name = name;
    this.commit = hold.state.commit;
    this.since = hold.since;
    this.#context = new Context(core, hold.state, hold);
    const ended = shared.endWithStore(() => this.dispose());
    this.#end = () => {
      ended();
      core.drop(hold);
    };
  }

  /**
   * A bucket in this state; empty if there was none. It can be kept until the snapshot ends.
   *
   * @param bucket its name, or what `bucket` returned
   * @throws StoreEndedError (`STORE_ENDED`), StoreBucketError (`STORE_BUCKET`) if it has other codecs
   */
  bucket<V = unknown, K extends KeyType = string>(
    bucket: string | Bucket<V, K>,
  ): ReadTransaction<V, K> {
    return readerOf<V, K>(this.#context, this.#context.open(bucket));
  }

  /** Ends the snapshot: its pages may be used again. Also by `using`. Twice does nothing. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.end("This snapshot was disposed of.");
    this.#end();
  }

  static {
    makeSnapshot = (store, name) => new Snapshot(store, name);
    makeUsable(Snapshot.prototype, (snapshot) => snapshot.dispose());
  }
}
