import { MassTreeBadOptionError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import { instantiateWidth, isWidth, type PermuterWidth } from "./exports.ts";
import type { PermuterExports } from "./generated/permuter-exports.ts";
import { Permutation } from "./permutation.ts";

const permuters = new Map<number, Permuter>();

/**
 * Creates permutations of the slots 0 to width - 1. Each thread has one permuter per width; get it with
 * `Permuter.of`.
 */
export class Permuter {
  /** The number of slots. */
  readonly width: PermuterWidth;
  readonly #exports: PermuterExports;

  /**
   * The permuter of a width. The first call for a width compiles its module.
   * @param width 1 to 15, or 24
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for any other width
   */
  static of(width: PermuterWidth): Permuter {
    let permuter = permuters.get(width);
    if (permuter === undefined) {
      if (!isWidth(width)) {
        throw new MassTreeBadOptionError(
          `The width must be 1 to 15, or 24, not ${describe(width)}.`,
        );
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

  /** The permutation without live slots. Inserts take slots 0, 1, 2, ... in turn. O(1). */
  empty(): Permutation {
    return this.identity(0);
  }

  /**
   * The permutation in which position i holds slot i, for all live positions. Inserts take slots n,
   * n + 1, ... in turn. O(1).
   * @param n the number of live slots, an integer from 0 to the width
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) for any other number
   */
  identity(n: number): Permutation {
    if (!Number.isInteger(n) || n < 0 || n > this.width) {
      throw new MassTreeBadOptionError(
        `The number of live slots must be an integer from 0 to ${this.width}, not ${describe(n)}.`,
      );
    }
    const lo = this.#exports.identity(n);
    return new Permutation(this.#exports, this.width, lo, this.#exports.high.value);
  }

  /**
   * The permutation that these words hold, for example words read from a node. O(width).
   * @param lo the low word, signed or unsigned
   * @param hi the high word, signed or unsigned; must be 0n for widths up to 15
   * @throws MassTreeBadOptionError (`MASSTREE_BAD_OPTION`) if the words do not hold a permutation of
   *   this width
   */
  from(lo: bigint, hi = 0n): Permutation {
    if (
      typeof lo !== "bigint" ||
      typeof hi !== "bigint" ||
      this.#exports.isBijection(lo, hi) === 0
    ) {
      throw new MassTreeBadOptionError(
        `The words ${describe(lo)} and ${describe(hi)} do not hold a permutation of width ${this.width}. Pass the words of a permutation that was made for this width.`,
      );
    }
    return new Permutation(this.#exports, this.width, lo, hi);
  }
}
