/*
 * Making a file shorter: pages with high numbers move to free ones with low numbers. A page moves as any page does that
 * is changed, by being copied in a transaction, with those above it. So a crash in the middle leaves a whole state.
 */
import { everything } from "@masstree/tree";
import type { BucketRecord } from "./bucket.ts";
import { type Context, recordOf } from "./context.ts";
import type { Core } from "./core.ts";
import { type Cell, type ChainRef, fetchNode, wholeKey } from "./node-pages.ts";
import { fetched, Tree } from "./tree.ts";
import { TreeScan } from "./tree-scan.ts";

/** What `BTreeStore.compact` returns. */
export interface CompactReport {
  /** Length of the file before and after, in bytes. */
  readonly before: number;
  readonly after: number;
  /** Bytes of the pages in use: the file cannot become shorter than that. */
  readonly used: number;
  /** Whether the file has at most `targetBytes` now; true if that is 0, which stands for as short as can be. */
  readonly reached: boolean;
}

/** The keys whose way down, or whose value's chain, has to be copied. */
interface Moves {
  readonly paths: Uint8Array[];
  readonly values: Uint8Array[];
}

/** It ends when fewer pages than this, or than a sixteenth of what is in use, could be gained. */
const LEAST_GAIN = 16;
/** How often it goes over the file at most. */
const MOST_ROUNDS = 9;

/**
 * Makes the file shorter, with the writer's lock for as long as it takes.
 *
 * @param targetBytes how long it may stay
 * @param transact runs a transaction under that lock, and commits it to the disk
 */
export function compactFile(
  core: Core,
  targetBytes: number,
  transact: (change: (context: Context) => void) => void,
): CompactReport {
  const before = core.file.size;
  const { pageBytes } = core.memory;
  core.flush();
  const report = () => {
    const used = core.state.used * pageBytes;
    const after = core.file.size;
    return { before, after, used, reached: targetBytes === 0 || after <= targetBytes };
  };
  if (before <= targetBytes) return report();
  const most = Math.floor(targetBytes / pageBytes);
  let former = Infinity;
  // Each round also copies what is above the pages that move, so it takes a few until nothing is gained.
  for (let round = 0; round < MOST_ROUNDS; round++) {
    if (core.space.pending > 0) core.settleStates();
    const { pages, used } = core.state;
    if (pages <= most || pages >= former) break;
    // As short as can be is not worth every page; a length that was asked for is.
    if (most <= used && pages - used < Math.max(LEAST_GAIN, used / 16)) break;
    former = pages;
    transact((context) => moveDown(context, Math.max(most, used)));
  }
  if (core.space.pending > 0) core.settleStates();
  core.shorten();
  return report();
}

/** Moves what lies behind a page number, in a transaction. */
function moveDown(context: Context, cutoff: number): void {
  const { core } = context;
  core.space.rewind();
  for (const [name, record] of buckets(context)) {
    if (record.root === 0) continue;
    const tree = new Tree(core, record.root, record.size, context.newest);
    if (!moveTree(context, tree, cutoff)) continue;
    context.recordRaw(name, { ...record, root: tree.root });
  }
  moveTree(context, context.catalog, cutoff);
}

/** The buckets' names as bytes, and their records. */
function buckets(context: Context): [Uint8Array, BucketRecord][] {
  const scan = new TreeScan(context.catalog, everything, false);
  const found: [Uint8Array, BucketRecord][] = [];
  while (scan.next()) {
    const [from, to] = scan.keyRange();
    const record = scan.value((bytes, start, end) =>
      recordOf(bytes.slice(start, end), end - start),
    );
    found.push([scan.bytes.slice(from, to), record]);
  }
  return found;
}

/** Returns whether there was anything to move. */
function moveTree(context: Context, tree: Tree, cutoff: number): boolean {
  if (tree.root === 0) return false;
  const { core } = context;
  const moves: Moves = { paths: [], values: [] };
  collect(context, tree.root, undefined, cutoff, moves);
  const setKey = (key: Uint8Array) => core.memory.open().key.set(key);
  for (const key of moves.values) {
    setKey(key);
    const length = tree.fetch(key.length);
    context.change(() => tree.put(key.length, fetched, length));
  }
  for (const key of moves.paths) {
    setKey(key);
    context.change(() => tree.touch(key.length, cutoff));
  }
  return moves.paths.length + moves.values.length > 0;
}

/** Finds what lies behind the cutoff in a part of a tree, whose root has to be at a level. Returns its first key. */
function collect(
  context: Context,
  number: number,
  level: number | undefined,
  cutoff: number,
  moves: Moves,
): Uint8Array {
  const { chains, memory } = context.core;
  const { isLeaf, level: own, link, cells } = fetchNode(memory, number, level);
  const isFar = (chain: ChainRef | undefined) =>
    chain !== undefined &&
    chains
      .runs(chain.first, chain.length, context.newest)
      .some(({ first, pages }) => first + pages > cutoff);
  const keyOf = (cell: Cell) =>
    wholeKey(cell, ({ first, length }) => chains.read(first, length, context.newest));
  for (const cell of cells) if (isFar(cell.valueChain)) moves.values.push(keyOf(cell));
  const below = isLeaf ? [] : [link, ...cells.map(({ child }) => child)];
  const keys = below.map((child) => collect(context, child, own - 1, cutoff, moves));
  const firstKey = keys[0] ?? keyOf(cells[0]!);
  // One way down copies the page, and the chains of its keys.
  const isHigh = number >= cutoff || cells.some(({ keyChain }) => isFar(keyChain));
  if (isHigh) moves.paths.push(firstKey);
  return firstKey;
}
