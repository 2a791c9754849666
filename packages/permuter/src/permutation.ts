import { MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { PermuterWidth } from "./exports.ts";
import type { PermuterExports } from "./generated/permuter-exports.ts";

/**
 * Which slots of a node are live, in order, and which are free. A permutation never changes: its
 * methods return new ones. Get the first one from a `Permuter`.
 *
 * Positions 0 to size - 1 hold the live slots, the positions behind them the free slots. Every method
 * is O(1) unless it says otherwise. It throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for a
 * position, slot or count that is not an integer in the stated range.
 */
export class Permutation {
  /** The number of slots, live and free. */
  readonly width: PermuterWidth;
  /** The low word, unsigned 64 bits. */
  readonly lo: bigint;
  /** The high word, unsigned 64 bits; 0n for widths up to 15. */
  readonly hi: bigint;
  /** The number of live slots, 0 to width. */
  readonly size: number;
  readonly #exports: PermuterExports;

  /** @internal Use a `Permuter`: this does not check the words. */
  constructor(exports: PermuterExports, width: PermuterWidth, lo: bigint, hi: bigint) {
    this.#exports = exports;
    this.width = width;
    this.lo = BigInt.asUintN(64, lo);
    this.hi = BigInt.asUintN(64, hi);
    this.size = exports.size(lo);
  }

  /** The slot that the next insert takes; undefined if none is free. */
  get freeSlot(): number | undefined {
    return this.size < this.width ? this.#exports.freeSlot(this.lo, this.hi) : undefined;
  }

  /** The slot at a position, 0 to width - 1. */
  slot(position: number): number {
    this.#check("position", position, this.width - 1);
    return this.#exports.slot(this.lo, this.hi, position);
  }

  /** The position of a slot; both are 0 to width - 1. A slot is live if its position is below size. */
  positionOf(slot: number): number {
    this.#check("slot", slot, this.width - 1);
    return this.#exports.positionOf(this.lo, this.hi, slot);
  }

  /** The live slots in order. O(size). */
  slots(): number[] {
    return this.toArray().slice(0, this.size);
  }

  /** The slots at all positions: the live ones in order, then the free ones. O(width). */
  toArray(): number[] {
    return Array.from({ length: this.width }, (_, position) => this.slot(position));
  }

  /**
   * Makes `freeSlot` live at a position. The live slots from there on move up by one.
   * @param position 0 to size
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) also if no slot is free
   */
  insert(position: number): Permutation {
    if (this.size === this.width)
      throw new MassTreeBadOptionError("No slot is free: remove one, or split the node.");
    this.#check("position", position, this.size);
    return this.#make(this.#exports.insert(this.lo, this.hi, position));
  }

  /**
   * Frees the slot at a position. The live slots behind it move down by one. The freed slot is parked
   * just behind them, so that inserts take all other free slots first.
   * @param position 0 to size - 1
   */
  remove(position: number): Permutation {
    this.#check("position", position, this.size - 1);
    return this.#make(this.#exports.remove(this.lo, this.hi, position));
  }

  /** Exchanges the slots at two positions, each 0 to width - 1, live or free. */
  exchange(i: number, j: number): Permutation {
    this.#check("position", i, this.width - 1);
    this.#check("position", j, this.width - 1);
    return this.#make(this.#exports.exchange(this.lo, this.hi, i, j));
  }

  /**
   * Moves the slots at positions `from` to `to - 1` behind all others. The size stays the same. To get
   * the upper part of a split node, call `rotate(0, mid)`, then `truncate(size - mid)`.
   * @param from 0 to `to`
   * @param to `from` to width
   */
  rotate(from: number, to: number): Permutation {
    this.#check("position", to, this.width);
    this.#check("position", from, to);
    return this.#make(this.#exports.rotate(this.lo, this.hi, from, to));
  }

  /**
   * Keeps the first n live slots. The others become free in place: inserts first take the slots that
   * were free before.
   * @param n 0 to size
   */
  truncate(n: number): Permutation {
    this.#check("count", n, this.size);
    return this.#make(this.#exports.truncate(this.lo, this.hi, n));
  }

  #make(lo: bigint): Permutation {
    return new Permutation(this.#exports, this.width, lo, this.#exports.high.value);
  }

  #check(name: string, value: number, largest: number): void {
    if (Number.isInteger(value) && value >= 0 && value <= largest) return;
    throw new MassTreeBadOptionError(
      largest < 0
        ? `No slot is live, so no ${name} is valid.`
        : `The ${name} must be an integer from 0 to ${largest}, not ${describe(value)}.`,
    );
  }
}
