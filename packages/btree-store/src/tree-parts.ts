/*
 * A tree of the file, for `splitPoints`: a piece of its keys is divided at one page, the highest that has places within
 * it. What lies between two places is estimated by the level: how many entries a page of that level leads to on average,
 * of a few that are looked at. So the work does not depend on the number of entries (POINTS3 of @masstree/tree).
 */
import { type Bounds, type Divisible, type Division, everything, type Place } from "@masstree/tree";
import { compareBytes } from "./compare-bytes.ts";
import { type Cell, fetchNode, type NodePage, wholeKey } from "./node-pages.ts";
import type { Tree } from "./tree.ts";
import { TreeScan } from "./tree-scan.ts";

/** How many ways down are looked at for the estimates. */
const SAMPLES = 8;

export class TreeParts implements Divisible {
  readonly #tree: Tree;
  /** About how many entries a page of each level leads to; undefined before that is needed. */
  #entries: readonly number[] | undefined;

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  divide(start: Uint8Array | undefined, end: Uint8Array | undefined): Division | undefined {
    const { root } = this.#tree;
    if (root === 0) return undefined;
    let node = this.#fetch(root, undefined);
    while (true) {
      const keys = node.cells.map((cell) => this.#keyOf(cell));
      // The places are from `first` on, and before `behind`.
      const first =
        start === undefined ? 0 : keys.filter((key) => compareBytes(key, start) <= 0).length;
      const behind =
        end === undefined ? keys.length : keys.filter((key) => compareBytes(key, end) < 0).length;
      if (node.isLeaf) return leafDivision(keys, first, behind, start);
      if (first < behind) {
        const weight = this.#entriesBelow(node.level - 1);
        return { weight, places: keys.slice(first, behind).map((key) => ({ key, weight })) };
      }
      const child = first === 0 ? node.link : node.cells[first - 1]!.child;
      node = this.#fetch(child, node.level - 1);
    }
  }

  firstKey(bounds: Bounds): Uint8Array | undefined {
    const scan = new TreeScan(this.#tree, { ...bounds, limit: Math.min(bounds.limit, 1) }, true);
    return scan.next() ? scan.keep().key : undefined;
  }

  /** How many of the keys from `start` to `end` there are: 0 or 1 where `divide` gives nothing. */
  weightOf(start: Uint8Array | undefined, end: Uint8Array | undefined): number {
    const lower = { lower: start, lowerInclusive: start !== undefined };
    return this.firstKey({ ...everything, ...lower, upper: end }) === undefined ? 0 : 1;
  }

  #fetch(page: number, level: number | undefined): NodePage {
    return fetchNode(this.#tree.core.memory, page, level);
  }

  #keyOf(cell: Cell): Uint8Array {
    const { core, newest } = this.#tree;
    return wholeKey(cell, ({ first, length }) => core.chains.read(first, length, newest));
  }

  #entriesBelow(level: number): number {
    this.#entries ??= this.#estimate();
    return this.#entries[level]!;
  }

  #estimate(): number[] {
    const root = this.#fetch(this.#tree.root, undefined);
    const sums = new Array<number>(root.level + 1).fill(0);
    for (let i = 0; i < SAMPLES; i++) {
      // Evenly at the root, and below it each way at another place.
      let at = (i + 0.5) / SAMPLES;
      for (let node = root; ; ) {
        const { isLeaf, level, cells, link } = node;
        const width = isLeaf ? cells.length : cells.length + 1;
        sums[level]! += width / SAMPLES;
        if (isLeaf) break;
        const child = Math.floor(at * width);
        at = at * width - child;
        node = this.#fetch(child === 0 ? link : cells[child - 1]!.child, level - 1);
      }
    }
    let product = 1;
    return sums.map((width) => {
      product *= width;
      return product;
    });
  }
}

/** Each key of a leaf is a place, but the first one of the piece. */
function leafDivision(
  keys: readonly Uint8Array[],
  first: number,
  behind: number,
  start: Uint8Array | undefined,
): Division | undefined {
  const hasStart = start !== undefined && first > 0 && compareBytes(keys[first - 1]!, start) === 0;
  const places: Place[] = keys
    .slice(hasStart ? first : first + 1, behind)
    .map((key) => ({ key, weight: 1 }));
  return places.length === 0 ? undefined : { weight: 1, places };
}
