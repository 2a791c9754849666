import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addTo,
  type Entry,
  EVERYTHING,
  entriesOf,
  FILE,
  filesOf,
  mostFrequent,
  occurrencesOf,
} from "../src/word-index/counts.ts";
import { pack, unpack } from "../src/word-index/packed.ts";
import { countWords } from "../src/word-index/words.ts";

/** The definition, as one pattern. */
function plainly(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [run] of text.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}_]+/gu)) {
    const { length } = [...run];
    if (length >= 2 && length <= 64) counts.set(run, (counts.get(run) ?? 0) + 1);
  }
  return counts;
}

describe("the words of a text", () => {
  it.each([
    ["letters, digits and underscores", "let x_1 = 10;", { let: 1, x_1: 1, "10": 1 }],
    ["in lower case, and as often as they occur", "The THE the", { the: 3 }],
    ["of all scripts", "naïve Größe 東京 हिन्दी", { naïve: 1, größe: 1, 東京: 1, हिन्दी: 1 }],
    ["of characters that take two units", "𝒳𝒴 🙂🙂 𝟙", { 𝒳𝒴: 1 }],
    ["no single characters", "a b c", {}],
    ["the longest", `${"a".repeat(64)} ${"b".repeat(65)}`, { ["a".repeat(64)]: 1 }],
    ["64 characters, not 64 units", "𝒳".repeat(64), { ["𝒳".repeat(64)]: 1 }],
    [
      "a name that objects have by themselves",
      "constructor __proto__",
      { constructor: 1, ["__proto__"]: 1 },
    ],
    ["none of an empty text", "", {}],
  ])("%s", (_, text, wanted) => {
    expect(countWords(text)).toEqual(new Map(Object.entries(wanted)));
  });

  it("are those of the pattern, in any text", () => {
    const character = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
      fc.constantFrom(..."aAzZ09_ \n.-İΣςßéÉ東़🙂𝒳\u{e0100}"),
    );
    const run = fc.constantFrom("a", "é", "𝒳").map((one) => one.repeat(63));
    const text = fc.array(fc.oneof({ weight: 9, arbitrary: character }, run), { maxLength: 60 });
    fc.assert(
      fc.property(text, (parts) => {
        const whole = parts.join("");
        expect(countWords(whole)).toEqual(plainly(whole));
      }),
    );
  });
});

describe("the number of a word", () => {
  it("keeps occurrences and files apart", () => {
    const words = new Map<string, number>();
    for (const text of ["to be or not to be", "be"]) {
      for (const [word, number] of entriesOf(countWords(text))) addTo(words, word, number);
    }
    const counted = (word: string) => [occurrencesOf(words.get(word)!), filesOf(words.get(word)!)];
    expect(counted("be")).toEqual([3, 2]);
    expect(counted("to")).toEqual([2, 1]);
    expect(counted(EVERYTHING)).toEqual([7, 2]);
    expect(countWords(EVERYTHING).size).toBe(0);
  });

  it("is exact for two million files and four billion words", () => {
    const number = 2_000_000 * FILE + (FILE - 1);
    expect([filesOf(number), occurrencesOf(number)]).toEqual([2_000_000, 4_294_967_295]);
    expect(Number.isSafeInteger(number)).toBe(true);
  });
});

it("the most frequent words are those of a sorted list", () => {
  const entry = fc.tuple(fc.string({ maxLength: 2 }), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ([word]) => word }), (entries) => {
      const wanted = entries.toSorted(
        ([a, numberA], [b, numberB]) => numberB - numberA || (a < b ? -1 : 1),
      );
      expect(mostFrequent(entries, 5)).toEqual(wanted.slice(0, 5));
    }),
  );
});

it("packed entries come back as they were", () => {
  const entry = fc.tuple(fc.stringMatching(/^[\p{L}_*]+$/u), fc.nat());
  fc.assert(
    fc.property(fc.array(entry), (entries: Entry[]) => {
      const packed = pack(
        entries.map(([word]) => word),
        entries.map(([, number]) => number),
      );
      expect([...unpack(packed)]).toEqual(entries);
    }),
  );
});
