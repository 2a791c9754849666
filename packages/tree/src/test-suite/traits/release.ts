import { assertSame, assertThrowsCode, assertTrue, show } from "../assert.ts";
import type { Trait } from "../method.ts";

export const release: Trait = {
  name: "release",
  needs: ["release", "handle", "close"],
  checks: {
    "has a number for each object that has the map open": (bench) => {
      const { map } = bench.filled();
      const others = Array.from({ length: 5 }, () => bench.attach(map));
      const numbers = [map, ...others].map(({ participant }) => participant);
      for (const number of numbers) {
        const valid = Number.isInteger(number) && number! > 0;
        assertTrue(valid, `participant must be a whole number from 1, not ${show(number)}`);
      }
      assertSame(new Set(numbers).size, numbers.length, "different participants");
    },
    "refuses the map's own number, and what is none": (bench) => {
      const { map, model } = bench.filled();
      const bad = [map.participant, 0, -1, 1.5, Number.NaN, 2 ** 32, "1", null, undefined, {}];
      for (const number of bad) {
        assertThrowsCode(
          () => map.release!(number as number),
          bench.codes.badOption,
          `release, of ${show(number)},`,
        );
      }
      bench.assertLike(map, model);
    },
    "has nothing to do for a participant that has closed its map": (bench) => {
      const { map, model } = bench.filled();
      const other = bench.attach(map);
      const { participant } = other;
      bench.finish(other);
      assertSame(map.release!(participant!), false, "release");
      bench.assertLike(map, model);
    },
  },
};
