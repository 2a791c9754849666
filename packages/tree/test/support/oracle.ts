// The naive model of a tree: a sorted array of entries.
import { compare, show } from "./bytes.ts";
import type { Entry, Key, Range, TreeInstance } from "./instance.ts";

export class Oracle {
  readonly entries: Entry[] = [];

  /** Where a key is or belongs, and whether it is there. */
  #find(key: Key): { at: number; present: boolean } {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare((this.entries[middle] as Entry)[0], key) < 0) low = middle + 1;
      else high = middle;
    }
    const entry = this.entries[low];
    return { at: low, present: entry !== undefined && compare(entry[0], key) === 0 };
  }

  get(key: Key): number | undefined {
    const { at, present } = this.#find(key);
    return present ? (this.entries[at] as Entry)[1] : undefined;
  }

  /** The value that was there. */
  set(key: Key, value: number): number | undefined {
    const { at, present } = this.#find(key);
    const before = present ? (this.entries[at] as Entry)[1] : undefined;
    this.entries.splice(at, present ? 1 : 0, [key, value]);
    return before;
  }

  /** The value that was there. */
  remove(key: Key): number | undefined {
    const { at, present } = this.#find(key);
    return present ? (this.entries.splice(at, 1)[0] as Entry)[1] : undefined;
  }

  clear(): void {
    this.entries.length = 0;
  }

  range({ start, startInclusive, end, endInclusive, reverse }: Range): Entry[] {
    const sign = reverse ? -1 : 1;
    const from = (key: Key) => {
      if (start === undefined) return true;
      const order = compare(key, start) * sign;
      return order > 0 || (order === 0 && startInclusive === true);
    };
    const to = (key: Key) => {
      if (end === undefined) return true;
      const order = compare(key, end) * sign;
      return order < 0 || (order === 0 && endInclusive === true);
    };
    const found = this.entries.filter(([key]) => from(key) && to(key));
    return reverse ? found.reverse() : found;
  }
}

/** Throws at the first entry that differs. Faster than a general comparison, and says what matters. */
export function expectEntries(actual: readonly Entry[], expected: readonly Entry[]): void {
  const count = Math.max(actual.length, expected.length);
  for (let i = 0; i < count; i++) {
    const a = actual[i];
    const e = expected[i];
    if (a && e && a[1] === e[1] && compare(a[0], e[0]) === 0) continue;
    const say = (entry: Entry | undefined) =>
      entry ? `${show(entry[0])}: ${entry[1]}` : "no entry";
    const lengths = `(${actual.length} entries, expected ${expected.length})`;
    throw new Error(`entry ${i} is ${say(a)}, expected ${say(e)} ${lengths}`);
  }
}

/** The tree is sound and holds exactly these entries, whichever way one looks. */
export function expectContents(tree: TreeInstance, expected: readonly Entry[]): void {
  tree.verify();
  expectEntries(tree.scan(), expected);
  expectEntries(tree.scan({ reverse: true }), [...expected].reverse());
  for (const [key, value] of expected) {
    const found = tree.get(key);
    if (found !== value) throw new Error(`get ${show(key)} gave ${found}, expected ${value}`);
  }
  if (tree.size !== expected.length) {
    throw new Error(`the size is ${tree.size}, expected ${expected.length}`);
  }
}

/** Nothing is left: after what is due was done, the tree is sound and has the one block of its empty root. */
export function expectNothingLeft(tree: TreeInstance): void {
  if (tree.exports.quiesce() !== 1) throw new Error("the queue or the garbage did not drain");
  expectContents(tree, []);
  const blocks = tree.exports.liveBlocks();
  if (blocks !== 1) throw new Error(`${blocks} blocks are live, expected that of the root`);
}

/** Removes what is there, each of which must be found, and insists that nothing is left. */
export function emptyOut(tree: TreeInstance): void {
  tree.verify();
  for (const [key] of tree.scan()) {
    if (!tree.remove(key)) throw new Error(`${show(key)} could be scanned and not removed`);
  }
  expectNothingLeft(tree);
}
