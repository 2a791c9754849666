/*
 * One thread's use of one map: an instance of the tree's code over the map's memory, and the
 * participant that it is in the region.
 *
 * Lifetime. The participant is given back by `close`, or when this object is collected, whatever
 * comes first. A map and its iterators hold the object; the object and the registry hold the
 * instance's functions, which do not refer back to it. So a map that is dropped without `close` is
 * given back once its last iterator is gone too. The memory itself is the engine's to collect, once
 * no thread holds it or a handle.
 *
 * A call into the tree that is broken off ends the participant (guard.ts), not this object: the next
 * operation makes another, with scratches of its own. So what belongs to a participant is looked up here by
 * every operation, after `checkOpen`.
 *
 * Views. The scratches lie in the participant's descriptor, which exists when the views over them are
 * made and never moves: they stay valid when the memory grows, for a shared memory that has grown
 * leaves older views as they were. Only blocks that were allocated later can lie beyond the view over
 * everything; `reach` makes a new one then.
 */
import {
  MassTreeBadHandleError,
  MassTreeClosedError,
  MassTreeCorruptError,
  MassTreeFullError,
  MassTreeTooManyParticipantsError,
} from "@masstree/errors";
import { createSharedMemory, instantiate, mayWait, type WasmMemory } from "@masstree/wasm";
import type { EntryBuffer } from "./entry-buffer.ts";
import { guard, Life, requireStack } from "./guard.ts";
import { brokenInvariant } from "./invariants.ts";
import type { WasmModules } from "./modules.ts";
import { takeOver } from "./thread-ends/take-over.ts";
import { threadEnds } from "./thread-ends.ts";
import {
  KEY_SCRATCH_BYTES,
  RESULT_SCRATCH_BYTES,
  Status,
  type TreeExports,
  WORD_OUT,
} from "./tree-exports.ts";
import { Views } from "./views.ts";

/** What a new region is told about itself. */
export interface RegionPlan {
  /** Entries in a leaf. */
  readonly width: number;
  /** The kinds of key and value, as the region's header has them. */
  readonly keyNumber: number;
  readonly valueNumber: number;
  /** In pages of 64 KiB. */
  readonly initialPages: number;
  readonly maximumPages: number;
}

/**
 * One thread's use of one map: what `createMap` and `attachMap` open, and a class of maps works on.
 *
 * An operation writes its key, and its value word, where the tree reads them, calls one of `exports`, and
 * takes the answer from `result`. Until it has, no code of a caller's may run, which could begin another
 * operation or close the map: whatever needs such code comes first. What is in the scratches is anybody's
 * after that.
 */
export class TreeInstance<Exports extends TreeExports = TreeExports> {
  readonly memory: WasmMemory;
  /** The tree's width. */
  readonly width: number;
  /** The tree's operations. */
  exports!: Exports;
  /** Where keys are written. */
  key!: Uint8Array;
  /** Where the far bound of a scan is written. */
  bound!: Uint8Array;
  /** Value words, at `WORD_IN` and `WORD_OUT`; and from `ENTRIES` on what scans find. */
  result!: Views;
  /** All of the memory, or what there was of it when last looked at: see `reach`. */
  all!: Views;
  /** A buffer that no iterator uses at the moment. @internal */
  spare: EntryBuffer | undefined = undefined;
  readonly #modules: WasmModules;
  #life!: Life;
  #closed = false;

  /**
   * Makes a memory, lays out a region with an empty tree in it, and becomes its first participant.
   *
   * @throws MassTreeUnsupportedError (`MASSTREE_UNSUPPORTED`), MassTreeFullError (`MASSTREE_FULL`)
   *   when not even an empty map fits in `maximumPages`
   */
  static create<Exports extends TreeExports>(
    modules: WasmModules,
    plan: RegionPlan,
  ): TreeInstance<Exports> {
    const { width, keyNumber, valueNumber, initialPages, maximumPages } = plan;
    const memory = createSharedMemory(initialPages, maximumPages);
    const exports = instance<Exports>(modules, memory, width);
    if (exports.create(maximumPages, keyNumber, valueNumber) !== Status.ok) {
      throw new MassTreeFullError(noEmptyMap);
    }
    return new TreeInstance(modules, memory, exports, width, noEmptyMap);
  }

  /**
   * Becomes a participant of a region that is there.
   *
   * @param memory holds a region whose header was checked, of this width
   * @throws MassTreeTooManyParticipantsError (`MASSTREE_TOO_MANY_PARTICIPANTS`), MassTreeFullError
   *   (`MASSTREE_FULL`) when a new participant does not fit, MassTreeBadHandleError
   *   (`MASSTREE_BAD_HANDLE`) when the region is not one after all
   */
  static attach<Exports extends TreeExports>(
    modules: WasmModules,
    memory: WasmMemory,
    width: number,
  ): TreeInstance<Exports> {
    const exports = instance<Exports>(modules, memory, width);
    return new TreeInstance(modules, memory, exports, width, noParticipant);
  }

  private constructor(
    modules: WasmModules,
    memory: WasmMemory,
    exports: Exports,
    width: number,
    full: string,
  ) {
    this.memory = memory;
    this.width = width;
    this.#modules = modules;
    this.#join(exports, full);
  }

  /**
   * Becomes a participant by this instance of the code, and takes over from those that are gone. Throws as
   * `attach`; then nothing has changed.
   */
  #join(unguarded: Exports, full: string): void {
    requireStack();
    const { thread, osThread } = threadEnds.self();
    const life = new Life(unguarded);
    check(unguarded.attachAs(mayWait() ? 1 : 0, thread, osThread), full);
    const exports = guard(unguarded, life);
    try {
      const buffer = wholeBuffer(this.memory);
      const key = new Uint8Array(buffer, exports.keyScratch() >>> 0, KEY_SCRATCH_BYTES);
      const bound = new Uint8Array(buffer, exports.boundScratch() >>> 0, KEY_SCRATCH_BYTES);
      const result = new Views(buffer, exports.resultScratch() >>> 0, RESULT_SCRATCH_BYTES);
      const all = new Views(buffer, 0, buffer.byteLength);
      threadEnds.watch(exports);
      registry.register(this, { exports, life }, this);
      this.exports = exports;
      this.key = key;
      this.bound = bound;
      this.result = result;
      this.all = all;
      this.#life = life;
    } catch (error) {
      // Nobody will have this participant to close.
      threadEnds.unwatch(exports);
      exports.detach();
      throw error;
    }
  }

  /**
   * Whether an operation of several calls is under way: to be set before the first, and taken back after the
   * last. No code of the caller's may run meanwhile.
   */
  get holding(): boolean {
    return this.#life.holding;
  }

  set holding(holding: boolean) {
    this.#life.holding = holding;
  }

  /** Whether `close` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Gives the participant back. Does nothing the second time. */
  close(): void {
    if (this.#closed) return;
    requireStack();
    this.#closed = true;
    this.spare = undefined;
    registry.unregister(this);
    leave(this.exports, this.#life);
  }

  /**
   * What every operation begins with.
   *
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`); as `attach` when a call was broken off, and there is
   *   no room for another participant
   */
  checkOpen(): void {
    if (this.#closed) {
      throw new MassTreeClosedError(
        "This map was closed in this thread. Attach to its handle again to use it.",
      );
    }
    if (this.#life.isOver) this.#rejoin();
  }

  /** Becomes another participant, after a call was broken off. */
  #rejoin(): void {
    // First: who attaches may have to wait for a lock that the former one holds.
    this.#life.giveUp();
    registry.unregister(this);
    threadEnds.unwatch(this.exports);
    this.#join(instance<Exports>(this.#modules, this.memory, this.width), noParticipant);
  }

  /**
   * Views of the memory from address 0 at least to the byte before `end`, in which something was
   * allocated. One comparison, mostly. What was returned earlier stays valid, but may end before `end`.
   */
  reach(end: number): Views {
    return end <= this.all.bytes.length ? this.all : this.#grown(end);
  }

  #grown(end: number): Views {
    const { buffer: known } = this.memory;
    const buffer = known.byteLength < end ? wholeBuffer(this.memory) : known;
    this.all = new Views(buffer, 0, buffer.byteLength);
    return this.all;
  }

  /**
   * Checks every invariant of the tree and its memory, once nothing is left of threads that have ended. No
   * thread may be using the map meanwhile.
   *
   * @throws MassTreeCorruptError (`MASSTREE_CORRUPT`), whose `place` says where
   */
  verify(): void {
    takeOver(this.exports, () => this.exports.releaseGone());
    const code = this.exports.verify();
    if (code === 0) return;
    const { u32, u64 } = this.result;
    throw new MassTreeCorruptError(brokenInvariant(code), {
      node: u32[2 * WORD_OUT]!,
      detail: u64[WORD_OUT + 1]!,
      detail2: u64[WORD_OUT + 2]!,
    });
  }
}

/**
 * A buffer over all of a memory. Where another thread has grown it, engines may hand out the old one until
 * asked to grow it here as well, be it by nothing.
 */
function wholeBuffer(memory: WasmMemory): ArrayBufferLike {
  memory.grow(0);
  return memory.buffer;
}

function instance<Exports extends TreeExports>(
  modules: WasmModules,
  memory: WasmMemory,
  width: number,
): Exports {
  // Asked by a thread that waits, or attaches: is it certain that a participant's thread has ended?
  const isGone = (number: number) => (threadEnds.hasEnded(exports, number) === true ? 1 : 0);
  const exports: Exports = instantiate<Exports>(modules.get(width), memory, {
    host: { isGone, now },
  });
  return exports;
}

// Kept, for tests with clocks of their own replace it.
const { now } = Date;

const noEmptyMap = "Not even an empty map fits in 'maxBytes'. Give it a MiB or more.";
const noParticipant =
  "The map has reached its 'maxBytes': another participant does not fit. Delete something, or create it with a larger 'maxBytes'.";

/** @param full the message for when there is no room */
function check(status: number, full: string): void {
  switch (status) {
    case Status.ok:
      return;
    case Status.full:
      throw new MassTreeFullError(full);
    case Status.tooMany:
      throw new MassTreeTooManyParticipantsError(
        "More maps are attached to this memory at once than there is room for. Close those that are no longer used, and attach once per thread.",
      );
    default:
      throw new MassTreeBadHandleError("The handle's memory does not hold a map.");
  }
}

const registry = /* @__PURE__ */ new FinalizationRegistry<{ exports: TreeExports; life: Life }>(
  ({ exports, life }) => leave(exports, life),
);

/** Gives a participant back; one that was broken off, to those who take over from it. */
function leave(exports: TreeExports, life: Life): void {
  threadEnds.unwatch(exports);
  if (life.isOver) life.giveUp();
  else exports.detach();
}
