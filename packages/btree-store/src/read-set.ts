/*
 * What a transaction has read, and whether that is still so in a later state: docs/design.md, 'Optimistic transactions'.
 */
import type { Bounds } from "@masstree/tree";
import {
  DIFFER_FAILED,
  DIFFERENT,
  END_INCLUSIVE,
  HAS_END,
  HAS_START,
  KEYS_ONLY,
  OUT_LENGTH,
  SAME,
  START_INCLUSIVE,
} from "./generated/store-exports.ts";
import { KeyList } from "./key-list.ts";
import type { PageMemory } from "./page-memory.ts";
import type { Tree } from "./tree.ts";

/** A part of a range that was read, from where it begins. It grows as more of it is read. */
export class RangeRead {
  readonly bounds: Bounds;
  /** Whether only its keys were read: then their values may change. */
  readonly keysOnly: boolean;
  /** The last key that was read. */
  last: Uint8Array | undefined;
  /** Whether it was read to its end. */
  isWhole = false;

  constructor(bounds: Bounds, keysOnly: boolean) {
    this.bounds = bounds;
    this.keysOnly = keysOnly;
  }
}

/** What has changed: the bytes of a key that was read, or of which another thing was read; undefined for the size. */
export interface Change {
  readonly key: Uint8Array | undefined;
}

export class ReadSet {
  /** Keys, and whether only it was read that they are there or not. */
  readonly #keys = new KeyList<boolean>();
  readonly #ranges: RangeRead[] = [];
  #hasSize = false;

  /** Notes that the value of a key was read, or only whether there is one. */
  addKey(key: Uint8Array, length: number, keysOnly: boolean): void {
    const known = this.#keys.find(key, length);
    if (known === undefined) this.#keys.set(key, length, keysOnly);
    else known.value &&= keysOnly;
  }

  /** Notes a range that is about to be read. */
  addRange(bounds: Bounds, keysOnly: boolean): RangeRead {
    const range = new RangeRead(bounds, keysOnly);
    this.#ranges.push(range);
    return range;
  }

  /** Notes that it was read how many entries there are. */
  addSize(): void {
    this.#hasSize = true;
  }

  /**
   * Looks for something that was read and is no longer so. O(what was read × log size); O(1) if nothing has changed.
   *
   * @param older the tree that was read, whose pages have been kept
   * @param newer the same tree later
   * @throws StoreCorruptError (`STORE_CORRUPT`)
   */
  findChange(memory: PageMemory, older: Tree, newer: Tree): Change | undefined {
    if (older.root === newer.root) return undefined;
    for (const { key, value: keysOnly } of this.#keys) {
      if (differsAt(memory, older, newer, key, keysOnly)) return { key };
    }
    for (const range of this.#ranges) {
      const key = differenceIn(memory, older, newer, range);
      if (key !== undefined) return { key };
    }
    return this.#hasSize && older.size !== newer.size ? { key: undefined } : undefined;
  }
}

/** Whether a key has another value in two states; or is in one of them only, if its value does not matter. */
export function differsAt(
  memory: PageMemory,
  older: Tree,
  newer: Tree,
  key: Uint8Array,
  keysOnly: boolean,
): boolean {
  const session = memory.open();
  session.key.set(key);
  const flags = keysOnly ? KEYS_ONLY : 0;
  const result = session.exports.differAt(older.root, newer.root, key.length, flags);
  if (result === DIFFER_FAILED) throw memory.fault();
  return result === DIFFERENT;
}

/** The first key of what was read of a range that differs. */
function differenceIn(
  memory: PageMemory,
  older: Tree,
  newer: Tree,
  { bounds, keysOnly, last, isWhole }: RangeRead,
): Uint8Array | undefined {
  if (!isWhole && last === undefined) return undefined;
  let { lower, lowerInclusive, upper, upperInclusive } = bounds;
  if (!isWhole && bounds.reverse) {
    lower = last;
    lowerInclusive = true;
  } else if (!isWhole) {
    upper = last;
    upperInclusive = true;
  }
  const read = { ...bounds, lower, lowerInclusive, upper, upperInclusive };
  return nextDifference(memory, older, newer, read, keysOnly);
}

/**
 * The first key of a range that two states of a tree differ in, in ascending order: docs/design.md, 'What has changed'.
 * Passes by what both share. A long value that was written again counts as another one.
 *
 * @param keysOnly whether values do not matter
 * @throws StoreCorruptError (`STORE_CORRUPT`)
 */
export function nextDifference(
  memory: PageMemory,
  older: Tree,
  newer: Tree,
  { lower, lowerInclusive, upper, upperInclusive }: Bounds,
  keysOnly: boolean,
): Uint8Array | undefined {
  const session = memory.open();
  if (lower !== undefined) session.key.set(lower);
  let length = lower?.length ?? 0;
  let start =
    (lower === undefined ? 0 : HAS_START) | (lower && lowerInclusive ? START_INCLUSIVE : 0);
  const rest =
    (upper === undefined ? 0 : HAS_END) |
    (upperInclusive ? END_INCLUSIVE : 0) |
    (keysOnly ? KEYS_ONLY : 0);
  while (true) {
    const { exports, key, bound, result } = memory.open();
    if (upper !== undefined) bound.set(upper);
    const found = exports.differ(older.root, newer.root, length, upper?.length ?? 0, start | rest);
    if (found === DIFFER_FAILED) throw memory.fault();
    if (found === SAME) return undefined;
    length = result.u32[OUT_LENGTH]!;
    if (found === DIFFERENT) return key.slice(0, length);
    start = HAS_START; // Behind the key in the key scratch.
  }
}
