import { describe, expect, it } from "vitest";
import { cut, prefixCases } from "../src/check/prefixes.ts";
import { arrangeInput } from "../src/keys/order.ts";
import { KeyTable } from "../src/keys/packed.ts";
import { randomFrom } from "../src/random.ts";
import { pack } from "./packed-keys.ts";

/** Length of the longest key, and so of the longest prefix, in bytes. */
const MOST_BYTES = 65_536;

function casesOf(texts: readonly string[]): { prefix: string; selected: string[] }[] {
  const { keys: packed, sorted } = arrangeInput(pack(texts), 1);
  const keys = new KeyTable(packed);
  return prefixCases(keys, sorted, randomFrom(3), 40).map(({ prefix, selected }) => ({
    prefix,
    selected: Array.from(selected, (i) => keys.text(i)),
  }));
}

describe("the prefixes to scan", () => {
  it.each([
    ["one key", ["a"]],
    ["only the empty key", [""]],
    ["prefixes of each other", Array.from({ length: 20 }, (_, i) => "a".repeat(i))],
    ["keys that end with U+0001", ["a", "a\u0001", "a\u0001\u0001"]],
    ["a key one byte short of the longest", ["a".repeat(MOST_BYTES - 1)]],
    ["the longest key", ["a".repeat(MOST_BYTES)]],
    ["the longest key of two-byte characters", ["é".repeat(MOST_BYTES / 2)]],
    ["the longest key of three-byte characters", [`${"語".repeat(21_845)}x`]],
    ["the longest key of surrogate pairs", ["😀".repeat(MOST_BYTES / 4)]],
  ])("of %s are legal, and select the keys that start with them", (_, texts) => {
    const cases = casesOf(texts);
    expect(cases.length).toBeGreaterThan(3);
    for (const { prefix, selected } of cases) {
      expect(Buffer.byteLength(prefix)).toBeLessThanOrEqual(MOST_BYTES);
      expect(Buffer.from(prefix).toString() === prefix, "no half of a pair").toBe(true);
      expect(selected.sort()).toEqual(texts.filter((text) => text.startsWith(prefix)).sort());
    }
  });

  it("of no keys are just the empty prefix", () => {
    const { keys, sorted } = arrangeInput(pack(["a"]), 1);
    const none = sorted.subarray(0, 0);
    expect(prefixCases(new KeyTable(keys), none, randomFrom(3), 40)).toEqual([
      { prefix: "", selected: none },
    ]);
  });

  it("never end with half of a surrogate pair", () => {
    const random = randomFrom(5);
    for (let i = 0; i < 200; i++) {
      const prefix = cut("😀/😀😀/😀", random);
      expect(Buffer.from(prefix).toString()).toBe(prefix);
    }
  });
});
