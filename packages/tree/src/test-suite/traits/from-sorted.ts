// Maps that are made of sorted entries.
import { assertSame, assertThrowsCode, assertThrowsTypeError, assertTrue } from "../assert.ts";
import type { Bench } from "../bench.ts";
import type { AnyMap } from "../map.ts";
import { type Trait, when } from "../method.ts";

type Entries = Iterable<readonly [unknown, unknown]>;

function create(bench: Bench, entries: Entries): AnyMap {
  return bench.keep(bench.capabilities.fromSorted!.create(entries));
}

function entriesOf(bench: Bench, count: number): [unknown, unknown][] {
  const values = bench.values(count);
  return bench.keys(count).map((key, i) => [key, values[i]]);
}

export const fromSorted: Trait = {
  name: "fromSorted",
  needs: ["fromSorted"],
  checks: {
    "makes a map of the entries, which is like any other from then on": (bench) => {
      for (const count of [0, 1, 2, 300]) {
        const entries = entriesOf(bench, count);
        const map = create(bench, entries);
        const model = bench.model();
        for (const [key, value] of entries) model.set(key, value);
        bench.assertLike(map, model);
        assertSame([...map.entries({ reverse: true })], model.range({ reverse: true }), "entries");
        const [value] = bench.values(1);
        for (const [i, key] of bench.keys(2 * count).entries()) {
          if (i % 3 === 0) assertSame(map.delete(key), model.delete(key), "delete");
          else {
            map.set(key, value);
            model.set(key, value);
          }
        }
        bench.assertLike(map, model);
        bench.finish(map);
      }
    },
    "takes any iterable, one entry after the other": (bench) => {
      const entries = entriesOf(bench, 50);
      const taken: number[] = [];
      function* one(): Generator<[unknown, unknown]> {
        for (const [i, entry] of entries.entries()) {
          taken.push(i);
          yield entry;
        }
      }
      const { map, model } = bench.mapOf(bench.keys(300));
      bench.assertLike(create(bench, map.entries()), model);
      assertSame([...create(bench, one())], entries, "what a generator gave");
      assertSame(taken.length, entries.length, "how many entries were taken");
    },
    "refuses entries that are not in order, or twice there, and says which": (bench) => {
      const entries = entriesOf(bench, 60);
      for (const at of [1, 2, 17, 59]) {
        for (const other of [0, at - 1]) {
          const wrong = entries.map((entry, i) => (i === at ? entries[other]! : entry));
          const call = () => create(bench, wrong);
          const error = assertThrowsCode(call, bench.codes.unsorted, "fromSorted, unsorted,");
          assertSame((error as { position?: unknown }).position, at, "its position");
        }
      }
    },
    "refuses what is no list of pairs": (bench) => {
      for (const none of [undefined, null, 5, "ab", {}, () => [], [5], [null]]) {
        assertThrowsTypeError(() => create(bench, none as never), "fromSorted, without pairs,");
      }
    },
    "refuses what is no key or no value": when(
      ({ keys, values }) => Boolean(keys.refused?.length || values.refused?.length),
      (bench) => {
        const [first] = entriesOf(bench, 2);
        const [, second] = bench.keys(2);
        for (const refused of bench.kind.refused ?? []) {
          const call = () => create(bench, [first!, [refused, first![1]]]);
          assertThrowsCode(call, bench.codes.badKey, "fromSorted, with what is no key,");
        }
        for (const refused of bench.valueKind.refused ?? []) {
          const call = () => create(bench, [first!, [second, refused]]);
          assertThrowsCode(call, bench.codes.badValue, "fromSorted, with what is no value,");
        }
      },
    ),
    "lets go of an iterable that it does not read to its end, and passes on what that throws": (
      bench,
    ) => {
      const entries = entriesOf(bench, 20);
      const own = new Error("the caller's own");
      let left = 0;
      function* ending(
        end: () => readonly [unknown, unknown],
      ): Generator<readonly [unknown, unknown]> {
        try {
          yield* entries;
          yield end();
        } finally {
          left++;
        }
      }
      const thrown = (() => {
        try {
          return create(
            bench,
            ending(() => {
              throw own;
            }),
          );
        } catch (error) {
          return error;
        }
      })();
      assertTrue(thrown === own, "fromSorted must throw what the iterable throws");
      const unsorted = () =>
        create(
          bench,
          ending(() => entries[0]!),
        );
      assertThrowsCode(unsorted, bench.codes.unsorted, "fromSorted, unsorted,");
      assertSame(left, 2, "how many iterables were let go of");
    },
  },
};
