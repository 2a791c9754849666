/*
 * The arrays of the book (assembly/book.ts), as views: words in the region that every thread may make longer, with the
 * writer's lock. Then they lie elsewhere.
 */
import { StoreTooLargeError } from "./errors.ts";
import { BOOK_ARRAYS_AT } from "./generated/store-exports.ts";
import type { PageMemory } from "./page-memory.ts";

export class BookArrays {
  readonly #memory: PageMemory;
  readonly #book: Uint32Array;
  readonly #count: number;
  readonly #arrays: Uint32Array[] = [];

  /**
   * @param book the words of assembly/book.ts
   * @param count how many arrays there are
   */
  constructor(memory: PageMemory, book: Uint32Array, count: number) {
    this.#memory = memory;
    this.#book = book;
    this.#count = count;
  }

  /** Looks where everything is: another thread may have made it longer. */
  enter(): void {
    for (let which = 0; which < this.#count; which++) this.#look(which);
  }

  #look(which: number): void {
    const at = this.#book[BOOK_ARRAYS_AT + 2 * which]! / 4;
    const length = this.#book[BOOK_ARRAYS_AT + 2 * which + 1]!;
    this.#arrays[which] = this.#memory
      .open()
      .reach(4 * (at + length))
      .u32.subarray(at, at + length);
  }

  at(which: number): Uint32Array {
    return this.#arrays[which]!;
  }

  /** An array with room for a number of words. @throws StoreTooLargeError (`STORE_TOO_LARGE`) */
  ensure(which: number, words: number): Uint32Array {
    const { length } = this.at(which);
    if (words <= length) return this.at(which);
    const wanted = Math.max(64, words, 2 * length);
    if (this.#memory.open().exports.grow(which, wanted) === 0) {
      throw new StoreTooLargeError("The space map does not fit in memory.");
    }
    this.#look(which);
    return this.at(which);
  }
}
