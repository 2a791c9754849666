import { MassTreeBadOptionError } from "@masstree/errors";
import { expect, test } from "vitest";
import { Permuter, type PermuterWidth } from "../src/index.ts";

const permutation = Permuter.of(7).identity(3);

const calls: [string, () => unknown][] = [
  ...[0, 16, 23, 25, -1, 1.5, Number.NaN, "15", undefined, null].map(
    (width): [string, () => unknown] => [
      `width ${String(width)}`,
      () => Permuter.of(width as PermuterWidth),
    ],
  ),
  ...[-1, 8, 0.5, Number.NaN, "1", undefined].flatMap((bad): [string, () => unknown][] => {
    const n = bad as number;
    return [
      [`identity ${String(bad)}`, () => Permuter.of(7).identity(n)],
      [`slot ${String(bad)}`, () => permutation.slot(n)],
      [`positionOf ${String(bad)}`, () => permutation.positionOf(n)],
      [`insert ${String(bad)}`, () => permutation.insert(n)],
      [`remove ${String(bad)}`, () => permutation.remove(n)],
      [`exchange ${String(bad)}`, () => permutation.exchange(0, n)],
      [`exchange from ${String(bad)}`, () => permutation.exchange(n, 0)],
      [`rotate from ${String(bad)}`, () => permutation.rotate(n, 2)],
      [`rotate to ${String(bad)}`, () => permutation.rotate(0, n)],
      [`truncate ${String(bad)}`, () => permutation.truncate(n)],
    ];
  }),
  ["insert behind the live slots", () => permutation.insert(4)],
  ["insert into a full permutation", () => Permuter.of(7).identity(7).insert(0)],
  ["remove a free slot", () => permutation.remove(3)],
  ["remove from an empty permutation", () => Permuter.of(7).empty().remove(0)],
  ["truncate to more than the size", () => permutation.truncate(4)],
  ["rotate backwards", () => permutation.rotate(3, 2)],
  ["words of another width", () => Permuter.of(7).from(Permuter.of(15).empty().lo)],
  ["a high word at a small width", () => Permuter.of(7).from(permutation.lo, 1n)],
  ["a width that has no string form", () => Permuter.of(Object.create(null))],
  ["a position that has no string form", () => permutation.slot(Object.create(null))],
  [
    "words that have no string form",
    () => Permuter.of(7).from(Object.create(null), Symbol() as never),
  ],
  ["words that are numbers", () => Permuter.of(7).from(0 as unknown as bigint)],
];

test.each(calls)("%s: throws MASSTREE_BAD_OPTION", (_, call) => {
  expect(call).toThrow(MassTreeBadOptionError);
  expect(call).toThrow(expect.objectContaining({ code: "MASSTREE_BAD_OPTION" }));
});

test("a permutation does not change when others are derived from it", () => {
  const { lo, hi } = permutation;
  permutation.insert(0).remove(2).exchange(0, 6).rotate(1, 4).truncate(1);
  Permuter.of(24).identity(5).insert(0);
  expect([permutation.lo, permutation.hi, permutation.size]).toEqual([lo, hi, 3]);
  expect(permutation.toArray()).toEqual([0, 1, 2, 6, 5, 4, 3]);
});

test("Permuter.of returns the same permuter for the same width", () => {
  expect(Permuter.of(15)).toBe(Permuter.of(15));
  expect(Permuter.of(15)).not.toBe(Permuter.of(14));
});
