import { MassTreeBadValueError } from "@masstree/errors";
import { describe } from "@masstree/errors/options";
import type { Views, WordCodec } from "@masstree/tree";

/** The kinds of value that fit in a slot, and the JavaScript type of each. */
export interface InlineValueTypes {
  /** Whole numbers from 0 to 4,294,967,295. */
  u32: number;
  /** Whole numbers from -2,147,483,648 to 2,147,483,647. */
  i32: number;
  /** All numbers, including NaN and -0. */
  f64: number;
  /** Bigints from 0n to 2n ** 64n - 1n. */
  u64: bigint;
  /** Bigints from -(2n ** 63n) to 2n ** 63n - 1n. */
  i64: bigint;
}

/** Name of a kind of value, as the option `value` takes it. */
export type InlineValueName = keyof InlineValueTypes;

/** Any value. */
export type InlineValue = InlineValueTypes[InlineValueName];

/** The numbers that stand for the kinds in a region's header. */
export const valueNumbers: Readonly<Record<InlineValueName, number>> = {
  u32: 1,
  i32: 2,
  f64: 3,
  u64: 4,
  i64: 5,
};

// A kind is passed as its number, and a switch tells kinds apart. So the functions below stay
// monomorphic and small enough for the optimiser to inline, whatever kinds of maps a program uses.
const { u32, i32, f64, u64 } = valueNumbers;

const canonicalNaN = 0x7ff8_0000_0000_0000n;

/**
 * Writes a value into a 64-bit word.
 *
 * @param kind from `valueNumbers`
 * @param index of the word in `views`
 * @throws MassTreeBadValueError (`MASSTREE_BAD_VALUE`), before anything is written
 */
export function writeValue(kind: number, views: Views, index: number, value: InlineValue): void {
  if (kind === f64) {
    if (typeof value !== "number") throw badValue("a number", value);
    views.f64[index] = value;
    // Of the many that there are, one NaN: equal values are equal words.
    if (Number.isNaN(value)) views.u64[index] = canonicalNaN;
  } else if (kind === u32) {
    if (typeof value !== "number" || value >>> 0 !== value) {
      throw badValue("a whole number from 0 to 4294967295", value);
    }
    views.u32[2 * index] = value;
    views.u32[2 * index + 1] = 0;
  } else if (kind === i32) {
    if (typeof value !== "number" || (value | 0) !== value) {
      throw badValue("a whole number from -2147483648 to 2147483647", value);
    }
    views.u32[2 * index] = value;
    views.u32[2 * index + 1] = 0;
  } else if (kind === u64) {
    if (typeof value !== "bigint" || BigInt.asUintN(64, value) !== value) {
      throw badValue("a bigint from 0n to 18446744073709551615n", value);
    }
    views.u64[index] = value;
  } else {
    if (typeof value !== "bigint" || BigInt.asIntN(64, value) !== value) {
      throw badValue("a bigint from -9223372036854775808n to 9223372036854775807n", value);
    }
    views.i64[index] = value;
  }
}

/**
 * Reads a value from a 64-bit word.
 *
 * @param kind from `valueNumbers`
 * @param index of the word in `views`
 */
export function readValue(kind: number, views: Views, index: number): InlineValue {
  if (kind === f64) return views.f64[index]!;
  if (kind === u32) return views.u32[2 * index]!;
  if (kind === i32) return views.u32[2 * index]! | 0;
  if (kind === u64) return views.u64[index]!;
  return views.i64[index]!;
}

/** @internal */
export function badValue(wanted: string, got: unknown): MassTreeBadValueError {
  return new MassTreeBadValueError(`The values of this map are ${wanted}, not ${describe(got)}.`);
}

/** The codec of a kind of value. */
export class InlineCodec implements WordCodec<InlineValue> {
  readonly #kind: number;

  /** @param kind from `valueNumbers` */
  constructor(kind: number) {
    this.#kind = kind;
  }

  get kind(): number {
    return this.#kind;
  }

  /** Those that the type has. */
  get bytes(): number {
    return this.#kind === u32 || this.#kind === i32 ? 4 : 8;
  }

  write(views: Views, index: number, value: InlineValue): void {
    writeValue(this.#kind, views, index, value);
  }

  read(views: Views, index: number): InlineValue {
    return readValue(this.#kind, views, index);
  }
}
