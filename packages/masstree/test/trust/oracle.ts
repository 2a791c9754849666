import type { KeyType } from "../../src/index.ts";

export interface Held {
  readonly rank: string;
  readonly key: KeyType;
  readonly number: number;
}

/** What is asked of a range, by ranks. */
export interface RankRange {
  readonly lower?: string;
  readonly lowerInclusive: boolean;
  readonly upper?: string;
  readonly upperInclusive: boolean;
  readonly reverse: boolean;
  readonly limit: number;
}

/** A sorted array, which is too simple to be wrong. Keys are compared by their ranks. */
export class Oracle {
  readonly #entries: Held[] = [];

  get size(): number {
    return this.#entries.length;
  }

  get(rank: string): number {
    const found = this.#entries[this.#indexOf(rank)];
    return found?.rank === rank ? found.number : 0;
  }

  set(held: Held): void {
    const index = this.#indexOf(held.rank);
    const isThere = this.#entries[index]?.rank === held.rank;
    this.#entries.splice(index, isThere ? 1 : 0, held);
  }

  delete(rank: string): boolean {
    const index = this.#indexOf(rank);
    if (this.#entries[index]?.rank !== rank) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  clear(): void {
    this.#entries.length = 0;
  }

  all(): readonly Held[] {
    return this.#entries;
  }

  range({ lower, lowerInclusive, upper, upperInclusive, reverse, limit }: RankRange): Held[] {
    const found = this.#entries.filter(({ rank }) => {
      if (lower !== undefined && (lowerInclusive ? rank < lower : rank <= lower)) return false;
      return upper === undefined || (upperInclusive ? rank <= upper : rank < upper);
    });
    if (reverse) found.reverse();
    return found.slice(0, limit);
  }

  /** Of the first entry that is not below. */
  #indexOf(rank: string): number {
    let from = 0;
    let to = this.#entries.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#entries[middle]!.rank < rank) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
