import { MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { type Exports, instantiateWidth, isWidth, type PermuterWidth } from "./exports.ts";
import { Permutation } from "./permutation.ts";

const permuters = new Map<number, Permuter>();

/**
 * Makes permutations of the slots 0 to width - 1. There is one object per width and thread; get it
 * with `Permuter.of`.
 */
export class Permuter {
  /** How many slots there are. */
  readonly width: PermuterWidth;
  readonly #exports: Exports;

  /**
   * The permuter of a width.
   * @param width 1 to 15, or 24
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for any other
   */
  static of(width: PermuterWidth): Permuter {
    let permuter = permuters.get(width);
    if (permuter === undefined) {
      if (!isWidth(width)) {
        throw new MassTreeBadOptionError(`A width is 1 to 15, or 24, not ${describe(width)}.`);
      }
      permuter = new Permuter(width);
      permuters.set(width, permuter);
    }
    return permuter;
  }

  private constructor(width: PermuterWidth) {
    this.width = width;
    this.#exports = instantiateWidth(width);
  }

  /** The permutation without live slots. Inserts into it take the slots 0, 1, 2, ... in turn. O(1). */
  empty(): Permutation {
    return this.identity(0);
  }

  /**
   * The permutation in which position i holds slot i, for all live positions. Inserts into it take the
   * slots n, n + 1, ... in turn. O(1).
   * @param n how many slots are live, 0 to the width
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for any other
   */
  identity(n: number): Permutation {
    if (!Number.isInteger(n) || n < 0 || n > this.width) {
      throw new MassTreeBadOptionError(
        `${describe(n)} is no number of slots from 0 to ${this.width}.`,
      );
    }
    const lo = this.#exports.identity(n);
    return new Permutation(this.#exports, this.width, lo, this.#exports.high.value);
  }

  /**
   * The permutation that these words are, for example words that were read from a node. O(width).
   * @param lo the low word, signed or unsigned
   * @param hi the high word, which is 0 for widths up to 15
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) when they are none of this width
   */
  from(lo: bigint, hi = 0n): Permutation {
    if (
      typeof lo !== "bigint" ||
      typeof hi !== "bigint" ||
      this.#exports.isBijection(lo, hi) === 0
    ) {
      throw new MassTreeBadOptionError(
        `The words ${describe(lo)} and ${describe(hi)} are no permutation of width ${this.width}.`,
      );
    }
    return new Permutation(this.#exports, this.width, lo, hi);
  }
}
