/*
 * Making a file shorter: pages with high numbers move to free ones with low numbers. A page moves as any page does that
 * is changed, by being copied in a transaction, with those above it. So a crash in the middle leaves a whole state.
 */
import type { BucketRecord } from "./bucket.ts";
import { type Context, recordOf } from "./context.ts";
import { type ChainRef, readNode } from "./node-pages.ts";
import { fetched, Tree } from "./tree.ts";
import { TreeScan } from "./tree-scan.ts";

/** What `BTreeStore.compact` returns. */
export interface CompactReport {
  /** Length of the file before and after, in bytes. */
  readonly before: number;
  readonly after: number;
}

/** The keys whose way down, or whose value's chain, has to be copied. */
interface Moves {
  readonly paths: Uint8Array[];
  readonly values: Uint8Array[];
}

/**
 * Moves what lies behind a page number, in a transaction.
 *
 * @returns whether there was anything
 */
export function moveDown(context: Context, cutoff: number): boolean {
  const { core } = context;
  core.space.rewind();
  let isMoved = false;
  for (const [name, record] of buckets(context)) {
    if (record.root === 0) continue;
    const tree = new Tree(core, record.root, record.size, context.newest);
    if (!moveTree(context, tree, cutoff)) continue;
    context.recordRaw(name, { ...record, root: tree.root });
    isMoved = true;
  }
  return moveTree(context, context.catalog, cutoff) || isMoved;
}

/** The buckets' names as bytes, and their records. */
function buckets(context: Context): [Uint8Array, BucketRecord][] {
  const scan = new TreeScan(context.catalog, everyKey, false);
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

const everyKey = {
  lower: undefined,
  lowerInclusive: false,
  upper: undefined,
  upperInclusive: false,
  reverse: false,
  offset: 0,
  limit: Infinity,
};

function moveTree(context: Context, tree: Tree, cutoff: number): boolean {
  if (tree.root === 0) return false;
  const { core } = context;
  const moves: Moves = { paths: [], values: [] };
  collect(context, tree.root, cutoff, moves);
  const setKey = (key: Uint8Array) => core.memory.open().key.set(key);
  const readValue = (key: Uint8Array) => {
    setKey(key);
    const length = tree.fetch(key.length);
    return fetched.slice(0, length);
  };
  for (const key of moves.values) {
    const value = readValue(key);
    setKey(key);
    context.change(() => tree.put(key.length, value, value.length));
  }
  for (const key of moves.paths) {
    setKey(key);
    context.change(() => tree.touch(key.length, cutoff));
  }
  return moves.paths.length + moves.values.length > 0;
}

/** Finds what lies behind the cutoff. Returns the first key of the part, and whether anything of it moves. */
function collect(
  context: Context,
  number: number,
  cutoff: number,
  moves: Moves,
): { readonly first: Uint8Array; isMoved: boolean } {
  const { core } = context;
  const { exports } = core.memory.open();
  if (exports.copyPage(number, core.memory.stageAddress()) === 0) throw core.memory.fault();
  const { isLeaf, link, cells } = readNode(core.memory.stage(1).slice(), number);
  const isFar = (chain: ChainRef | undefined) =>
    chain !== undefined &&
    core
      .chainRuns(chain.first, chain.length, context.newest)
      .some(({ first, pages }) => first + pages > cutoff);
  const isHigh = number >= cutoff || cells.some(({ keyChain }) => isFar(keyChain));
  if (!isLeaf) {
    const found = collect(context, link, cutoff, moves);
    for (const { child } of cells) {
      if (collect(context, child, cutoff, moves).isMoved) found.isMoved = true;
    }
    // One way down copies the branch, and its separators' chains.
    if (isHigh) {
      moves.paths.push(found.first);
      found.isMoved = true;
    }
    return found;
  }
  let isMoved = false;
  for (const { key, keyChain, valueChain } of cells) {
    if (!isFar(valueChain)) continue;
    moves.values.push(wholeKey(context, key, keyChain));
    isMoved = true;
  }
  const first = wholeKey(context, cells[0]!.key, cells[0]!.keyChain);
  if (isHigh) {
    moves.paths.push(first);
    isMoved = true;
  }
  return { first, isMoved };
}

function wholeKey(context: Context, local: Uint8Array, chain: ChainRef | undefined): Uint8Array {
  if (chain === undefined) return local;
  const rest = context.core.readChain(chain.first, chain.length, context.newest);
  const key = new Uint8Array(local.length + rest.length);
  key.set(local);
  key.set(rest, local.length);
  return key;
}
