import fc from "fast-check";
import { expect, test } from "vitest";
import { size } from "../src/index.ts";

test("the size is the low four bits", () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 60n), (rest) => {
      expect(size((rest << 4n) | 7n)).toBe(7);
    }),
  );
});
