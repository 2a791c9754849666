/*
 * Cutting a range into about equal parts, without reading it.
 *
 * The range begins as one piece. In each round, every piece that is much larger than wanted is divided at one node
 * of the tree (for maps: assembly/divide.ts). Then cuts are chosen among the places between pieces, and each becomes the first
 * key at or behind its place.
 *
 * Invariants
 *   POINTS1  Pieces are intervals of keys, not places in memory: nothing is held between two calls, and the map may
 *            change in any way meanwhile.
 *   POINTS2  A place counts only if it lies within the piece that it divides, and behind the place before.
 *   POINTS3  The work depends on the number of parts and the height of the tree, not on the number of entries.
 */
import { MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { type KeyCodec, keyCodecs } from "@masstree/key";
import { EntryBuffer } from "./entry-buffer.ts";
import {
  ENTRY_BYTES,
  ENTRY_KEY,
  ENTRY_VALUE,
  SCAN_HAS_END,
  SCAN_HAS_START,
  WORD_OUT,
} from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, compare } from "./range.ts";
import { Scan } from "./scan.ts";

/** The most parts that a range is cut into. */
const MOST_PARTS = 65_536;
/** Pieces for each part: a cut is off by half a piece, and the estimates by some more. */
const PIECES = 8;
/** But at least so many: the fewer there are, the more an estimate that is wrong matters. */
const LEAST_PIECES = 128;
/** How often pieces are divided. Each round goes one level down, past all levels that do not part anything. */
const ROUNDS = 32;

/** What can be cut: a tree, or what is read through one. @internal */
export interface Divisible {
  /**
   * Divides the keys from `start`, inclusive, to `end`, exclusive, at places between them: undefined stands for an end
   * of all. O(log size).
   *
   * @returns undefined if they are one entry, or none, or cannot be looked into
   */
  divide(start: Uint8Array | undefined, end: Uint8Array | undefined): Division | undefined;
  /** The first key of a range; undefined if there is none. */
  firstKey(bounds: Bounds): Uint8Array | undefined;
}

/** Where some keys are divided. @internal */
export interface Division {
  /** About how many entries are in front of the first place. */
  readonly weight: number;
  readonly places: readonly Place[];
}

/** A place between keys: a key, or the beginning of some. @internal */
export interface Place {
  readonly key: Uint8Array;
  /** About how many entries there are from here to the next place. */
  readonly weight: number;
}

interface Piece {
  /** Where it begins; undefined for the beginning of the range. It ends where the next one begins. */
  readonly start: Uint8Array | undefined;
  /** About how many entries it has. */
  readonly weight: number;
  /** Whether it is one entry, or cannot be looked into. */
  readonly isWhole: boolean;
}

/**
 * Keys that cut a range into about equal parts: each is in the range and there, and not its first key. They ascend.
 *
 * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`)
 * @internal
 */
export function splitPoints<K extends KeyType>(
  source: Divisible,
  codec: KeyCodec<K>,
  bounds: Bounds,
  parts: number,
): K[] {
  if (!(Number.isInteger(parts) && parts >= 1 && parts <= MOST_PARTS)) {
    throw new MassTreeBadOptionError(
      `'splitPoints' takes the number of 'parts', a whole number from 1 to ${MOST_PARTS}, not ${describe(parts)}.`,
    );
  }
  if (bounds.limit === 0 || parts === 1) return [];
  const range = { ...bounds, reverse: false };
  const found: Uint8Array[] = [];
  let last = source.firstKey(range);
  for (const place of places(divided(source, range, parts), parts)) {
    const key = source.firstKey({ ...range, lower: place, lowerInclusive: true });
    if (key === undefined || last === undefined || compare(key, last) <= 0) continue;
    found.push(key);
    last = key;
  }
  // At last: this may run code of the caller.
  return found.map((key) => codec.decode(key, 0, key.length));
}

/** The range in pieces, in order. */
function divided(source: Divisible, range: Bounds, parts: number): Piece[] {
  let pieces: Piece[] = [{ start: undefined, weight: Number.POSITIVE_INFINITY, isWhole: false }];
  for (let round = 0; round < ROUNDS; round++) {
    const total = pieces.reduce((sum, { weight }) => sum + weight, 0);
    const most =
      total === Number.POSITIVE_INFINITY ? 0 : total / Math.max(parts * PIECES, LEAST_PIECES);
    const next: Piece[] = [];
    for (const [i, piece] of pieces.entries()) {
      if (piece.isWhole || piece.weight <= most) next.push(piece);
      else next.push(...divide(source, range, piece, pieces[i + 1]?.start));
    }
    const isDone = next.length === pieces.length && next.every((piece, i) => piece === pieces[i]);
    pieces = next;
    if (isDone) break;
  }
  return pieces;
}

/** Divides one piece, up to `end`. */
function divide(
  source: Divisible,
  range: Bounds,
  piece: Piece,
  end: Uint8Array | undefined = range.upper,
): Piece[] {
  const start = piece.start ?? range.lower;
  const division = source.divide(start, end);
  if (division === undefined) {
    const weight = piece.weight === Number.POSITIVE_INFINITY ? 1 : piece.weight;
    return [{ start: piece.start, weight, isWhole: true }];
  }
  let { weight } = division;
  const pieces: Piece[] = [];
  let from = piece.start;
  for (const { key: place, weight: behind } of division.places) {
    // POINTS2
    if (end !== undefined && compare(place, end) >= 0) break;
    const before = from ?? start;
    const isBehind = before === undefined ? place.length > 0 : compare(place, before) > 0;
    if (isBehind) {
      pieces.push({ start: from, weight, isWhole: weight <= 1 });
      from = place;
    }
    weight = behind;
  }
  pieces.push({ start: from, weight, isWhole: weight <= 1 || pieces.length === 0 });
  return pieces;
}

/** For each cut between `parts` equal weights the nearest place between pieces, without repetitions. */
function places(pieces: readonly Piece[], parts: number): Uint8Array[] {
  const total = pieces.reduce((sum, { weight }) => sum + weight, 0);
  const chosen: Uint8Array[] = [];
  let before = 0;
  let last = 0;
  for (let cut = 1, i = 0; cut < parts; cut++) {
    const wanted = (cut * total) / parts;
    while (i < pieces.length - 1 && before + pieces[i]!.weight / 2 <= wanted) {
      before += pieces[i++]!.weight;
    }
    if (i > last) chosen.push(pieces[i]!.start!);
    last = i;
  }
  return chosen;
}

/** The tree of a map. @internal */
export class TreeParts implements Divisible {
  readonly #tree: TreeInstance;

  constructor(tree: TreeInstance) {
    this.#tree = tree;
  }

  /** At one node of the tree. */
  divide(start: Uint8Array | undefined, end: Uint8Array | undefined): Division | undefined {
    const tree = this.#tree;
    if (start !== undefined) tree.key.set(start);
    if (end !== undefined) tree.bound.set(end);
    const flags =
      (start === undefined ? 0 : SCAN_HAS_START) | (end === undefined ? 0 : SCAN_HAS_END);
    const count = tree.exports.divide(start?.length ?? 0, end?.length ?? 0, flags);
    if (count === 0) return undefined;
    const weight = tree.result.f64[WORD_OUT / 8]!;
    tree.spare ??= new EntryBuffer();
    const buffer = tree.spare;
    buffer.fill(tree.result, count);
    const { u32, f64, bytes } = buffer.views;
    const places: Place[] = [];
    for (let i = 0, entry = 0; i < count; i++, entry += u32[(entry + ENTRY_BYTES) >> 2]!) {
      const key = bytes.slice(entry + ENTRY_KEY, entry + ENTRY_KEY + u32[entry >> 2]!);
      places.push({ key, weight: f64[(entry + ENTRY_VALUE) >> 3]! });
    }
    return { weight, places };
  }

  firstKey(bounds: Bounds): Uint8Array | undefined {
    const scan = new Scan(this.#tree, keyCodecs.bytes, undefined, bounds, 1);
    try {
      return scan.next() ? scan.key() : undefined;
    } finally {
      scan.stop();
    }
  }
}
