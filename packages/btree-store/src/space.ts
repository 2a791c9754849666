/*
 * Which pages are free: docs/design.md, 'The space map' and 'Which pages are free'.
 *
 * Two bits for each page. `used` says whether the newest state uses it: that is what commits write. `busy` says
 * whether it must not be taken: because the newest state uses it, an older state that is still needed does (then its
 * run is on the `pending` list), or the transaction has taken it.
 *
 * All of it lies in the region, in arrays and words of the book (assembly/book.ts), so that every thread that gets the
 * writer's lock finds it as the last one left it.
 *
 *   array of the book   words
 *   0        used       a bit for each page
 *   1        busy       the same
 *   2 to 4   nodes      page numbers of the map's pages by index, a level each; 0 where there is none
 *   5        pending    runs of pages, and which commits have freed them: pending-pages.ts
 *
 * Invariants
 *   FREE1  A transaction takes only pages that are free in the newest state, in the last durable one, in the durable
 *          one before that, and in all states that some thread reads. What commit t has freed is in use in states
 *          before t and in none from t on: it may be taken once all those states have a number of at least t.
 *   FREE2  used is a part of busy, and so is what is pending. Whatever else is busy belongs to the transaction.
 *   FREE3  Pages from `end` on are free, and have no bits set.
 */
import {
  clearBit,
  countBits,
  countPages,
  difference,
  endOf,
  hasBit,
  type Run,
  setBit,
  setRun,
} from "./bits.ts";
import { BookArrays } from "./book-arrays.ts";
import { StoreCorruptError, StoreFullError } from "./errors.ts";
import {
  BOOK_CURSOR,
  BOOK_END,
  BOOK_IDLE,
  BOOK_LEVELS,
  BOOK_USED,
} from "./generated/store-exports.ts";
import { MapPages, type ReadMap } from "./map-pages.ts";
import type { State } from "./meta.ts";
import type { PageMemory } from "./page-memory.ts";
import { PENDING, PendingPages } from "./pending-pages.ts";
import type { PendingRange } from "./shared-states.ts";

/** A page of the map that a commit writes. */
interface MapNode {
  /** 0: a map page; above: an index page. */
  readonly level: number;
  /** Which one of its level. */
  readonly index: number;
}

const MOST_PAGES = 2 ** 32 - 1;
/** An operation takes fewer pages than this. */
const OPERATION_PAGES = 4096;

/** Arrays of the book. */
const USED = 0;
const BUSY = 1;
const NODES = 2;
const ARRAYS = PENDING + 1;

/** What a new state says of its map, and where the list of pending pages is once it is the newest. */
export interface NewMap {
  readonly state: Pick<State, "map" | "mapLevels" | "used" | "pages">;
  readonly pending: PendingRange;
}

export class SpaceMap {
  readonly #book: Uint32Array;
  /** The pages of maps in the file. */
  readonly #pages: MapPages;
  readonly #arrays: BookArrays;
  readonly #pending: PendingPages;

  /** @param book the words of assembly/book.ts */
  constructor(memory: PageMemory, book: Uint32Array) {
    this.#book = book;
    this.#pages = new MapPages(memory);
    this.#arrays = new BookArrays(memory, book, ARRAYS);
    this.#pending = new PendingPages(book, this.#arrays);
    memory.takePage = () => this.#takeReserved();
  }

  /** Looks where everything is: another thread may have made it longer. With the writer's lock. */
  enter(): void {
    this.#arrays.enter();
  }

  get #used(): Uint32Array {
    return this.#arrays.at(USED);
  }

  get #busy(): Uint32Array {
    return this.#arrays.at(BUSY);
  }

  /** How many pages below `end` are not busy. */
  get #idle(): number {
    return this.#book[BOOK_IDLE]!;
  }

  set #idle(pages: number) {
    this.#book[BOOK_IDLE] = pages;
  }

  /** Pages from here on were never busy. */
  get #end(): number {
    return this.#book[BOOK_END]!;
  }

  set #end(page: number) {
    this.#book[BOOK_END] = page;
  }

  /** Where the search for a page that is not busy goes on: a word of `busy`. */
  get #cursor(): number {
    return this.#book[BOOK_CURSOR]!;
  }

  set #cursor(word: number) {
    this.#book[BOOK_CURSOR] = word;
  }

  /** How many levels of index pages there are. Never fewer than before. */
  get #levels(): number {
    return this.#book[BOOK_LEVELS]!;
  }

  set #levels(levels: number) {
    this.#book[BOOK_LEVELS] = levels;
  }

  #node(level: number, index: number): number {
    return this.#arrays.at(NODES + level)[index] ?? 0;
  }

  #setNode(level: number, index: number, page: number): void {
    this.#arrays.ensure(NODES + level, index + 1)[index] = page;
  }

  /** How many pages the newest state uses, the meta pages included. */
  get used(): number {
    return this.#book[BOOK_USED]!;
  }

  set #usedCount(pages: number) {
    this.#book[BOOK_USED] = pages;
  }

  get #usedCount(): number {
    return this.#book[BOOK_USED]!;
  }

  /** How many pages older states keep from being taken. Anyone may ask. */
  get pending(): number {
    return this.#pending.pages;
  }

  /** The pages that a state uses, but for the meta pages, as runs in order. @throws StoreCorruptError (`STORE_CORRUPT`) */
  runsOf(state: State): Run[] {
    const bits = this.#pages.read(state).bits;
    bits[0]! &= ~3;
    return difference(bits, new Uint32Array(0));
  }

  /** The map of a state, from the file: which pages it uses, and which of these are the map's own. Throws as `load`. */
  mapOf(state: State): { readonly bits: Uint32Array; readonly ownPages: readonly number[] } {
    const { bits, nodes } = this.#pages.read(state);
    return { bits, ownPages: nodes.flat().filter((page) => page !== 0) };
  }

  /**
   * Reads the map of a state of a file that nobody has open yet. What an older state uses as well stays busy.
   *
   * @param older the state that must not be overwritten, if there is one
   * @throws StoreCorruptError (`STORE_CORRUPT`); then nothing has changed
   */
  load(state: State, older: State | undefined): void {
    const map = this.#pages.read(state);
    // What is no longer used in the newer state was freed by then.
    const runs = older === undefined ? [] : difference(this.#pages.read(older).bits, map.bits);
    this.enter();
    this.#end = Math.max(state.pages, older?.pages ?? 0);
    this.#pending.range = this.#pending.append(state.commit, runs);
    this.#adopt(state, map);
  }

  /** Where the list of pending pages is. */
  get pendingRange(): PendingRange {
    return this.#pending.range;
  }

  /** Goes back to the newest state after a failed commit, or a dead writer. What was taken since is free (FREE4). */
  reload(state: State): void {
    this.enter();
    this.#end = Math.max(this.#end, state.pages);
    this.#adopt(state, this.#pages.read(state));
  }

  #adopt(state: State, { bits, nodes }: ReadMap): void {
    const words = Math.ceil(this.#end / 32);
    const used = this.#arrays.ensure(USED, words);
    const busy = this.#arrays.ensure(BUSY, words);
    used.fill(0);
    used.set(bits.subarray(0, used.length));
    busy.fill(0);
    busy.set(used.subarray(0, busy.length));
    let pendingPages = 0;
    for (const run of this.#pending) {
      setRun(busy, run);
      pendingPages += run.pages;
    }
    this.#pending.pages = pendingPages;
    nodes.forEach((row, level) => {
      this.#arrays.at(NODES + level).fill(0);
      // What there is: the arrays have holes.
      for (const [index, page] of Object.entries(row)) this.#setNode(level, Number(index), page);
    });
    this.#levels = state.mapLevels;
    this.#usedCount = state.used;
    this.#cursor = 0;
    this.#idle = this.#end - countBits(busy);
  }

  /** With the writer's lock. @throws StoreCorruptError (`STORE_CORRUPT`) unless FREE2 and the counters hold */
  verify(): void {
    this.enter();
    const used = this.#used;
    const busy = this.#busy;
    if (countBits(used) !== this.#usedCount) {
      throw new StoreCorruptError("The number of used pages is wrong.");
    }
    if (this.#end - countBits(busy) !== this.#idle) {
      throw new StoreCorruptError("The number of idle pages is wrong.");
    }
    for (let i = 0; i < used.length; i++) {
      if (used[i]! & ~(busy[i] ?? 0)) {
        throw new StoreCorruptError("A used page may be taken.", 32 * i);
      }
    }
    for (const run of this.#pending) {
      for (let i = 0; i < run.pages; i++) {
        if (!hasBit(busy, run.first + i) || hasBit(used, run.first + i)) {
          throw new StoreCorruptError("A page of an older state may be taken.", run.first + i);
        }
      }
    }
  }

  /**
   * Takes a free page.
   *
   * @throws StoreFullError (`STORE_FULL`) if there are 2^32 - 1 pages
   */
  take(): number {
    if (this.#idle > 0) {
      const busy = this.#busy;
      const words = Math.ceil(this.#end / 32);
      for (let i = 0; i < words; i++) {
        const word = (this.#cursor + i) % words;
        const free = ~busy[word]!;
        if (free === 0) continue;
        const page = 32 * word + 31 - Math.clz32(free & -free);
        if (page >= this.#end) continue; // In the last word.
        this.#cursor = word;
        this.#idle--;
        setBit(busy, page);
        return page;
      }
    }
    return this.#extend(1);
  }

  /** The same in the middle of a call, where no other may be made: 0 if `reserve` has made too little room. */
  #takeReserved(): number {
    const hasRoom =
      this.#idle > 0 || this.#end < 32 * Math.min(this.#busy.length, this.#used.length);
    return hasRoom ? this.take() : 0;
  }

  /** Makes room for the pages that an operation may take: in the middle of it nothing can be made longer. */
  reserve(): void {
    const words = Math.ceil((this.#end + OPERATION_PAGES) / 32);
    this.#arrays.ensure(BUSY, words);
    this.#arrays.ensure(USED, words);
  }

  /** The next pages that are taken are the lowest free ones. */
  rewind(): void {
    this.#cursor = 0;
  }

  /** The page behind the last one that must not be taken: the file can end there. */
  get busyEnd(): number {
    return endOf(this.#busy, this.#end);
  }

  /** Forgets the free pages at the end. */
  shrink(): void {
    const end = this.busyEnd;
    this.#idle -= this.#end - end;
    this.#end = end;
  }

  #extend(pages: number): number {
    const first = this.#end;
    if (first + pages > MOST_PAGES) {
      throw new StoreFullError("A store has at most 2^32 - 1 pages.");
    }
    const words = Math.ceil((first + pages) / 32);
    setRun(this.#arrays.ensure(BUSY, words), { first, pages });
    this.#arrays.ensure(USED, words);
    this.#end += pages;
    return first;
  }

  /** Takes pages in as few runs as it can without a long search: free ones in order, or else new ones. */
  takeRuns(pages: number): Run[] {
    if (this.#idle < pages) return [{ first: this.#extend(pages), pages }];
    const runs: Run[] = [];
    let left = pages;
    this.#cursor = 0;
    while (left > 0) {
      const first = this.take();
      let length = 1;
      left--;
      while (left > 0 && first + length < this.#end && !hasBit(this.#busy, first + length)) {
        setBit(this.#busy, first + length);
        this.#idle--;
        length++;
        left--;
      }
      runs.push({ first, pages: length });
    }
    return runs;
  }

  /** Gives back pages that were taken and are not used after all. */
  release({ first, pages }: Run): void {
    for (let i = 0; i < pages; i++) {
      if (!hasBit(this.#busy, first + i)) continue;
      clearBit(this.#busy, first + i);
      this.#idle++;
    }
    this.#cursor = Math.min(this.#cursor, Math.floor(first / 32));
  }

  /** The commit that has freed what was freed first of what older states keep; undefined if they keep nothing. */
  get firstPending(): number | undefined {
    return this.#pending.firstCommit;
  }

  /** What older states kept may be taken if none older than this commit is needed any more (FREE1). */
  releasePending(oldestNeeded: number): void {
    this.#pending.release(oldestNeeded, (run) => this.release(run));
  }

  /**
   * Makes the bits those of a new state, and writes the map's pages that change. If it throws, `reload` has to follow.
   *
   * @param commit the number of the new state
   * @param taken the pages that it uses and the former one did not
   * @param freed the pages that the former one used and it does not
   * @returns what the state says about its map, and how many pages it has
   */
  commit(commit: number, taken: readonly Run[], freed: readonly Run[]): NewMap {
    const dirty: MapNode[] = [];
    const seen = new Set<number>();
    const lost: Run[] = [...freed];
    const touch = (level: number, index: number) => {
      const key = 4 * index + level;
      if (seen.has(key)) return;
      seen.add(key);
      dirty.push({ level, index });
    };
    const use = (page: number) => {
      setBit(this.#used, page);
      this.#usedCount++;
      touch(0, Math.floor(page / this.#pages.perMap));
    };
    const drop = (page: number) => {
      clearBit(this.#used, page);
      this.#usedCount--;
      touch(0, Math.floor(page / this.#pages.perMap));
    };
    if (this.#node(0, 0) === 0) touch(0, 0);
    for (const { first, pages } of freed) for (let i = 0; i < pages; i++) drop(first + i);
    for (const { first, pages } of taken) for (let i = 0; i < pages; i++) use(first + i);

    // Each page of the map that changes gets a new number, which may change others. It ends: each changes once.
    let done = 0;
    while (true) {
      const levels = this.#pages.levelsFor(this.#usedEnd());
      for (; this.#levels < levels; this.#levels++) {
        // What was the root has a parent now, and so have its new neighbours.
        this.#arrays.at(NODES + this.#levels).forEach((page, i) => {
          if (page !== 0) touch(this.#levels + 1, Math.floor(i / this.#pages.fanout));
        });
      }
      if (done === dirty.length) break;
      const { level, index } = dirty[done++]!;
      const former = this.#node(level, index);
      if (former !== 0) {
        drop(former);
        lost.push({ first: former, pages: 1 });
      }
      const page = this.take();
      use(page);
      this.#setNode(level, index, page);
      if (level < this.#levels) touch(level + 1, Math.floor(index / this.#pages.fanout));
    }
    for (const node of dirty) this.#write(node, commit);
    this.#pending.pages += countPages(lost);
    return {
      state: {
        map: this.#node(this.#levels, 0),
        mapLevels: this.#levels,
        used: this.#usedCount,
        pages: this.#usedEnd(),
      },
      pending: this.#pending.append(commit, lost),
    };
  }

  #write({ level, index }: MapNode, commit: number): void {
    const { fanout } = this.#pages;
    const from = index * fanout;
    const words = new Uint32Array(fanout);
    if (level === 0) words.set(this.#used.subarray(from, from + fanout));
    else for (let i = 0; i < fanout; i++) words[i] = this.#node(level - 1, from + i);
    this.#pages.write(this.#node(level, index), level, words, commit);
  }

  /** The page behind the last used one. */
  #usedEnd(): number {
    return endOf(this.#used, this.#end);
  }
}
