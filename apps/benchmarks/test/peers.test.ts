// Tests the peers. They have to be correct too, because the same checked loops measure them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Range, Subject } from "../src/maps/contract.ts";
import { afterPrefix, nativeMap } from "../src/maps/native-map.ts";
import { sortedBTree } from "../src/maps/sorted-btree.ts";
import { byBytes } from "./packed-keys.ts";

const unit = fc.constantFrom("a", "b", "/", "\ud7ff", "\uffff", "😀", "\u{10ffff}");
const text = fc.string({ unit, maxLength: 4 });
const range: fc.Arbitrary<Range> = fc.record(
  { prefix: text, gte: text, reverse: fc.boolean(), limit: fc.nat(10) },
  { requiredKeys: [] },
);

function model(entries: Map<string, unknown>, given: Range): [string, unknown][] {
  const { prefix = "", gte = "", reverse = false, limit = Infinity } = given;
  const selected = [...entries]
    .filter(([key]) => key.startsWith(prefix) && byBytes(key, gte) >= 0)
    .sort(([a], [b]) => byBytes(a, b));
  if (reverse) selected.reverse();
  return selected.slice(0, limit);
}

describe.each<[string, Subject]>([
  ["Map", nativeMap],
  ["sorted-btree", sortedBTree],
])("%s as an ordered map", (_, subject) => {
  it("answers every range like a filter over sorted keys", () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), fc.array(text), range, (put, cut, given) => {
        const map = subject.create(false);
        const oracle = new Map<string, unknown>();
        put.forEach((key, i) => {
          map.set(key, i);
          oracle.set(key, i);
        });
        for (const key of cut) expect(map.delete(key)).toBe(oracle.delete(key));
        expect(map.size).toBe(oracle.size);
        expect([...map.entries(given)].map(([key, value]) => [key, value])).toEqual(
          model(oracle, given),
        );
        for (const key of put) expect(map.get(key)).toBe(oracle.get(key));
      }),
    );
  });
});

it("a key starts with a prefix if and only if prefix <= key < afterPrefix(prefix)", () => {
  fc.assert(
    fc.property(text, text, (prefix, other) => {
      const end = afterPrefix(prefix);
      const isBelow = end === undefined || byBytes(other, end) < 0;
      const isFrom = byBytes(other, prefix) >= 0;
      expect(isBelow && isFrom).toBe(other.startsWith(prefix));
    }),
  );
});
