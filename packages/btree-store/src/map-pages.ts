/*
 * The pages of a space map in the file: docs/design.md, 'The space map'. Map pages (level 0) have a bit for each page of
 * the file, index pages (levels 1 and 2) the numbers of the pages below them; 0 where there is none. Which pages are
 * free is the matter of space.ts.
 */
import { countBits, hasBit, setBit } from "./bits.ts";
import { StoreCorruptError } from "./errors.ts";
import { INDEX, MAP, PAGE_HEAD } from "./generated/store-exports.ts";
import type { State } from "./meta.ts";
import { type PageMemory, readHeader, writeHeader } from "./page-memory.ts";

/** The map of a state as it was read: its bits, and its own pages by level and index. */
export interface ReadMap {
  readonly bits: Uint32Array<ArrayBuffer>;
  readonly nodes: number[][];
}

export class MapPages {
  readonly #memory: PageMemory;
  /** 32-bit words in a map page, which are entries in an index page. */
  readonly fanout: number;
  /** Pages that a map page tells about. */
  readonly perMap: number;

  constructor(memory: PageMemory) {
    this.#memory = memory;
    this.fanout = (memory.pageBytes - PAGE_HEAD) / 4;
    this.perMap = 32 * this.fanout;
  }

  /** How many levels of index pages a map of so many pages has. */
  levelsFor(pages: number): number {
    const maps = Math.ceil(pages / this.perMap);
    if (maps <= 1) return 0;
    return maps <= this.fanout ? 1 : 2;
  }

  /**
   * Reads the map of a state.
   *
   * @throws StoreCorruptError (`STORE_CORRUPT`) unless each page of it is whole and says what the state says
   */
  read(state: State): ReadMap {
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
    if (state.mapLevels < this.levelsFor(state.pages) || state.mapLevels > 2) {
      throw new StoreCorruptError("The space map has the wrong number of levels.");
    }
    nodes[state.mapLevels]![0] = state.map;
    let count = 0;
    for (let level = state.mapLevels; level >= 0; level--) {
      // What there is: the arrays have holes.
      for (const [key, page] of Object.entries(nodes[level]!)) {
        const from = Number(key) * this.fanout;
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

  /**
   * Writes a page of a map.
   *
   * @param words `fanout` of them: bits at level 0, else page numbers
   */
  write(number: number, level: number, words: Uint32Array, commit: number): void {
    const bytes = this.#memory.stage(1);
    const kind = level === 0 ? MAP : INDEX;
    const content = level === 0 ? countBits(words) : 0;
    bytes.set(new Uint8Array(words.buffer), PAGE_HEAD);
    writeHeader(bytes, 0, { number, commit, kind, level, content, link: 0 });
    this.#memory.writeStage(number, 1);
  }
}
