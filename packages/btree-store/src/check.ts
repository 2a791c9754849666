/*
 * Checks a whole state: every page that it uses, once. It reads the file, past the pages in memory, and knows the format
 * from docs/design.md; only checksums are the module's.
 */
import { hasBit } from "./bits.ts";
import { compareBytes } from "./compare-bytes.ts";
import { recordOf } from "./context.ts";
import type { Core } from "./core.ts";
import { StoreCorruptError } from "./errors.ts";
import type { State } from "./meta.ts";
import { type ChainRef, readNode, wholeKey } from "./node-pages.ts";

/** How often progress is told, in pages. */
const PROGRESS_PAGES = 1000;

/** What a check has found: that all is in order, and what there is. */
export interface CheckReport {
  /** The commit of the state that was checked. */
  readonly commit: number;
  readonly buckets: number;
  /** Entries of all buckets. */
  readonly entries: number;
  /** Pages that the state uses; the rest of the file is free, or waits until older states are not needed. */
  readonly usedPages: number;
  readonly freePages: number;
}

/**
 * Checks a state, whose pages are kept meanwhile. O(used pages).
 *
 * @throws StoreCorruptError (`STORE_CORRUPT`) at the first thing that is wrong
 */
export function checkState(
  core: Core,
  state: State,
  progress?: (done: number, total: number) => void,
): CheckReport {
  const { memory, space } = core;
  const map = space.mapOf(state);
  const seen = new Uint8Array(Math.ceil(state.pages / 8));
  let used = 2;

  /** Notes that something leads to a page. */
  function visit(page: number): void {
    if (page < 2 || page >= state.pages) {
      throw new StoreCorruptError("Something leads to a page that there is not.", page);
    }
    if (seen[page >>> 3]! & (1 << (page & 7))) {
      throw new StoreCorruptError("Two things lead to one page.", page);
    }
    if (!hasBit(map.bits, page))
      throw new StoreCorruptError("A page in use is marked as free.", page);
    seen[page >>> 3]! |= 1 << (page & 7);
    used++;
    if (used % PROGRESS_PAGES === 0) progress?.(used, state.used);
  }

  function visitChain({ first, length }: ChainRef): Uint8Array {
    for (const run of core.chains.runs(first, length, state.commit)) {
      for (let i = 0; i < run.pages; i++) visit(run.first + i);
    }
    return core.chains.read(first, length, state.commit);
  }

  /**
   * Checks a part of a tree: keys from `lower` on, and below `upper`.
   *
   * @param level what the page's has to be; undefined for a root
   * @returns how many entries it has
   */
  function visitTree(
    page: number,
    level: number | undefined,
    lower: Uint8Array | undefined,
    upper: Uint8Array | undefined,
    each: ((key: Uint8Array, value: Uint8Array) => void) | undefined,
  ): number {
    visit(page);
    const node = readNode(memory.readToStage(page, 1, state.commit).slice(), page);
    if (level !== undefined && node.level !== level) {
      throw new StoreCorruptError("A page is at another level than its parent says.", page);
    }
    const keys = node.cells.map((cell) => wholeKey(cell, visitChain));
    let before = lower;
    let isFirst = true;
    for (const key of keys) {
      const order = before === undefined ? -1 : compareBytes(before, key);
      // A separator may be the same as the bound below it only in a leaf.
      if (order > 0 || (order === 0 && !(isFirst && node.isLeaf))) {
        throw new StoreCorruptError("Keys are out of order.", page);
      }
      before = key;
      isFirst = false;
    }
    if (
      upper !== undefined &&
      before !== undefined &&
      compareBytes(before, upper) >= 0 &&
      keys.length > 0
    ) {
      throw new StoreCorruptError("A key is outside of its page's bounds.", page);
    }
    if (node.isLeaf) {
      node.cells.forEach(({ value, valueChain }, i) => {
        const whole = valueChain === undefined ? value : visitChain(valueChain);
        each?.(keys[i]!, whole);
      });
      return keys.length;
    }
    let entries = visitTree(node.link, node.level - 1, lower, keys[0] ?? upper, each);
    node.cells.forEach(({ child }, i) => {
      entries += visitTree(child, node.level - 1, keys[i], keys[i + 1] ?? upper, each);
    });
    return entries;
  }

  const roots: { root: number; size: number }[] = [];
  if (state.catalog !== 0) {
    visitTree(state.catalog, undefined, undefined, undefined, (_name, value) => {
      roots.push(recordOf(value.slice(), value.length));
    });
  }
  let entries = 0;
  for (const { root, size } of roots) {
    const found = root === 0 ? 0 : visitTree(root, undefined, undefined, undefined, undefined);
    if (found !== size) {
      throw new StoreCorruptError(
        `A bucket has ${found} entries, and the catalog says ${size}.`,
        root,
      );
    }
    entries += found;
  }
  for (const page of map.ownPages) visit(page);
  if (used !== state.used) {
    throw new StoreCorruptError(
      `The state uses ${state.used} pages, and ${used} of them can be reached.`,
    );
  }
  progress?.(used, used);
  return {
    commit: state.commit,
    buckets: roots.length,
    entries,
    usedPages: used,
    freePages: state.pages - used,
  };
}
