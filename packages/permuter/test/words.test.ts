// Tests the words themselves: what a node stores, what a reader may see, and what is refused.
import { readFileSync } from "node:fs";
import { random, runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instantiateWidth } from "../src/exports.ts";
import type { PermuterExports } from "../src/generated/permuter-exports.ts";
import { Permuter, type PermuterWidth } from "../src/index.ts";
import { widths } from "./widths.ts";

test("the empty permutation of width 15 equals that of the reference implementation", () => {
  const empty = Permuter.of(15).empty();
  expect(empty.lo).toBe(0x0123456789abcde0n);
  expect(empty.hi).toBe(0n);
  expect(Permuter.of(15).identity(15).lo).toBe(0xedcba9876543210fn);
});

test.each(widths)(
  "inserts into the empty permutation of width %i take slots 0, 1, 2, ... in turn",
  (width) => {
    let permutation = Permuter.of(width).empty();
    for (let i = 0; i < width; i++) {
      expect(permutation.freeSlot).toBe(i);
      permutation = permutation.insert(i);
    }
    expect(permutation.freeSlot).toBeUndefined();
    const full = Permuter.of(width).identity(width);
    expect([permutation.lo, permutation.hi]).toEqual([full.lo, full.hi]);
  },
);

test.each(widths)("width %i: a removed slot is reused only after all other free slots", (width) => {
  if (width < 3) return;
  let permutation = Permuter.of(width)
    .identity(width - 2)
    .remove(0);
  const taken = [];
  while (permutation.freeSlot !== undefined) {
    taken.push(permutation.freeSlot);
    permutation = permutation.insert(permutation.size);
  }
  expect(taken).toEqual([width - 2, width - 1, 0]);
});

test("the two halves of a split together hold all slots, in order", () => {
  const full = Permuter.of(15).identity(14).remove(3).insert(0);
  const left = full.truncate(7);
  const right = full.rotate(0, 7).truncate(full.size - 7);
  expect([...left.slots(), ...right.slots()]).toEqual(full.slots());
});

test("a mix of the words of two permutations of width 24 names only slots that exist", () => {
  const exports = instantiateWidth(24);
  const next = random();
  const pick = (limit: number) => Math.floor(next() * limit);
  const draw = () => {
    let lo = exports.identity(pick(25));
    for (let i = 0; i < 40; i++) lo = exports.exchange(lo, exports.high.value, pick(24), pick(24));
    return { lo, hi: exports.high.value };
  };
  for (let i = 0; i < runs(2_000); i++) {
    const { lo } = draw();
    const { hi } = draw();
    expect(exports.size(lo)).toBeLessThanOrEqual(24);
    for (let position = 0; position < 24; position++) {
      expect(exports.slot(lo, hi, position)).toBeLessThan(24);
    }
  }
});

describe.each(widths)("width %i", (width) => {
  const exports = instantiateWidth(width);
  const bits = width === 24 ? 128n : 64n;

  test("after any single bit flip, the words hold a permutation only if the flip is in the size", () => {
    const { lo, hi } = Permuter.of(width).identity(Math.ceil(width / 2));
    for (let bit = 0n; bit < bits; bit++) {
      const changed = ((hi << 64n) | lo) ^ (1n << bit);
      const [low, high] = [BigInt.asUintN(64, changed), changed >> 64n];
      // A field with one bit flipped repeats a slot, or names one that does not exist.
      const holds = bit < (width === 24 ? 6n : 4n) && exports.size(low) <= width;
      expect(exports.isBijection(low, high) !== 0, `bit ${bit}`).toBe(holds);
    }
  });

  test("isBijection agrees with its definition on random words", () => {
    const word = fc.bigInt(0n, 2n ** 64n - 1n);
    const fieldBits = width === 24 ? 5n : 4n;
    const first = width === 24 ? 6n : 4n;
    const repeats = fc.array(fc.nat(width - 1), { minLength: width, maxLength: width });
    const shuffled = fc.shuffledSubarray([...Array(width).keys()], { minLength: width });
    const pack = fc.tuple(fc.nat(width), fc.oneof(repeats, shuffled)).map(([size, slots]) => {
      let value = BigInt(size);
      for (const [i, slot] of slots.entries()) {
        value |= BigInt(slot) << (first + fieldBits * BigInt(i));
      }
      return [BigInt.asUintN(64, value), value >> 64n] as const;
    });
    fc.assert(
      fc.property(fc.oneof(pack, fc.tuple(word, word)), ([lo, hi]) => {
        const value = (hi << 64n) | lo;
        const fields = Array.from({ length: width }, (_, i) =>
          Number((value >> (first + fieldBits * BigInt(i))) & (2n ** fieldBits - 1n)),
        );
        const expected =
          new Set(fields).size === width &&
          fields.every((slot) => slot < width) &&
          Number(value & (2n ** first - 1n)) <= width &&
          value >> (first + fieldBits * BigInt(width)) === 0n;
        expect(exports.isBijection(lo, hi) !== 0).toBe(expected);
      }),
    );
  });
});

test.each<PermuterWidth>([15, 24])(
  "width %i with DEBUG traps if a precondition is broken",
  (width) => {
    const file = new URL(`../build/permuter-${width}-debug.wasm`, import.meta.url);
    const instance = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)));
    const x = instance.exports as unknown as PermuterExports;
    const lo = x.identity(3);
    const hi = x.high.value;
    const full = x.identity(width);
    const fullHigh = x.high.value;
    const bad = [
      () => x.identity(width + 1),
      () => x.slot(lo, hi, width),
      () => x.insert(lo, hi, 4),
      () => x.insert(full, fullHigh, 0),
      () => x.remove(lo, hi, 3),
      () => x.exchange(lo, hi, 0, width),
      () => x.rotate(lo, hi, 2, 1),
      () => x.rotate(lo, hi, 0, width + 1),
      () => x.truncate(lo, hi, 4),
      () => x.positionOf(lo, hi, width),
    ];
    for (const call of bad) expect(call).toThrow(WebAssembly.RuntimeError);
    expect(x.size(x.insert(lo, hi, 3))).toBe(4);
  },
);
