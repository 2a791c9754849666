import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyBuilder } from "../src/keys/builder.ts";
import { KeyTable } from "../src/keys/packed.ts";
import { pack, textsOf } from "./packed-keys.ts";

/** Short texts over few characters, so that many are duplicates or prefixes of each other. */
const texts = fc.array(
  fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 6 }),
    fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 4 }),
  ),
  { maxLength: 300 },
);

describe("the key builder", () => {
  it("keeps the first of equal keys, in the order of arrival", () => {
    fc.assert(
      fc.property(texts, (given) => {
        const builder = new KeyBuilder();
        for (const text of given) builder.addText(text);
        const distinct = [...new Set(given)];
        expect(builder.count).toBe(distinct.length);
        expect(builder.duplicates).toBe(given.length - distinct.length);
        expect(textsOf(builder.finish())).toEqual(distinct);
      }),
    );
  });

  it("grows beyond all initial sizes", () => {
    const many = Array.from({ length: 60_000 }, (_, i) => `some/longer/path/to/a/file/number/${i}`);
    expect(textsOf(pack([...many, ...many]))).toEqual(many);
  });

  it("knows whether all keys are ASCII", () => {
    expect(pack(["a", "b"]).ascii).toBe(true);
    expect(pack(["a", "ü"]).ascii).toBe(false);
  });

  it("accepts the empty key and keys with zero bytes", () => {
    const given = ["", "\0", "\0\0", "a\0b"];
    const packed = pack(given);
    expect(textsOf(packed)).toEqual(given);
    expect(new KeyTable(packed).byteLength(0)).toBe(0);
  });
});
