// The one order of all atomic accesses that the memory model asks for, as far as a schedule has fixed it.
//
// What is fixed are edges: from an access to the next one of its thread; from a write to the reads that took
// its value; from a write to the next one of the same word; from a read to the write that it came before.
// A total order exists if these have no cycle. A read of the last value only adds edges to itself, so it never
// closes one. A read of an older value adds an edge from itself to the write that it did not see, and may.

/** A word that is accessed atomically. The model relates accesses of exactly the same bytes only. */
export function wordOf(address: number, width: number): number {
  return address * 32 + width;
}

const unbound = -1;
const last = -2;

interface Access {
  readonly thread: number;
  /** Of a write: its word. Of a read that comes before the next write of its word: that word. */
  readonly word: number;
  readonly writes: boolean;
  /** Accesses that come before it, and one that comes after it; -1 for none. */
  readonly after: number;
  readonly before: number;
}

export class AtomicOrder {
  readonly #accesses: Access[] = [];

  /** A new schedule. */
  begin(): void {
    this.#accesses.length = 0;
  }

  /** A write, and its number. */
  write(thread: number, word: number): number {
    return this.#accesses.push({ thread, word, writes: true, after: unbound, before: unbound }) - 1;
  }

  /**
   * A read, which took the value of write number `from`, -1 if that is no atomic write of the word. It comes before
   * write number `before`, or before the next one, if that is undefined.
   */
  read(thread: number, word: number, from: number, before: number | undefined): void {
    this.#accesses.push({ thread, word, writes: false, after: from, before: before ?? last });
  }

  /** What `thread` does from here on comes after all that `ended` did. */
  join(thread: number, ended: number): void {
    const after = this.#accesses.findLastIndex((access) => access.thread === ended);
    this.#accesses.push({ thread, word: 0, writes: false, after, before: unbound });
  }

  /** Whether what `thread` does next may come before access number `later`. */
  mayPrecede(thread: number, later: number): boolean {
    const target = this.#accesses.findLastIndex((access) => access.thread === thread);
    if (target < 0) return true;
    const successors = this.#successors();
    const seen = new Set([later]);
    for (const access of seen) {
      if (access === target) return false;
      for (const next of successors[access]!) seen.add(next);
    }
    return true;
  }

  #successors(): number[][] {
    const successors: number[][] = this.#accesses.map(() => []);
    const lastOf = new Map<number, number>();
    // By word: the last write, or those that read since.
    const latest = new Map<number, number[]>();
    for (const [index, { thread, word, writes, after, before }] of this.#accesses.entries()) {
      const previous = lastOf.get(thread);
      if (previous !== undefined) successors[previous]!.push(index);
      lastOf.set(thread, index);
      if (after >= 0) successors[after]!.push(index);
      if (before >= 0) successors[index]!.push(before);
      if (writes) {
        for (const earlier of latest.get(word) ?? []) successors[earlier]!.push(index);
        latest.set(word, [index]);
      } else if (before === last) {
        const earlier = latest.get(word);
        if (earlier === undefined) latest.set(word, [index]);
        else earlier.push(index);
      }
    }
    return successors;
  }
}
