/*
 * Writing a chain, also one of which nobody knows yet how long it will be: docs/design.md, 'Chains'.
 *
 * Pages are taken in portions, which grow. The first page of a run says how many pages the run has, and where the next
 * one is: what it says is only known once the run has ended. So that page is kept, and written again if it was wrong.
 */
import { copyBytes } from "@masstree/key";
import type { Run } from "./bits.ts";
import { CHAIN, PAGE_HEAD } from "./generated/store-exports.ts";
import type { PageFile } from "./page-file.ts";
import { type PageMemory, writeHeader } from "./page-memory.ts";
import type { SpaceMap } from "./space.ts";

/** What chains lie on. */
export interface ChainParts {
  readonly file: PageFile;
  readonly memory: PageMemory;
  readonly space: SpaceMap;
  /** Runs that the transaction has written: pages by first page. */
  readonly own: Map<number, number>;
}

/** The first and the largest portion, in bytes. */
const FIRST_PORTION = 2 ** 20;
const LARGEST_PORTION = 2 ** 24;

/** The first page of a run, as it was written. */
interface Head {
  readonly payload: Uint8Array;
  pages: number;
  link: number;
}

export class ChainWriter {
  readonly #parts: ChainParts;
  readonly #commit: number;
  readonly #payload: number;
  /** Bytes of the next portion; 0 if all pages were taken at the beginning. */
  #portion: number;
  /** All runs that were taken, and how many of them were begun. */
  readonly #runs: Run[] = [];
  #begun = 0;
  /** The present run, and how many of its pages were written. */
  #run: Run = { first: 0, pages: 0 };
  #done = 0;
  #head: Head | undefined;
  /** How many bytes were written. */
  length = 0;

  /**
   * @param commit of the transaction
   * @param expected how many bytes there will be, if that is known
   */
  constructor(parts: ChainParts, commit: number, expected?: number) {
    this.#parts = parts;
    this.#commit = commit;
    this.#payload = parts.memory.pageBytes - PAGE_HEAD;
    this.#portion = expected === undefined ? FIRST_PORTION : 0;
    if (expected !== undefined) this.#take(Math.ceil(expected / this.#payload));
  }

  #take(pages: number): void {
    const { space, own, file } = this.#parts;
    let end = 0;
    for (const run of space.takeRuns(pages)) {
      own.set(run.first, run.pages);
      this.#runs.push(run);
      end = Math.max(end, run.first + run.pages);
    }
    file.reserve(end);
  }

  /**
   * Writes bytes that follow what was written.
   *
   * @param isLast whether the chain ends with them; if not, only what fills pages is written
   * @returns where it has ended in `source`
   * @throws StoreFullError (`STORE_FULL`), StoreFailedError (`STORE_FAILED`)
   */
  write(source: Uint8Array, from: number, to: number, isLast: boolean): number {
    const payload = this.#payload;
    let at = from;
    while (isLast ? at < to : to - at >= payload) {
      if (this.#done === this.#run.pages) this.#nextRun();
      const pages = isLast ? Math.ceil((to - at) / payload) : Math.floor((to - at) / payload);
      const count = Math.min(pages, this.#run.pages - this.#done, this.#parts.memory.stagePages);
      const end = Math.min(to, at + count * payload);
      this.#writePages(count, source, at, end);
      at = end;
    }
    this.length += at - from;
    return at;
  }

  #nextRun(): void {
    if (this.#begun === this.#runs.length) {
      this.#take(Math.ceil(this.#portion / this.#parts.memory.pageBytes));
      this.#portion = Math.min(LARGEST_PORTION, 2 * this.#portion);
    }
    const next = this.#runs[this.#begun]!;
    if (this.#begun++ > 0) this.#settleHead(next.first);
    this.#run = next;
    this.#done = 0;
  }

  /** Writes the next pages of the present run. */
  #writePages(count: number, source: Uint8Array, from: number, to: number): void {
    if (this.#done === 0) {
      // Only a chain whose length is not known can be other than expected.
      const end = this.#portion === 0 ? from : Math.min(to, from + this.#payload);
      const payload = new Uint8Array(end - from);
      copyBytes(source, from, end, payload, 0);
      const link = this.#runs[this.#begun]?.first ?? 0;
      this.#head = { payload, pages: this.#run.pages, link };
    }
    this.#stage(this.#done, count, source, from, to);
    this.#done += count;
  }

  /** Writes pages of the present run to the file. */
  #stage(done: number, count: number, source: Uint8Array, from: number, to: number): void {
    const { memory } = this.#parts;
    const { pageBytes } = memory;
    const stage = memory.stage(count);
    const { first } = this.#run;
    let start = from;
    for (let i = 0; i < count; i++) {
      const at = i * pageBytes;
      const isFirst = done + i === 0;
      writeHeader(stage, at, {
        number: first + done + i,
        commit: this.#commit,
        kind: CHAIN,
        level: 0,
        content: isFirst ? this.#head!.pages : 0,
        link: isFirst ? this.#head!.link : 0,
      });
      const end = Math.min(to, start + this.#payload);
      copyBytes(source, start, end, stage, at + PAGE_HEAD);
      stage.fill(0, at + PAGE_HEAD + end - start, at + pageBytes);
      start = end;
    }
    memory.writeStage(first + done, count);
  }

  /** The present run ends here, and so the first page says how long it is, and which run follows. */
  #settleHead(link: number): void {
    const head = this.#head!;
    if (head.pages === this.#done && head.link === link) return;
    head.pages = this.#done;
    head.link = link;
    this.#stage(0, 1, head.payload, 0, head.payload.length);
  }

  /** Ends the chain, of at least one byte. @returns its first page */
  finish(): number {
    const { space, own } = this.#parts;
    const { first, pages } = this.#run;
    if (this.#done < pages) {
      own.set(first, this.#done);
      space.release({ first: first + this.#done, pages: pages - this.#done });
    }
    for (const run of this.#runs.slice(this.#begun)) {
      own.delete(run.first);
      space.release(run);
    }
    this.#settleHead(0);
    return this.#runs[0]!.first;
  }

  /** Gives back everything that was taken: there will be no chain. */
  abandon(): void {
    const { space, own } = this.#parts;
    for (const { first } of this.#runs) {
      const pages = own.get(first);
      if (pages === undefined) continue;
      own.delete(first);
      space.release({ first, pages });
    }
  }
}
