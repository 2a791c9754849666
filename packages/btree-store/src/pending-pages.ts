/*
 * Pages that only older states use, and which commit has freed them: docs/design.md, 'Which pages are free'. A list of runs
 * in an array of the book, in the order of the commits.
 *
 *   4 words for each run: commit (low and high word), first page, pages
 *
 * Invariant
 *   FREE4  The entries of pending from pendingStart to pendingEnd are whole, whoever dies. Those of a commit are written
 *          outside of that part, and belong to it once the state is published. Everything else can be found out from
 *          them and from the map of the newest state.
 */
import type { Run } from "./bits.ts";
import type { BookArrays } from "./book-arrays.ts";
import {
  BOOK_PENDING_END,
  BOOK_PENDING_PAGES,
  BOOK_PENDING_START,
} from "./generated/store-exports.ts";
import type { PendingRange } from "./shared-states.ts";

/** Which array of the book it is. */
export const PENDING = 5;
/** Words of an entry. */
const ENTRY = 4;

/** A run, and the commit that has freed it. */
interface Freed {
  readonly commit: number;
  readonly run: Run;
}

export class PendingPages implements Iterable<Run> {
  readonly #book: Uint32Array;
  readonly #arrays: BookArrays;

  constructor(book: Uint32Array, arrays: BookArrays) {
    this.#book = book;
    this.#arrays = arrays;
  }

  /** How many pages there are. Anyone may ask. */
  get pages(): number {
    return this.#book[BOOK_PENDING_PAGES]!;
  }

  set pages(pages: number) {
    this.#book[BOOK_PENDING_PAGES] = pages;
  }

  /** The part that counts (FREE4). */
  get range(): PendingRange {
    return { start: this.#book[BOOK_PENDING_START]!, end: this.#book[BOOK_PENDING_END]! };
  }

  /** Makes another part count: of a file that nobody has open yet. */
  set range({ start, end }: PendingRange) {
    this.#book[BOOK_PENDING_START] = start;
    this.#book[BOOK_PENDING_END] = end;
  }

  *[Symbol.iterator](): Generator<Run> {
    const { start, end } = this.range;
    for (let i = start; i < end; i++) yield this.#entry(i).run;
  }

  #entry(index: number): Freed {
    const pending = this.#arrays.at(PENDING);
    const at = ENTRY * index;
    return {
      commit: pending[at]! + 2 ** 32 * pending[at + 1]!,
      run: { first: pending[at + 2]!, pages: pending[at + 3]! },
    };
  }

  /**
   * Writes entries that a commit adds to the list, and returns where the list is with them. The list as it is stays whole
   * (FREE4): where that leaves room, all of it moves to the beginning.
   */
  append(commit: number, runs: readonly Run[]): PendingRange {
    const { start, end } = this.range;
    const kept = end - start;
    const moves = kept + runs.length <= start;
    const from = moves ? 0 : start;
    const pending = this.#arrays.ensure(PENDING, ENTRY * (from + kept + runs.length));
    if (moves) pending.copyWithin(0, ENTRY * start, ENTRY * end);
    runs.forEach(({ first, pages }, i) => {
      pending.set(
        [commit % 2 ** 32, Math.floor(commit / 2 ** 32), first, pages],
        ENTRY * (from + kept + i),
      );
    });
    return { start: from, end: from + kept + runs.length };
  }

  /** The commit that has freed what was freed first; undefined if the list is empty. */
  get firstCommit(): number | undefined {
    const { start, end } = this.range;
    return start < end ? this.#entry(start).commit : undefined;
  }

  /** Takes the runs off the list that were freed by a commit up to this one, and calls `free` for each before that. */
  release(commit: number, free: (run: Run) => void): void {
    const { start, end } = this.range;
    for (let i = start; i < end; i++) {
      const { commit: freed, run } = this.#entry(i);
      if (freed > commit) return;
      free(run);
      this.pages -= run.pages;
      this.#book[BOOK_PENDING_START] = i + 1;
    }
  }
}
