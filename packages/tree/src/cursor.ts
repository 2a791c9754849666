/*
 * A place in key order that moves both ways.
 *
 * Invariants
 *   CURSOR1  Between two steps nothing in shared memory belongs to the cursor: no lock, no pin, no scratch. It has
 *            its entry in private memory.
 *   CURSOR2  The place is a key, never a place in memory: each step is a new search from that key, or from an end of
 *            the range. So the map may change in any way between two steps.
 *   CURSOR3  A step that throws, wherever it is interrupted, leaves the cursor where it was: the new entry comes in a
 *            buffer of its own, and counts by the assignments at the end.
 */
import { MassTreeClosedError } from "@masstree/errors";
import { makeUsable, type Usable } from "@masstree/errors/lifetime";
import type { KeyCodec } from "@masstree/key";
import type { EntryBuffer } from "./entry-buffer.ts";
import { ENTRY_KEY } from "./exports.ts";
import type { TreeInstance } from "./instance.ts";
import type { KeyType } from "./key-types.ts";
import { type Bounds, compare, reversed } from "./range.ts";
import { Scan, type ScanValues } from "./scan.ts";

/**
 * A place in a range of a map, which moves both ways: before the first entry, at an entry, or behind the last one.
 * "First" and "next" follow the direction of the range: in a reversed one, the next key is a smaller one.
 *
 * Between two steps it holds nothing in the map: no lock, no pin, no memory. Each step is a search of its own,
 * O(key bytes + log size), and finds what is there at that moment: it never gives an entry that was gone when the
 * step began, and never misses one that was there. The entry that the cursor is at may be removed meanwhile: the
 * cursor stays at its key, and the next step goes on from there. To read many entries one way, `entries` is several
 * times faster, since it takes up to 256 at a time.
 *
 * A step that throws leaves the cursor where it was. Once the map is closed, every step throws MassTreeClosedError
 * (`MASSTREE_CLOSED`); what the cursor has read stays readable.
 */
export interface Cursor<K, V> extends Usable {
  /** The key of the entry that the cursor is at; `undefined` before the first and behind the last. */
  readonly key: K | undefined;
  /**
   * The value that this entry had when the cursor came here; `undefined` if the cursor is at none. It is decoded when
   * it is first read, and then always the same object.
   *
   * @throws what the value codec throws
   */
  readonly value: V | undefined;
  /**
   * Moves to the next entry. From before the first it moves to the first.
   *
   * @returns whether there is one; if not, the cursor is behind the last, and stays there whatever the map gets
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
   */
  next(): boolean;
  /**
   * Moves to the entry before. From behind the last it moves to the last.
   *
   * @returns whether there is one; if not, the cursor is before the first, and stays there whatever the map gets
   * @throws MassTreeClosedError (`MASSTREE_CLOSED`)
   */
  previous(): boolean;
  /**
   * Moves to the entry of `key`; if there is none, to the first entry behind that place. A key in front of the range
   * leads to its first entry, one beyond it behind the last.
   *
   * @returns whether the cursor is at an entry now. Compare `cursor.key` to know whether it is that of `key`
   * @throws MassTreeBadKeyError (`MASSTREE_BAD_KEY`), MassTreeKeyTooLongError (`MASSTREE_KEY_TOO_LONG`),
   *   MassTreeClosedError (`MASSTREE_CLOSED`)
   */
  seek(key: K): boolean;
  /**
   * Lets go of what the cursor has read. Steps then throw MassTreeClosedError (`MASSTREE_CLOSED`). Need not be called:
   * a cursor that is dropped leaves nothing behind.
   */
  dispose(): void;
}

/** Where a cursor is. */
const BEFORE_FIRST = 0;
const AT_ENTRY = 1;
const BEHIND_LAST = 2;

/**
 * What a cursor moves over, which gives entries as an `E`: what is read of one, in private memory (CURSOR1). @internal
 */
export interface CursorSource<K, V, E> {
  readonly codec: KeyCodec<K>;
  /** Throws once no step can be made any more. */
  checkOpen(): void;
  /** The bytes of a key, which nobody else has. Throws what the codec does. */
  encode(key: K): Uint8Array;
  /** The first entry of some bounds, for the cursor alone; undefined if there is none. */
  first(bounds: Bounds): E | undefined;
  /** The bytes of its key. Runs no code of the caller. */
  keyOf(entry: E): Uint8Array;
  /** Its value; undefined if the keys are the values. May run code of the caller, which may move the cursor. */
  readonly read: ((entry: E) => V) | undefined;
  /** The cursor has left its entry, and nobody needs it any more. */
  release(entry: E | undefined): void;
}

/** What `using` calls; see Usable. @internal */
// biome-ignore lint/correctness/noUnusedVariables: they have to be those of the class.
export interface RangeCursor<K extends KeyType, V, E> extends Usable {}

/** A cursor over a range of a source. @internal */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see Usable.
export class RangeCursor<K extends KeyType, V, E> implements Cursor<K, V> {
  readonly #source: CursorSource<K, V, E>;
  /** In the direction of `next`, and of `previous`. */
  readonly #onward: Bounds;
  readonly #back: Bounds;
  #place = BEFORE_FIRST;
  /** If the cursor is at one. */
  #entry: E | undefined;
  /** What was decoded of the entry, in a list of one; undefined before that. */
  #key: [K] | undefined;
  #value: [V] | undefined;
  #steps = 0;
  #isDisposed = false;

  /** @param bounds without `offset` and `limit` */
  constructor(source: CursorSource<K, V, E>, bounds: Bounds) {
    this.#source = source;
    this.#onward = bounds;
    this.#back = reversed(bounds);
  }

  get key(): K | undefined {
    const entry = this.#entry;
    if (entry === undefined) return undefined;
    if (this.#key !== undefined) return this.#key[0];
    const { codec } = this.#source;
    const steps = this.#steps;
    const own = this.#source.keyOf(entry);
    // The codec may be the caller's, and move this cursor: then it gets a copy.
    const bytes = codec.runsCallersCode ? own.slice() : own;
    const key = codec.decode(bytes, 0, bytes.length);
    if (this.#steps === steps) this.#key = [key];
    return key;
  }

  get value(): V | undefined {
    const { read } = this.#source;
    if (read === undefined) return this.key as unknown as V | undefined;
    const entry = this.#entry;
    if (entry === undefined) return undefined;
    if (this.#value !== undefined) return this.#value[0];
    const steps = this.#steps;
    const value = read(entry);
    if (this.#steps === steps) this.#value = [value];
    return value;
  }

  next(): boolean {
    this.#checkOpen();
    return this.#place !== BEHIND_LAST && this.#step(this.#onward, this.#own());
  }

  previous(): boolean {
    this.#checkOpen();
    return this.#place !== BEFORE_FIRST && this.#step(this.#back, this.#own());
  }

  seek(key: K): boolean {
    this.#checkOpen();
    const wanted = this.#source.encode(key);
    const { reverse, lower, upper } = this.#onward;
    const start = reverse ? upper : lower;
    const order = start === undefined ? 1 : compare(wanted, start) * (reverse ? -1 : 1);
    // At or in front of the range's own start, that holds.
    return order > 0 ? this.#step(this.#onward, wanted, true) : this.#step(this.#onward, undefined);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#arrive(BEFORE_FIRST, undefined);
  }

  #checkOpen(): void {
    if (this.#isDisposed) {
      throw new MassTreeClosedError("This cursor was disposed. Ask the map for another one.");
    }
    this.#source.checkOpen();
  }

  /** The key of the entry that the cursor is at. */
  #own(): Uint8Array | undefined {
    return this.#entry === undefined ? undefined : this.#source.keyOf(this.#entry);
  }

  /**
   * Moves to the first entry of some bounds, beyond a key of the range.
   *
   * @param start undefined to begin where the bounds do
   * @param inclusive whether the entry of `start` itself will do
   */
  #step(bounds: Bounds, start: Uint8Array | undefined, inclusive: boolean = false): boolean {
    const from = start === undefined ? bounds : startingAt(bounds, start, inclusive);
    const found = this.#source.first(from);
    const before = this.#entry;
    if (found !== undefined) this.#arrive(AT_ENTRY, found);
    else this.#arrive(bounds === this.#onward ? BEHIND_LAST : BEFORE_FIRST, undefined);
    this.#source.release(before);
    return found !== undefined;
  }

  /** CURSOR3. */
  #arrive(place: number, entry: E | undefined): void {
    this.#steps++;
    this.#place = place;
    this.#entry = entry;
    this.#key = undefined;
    this.#value = undefined;
  }

  static {
    makeUsable(RangeCursor.prototype, (cursor) => cursor.dispose());
  }
}

function startingAt(bounds: Bounds, start: Uint8Array, inclusive: boolean): Bounds {
  return bounds.reverse
    ? { ...bounds, upper: start, upperInclusive: inclusive }
    : { ...bounds, lower: start, lowerInclusive: inclusive };
}

/** The entries of a tree, each in a buffer. @internal */
export class TreeSource<K extends KeyType, V> implements CursorSource<K, V, EntryBuffer> {
  readonly codec: KeyCodec<K>;
  readonly encode: (key: K) => Uint8Array;
  readonly read: ((buffer: EntryBuffer) => V) | undefined;
  readonly #tree: TreeInstance;
  readonly #values: ScanValues<V> | undefined;

  /**
   * @param values how to read values; undefined if the keys are the values
   * @param encode gives the bytes of a key; throws if the map is closed
   */
  constructor(
    tree: TreeInstance,
    codec: KeyCodec<K>,
    values: ScanValues<V> | undefined,
    encode: (key: K) => Uint8Array,
  ) {
    this.#tree = tree;
    this.codec = codec;
    this.#values = values;
    this.encode = encode;
    this.read = values && ((buffer) => values.read(buffer, 0));
  }

  checkOpen(): void {
    this.#tree.checkOpen();
  }

  first(bounds: Bounds): EntryBuffer | undefined {
    const limit = Math.min(bounds.limit, 1);
    return new Scan(this.#tree, this.codec, this.#values, bounds, limit).take();
  }

  keyOf({ views: { u32, bytes } }: EntryBuffer): Uint8Array {
    return bytes.subarray(ENTRY_KEY, ENTRY_KEY + u32[0]!);
  }

  release(buffer: EntryBuffer | undefined): void {
    this.#tree.spare = buffer;
  }
}
