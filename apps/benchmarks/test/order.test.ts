import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arrangeInput, keyNumbers, prefixFilter, prefixRange } from "../src/keys/order.ts";
import { KeyTable } from "../src/keys/packed.ts";
import { byBytes, pack, textsOf } from "./packed-keys.ts";

const unit = fc.constantFrom("\0", "a", "b", "/", "é", "\uffff", "😀");
const texts = fc.array(fc.string({ unit, maxLength: 5 }), { minLength: 1, maxLength: 100 });

describe("the order of the input", () => {
  it("is the order of the bytes, not of UTF-16 units", () => {
    fc.assert(
      fc.property(texts, fc.nat(), (given, seed) => {
        const packed = pack(given);
        const all = textsOf(packed);
        const { sorted, order, position } = arrangeInput(packed, seed);
        expect(Array.from(sorted, (i) => all[i])).toEqual([...all].sort(byBytes));
        expect([...order].sort((a, b) => a - b)).toEqual([...keyNumbers(all.length)]);
        expect(Array.from(order, (i) => position[i])).toEqual([...keyNumbers(all.length)]);
      }),
    );
  });

  it("has the keys of a prefix side by side, where both binary search and filter find them", () => {
    fc.assert(
      fc.property(texts, fc.string({ unit, maxLength: 3 }), (given, prefix) => {
        const packed = pack(given);
        const keys = new KeyTable(packed);
        const { sorted } = arrangeInput(packed, 1);
        const filtered = [...prefixFilter(keys, sorted, Buffer.from(prefix))];
        const { from, to } = prefixRange(keys, sorted, Buffer.from(prefix));
        expect([...sorted.subarray(from, to)]).toEqual(filtered);
        expect(filtered.map((i) => keys.text(i))).toEqual(
          textsOf(packed)
            .filter((text) => text.startsWith(prefix))
            .sort(byBytes),
        );
      }),
    );
  });

  it("is shuffled by the seed alone", () => {
    const packed = pack(Array.from({ length: 100 }, (_, i) => String(i)));
    expect(arrangeInput(packed, 7).order).toEqual(arrangeInput(packed, 7).order);
    expect(arrangeInput(packed, 7).order).not.toEqual(arrangeInput(packed, 8).order);
  });
});
