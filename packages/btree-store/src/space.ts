/*
 * Which pages are free: docs/design.md, 'The space map' and 'Which pages are free'.
 *
 * Two bits for each page. `used` says whether the newest state uses it: that is what commits write. `busy` says
 * whether it must not be taken: because the newest state uses it, an older state that is still needed does (then its
 * run is on the `pending` list), or the transaction has taken it.
 *
 * Invariants
 *   FREE1  A transaction takes only pages that are free in the newest state, in the last durable one, in the durable
 *          one before that, and in the state of every open snapshot. What commit t has freed is in use in states
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
  grown,
  hasBit,
  type Run,
  setBit,
  setRun,
} from "./bits.ts";
import { StoreCorruptError, StoreFullError } from "./errors.ts";
import { INDEX, MAP, PAGE_HEAD } from "./generated/store-exports.ts";
import type { State } from "./meta.ts";
import { type PageMemory, readHeader, writeHeader } from "./page-memory.ts";

/** The pages that a commit has freed, which older states use. */
interface Pending {
  readonly commit: number;
  readonly runs: readonly Run[];
}

/** The map of a state as it was read: its bits, and its own pages by level and index. */
interface ReadMap {
  readonly bits: Uint32Array<ArrayBuffer>;
  readonly nodes: number[][];
}

/** A page of the map that a commit writes. */
interface MapNode {
  /** 0: a map page; above: an index page. */
  readonly level: number;
  /** Which one of its level. */
  readonly index: number;
}

const MOST_PAGES = 2 ** 32;

export class SpaceMap {
  readonly #memory: PageMemory;
  /** 32-bit words in a map page, which are entries in an index page. */
  readonly #fanout: number;
  /** Pages that a map page tells about. */
  readonly #perMap: number;
  #used = new Uint32Array(64);
  #busy = new Uint32Array(64);
  /** How many pages the newest state uses. */
  #usedCount = 0;
  /** Pages from here on were never busy. */
  #end = 2;
  /** How many pages below `end` are not busy. */
  #idle = 0;
  /** Where the search for a page that is not busy goes on: a word of `busy`. */
  #cursor = 0;
  /** Page numbers of the map's pages, by level and index; 0 or nothing where there is none. */
  #nodes: number[][] = [[], [], []];
  /** How many levels of index pages there are. Never fewer than before. */
  #levels = 0;
  #pending: Pending[] = [];

  constructor(memory: PageMemory) {
    this.#memory = memory;
    this.#fanout = (memory.pageBytes - PAGE_HEAD) / 4;
    this.#perMap = 32 * this.#fanout;
    memory.takePage = () => this.take();
  }

  /** How many pages the newest state uses, the meta pages included. */
  get used(): number {
    return this.#usedCount;
  }

  /** How many pages older states keep from being taken. */
  get pending(): number {
    return this.#pending.reduce((sum, { runs }) => sum + countPages(runs), 0);
  }

  /** Whether the newest state uses a page. */
  isUsed(page: number): boolean {
    return hasBit(this.#used, page);
  }

  /** The pages that a state uses, but for the meta pages, as runs in order. @throws StoreCorruptError (`STORE_CORRUPT`) */
  runsOf(state: State): Run[] {
    const bits = this.#read(state).bits;
    bits[0]! &= ~3;
    return difference(bits, new Uint32Array(0));
  }

  /**
   * Reads the map of a state, and forgets everything else. What an older state uses as well stays busy.
   *
   * @param older the state that must not be overwritten, if there is one
   * @throws StoreCorruptError (`STORE_CORRUPT`); then nothing has changed
   */
  load(state: State, older: State | undefined): void {
    const map = this.#read(state);
    // What is no longer used in the newer state was freed by then.
    const runs = older === undefined ? [] : difference(this.#read(older).bits, map.bits);
    this.#end = Math.max(state.pages, older?.pages ?? 0);
    this.#adopt(state, map, runs.length > 0 ? [{ commit: state.commit, runs }] : []);
  }

  /** Goes back to the newest state after a failed commit. What was taken since is free. */
  reload(state: State): void {
    const pending = this.#pending.filter(({ commit }) => commit <= state.commit);
    this.#adopt(state, this.#read(state), pending);
  }

  #adopt(state: State, { bits, nodes }: ReadMap, pending: Pending[]): void {
    this.#used = grown(bits, this.#end);
    this.#busy = this.#used.slice();
    for (const { runs } of pending) for (const run of runs) setRun(this.#busy, run);
    this.#nodes = nodes;
    this.#levels = state.mapLevels;
    this.#pending = pending;
    this.#usedCount = state.used;
    this.#cursor = 0;
    this.#idle = this.#end - countBits(this.#busy);
  }

  #read(state: State): ReadMap {
    const bits = new Uint32Array(Math.max(64, Math.ceil(state.pages / 32)));
    const nodes: number[][] = [[], [], []];
    if (state.map === 0) {
      if (state.used !== 2 || state.catalog !== 0) {
        throw new StoreCorruptError("The state has no space map.");
      }
      setBit(bits, 0);
      setBit(bits, 1);
      return { bits, nodes };
    }
    if (state.mapLevels < this.#levelsFor(state.pages) || state.mapLevels > 2) {
      throw new StoreCorruptError("The space map has the wrong number of levels.");
    }
    nodes[state.mapLevels]![0] = state.map;
    let count = 0;
    for (let level = state.mapLevels; level >= 0; level--) {
      // What there is: the arrays have holes.
      for (const [key, page] of Object.entries(nodes[level]!)) {
        const from = Number(key) * this.#fanout;
        const words = this.#readWords(page, level, state);
        if (level === 0) {
          // Map pages of a part that the file does not have any more are empty.
          const room = Math.max(0, bits.length - from);
          if (words.subarray(room).some((word) => word !== 0)) {
            throw new StoreCorruptError("A page of the space map is damaged.", page);
          }
          if (room > 0) bits.set(words.subarray(0, room), from);
          count += countBits(words);
        } else {
          words.forEach((child, i) => {
            if (child !== 0) nodes[level - 1]![from + i] = child;
          });
        }
      }
    }
    if (count !== state.used || !hasBit(bits, 0) || !hasBit(bits, 1)) {
      throw new StoreCorruptError("The space map has another number of pages than the state.");
    }
    return { bits, nodes };
  }

  /** The contents of a page of a state's map. */
  #readWords(page: number, level: number, state: State): Uint32Array {
    if (page < 2 || page >= state.pages) throw new StoreCorruptError("The space map is damaged.");
    const bytes = this.#memory.readToStage(page, 1, state.commit);
    const header = readHeader(bytes, 0);
    if (header.kind !== (level === 0 ? MAP : INDEX) || header.level !== level) {
      throw new StoreCorruptError("A page of the space map is of another kind.", page);
    }
    const words = new Uint32Array(bytes.slice(PAGE_HEAD).buffer);
    if (level === 0 && countBits(words) !== header.content) {
      throw new StoreCorruptError("A page of the space map is damaged.", page);
    }
    return words;
  }

  /** The pages of the map itself. */
  ownPages(): number[] {
    return this.#nodes.flat().filter((page) => page !== 0);
  }

  /** @throws StoreCorruptError (`STORE_CORRUPT`) unless FREE2 and the counters hold */
  verify(): void {
    if (countBits(this.#used) !== this.#usedCount) {
      throw new StoreCorruptError("The number of used pages is wrong.");
    }
    if (this.#end - countBits(this.#busy) !== this.#idle) {
      throw new StoreCorruptError("The number of idle pages is wrong.");
    }
    for (let i = 0; i < this.#used.length; i++) {
      if (this.#used[i]! & ~(this.#busy[i] ?? 0)) {
        throw new StoreCorruptError("A used page may be taken.", 32 * i);
      }
    }
    for (const { runs } of this.#pending) {
      for (const { first, pages } of runs) {
        for (let i = 0; i < pages; i++) {
          if (!hasBit(this.#busy, first + i) || hasBit(this.#used, first + i)) {
            throw new StoreCorruptError("A page of an older state may be taken.", first + i);
          }
        }
      }
    }
  }

  #levelsFor(pages: number): number {
    const maps = Math.ceil(pages / this.#perMap);
    if (maps <= 1) return 0;
    return maps <= this.#fanout ? 1 : 2;
  }

  /**
   * Takes a free page.
   *
   * @throws StoreFullError (`STORE_FULL`) if there are 2^32 pages
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
      throw new StoreFullError("A store has at most 2^32 pages.");
    }
    this.#busy = grown(this.#busy, first + pages);
    this.#used = grown(this.#used, first + pages);
    setRun(this.#busy, { first, pages });
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

  /** What older states kept may be taken if none older than this commit is needed any more (FREE1). */
  releasePending(oldestNeeded: number): void {
    while (this.#pending.length > 0 && this.#pending[0]!.commit <= oldestNeeded) {
      for (const run of this.#pending.shift()!.runs) this.release(run);
    }
  }

  /**
   * Makes the bits those of a new state, and writes the map's pages that change. If it throws, `reload` has to follow.
   *
   * @param commit the number of the new state
   * @param taken the pages that it uses and the former one did not
   * @param freed the pages that the former one used and it does not
   * @returns what the state says about its map, and how many pages it has
   */
  commit(
    commit: number,
    taken: readonly Run[],
    freed: readonly Run[],
  ): Pick<State, "map" | "mapLevels" | "used" | "pages"> {
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
      touch(0, Math.floor(page / this.#perMap));
    };
    const drop = (page: number) => {
      clearBit(this.#used, page);
      this.#usedCount--;
      touch(0, Math.floor(page / this.#perMap));
    };
    if (this.#nodes.every((row) => row.length === 0)) touch(0, 0);
    for (const { first, pages } of freed) for (let i = 0; i < pages; i++) drop(first + i);
    for (const { first, pages } of taken) for (let i = 0; i < pages; i++) use(first + i);

    // Each page of the map that changes gets a new number, which may change others. It ends: each changes once.
    let done = 0;
    while (true) {
      const levels = this.#levelsFor(this.#usedEnd());
      for (; this.#levels < levels; this.#levels++) {
        // What was the root has a parent now, and so have its new neighbours.
        for (const i of this.#nodes[this.#levels]!.keys()) {
          touch(this.#levels + 1, Math.floor(i / this.#fanout));
        }
      }
      if (done === dirty.length) break;
      const { level, index } = dirty[done++]!;
      const former = this.#nodes[level]![index] ?? 0;
      if (former !== 0) {
        drop(former);
        lost.push({ first: former, pages: 1 });
      }
      const page = this.take();
      use(page);
      this.#nodes[level]![index] = page;
      if (level < this.#levels) touch(level + 1, Math.floor(index / this.#fanout));
    }
    for (const node of dirty) this.#write(node, commit);
    this.#pending.push({ commit, runs: lost });
    return {
      map: this.#nodes[this.#levels]![0]!,
      mapLevels: this.#levels,
      used: this.#usedCount,
      pages: this.#usedEnd(),
    };
  }

  #write({ level, index }: MapNode, commit: number): void {
    const memory = this.#memory;
    const number = this.#nodes[level]![index]!;
    const words = new Uint32Array(this.#fanout);
    if (level === 0) {
      const from = index * this.#fanout;
      words.set(this.#used.subarray(from, from + this.#fanout));
    } else {
      for (let i = 0; i < this.#fanout; i++) {
        words[i] = this.#nodes[level - 1]![index * this.#fanout + i] ?? 0;
      }
    }
    const bytes = memory.stage(1);
    const kind = level === 0 ? MAP : INDEX;
    const content = level === 0 ? countBits(words) : 0;
    bytes.set(new Uint8Array(words.buffer), PAGE_HEAD);
    writeHeader(bytes, 0, { number, commit, kind, level, content, link: 0 });
    memory.writeStage(number, 1);
  }

  /** The page behind the last used one. */
  #usedEnd(): number {
    return endOf(this.#used, this.#end);
  }
}
