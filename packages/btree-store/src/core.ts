/*
 * A store below its buckets, as one thread uses it: the states of the file, transactions on its pages, and commits.
 * docs/design.md argues for what is done here. What all threads share is in the region: SharedStates and SpaceMap.
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
 *   COMMIT5  Whoever gets the writer's lock after its holder has died first finishes the commit whose meta page may be
 *            on the disk, forgets all other pages of the dead one, and reads the space map of the newest state.
 */
import { MassTreeInterruptedError } from "@masstree/errors";
import type { Run } from "./bits.ts";
import { Chains } from "./chains.ts";
import { StoreFullError } from "./errors.ts";
import { Flusher } from "./flusher.ts";
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
import { type Hold, Reads } from "./reads.ts";
import type { PendingRange, SharedStates, WrittenMeta } from "./shared-states.ts";
import type { SpaceMap } from "./space.ts";
import { WriterLock } from "./writer-lock.ts";

/**
 * When a commit ends: `"sync"`, when it is on the disk; otherwise, when later transactions can see it. `"batch"` then
 * begins to write it to the disk in the background, together with others; `"none"` leaves that to `flush` and `close`.
 */
export type Durability = "sync" | "batch" | "none";

const nothing: PendingRange = { start: 0, end: 0 };

export class Core {
  readonly file: PageFile;
  readonly memory: PageMemory;
  readonly states: SharedStates;
  readonly space: SpaceMap;
  readonly chains: Chains;
  readonly reads: Reads;
  readonly #identity: Identity;
  readonly #lock: WriterLock;
  readonly #flusher: Flusher;
  /** The number of the commit that is under way. */
  #commit = 0;
  /** Pages of the newest state that the transaction does not use any more. */
  #freed: Run[] = [];
  /** Whether the space map may be that of a commit that has failed. */
  #isCommitting = false;

  constructor(
    file: PageFile,
    memory: PageMemory,
    states: SharedStates,
    space: SpaceMap,
    identity: Identity,
  ) {
    this.file = file;
    this.memory = memory;
    this.states = states;
    this.space = space;
    this.chains = new Chains(file, memory, space);
    this.#identity = identity;
    this.reads = new Reads(memory, states);
    this.#lock = new WriterLock(memory, file, () => this.#enter());
    this.#flusher = new Flusher(file, states, this.#lock, {
      writeMeta: (written) => this.#writeMeta(written),
      release: () => this.#release(),
    });
  }

  /** The newest state. */
  get state(): State {
    return this.states.read();
  }

  /** Lets go of what `reads.hold` has kept. */
  drop(hold: Hold): void {
    if (!this.reads.drop(hold)) return;
    // What it kept is free at once, unless someone writes: then that one will see to it.
    if (this.file.isReadOnly || this.file.hasFailed || !this.#lock.tryTake()) return;
    this.#lock.release();
  }

  // The writer's lock.

  /** What whoever has got it does first. */
  #enter(): void {
    this.file.check();
    this.file.measure();
    this.space.enter();
    if (this.states.isOrphaned) this.#adopt();
    this.#release();
  }

  /**
   * Takes the writer's lock.
   *
   * @param timeout in milliseconds
   * @throws StoreBusyError (`STORE_BUSY`), StoreFailedError (`STORE_FAILED`)
   */
  lock(timeout: number): void {
    this.#lock.take(timeout);
  }

  /** Runs something with the writer's lock. Throws as `lock`, and what it throws. */
  locked<R>(timeout: number, run: () => R): R {
    this.lock(timeout);
    try {
      return run();
    } finally {
      this.#lock.release();
    }
  }

  /** Puts right what a writer has left that has died (COMMIT5). */
  #adopt(): void {
    const { states } = this;
    this.memory.open().exports.discardOrphaned();
    const { written } = states;
    if (written !== undefined) {
      this.#writeMeta(written);
      this.file.sync();
      if (written.state.commit > states.read().commit) {
        states.publish(written.state, written.pending, true);
      } else {
        states.publishDurable();
      }
    }
    this.#reload("A thread died while it was writing");
    states.adopted();
  }

  #reload(what: string): void {
    try {
      this.space.reload(this.state);
    } catch (error) {
      throw this.file.fail(`${what}, and the space map could not be read`, error);
    }
  }

  /** Lets pages be taken that no state uses any more which is needed (FREE1). */
  #release(): void {
    const { space, states } = this;
    const first = space.firstPending;
    if (first === undefined) return;
    const most = Math.min(states.fallback ?? states.durable, this.state.commit);
    let oldest = this.memory.open().exports.releasable(most);
    if (oldest < first && first <= most) {
      // Someone reads an old state; perhaps a thread that has ended.
      this.memory.lookForEnded();
      oldest = this.memory.open().exports.releasable(most);
    }
    space.releasePending(oldest);
  }

  // Transactions that write.

  /** Begins a transaction, with the writer's lock. Throws as `lock`. */
  begin(timeout: number): void {
    this.lock(timeout);
    this.beginLocked();
  }

  /** Begins one with the writer's lock, which is held already. */
  beginLocked(): void {
    this.#commit = this.states.next;
    this.memory.open().exports.begin(this.#commit);
  }

  /** Ends a transaction that was committed or rolled back. */
  end(): void {
    this.#lock.release();
  }

  /** The commit that the transaction will be. */
  get nextCommit(): number {
    return this.#commit;
  }

  /** Whether this thread still has the lock that it has taken. */
  get isIntact(): boolean {
    return this.#lock.isIntact;
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
    this.space.reserve();
  }

  #drain(): void {
    const { u32 } = this.memory.open().all;
    for (const run of drainList(u32, FREED_AT, FREED_COUNT_AT)) this.#freed.push(run);
    for (const run of drainList(u32, RETURNED_AT, RETURNED_COUNT_AT)) this.space.release(run);
  }

  /** Gives up a chain that a value had. */
  freeChain(first: number, length: number): void {
    for (const run of this.chains.runs(first, length, this.#commit)) {
      if (!this.chains.takeBack(run)) this.#freed.push(run);
    }
  }

  /**
   * Ends the transaction with a new root of the catalog.
   *
   * Writes nothing if nothing has changed.
   * @returns the number of the newest state, with what the transaction has changed
   * @throws StoreFullError (`STORE_FULL`): it is rolled back. StoreFailedError (`STORE_FAILED`)
   */
  commit(catalog: number, durability: Durability): number {
    this.#drain();
    const dirty = this.#dirtyPages();
    const taken = this.chains.written;
    if (dirty.length === 0 && this.#freed.length === 0 && taken.length === 0) {
      return this.state.commit;
    }
    const commit = this.#commit;
    this.#isCommitting = true;
    for (let i = 0; i < dirty.length; i += 2) taken.push({ first: dirty[i + 1]!, pages: 1 });
    let state: State;
    let pending: PendingRange;
    try {
      this.#writeDirty(dirty);
      const map = this.space.commit(commit, taken, this.#freed);
      state = { ...map.state, commit, catalog, time: Date.now() };
      pending = map.pending;
    } catch (error) {
      if (error instanceof StoreFullError || this.file.hasFailed) throw error;
      throw this.file.fail("A commit failed", error);
    }
    const isSync = durability === "sync";
    if (isSync) this.#writeState(state, pending);
    this.memory.open().exports.settle();
    this.states.publish(state, pending, isSync);
    this.#freed = [];
    this.chains.forget();
    this.#isCommitting = false;
    this.#release();
    // The store refuses everything after a failure, so nothing is lost by not hearing of it here.
    if (durability === "batch") this.flushLater().catch(() => {});
    return commit;
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

  /** Writes the newest state to the disk, with the writer's lock: returns once it is durable. */
  flush(): void {
    this.file.check();
    const state = this.states.read();
    if (this.states.durable === state.commit) return;
    if (this.#writeState(state, nothing)) this.states.publishDurable();
  }

  /** Writes the newest state to the disk in the background: see Flusher. */
  flushLater(): Promise<void> {
    return this.#flusher.flush();
  }

  /**
   * Makes the newest state durable under another number, twice: then both meta pages have it, and no older state but
   * those that are read keeps pages. With the writer's lock.
   */
  settleStates(): void {
    for (let i = 0; i < 2; i++) {
      const state = { ...this.state, commit: this.states.next, time: Date.now() };
      const pending = this.space.pendingRange;
      this.#writeState(state, pending);
      this.states.publish(state, pending, true);
      this.#release();
    }
  }

  /** Makes the file as short as its states allow. */
  shorten(): void {
    this.space.shrink();
    this.file.shorten(this.space.busyEnd);
  }

  /** Ends what the background does: the store is being closed. */
  endFlushing(): void {
    this.#flusher.end();
  }

  /**
   * COMMIT2: returns once a state is on the disk; then it is to be published as durable.
   *
   * @param pending of a state that is not the newest one yet: the list of pending pages with it
   * @returns false if it was there already
   */
  #writeState(state: State, pending: PendingRange): boolean {
    const { states } = this;
    this.file.sync();
    // That was the sync of the background's meta page as well: it is not to be overwritten now.
    if (states.written !== undefined) states.publishDurable();
    if (states.durable === state.commit) return false;
    const written = { state, slot: 1 - states.slot, pending };
    states.writeDown(written);
    this.#writeMeta(written);
    this.file.sync();
    return true;
  }

  #writeMeta({ state, slot }: WrittenMeta): void {
    const page = encodeMeta(this.#identity, state);
    this.file.writeMeta(page, slot * page.length);
  }

  /** Forgets what the transaction has changed, also after `commit` has thrown. */
  rollback(): void {
    const wasCommitting = this.#isCommitting;
    this.#isCommitting = false;
    if (!this.isIntact) {
      // The lock is no longer this thread's: whoever takes it puts the rest right (COMMIT5).
      this.#freed = [];
      this.chains.forget();
      return;
    }
    if (!wasCommitting) {
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
    if (wasCommitting && !this.file.hasFailed) this.#reload("A commit was rolled back");
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
