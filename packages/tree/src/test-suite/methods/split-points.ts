import { assertSame, assertThrowsCode, assertTrue, show } from "../assert.ts";
import type { AnyMap, TestedRange } from "../map.ts";
import type { Method } from "../method.ts";

type Range = TestedRange<unknown>;

/** A range cut at points into the parts between them. */
export function partsOf(range: Range, points: readonly unknown[]): Range[] {
  return [...points, undefined].map((_, i) => {
    const part = { ...range };
    if (i > 0) part.gte = points[i - 1];
    if (i < points.length) part.lt = points[i];
    return part;
  });
}

/** The keys in the parts of a range, one part after the other. */
function inParts(map: AnyMap, parts: number, range: Range = {}): unknown[][] {
  const points = map.splitPoints!(parts, range);
  assertTrue(points.length < parts, `splitPoints(${parts}) gave ${points.length} points`);
  return partsOf(range, points).map((part) => [...map.keys(part)]);
}

export const splitPoints: Method = {
  name: "splitPoints",
  needs: ["splitPoints"],
  takes: [],
  weight: 1,
  call: (map) => inParts(map, 4).flat(),
  answer: (model) => model.range().map(([key]) => key),
  checks: {
    "cuts a range into parts that hold each entry once, and none of which is empty": (bench) => {
      const keys = bench.keys(600);
      const { map, model } = bench.mapOf(keys);
      for (const range of [{}, { gt: keys[100], lte: keys[500] }, { lt: keys[30] }]) {
        const wanted = model.range(range).map(([key]) => key);
        for (const parts of [1, 2, 7, 50, 5000]) {
          const found = inParts(map, parts, range);
          const what = `the parts of splitPoints(${parts}, ${show(range)})`;
          assertSame(found.flat(), wanted, what);
          assertTrue(!found.some((part) => part.length === 0), `${what}: one is empty`);
        }
      }
    },
    "gives parts of about equal size": (bench) => {
      const { map } = bench.mapOf(bench.keys(600));
      for (const parts of [2, 4, 8]) {
        const sizes = inParts(map, parts).map(({ length }) => length);
        assertSame(sizes.length, parts, "how many parts");
        assertTrue(Math.max(...sizes) <= 3 * (600 / parts), `parts are of ${sizes} entries`);
      }
    },
    "gives fewer points where there are too few entries": (bench) => {
      const { map, model, present } = bench.filled();
      for (const [range, most] of [
        [{ gte: present[3], lte: present[3] }, 0],
        [{ gte: present[3], lte: present[5] }, 2],
        [{ gt: present[9], lt: present[3] }, 0],
      ] as const) {
        const points = map.splitPoints!(10, range);
        assertTrue(points.length <= most, `splitPoints, of ${most + 1} entries: ${show(points)}`);
      }
      assertSame(bench.create().splitPoints!(10), [], "splitPoints, of an empty map");
      bench.assertLike(map, model);
    },
    "gives ascending points whatever the direction": (bench) => {
      const { map } = bench.mapOf(bench.keys(600));
      const points = map.splitPoints!(5);
      assertSame(map.splitPoints!(5, { reverse: true }), points, "splitPoints, in reverse");
    },
    "refuses what is no number of parts, and what is no range": (bench) => {
      const { map } = bench.filled();
      const { badOption, badRange } = bench.codes;
      for (const parts of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "2", undefined, 2n]) {
        const call = () => map.splitPoints!(parts as number);
        assertThrowsCode(call, badOption, `splitPoints(${show(parts)})`);
      }
      for (const range of [null, { limit: 3 }, { offset: 1 }, { form: 1 }]) {
        const call = () => map.splitPoints!(2, range as Range);
        assertThrowsCode(call, badRange, `splitPoints(2, ${show(range)})`);
      }
    },
  },
};
