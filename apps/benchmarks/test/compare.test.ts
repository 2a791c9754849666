// Each kind of wrong result, and what is said about it.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstDifference } from "../src/word-index/compare.ts";
import { type Entry, EVERYTHING, FILE } from "../src/word-index/counts.ts";

const right: readonly Entry[] = [
  [EVERYTHING, 2 * FILE + 9],
  ["ape", FILE + 1],
  ["bee", 2 * FILE + 3],
  ["cat", FILE + 5],
];
const wanted = new Map(right);

/** The right entries, with `change` instead of the one at `index`. */
const changed = (index: number, ...change: Entry[]): Entry[] =>
  right.toSpliced(index, 1, ...change);

describe("a result that differs from the plain recount", () => {
  it.each<[string, readonly Entry[], string]>([
    ["a lost word", changed(2), '"bee" is not there, but 3 times in 2 files in the files'],
    ["a foreign word", [...right, ["dog", 1]], '"dog" is there, but not in the files'],
    [
      "a lost occurrence",
      changed(2, ["bee", 2 * FILE + 2]),
      '"bee" is there 2 times in 2 files, not 3 times in 2 files',
    ],
    [
      "a lost file",
      changed(2, ["bee", FILE + 3]),
      '"bee" is there 3 times in 1 file, not 3 times in 2 files',
    ],
    [
      "a fraction",
      changed(2, ["bee", 2 * FILE + 3.5]),
      '"bee" is there 3.5 times in 2 files, not 3 times in 2 files',
    ],
    ["a word that comes twice", [...right, ["cat", FILE + 5]], '"cat" is there twice'],
    [
      "a wrong total",
      changed(0, [EVERYTHING, FILE + 9]),
      "the total of all words is there 9 times in 1 file, not 9 times in 2 files",
    ],
    [
      "nothing at all",
      [],
      "the total of all words is not there, but 9 times in 2 files in the files (and 3 more differences)",
    ],
  ])("%s", (_, found, message) => {
    expect(firstDifference(wanted, found, false)).toBe(message);
    expect(firstDifference(wanted, found, true)).toBe(message);
  });

  it("of several, the first one in the order of words is shown", () => {
    const found = changed(1, ["ape", 1]).toReversed().slice(1);
    expect(firstDifference(wanted, found, false)).toBe(
      '"ape" is there 1 time in 0 files, not 1 time in 1 file (and 1 more difference)',
    );
  });

  it("entries out of order are wrong only where there has to be an order", () => {
    const found = [right[0]!, right[2]!, right[1]!, right[3]!];
    expect(firstDifference(wanted, found, false)).toBeUndefined();
    expect(firstDifference(wanted, found, true)).toBe('"ape" comes after "bee": out of order');
  });

  it("is found, whatever the word and the mistake", () => {
    const table = fc.dictionary(
      fc.stringMatching(/^[\p{L}\d_]{2,}$/u),
      fc.integer({ min: 1, max: 1e6 }),
      {
        minKeys: 1,
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(table, fc.nat(), fc.constantFrom(-1, 1, FILE), (object, at, error) => {
        const entries = Object.entries(object);
        const [word, number] = entries[at % entries.length]!;
        const wrong: Entry[] = entries.map((entry) =>
          entry[0] === word ? [word, number + error] : entry,
        );
        expect(firstDifference(new Map(entries), entries, false)).toBeUndefined();
        expect(firstDifference(new Map(entries), wrong, false)).toContain(JSON.stringify(word));
      }),
    );
  });
});
