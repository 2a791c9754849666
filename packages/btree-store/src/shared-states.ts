/*
 * What all threads know of the file: its states, and who reads which. Words of the region, as JavaScript sees them;
 * docs/design.md, 'Several threads', has the invariants. assembly/book.ts draws the words.
 */
import {
  ARRAYS,
  BOOK_ARRAYS_AT,
  BOOK_AT,
  BOOK_DURABLE,
  BOOK_FALLBACK,
  BOOK_IS_WRITTEN,
  BOOK_NEXT,
  BOOK_SLOT,
  BOOK_WRITTEN_END,
  BOOK_WRITTEN_SLOT,
  BOOK_WRITTEN_START,
  FAILED_AT,
  ORPHANED_AT,
  PUBLISH_DURABLE,
  PUBLISH_STATE,
  STATE_CATALOG,
  STATE_COMMIT,
  STATE_MAP,
  STATE_MAP_LEVELS,
  STATE_PAGES,
  STATE_TIME,
  STATE_USED,
} from "./generated/store-exports.ts";
import { emptyState, type State } from "./meta.ts";
import type { PageMemory } from "./page-memory.ts";

/** A state whose meta page is being written, or was, and may not be on the disk yet. */
export interface WrittenMeta {
  readonly state: State;
  /** Which meta page. */
  readonly slot: number;
  /** The list of pending pages, once it is the newest state. */
  readonly pending: PendingRange;
}

/** A part of the list of pending pages: see space.ts. */
export interface PendingRange {
  readonly start: number;
  readonly end: number;
}

/** Where a state can be read and written: words, and the same bytes as numbers of 64 bits. */
interface StateViews {
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  readonly f64: Float64Array;
}

function stateIn({ u32, u64, f64 }: StateViews): State {
  return {
    commit: Number(u64[STATE_COMMIT]!),
    pages: u32[STATE_PAGES]!,
    catalog: u32[STATE_CATALOG]!,
    map: u32[STATE_MAP]!,
    mapLevels: u32[STATE_MAP_LEVELS]!,
    time: f64[STATE_TIME]!,
    used: u32[STATE_USED]!,
  };
}

function putState({ u32, u64, f64 }: StateViews, state: State): void {
  u64[STATE_COMMIT] = BigInt(state.commit);
  f64[STATE_TIME] = state.time;
  u32[STATE_PAGES] = state.pages;
  u32[STATE_CATALOG] = state.catalog;
  u32[STATE_MAP] = state.map;
  u32[STATE_MAP_LEVELS] = state.mapLevels;
  u32[STATE_USED] = state.used;
}

export class SharedStates {
  readonly #memory: PageMemory;
  /** The book: assembly/book.ts. It never moves. */
  readonly book: Uint32Array;
  readonly #u64: BigUint64Array;
  readonly #f64: Float64Array;
  /** The structure's words: they can be looked at after `close`, too. */
  readonly #words: Uint32Array;
  /** The newest state as it was last read: most of the time it still is. */
  #known: State = emptyState;

  constructor(memory: PageMemory) {
    this.#memory = memory;
    const { all } = memory.open();
    this.#words = all.u32;
    const at = all.u32[BOOK_AT]!;
    const length = BOOK_ARRAYS_AT + 2 * ARRAYS;
    this.book = all.u32.subarray(at / 4, at / 4 + length);
    this.#u64 = all.u64.subarray(at / 8, at / 8 + length / 2);
    this.#f64 = all.f64.subarray(at / 8, at / 8 + length / 2);
  }

  /** The newest state. */
  read(): State {
    const { exports, result } = this.#memory.open();
    return this.#found(exports.readState(), result);
  }

  /** The newest state, whose pages stay until `endRead`. */
  beginRead(): State {
    const { exports, result } = this.#memory.open();
    return this.#found(exports.beginRead(), result);
  }

  endRead(): void {
    this.#memory.open().exports.endRead();
  }

  #found(commit: number, views: StateViews): State {
    if (commit !== this.#known.commit) this.#known = stateIn(views);
    return this.#known;
  }

  // What follows is for the writer, who holds the lock.

  /** What the book says of a new region: before anyone else has it. */
  begin(
    state: State,
    pending: PendingRange,
    fallback: number | undefined,
    slot: number,
    next: number,
  ): void {
    this.publish(state, pending, false);
    this.#u64[BOOK_DURABLE] = BigInt(state.commit);
    this.#u64[BOOK_FALLBACK] = fallback === undefined ? 0n : BigInt(fallback + 1);
    this.#u64[BOOK_NEXT] = BigInt(next);
    this.book[BOOK_SLOT] = slot;
  }

  /** The number of the next commit, greater than any in the file. */
  get next(): number {
    return Number(this.#u64[BOOK_NEXT]!);
  }

  /** The commit of the last state that is on the disk for good. Anyone may ask. */
  get durable(): number {
    return Number(this.#u64[BOOK_DURABLE]!);
  }

  /** The commit of the state of the older meta page, if it is complete. */
  get fallback(): number | undefined {
    const found = this.#u64[BOOK_FALLBACK]!;
    return found === 0n ? undefined : Number(found) - 1;
  }

  /** The meta page of the last durable state. */
  get slot(): number {
    return this.book[BOOK_SLOT]!;
  }

  get written(): WrittenMeta | undefined {
    const { book } = this;
    if (book[BOOK_IS_WRITTEN] === 0) return undefined;
    return {
      state: stateIn({ u32: book, u64: this.#u64, f64: this.#f64 }),
      slot: book[BOOK_WRITTEN_SLOT]!,
      pending: { start: book[BOOK_WRITTEN_START]!, end: book[BOOK_WRITTEN_END]! },
    };
  }

  /** Notes a state whose meta page is about to be written. */
  writeDown({ state, slot, pending }: WrittenMeta): void {
    const { exports, result } = this.#memory.open();
    putState(result, state);
    exports.writeDown(slot, pending.start, pending.end);
  }

  /** The state that was written is on the disk. */
  publishDurable(): void {
    this.#memory.open().exports.publish(PUBLISH_DURABLE, 0, 0);
  }

  /** A state is the newest one, and the one that was written is on the disk, in one step if both. */
  publish(state: State, { start, end }: PendingRange, isDurable: boolean): void {
    const { exports, result } = this.#memory.open();
    putState(result, state);
    exports.publish(PUBLISH_STATE | (isDurable ? PUBLISH_DURABLE : 0), start, end);
  }

  /** Whether a writer has died, and nobody has put right yet what it left. */
  get isOrphaned(): boolean {
    return Atomics.load(this.#words, ORPHANED_AT) !== 0;
  }

  adopted(): void {
    Atomics.store(this.#words, ORPHANED_AT, 0);
  }

  /** Whether a write or a sync has failed, in any thread. */
  get hasFailed(): boolean {
    return Atomics.load(this.#words, FAILED_AT) !== 0;
  }

  fail(): void {
    Atomics.store(this.#words, FAILED_AT, 1);
  }
}
