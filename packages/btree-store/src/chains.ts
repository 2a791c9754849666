/*
 * Chains of values, which lie in the file and not in memory: docs/design.md, 'Chains'. Those of keys are the module's.
 *
 * Invariant
 *   CHAIN1  What the transaction has written is in #own until it ends: so a rollback gives these pages back, and only
 *           a chain of a former commit has to wait until no state needs it (FREE1).
 */

import type { Run } from "./bits.ts";
import { ChainReader, checkChainPage } from "./chain-reader.ts";
import { ChainWriter } from "./chain-writer.ts";
import { PAGE_HEAD, SHORT_CHAIN } from "./generated/store-exports.ts";
import type { PageFile } from "./page-file.ts";
import { corruptPage, type PageMemory } from "./page-memory.ts";
import type { SpaceMap } from "./space.ts";

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
    const writer = this.begin(commit, length);
    writer.write(source, 0, length, true);
    return writer.finish();
  }

  /** Begins a chain of the transaction. @param expected its length, if that is known */
  begin(commit: number, expected?: number): ChainWriter {
    const parts = { file: this.#file, memory: this.#memory, space: this.#space, own: this.#own };
    return new ChainWriter(parts, commit, expected);
  }

  /**
   * Reads a chain.
   *
   * @param newest its pages are of commits up to this one
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  read(first: number, length: number, newest: number): Uint8Array {
    const reader = this.reader(first, length, newest);
    const value = new Uint8Array(length);
    for (let at = 0; at < length; ) at += reader.read(value, at);
    return value;
  }

  /** Begins to read a chain. Throws as `read`. */
  reader(first: number, length: number, newest: number): ChainReader {
    return new ChainReader(this.#file, this.#memory, first, length, newest);
  }

  /** The runs of a chain of a given length. Reads a page of each. Throws as `read`. */
  runs(first: number, length: number, newest: number): Run[] {
    const total = Math.ceil(length / (this.#memory.pageBytes - PAGE_HEAD));
    const runs: Run[] = [];
    let pages = 0;
    for (let page = first; page !== 0; ) {
      const stage = this.#stage(page);
      const { content, link } = checkChainPage(this.#memory, stage, 0, page, newest, true);
      pages += content;
      if (pages > total) throw corruptPage(SHORT_CHAIN, page);
      runs.push({ first: page, pages: content });
      page = link;
    }
    if (pages !== total) throw corruptPage(SHORT_CHAIN, first);
    return runs;
  }

  /** A page of the file, which is not checked yet. */
  #stage(page: number): Uint8Array {
    const stage = this.#memory.stage(1);
    this.#file.read(stage, page);
    return stage;
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
