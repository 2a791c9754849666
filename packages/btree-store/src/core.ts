/*
 * A store below its buckets: the states of the file, transactions on its pages, and commits. docs/design.md argues for
 * what is done here.
 *
 * Invariants
 *   COMMIT1  Until the meta page is written, no byte of the two states that the meta pages describe has been written.
 *            So a crash leaves both.
 *   COMMIT2  The meta page of the older state is written after everything that the new state leads to is on the disk,
 *            and the other meta page is not. So a crash leaves the last acknowledged state, or the whole new one.
 *   COMMIT3  A page is written only if neither of these two states uses it (FREE1): the older one stays complete until
 *            its meta page is written.
 *   COMMIT4  After a failed write or sync nothing is read or written until the file is opened again; but a full disk,
 *            before the meta page is written, only rolls the transaction back.
 */
import { MassTreeInterruptedError } from "@masstree/errors";
import type { Run } from "./bits.ts";
import { Chains } from "./chains.ts";
import { StoreFullError } from "./errors.ts";
import {
  DIRTY_AT,
  DIRTY_COUNT_AT,
  FREED_AT,
  FREED_COUNT_AT,
  LIST_MOST,
  NEXT_BEFORE,
  NUMBER_BEFORE,
  RETURNED_AT,
  RETURNED_COUNT_AT,
} from "./generated/store-exports.ts";
import { encodeMeta, type Identity, type State } from "./meta.ts";
import type { PageFile } from "./page-file.ts";
import type { PageMemory } from "./page-memory.ts";
import type { SpaceMap } from "./space.ts";

/**
 * When a commit ends: `"sync"`, when it is on the disk; otherwise, when later transactions can see it. `"batch"` then
 * begins to write it to the disk in the background, together with others; `"none"` leaves that to `flush` and `close`.
 */
export type Durability = "sync" | "batch" | "none";

/** A meta page that was written and may not be on the disk yet. */
interface WrittenMeta {
  readonly state: State;
  readonly slot: number;
}

/** What a file holds, and which of its meta pages may be written next. */
export interface Opened {
  readonly state: State;
  /** The state of the other meta page, if it is complete. */
  readonly fallback: State | undefined;
  /** The meta page that `state` is in. */
  readonly slot: number;
  /** The number of the next commit, greater than any in the file. */
  readonly nextCommit: number;
}

export class Core {
  readonly file: PageFile;
  readonly memory: PageMemory;
  readonly space: SpaceMap;
  readonly chains: Chains;
  readonly #identity: Identity;
  /** The newest state. */
  #state: State;
  /** The last state that a meta page describes, and the one before. */
  #durable: State;
  #fallback: State | undefined;
  #slot: number;
  #nextCommit: number;
  /** How many snapshots each state has, by commit. */
  readonly #held = new Map<number, number>();
  /** Pages of the newest state that the transaction does not use any more. */
  #freed: Run[] = [];
  /** Whether the space map may be that of a commit that has failed. */
  #isCommitting = false;
  #written: WrittenMeta | undefined;
  /** The flush in the background that is under way. */
  #flushing: Promise<void> | undefined;
  #isClosed = false;
  #generation: number;

  constructor(
    file: PageFile,
    memory: PageMemory,
    space: SpaceMap,
    identity: Identity,
    opened: Opened,
  ) {
    this.file = file;
    this.memory = memory;
    this.space = space;
    this.chains = new Chains(file, memory, space);
    this.#identity = identity;
    this.#state = opened.state;
    this.#durable = opened.state;
    this.#fallback = opened.fallback;
    this.#slot = opened.slot;
    this.#nextCommit = opened.nextCommit;
    this.#generation = memory.generation;
    memory.setNewest(opened.state.commit);
  }

  /** The newest state. */
  get state(): State {
    return this.#state;
  }

  /** The last state that is on the disk for good. */
  get durable(): State {
    return this.#durable;
  }

  /** Keeps the pages of the newest state until `drop`. */
  hold(): State {
    const { commit } = this.#state;
    this.#held.set(commit, (this.#held.get(commit) ?? 0) + 1);
    return this.#state;
  }

  drop({ commit }: State): void {
    const left = this.#held.get(commit)! - 1;
    if (left > 0) this.#held.set(commit, left);
    else this.#held.delete(commit);
    this.#releasePending();
  }

  /** The oldest state that a snapshot holds; undefined without snapshots. */
  get oldestHeld(): number | undefined {
    return this.#held.size === 0 ? undefined : Math.min(...this.#held.keys());
  }

  #releasePending(): void {
    const durable = this.#fallback?.commit ?? this.#durable.commit;
    this.space.releasePending(Math.min(durable, this.#state.commit, this.oldestHeld ?? Infinity));
  }

  /** Begins a transaction. */
  begin(): void {
    this.file.check();
    const { exports } = this.memory.open();
    this.#generation = this.memory.generation;
    exports.begin(this.#nextCommit);
  }

  /** The commit that the transaction will be. */
  get nextCommit(): number {
    return this.#nextCommit;
  }

  /** Whether the transaction's pages are still there: see PageMemory. */
  get isIntact(): boolean {
    this.memory.open();
    return this.#generation === this.memory.generation;
  }

  /** @throws MassTreeInterruptedError (`MASSTREE_INTERRUPTED`) if the transaction's pages are gone */
  checkIntact(): void {
    if (this.isIntact) return;
    throw new MassTreeInterruptedError(
      "A call of this transaction was interrupted, so it was rolled back. Run it again.",
    );
  }

  /** Before each operation that changes pages: the lists have room for what it gives up. */
  prepare(): void {
    const { u32 } = this.memory.open().all;
    if (u32[FREED_COUNT_AT]! > LIST_MOST || u32[RETURNED_COUNT_AT]! > 0) this.#drain();
  }

  #drain(): void {
    const { u32 } = this.memory.open().all;
    for (const run of drainList(u32, FREED_AT, FREED_COUNT_AT)) this.#freed.push(run);
    for (const run of drainList(u32, RETURNED_AT, RETURNED_COUNT_AT)) this.space.release(run);
  }

  /** Gives up a chain that a value had. */
  freeChain(first: number, length: number): void {
    for (const run of this.chains.runs(first, length, this.#nextCommit)) {
      if (!this.chains.takeBack(run)) this.#freed.push(run);
    }
  }

  /**
   * Ends the transaction with a new root of the catalog.
   *
   * Writes nothing if nothing has changed.
   * @throws StoreFullError (`STORE_FULL`): it is rolled back. StoreFailedError (`STORE_FAILED`)
   */
  commit(catalog: number, durability: Durability): void {
    this.#drain();
    const dirty = this.#dirtyPages();
    const taken = this.chains.written;
    if (dirty.length === 0 && this.#freed.length === 0 && taken.length === 0) return;
    const commit = this.#nextCommit;
    this.#isCommitting = true;
    for (let i = 0; i < dirty.length; i += 2) taken.push({ first: dirty[i + 1]!, pages: 1 });
    let state: State;
    try {
      this.#writeDirty(dirty);
      const map = this.space.commit(commit, taken, this.#freed);
      state = { ...map, commit, catalog, time: Date.now() };
    } catch (error) {
      if (error instanceof StoreFullError || this.file.hasFailed) throw error;
      throw this.file.fail("A commit failed", error);
    }
    if (durability === "sync") this.#makeDurable(state);
    this.#state = state;
    this.#nextCommit++;
    this.#freed = [];
    this.chains.forget();
    this.#isCommitting = false;
    this.memory.open().exports.settle();
    this.memory.setNewest(commit);
    this.#releasePending();
    // The store refuses everything after a failure, so nothing is lost by not hearing of it here.
    if (durability === "batch") this.flushLater().catch(() => {});
  }

  /** Addresses and numbers of the dirty pages, by number: address, number, address, number, ... */
  #dirtyPages(): Uint32Array {
    const session = this.memory.open();
    const pairs = new Uint32Array(2 * session.all.u32[DIRTY_COUNT_AT]!);
    let length = 0;
    for (let frame = session.all.u32[DIRTY_AT]!; frame !== 0; ) {
      if (length === pairs.length) throw new Error("There are more dirty pages than were counted.");
      const page = frame + NUMBER_BEFORE;
      const { u32 } = session.reach(page);
      pairs[length++] = page;
      pairs[length++] = u32[(page - NUMBER_BEFORE) / 4]!;
      frame = u32[(page - NEXT_BEFORE) / 4]!;
    }
    if (length < pairs.length) throw new Error("There are fewer dirty pages than were counted.");
    // Pairs as 64-bit words sort by their upper halves, the numbers.
    new BigUint64Array(pairs.buffer).sort();
    return pairs;
  }

  #writeDirty(dirty: Uint32Array): void {
    const { memory } = this;
    const { pageBytes, stagePages } = memory;
    if (dirty.length > 0) this.file.reserve(dirty[dirty.length - 1]! + 9); // A few pages of the map follow.
    const stage = memory.stageAddress();
    for (let i = 0; i < dirty.length; ) {
      const first = dirty[i + 1]!;
      const { exports } = memory.open();
      let count = 0;
      while (count < stagePages && i < dirty.length && dirty[i + 1] === first + count) {
        exports.stagePage(dirty[i]!, stage + count * pageBytes);
        count++;
        i += 2;
      }
      this.file.write(memory.stage(count), first);
    }
  }

  /** Writes the newest state to the disk: returns once it is durable. */
  flush(): void {
    this.file.check();
    if (this.#durable === this.#state) return;
    this.#makeDurable(this.#state);
  }

  /**
   * Writes the newest state to the disk in the background.
   *
   * @returns resolves once that state is durable
   * @throws StoreFailedError (`STORE_FAILED`), as a rejection
   */
  async flushLater(): Promise<void> {
    const { commit } = this.#state;
    while (this.#durable.commit < commit && !this.#isClosed) {
      this.#flushing ??= this.#flushOnce().finally(() => {
        this.#flushing = undefined;
      });
      await this.#flushing;
    }
    this.file.check();
  }

  /** COMMIT2, with pauses: transactions go on meanwhile, and one with "sync" may be done first. */
  async #flushOnce(): Promise<void> {
    // All commits of this turn of the event loop share the syncs.
    await undefined;
    if (this.#isClosed) return;
    const state = this.#state;
    await this.file.syncLater();
    if (this.#isClosed || this.#durable.commit >= state.commit) return;
    const written: WrittenMeta = { state, slot: 1 - this.#slot };
    this.#writeMeta(written);
    this.#written = written;
    await this.file.syncLater();
    if (this.#written === written) this.#becomeDurable(written);
  }

  /**
   * Makes the newest state durable under another number, twice: then both meta pages have it, and no older state but
   * those of snapshots keeps pages.
   */
  settleStates(): void {
    for (let i = 0; i < 2; i++) {
      const state = { ...this.#state, commit: this.#nextCommit, time: Date.now() };
      this.#makeDurable(state);
      this.#state = state;
      this.#nextCommit++;
      this.memory.setNewest(state.commit);
      this.#releasePending();
    }
  }

  /** Makes the file as short as its states allow. */
  shorten(): void {
    this.space.shrink();
    this.file.shorten(this.space.busyEnd);
  }

  /** Whether what the background does is to end: the store is being closed. */
  endFlushing(): void {
    this.#isClosed = true;
  }

  #becomeDurable({ state, slot }: WrittenMeta): void {
    this.#written = undefined;
    this.#slot = slot;
    this.#fallback = this.#durable;
    this.#durable = state;
    this.#releasePending();
  }

  #makeDurable(state: State): void {
    this.file.sync();
    // That was the sync of the background's meta page as well: it is not to be overwritten now.
    if (this.#written !== undefined) this.#becomeDurable(this.#written);
    if (this.#durable === state) return;
    const written = { state, slot: 1 - this.#slot };
    this.#writeMeta(written);
    this.file.sync();
    this.#becomeDurable(written);
  }

  #writeMeta({ state, slot }: WrittenMeta): void {
    const page = encodeMeta(this.#identity, state);
    this.file.writeMeta(page, slot * page.length);
  }

  /** Forgets what the transaction has changed, also after `commit` has thrown. */
  rollback(): void {
    const isKnown = this.isIntact && !this.#isCommitting;
    if (isKnown) {
      this.#drain();
      const dirty = this.#dirtyPages();
      for (let i = 1; i < dirty.length; i += 2) this.space.release({ first: dirty[i]!, pages: 1 });
      this.chains.takeAllBack();
    }
    this.#freed = [];
    this.chains.forget();
    const { exports, all } = this.memory.open();
    exports.discard();
    for (const at of [FREED_COUNT_AT, RETURNED_COUNT_AT]) all.u32[at] = 0;
    if (isKnown || this.file.hasFailed) return;
    try {
      this.space.reload(this.#state);
    } catch (error) {
      throw this.file.fail("A commit was rolled back, and the space map could not be read", error);
    }
    this.#isCommitting = false;
  }
}

/** Takes the runs off a list of the region. */
function drainList(u32: Uint32Array, listAt: number, countAt: number): Run[] {
  const at = u32[listAt]! / 4;
  const count = u32[countAt]!;
  const runs: Run[] = [];
  for (let i = 0; i < count; i++) {
    runs.push({ first: u32[at + 2 * i]!, pages: u32[at + 2 * i + 1]! });
  }
  u32[countAt] = 0;
  return runs;
}
