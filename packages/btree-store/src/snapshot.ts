import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import type { KeyType } from "@masstree/tree";
import type { Bucket } from "./bucket.ts";
import { Context } from "./context.ts";
import type { Core } from "./core.ts";
import { ReadTransaction } from "./read-transaction.ts";

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

  /** @internal */
  constructor(core: Core, name: string | undefined, ended: () => void) {
    const state = core.hold();
    this.name = name;
    this.commit = state.commit;
    this.since = Date.now();
    this.#context = new Context(core, state, false);
    this.#end = () => {
      core.drop(state);
      ended();
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
    return new ReadTransaction<V, K>(this.#context, this.#context.open(bucket as never));
  }

  /** Ends the snapshot: its pages may be used again. Also by `using`. Twice does nothing. */
  dispose(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#context.end("This snapshot was disposed of.");
    this.#end();
  }

  static {
    makeUsable(Snapshot.prototype, (snapshot) => snapshot.dispose());
  }
}
