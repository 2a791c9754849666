// Reading a chain, a part at a time: docs/design.md, 'Chains'.
import { StoreCorruptError } from "./errors.ts";
import { CHAIN, PAGE_HEAD, SHORT_CHAIN } from "./generated/store-exports.ts";
import type { PageFile } from "./page-file.ts";
import { corruptPage, type PageHeader, type PageMemory, readHeader } from "./page-memory.ts";

/** Where a run begins, its length is: until that is read, this many pages behind it are a guess. */
const FIRST_GUESS = 8;

export class ChainReader {
  readonly #file: PageFile;
  readonly #memory: PageMemory;
  readonly #newest: number;
  /** How many bytes are still to be read. */
  left: number;
  /** The next page, and how many pages of its run there are from it on; 0: a run begins there. */
  #page: number;
  #pagesLeft = 0;
  #nextRun = 0;
  #guess = FIRST_GUESS;

  /**
   * @param length of the chain, in bytes
   * @param newest its pages are of commits up to this one
   * @throws StoreCorruptError (`STORE_CORRUPT`) if the file is shorter than that
   */
  constructor(file: PageFile, memory: PageMemory, first: number, length: number, newest: number) {
    this.#file = file;
    this.#memory = memory;
    this.#newest = newest;
    this.#page = first;
    this.left = length;
    if (length > file.size) file.measure();
    if (length > file.size) {
      throw new StoreCorruptError("A value is longer than the file.", first);
    }
  }

  /**
   * Reads some pages.
   *
   * @param target has room for a whole page's bytes, or for all that is left
   * @param at where they go
   * @returns how many bytes were read, at least 1 unless nothing is left
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  read(target: Uint8Array, at: number): number {
    if (this.left === 0) return 0;
    const memory = this.#memory;
    const { pageBytes, stagePages } = memory;
    const payload = pageBytes - PAGE_HEAD;
    if (this.#pagesLeft === 0 && this.#nextRun !== 0) this.#page = this.#nextRun;
    const isStart = this.#pagesLeft === 0;
    const room = Math.min(this.left, target.length - at);
    const wanted = room === this.left ? Math.ceil(room / payload) : Math.floor(room / payload);
    const stage = memory.stage(
      Math.min(wanted, stagePages, isStart ? this.#guess : this.#pagesLeft),
    );
    const page = this.#page;
    const count = this.#file.readSome(stage, page);
    if (isStart) {
      const header = checkChainPage(memory, stage, 0, page, this.#newest, true);
      this.#pagesLeft = header.content;
      this.#nextRun = header.link;
    }
    const valid = Math.min(count, this.#pagesLeft);
    let done = 0;
    for (let i = 0; i < valid; i++) {
      if (i > 0 || !isStart) checkChainPage(memory, stage, i, page + i, this.#newest, false);
      const from = i * pageBytes + PAGE_HEAD;
      const here = Math.min(payload, this.left);
      target.set(stage.subarray(from, from + here), at + done);
      done += here;
      this.left -= here;
    }
    this.#pagesLeft -= valid;
    this.#page += valid;
    this.#guess = this.#pagesLeft === 0 ? FIRST_GUESS : Math.min(stagePages, 2 * this.#guess);
    if (this.#pagesLeft === 0 && this.left > 0 && this.#nextRun === 0) {
      throw corruptPage(SHORT_CHAIN, this.#page - 1);
    }
    return done;
  }
}

/**
 * The header of a page in the stage, which has to be one of a chain, and the first one of a run or not.
 *
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function checkChainPage(
  memory: PageMemory,
  stage: Uint8Array,
  index: number,
  page: number,
  newest: number,
  isStart: boolean,
): PageHeader {
  memory.checkStaged(index, page, newest);
  const header = readHeader(stage, index * memory.pageBytes);
  if (header.kind === CHAIN && (header.content !== 0) === isStart) return header;
  throw corruptPage(SHORT_CHAIN, page);
}
