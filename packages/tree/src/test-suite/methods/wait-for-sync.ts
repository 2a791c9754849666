import { assertSame, assertThrowsCode, assertTrue } from "../assert.ts";
import type { Method } from "../method.ts";

export const waitForSync: Method = {
  name: "waitForSync",
  needs: ["wait"],
  takes: ["key"],
  weight: 1,
  call: (map, { key }) => map.waitForSync!(key, { timeout: 0 }),
  answer: (model, { key }) => model.get(key),
  checks: {
    "gives what is there at once, and undefined when the time has passed": (bench) => {
      const { map, model, present, absent } = bench.filled();
      for (const key of present) assertSame(map.waitForSync!(key), model.get(key), "waitForSync");
      assertSame(map.waitForSync!(absent[0], { timeout: 5 }), undefined, "waitForSync");
      bench.assertLike(map, model);
    },
    "asks 'until', which may use the map": (bench) => {
      const { map, model, present } = bench.filled();
      const [other] = bench.values(present.length + 1).slice(-1);
      const seen: unknown[] = [];
      const until = (value: unknown) => {
        seen.push(value);
        map.set(present[0], other);
        return seen.length > 1;
      };
      const before = model.get(present[0]);
      assertSame(map.waitForSync!(present[0], { until }), other, "waitForSync");
      assertSame(seen, [before, other], "what 'until' is given");
      const never = { until: () => false, timeout: 1 };
      assertSame(map.waitForSync!(present[1], never), undefined, "waitForSync");
      model.set(present[0], other);
      bench.assertLike(map, model);
    },
    "lets what 'until' throws through": (bench) => {
      const { map, present } = bench.filled();
      const thrown = new Error("thrown by until");
      let caught: unknown;
      try {
        map.waitForSync!(present[0], {
          until() {
            throw thrown;
          },
        });
      } catch (error) {
        caught = error;
      }
      assertTrue(caught === thrown, "waitForSync must throw what 'until' throws");
    },
    "refuses wrong options": (bench) => {
      const { map, present } = bench.filled();
      const { badOption } = bench.codes;
      for (const wrong of [null, 5, { until: 5 }, { timeout: Number.NaN }, { timeout: -1 }]) {
        const wait = () => map.waitForSync!(present[0], wrong as never);
        assertThrowsCode(wait, badOption, "waitForSync, with wrong options,");
      }
      const misspelt = () => map.waitForSync!(present[0], { timeuot: 5 } as never);
      assertThrowsCode(misspelt, badOption, "waitForSync, with an unknown option,");
    },
  },
};
