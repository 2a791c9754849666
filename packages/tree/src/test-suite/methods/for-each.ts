import { assertSame, assertThrowsTypeError, assertTrue } from "../assert.ts";
import type { Method } from "../method.ts";

export const forEach: Method = {
  name: "forEach",
  takes: [],
  weight: 1,
  call: (map) => {
    const seen: [unknown, unknown][] = [];
    map.forEach((value, key) => {
      seen.push([key, value]);
    });
    return seen;
  },
  answer: (model) => model.entries,
  checks: {
    "passes value, key, map and thisArg, in key order": (bench) => {
      const { map, model } = bench.filled();
      const receiver = {};
      const seen: [unknown, unknown][] = [];
      map.forEach(function (this: unknown, value, key, passed) {
        assertTrue(this === receiver, "forEach must pass thisArg as `this`");
        assertTrue(passed === map, "forEach must pass the map as the third argument");
        seen.push([key, value]);
      }, receiver);
      assertSame(seen, model.entries, "forEach");
    },
    "returns undefined": (bench) => {
      assertSame(
        bench.filled().map.forEach(() => {}),
        undefined,
        "forEach",
      );
    },
    "lets the callback change the map": (bench) => {
      const { map } = bench.filled();
      map.forEach((_, key) => {
        map.delete(key);
      });
      bench.assertLike(map, bench.model());
    },
    "ends when the callback throws, with what it threw": (bench) => {
      const { map, model } = bench.filled();
      const enough = new Error("enough");
      let calls = 0;
      let thrown: unknown;
      try {
        map.forEach(() => {
          calls++;
          throw enough;
        });
      } catch (error) {
        thrown = error;
      }
      assertTrue(thrown === enough, "forEach must throw what the callback throws");
      assertSame(calls, 1, "calls of the callback");
      bench.assertLike(map, model);
    },
    "refuses what is no function, also on an empty map": (bench) => {
      for (const map of [bench.create(), bench.filled().map]) {
        for (const callback of [undefined, null, 5, "a", {}]) {
          assertThrowsTypeError(() => map.forEach(callback as never), "forEach");
        }
      }
    },
  },
};
