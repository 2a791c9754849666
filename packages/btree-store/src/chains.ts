/*
 * Chains of values, which lie in the file and not in memory: docs/design.md, 'Chains'. Those of keys are the module's.
 *
 * Invariant
 *   CHAIN1  What the transaction has written is in #own until it ends: so a rollback gives these pages back, and only
 *           a chain of a former commit has to wait until no state needs it (FREE1).
 */

import type { Run } from "./bits.ts";
import { copyFrom } from "./copy-bytes.ts";
import { StoreCorruptError } from "./errors.ts";
import { CHAIN, PAGE_HEAD, SHORT_CHAIN } from "./generated/store-exports.ts";
import type { PageFile } from "./page-file.ts";
import {
  corruptPage,
  type PageHeader,
  type PageMemory,
  readHeader,
  writeHeader,
} from "./page-memory.ts";
import type { SpaceMap } from "./space.ts";

/** Where a run begins, its length is: until that is read, this many pages behind it are a guess. */
const FIRST_GUESS = 8;

export class Chains {
  readonly #file: PageFile;
  readonly #memory: PageMemory;
  readonly #space: SpaceMap;
  /** Runs that the transaction has written: pages by first page. */
  readonly #own = new Map<number, number>();

  constructor(file: PageFile, memory: PageMemory, space: SpaceMap) {
    this.#file = file;
    this.#memory = memory;
    this.#space = space;
  }

  /** Runs that the transaction has written and not taken back. */
  get written(): Run[] {
    return [...this.#own].map(([first, pages]) => ({ first, pages }));
  }

  /**
   * Writes bytes to the file as a chain of the transaction.
   *
   * @param length how many bytes of `source`, at least 1
   * @param commit the transaction's
   * @returns the first page
   * @throws StoreFullError (`STORE_FULL`), StoreFailedError (`STORE_FAILED`)
   */
  write(source: Uint8Array, length: number, commit: number): number {
    const memory = this.#memory;
    const { pageBytes, stagePages } = memory;
    const payload = pageBytes - PAGE_HEAD;
    const runs = this.#space.takeRuns(Math.ceil(length / payload));
    for (const { first, pages } of runs) this.#own.set(first, pages);
    this.#file.reserve(Math.max(...runs.map(({ first, pages }) => first + pages)));
    let from = 0;
    for (let i = 0; i < runs.length; i++) {
      const { first, pages } = runs[i]!;
      for (let done = 0; done < pages; done += stagePages) {
        const count = Math.min(stagePages, pages - done);
        const stage = memory.stage(count);
        for (let j = 0; j < count; j++) {
          const at = j * pageBytes;
          const isFirst = done + j === 0;
          writeHeader(stage, at, {
            number: first + done + j,
            commit,
            kind: CHAIN,
            level: 0,
            content: isFirst ? pages : 0,
            link: isFirst ? (runs[i + 1]?.first ?? 0) : 0,
          });
          const here = Math.min(payload, length - from);
          copyFrom(source, from, from + here, stage, at + PAGE_HEAD);
          stage.fill(0, at + PAGE_HEAD + here, at + pageBytes);
          from += here;
        }
        memory.writeStage(first + done, count);
      }
    }
    return runs[0]!.first;
  }

  /**
   * Reads a chain.
   *
   * @param newest its pages are of commits up to this one
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  read(first: number, length: number, newest: number): Uint8Array {
    const { pageBytes, stagePages } = this.#memory;
    const payload = pageBytes - PAGE_HEAD;
    if (length > this.#file.size) this.#file.measure();
    if (length > this.#file.size) {
      throw new StoreCorruptError("A value is longer than the file.", first);
    }
    const value = new Uint8Array(length);
    let at = 0;
    let page = first;
    let left = 0; // pages of the run from `page` on, which has begun
    let next = 0;
    let most = FIRST_GUESS;
    while (at < length) {
      const isStart = left === 0;
      const wanted = Math.ceil((length - at) / payload);
      const stage = this.#memory.stage(Math.min(wanted, stagePages, isStart ? most : left));
      const count = this.#file.readSome(stage, page);
      if (isStart) ({ content: left, link: next } = this.#checked(stage, 0, page, newest, true));
      const valid = Math.min(count, left);
      for (let i = 0; i < valid; i++) {
        if (i > 0 || !isStart) this.#checked(stage, i, page + i, newest, false);
        const from = i * pageBytes + PAGE_HEAD;
        const here = Math.min(payload, length - at);
        value.set(stage.subarray(from, from + here), at);
        at += here;
      }
      left -= valid;
      page += valid;
      most = Math.min(stagePages, 2 * most);
      if (left === 0 && at < length) {
        if (next === 0) throw corruptPage(SHORT_CHAIN, page - 1);
        page = next;
        most = FIRST_GUESS;
      }
    }
    return value;
  }

  /** The runs of a chain of a given length. Reads a page of each. Throws as `read`. */
  runs(first: number, length: number, newest: number): Run[] {
    const total = Math.ceil(length / (this.#memory.pageBytes - PAGE_HEAD));
    const runs: Run[] = [];
    let pages = 0;
    for (let page = first; page !== 0; ) {
      const { content, link } = this.#checked(this.#stage(page, 1), 0, page, newest, true);
      pages += content;
      if (pages > total) throw corruptPage(SHORT_CHAIN, page);
      runs.push({ first: page, pages: content });
      page = link;
    }
    if (pages !== total) throw corruptPage(SHORT_CHAIN, first);
    return runs;
  }

  /** Pages of the file, of which none is checked yet. */
  #stage(first: number, count: number): Uint8Array {
    const stage = this.#memory.stage(count);
    this.#file.read(stage, first);
    return stage;
  }

  /** The header of a page in the stage, which has to be one of a chain, and the first one of a run or not. */
  #checked(
    stage: Uint8Array,
    index: number,
    page: number,
    newest: number,
    isStart: boolean,
  ): PageHeader {
    this.#memory.checkStaged(index, page, newest);
    const header = readHeader(stage, index * this.#memory.pageBytes);
    if (header.kind === CHAIN && (header.content !== 0) === isStart) return header;
    throw corruptPage(SHORT_CHAIN, page);
  }

  /** Gives a run back that the transaction has written; false if a former commit has. */
  takeBack(run: Run): boolean {
    if (this.#own.get(run.first) !== run.pages) return false;
    this.#own.delete(run.first);
    this.#space.release(run);
    return true;
  }

  /** Gives back all that the transaction has written. */
  takeAllBack(): void {
    for (const run of this.written) this.#space.release(run);
    this.#own.clear();
  }

  /** The transaction has ended. */
  forget(): void {
    this.#own.clear();
  }
}
