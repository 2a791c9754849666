import { runs } from "@tooling/vitest/random";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Permutation, Permuter } from "../src/index.ts";
import * as naive from "./model.ts";
import { widths } from "./widths.ts";

type Step = (subject: Permutation, model: naive.Model) => [Permutation, naive.Model];

/** Maps a number of any size to 0 .. limit - 1. */
type Pick = (limit: number) => number;

const steps: Record<string, (a: Pick, b: Pick, width: number) => Step> = {
  insert: (a) => (subject, model) => {
    if (model.size === model.slots.length) return [subject, model];
    const position = a(model.size + 1);
    expect(subject.freeSlot).toBe(model.slots.at(-1));
    return [subject.insert(position), naive.insert(model, position)];
  },
  remove: (a) => (subject, model) => {
    if (model.size === 0) return [subject, model];
    const position = a(model.size);
    return [subject.remove(position), naive.remove(model, position)];
  },
  exchange: (a, b, width) => (subject, model) => {
    const [i, j] = [a(width), b(width)];
    return [subject.exchange(i, j), naive.exchange(model, i, j)];
  },
  rotate: (a, b, width) => (subject, model) => {
    const to = a(width + 1);
    const from = b(to + 1);
    return [subject.rotate(from, to), naive.rotate(model, from, to)];
  },
  truncate: (a) => (subject, model) => {
    const n = a(model.size + 1);
    return [subject.truncate(n), naive.truncate(model, n)];
  },
};

function expectEqual(subject: Permutation, model: naive.Model): void {
  expect(subject.toArray()).toEqual(model.slots);
  expect(subject.size).toBe(model.size);
  expect(subject.slots()).toEqual(model.slots.slice(0, model.size));
  expect(model.slots.map((slot) => subject.positionOf(slot))).toEqual([...model.slots.keys()]);
  // `from` refuses words that are not a bijection or have stray bits.
  expect(Permuter.of(subject.width).from(subject.lo, subject.hi).toArray()).toEqual(model.slots);
}

describe.each(widths)("width %i", (width) => {
  // Mostly inserts and removes; otherwise the permutation would seldom be nearly full.
  const name = fc.constantFrom(
    ...(["insert", "insert", "insert", "remove", "remove", "exchange", "rotate"] as const),
    "truncate" as const,
  );
  const step = fc.tuple(name, fc.nat(), fc.nat());

  test("any sequence of operations matches the naive model and stays a bijection", () => {
    fc.assert(
      fc.property(fc.nat(width), fc.array(step, { maxLength: 60 }), (n, sequence) => {
        let subject = Permuter.of(width).identity(n);
        let model = naive.identity(width, n);
        expectEqual(subject, model);
        for (const [name, a, b] of sequence) {
          const pick = (value: number) => (limit: number) => value % limit;
          [subject, model] = steps[name]!(pick(a), pick(b), width)(subject, model);
          expectEqual(subject, model);
        }
      }),
      { numRuns: runs(40) },
    );
  });

  test("every operation at every position of every size matches the naive model", () => {
    for (let n = 0; n <= width; n++) {
      // Reversed, so that slot numbers and positions differ.
      let subject = Permuter.of(width).empty();
      let model = naive.identity(width, 0);
      for (let i = 0; i < n; i++) {
        subject = subject.insert(0);
        model = naive.insert(model, 0);
      }
      expectEqual(subject, model);
      for (let p = 0; p <= n && n < width; p++) {
        expect(subject.insert(p).toArray()).toEqual(naive.insert(model, p).slots);
      }
      for (let p = 0; p < n; p++) {
        expect(subject.remove(p).toArray()).toEqual(naive.remove(model, p).slots);
      }
      for (let j = 0; j <= width; j++) {
        for (let i = 0; i <= j; i++) {
          expect(subject.rotate(i, j).toArray()).toEqual(naive.rotate(model, i, j).slots);
          if (j < width) {
            expect(subject.exchange(i, j).toArray()).toEqual(naive.exchange(model, i, j).slots);
          }
        }
      }
      for (let keep = 0; keep <= n; keep++) {
        expect(subject.truncate(keep).slots()).toEqual(model.slots.slice(0, keep));
      }
    }
  });
});
