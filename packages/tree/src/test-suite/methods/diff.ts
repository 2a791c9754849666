import { assertSame, assertThrowsCode, listOf, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import type { AnyMap, TestedRange } from "../map.ts";
import { able, type Method, when } from "../method.ts";
import type { SortedModel } from "../model.ts";

type Range = TestedRange<unknown>;

/** What `diff` gives, as two models differ. */
function differences(here: SortedModel, there: SortedModel, range: Range = {}): unknown[] {
  const all = bothOf(here, there).range(range);
  return all.flatMap(([key]) => {
    const [mine, theirs] = [here.get(key), there.get(key)];
    if (!there.has(key)) return [{ kind: "removed", key, here: mine, there: undefined }];
    if (!here.has(key)) return [{ kind: "added", key, here: undefined, there: theirs }];
    return here.equal(mine, theirs) ? [] : [{ kind: "changed", key, here: mine, there: theirs }];
  });
}

/** A model with the keys of both. */
function bothOf(here: SortedModel, there: SortedModel): SortedModel {
  const both = here.copy();
  for (const [key] of there.entries) both.set(key, undefined);
  return both;
}

/** Two maps with some keys in common, some of them with the same value. */
function twoOf(bench: Bench, count: number) {
  const one = bench.mapOf(bench.keys(count).filter((_, i) => i % 3 !== 1));
  const other = bench.create();
  const model = bench.model();
  const values = bench.values(count);
  for (const [i, key] of bench.keys(count).entries()) {
    if (i % 4 === 1) continue;
    const value = i % 2 === 0 && one.model.has(key) ? one.model.get(key) : values[(i * 7) % count];
    other.set(key, value);
    model.set(key, value);
  }
  return { map: one.map, model: one.model, other, otherModel: model };
}

function read(map: AnyMap, other: AnyMap, range?: Range): unknown[] {
  return listOf(map.diff!(other, range), "diff");
}

export const diff: Method = {
  name: "diff",
  needs: ["diff"],
  takes: [],
  weight: 1,
  call: (map) => read(map, map),
  answer: () => [],
  checks: {
    "gives what it takes to make one map like the other, in order": (bench) => {
      for (const count of [12, 400]) {
        const { map, model, other, otherModel } = twoOf(bench, count);
        const keys = bench.keys(count);
        const [low, high] = [keys[count >> 2], keys[count >> 1]];
        for (const range of [
          {},
          { gt: low },
          { gte: low, lte: high },
          { reverse: true, lt: high },
        ]) {
          const what = `diff, of ${count} keys, ${show(range)},`;
          assertSame(read(map, other, range), differences(model, otherModel, range), what);
          assertSame(read(other, map, range), differences(otherModel, model, range), what);
        }
      }
    },
    "gives nothing of two maps with the same entries, and everything of an empty one": (bench) => {
      const { map, model } = bench.filled();
      const copy = bench.create();
      for (const [key, value] of model.entries) copy.set(key, value);
      assertSame(read(map, copy), [], "diff, of a copy");
      assertSame(read(map, map), [], "diff, of itself");
      const empty = bench.create();
      assertSame(read(map, empty), differences(model, bench.model()), "diff, of an empty map");
      assertSame(read(empty, map), differences(bench.model(), model), "diff, of an empty map");
    },
    "goes on while both maps change": (bench) => {
      const { map, other, otherModel } = twoOf(bench, 400);
      const [value] = bench.values(1);
      for (const { key } of map.diff!(other) as Iterable<{ key: unknown }>) {
        other.delete(key);
        map.set(key, value);
        map.delete(key);
        otherModel.delete(key);
      }
      bench.assertLike(other, otherModel);
      bench.assertLike(map, otherModel);
    },
    "refuses what is no map, and what is no range": (bench) => {
      const { map } = bench.filled();
      const { badOption, badRange } = bench.codes;
      for (const none of [undefined, null, 5, "map", {}, [], new Map(), () => map]) {
        assertThrowsCode(() => map.diff!(none as never), badOption, `diff(${show(none)})`);
      }
      for (const range of [null, { limit: 3 }, { offset: 1 }, { form: 1 }]) {
        const call = () => map.diff!(map, range as Range);
        assertThrowsCode(call, badRange, `diff, of the range ${show(range)},`);
      }
    },
    "throws once either map is closed": when(able("close"), (bench) => {
      const { map, other } = twoOf(bench, 400);
      const [running, fresh, back] = [map.diff!(other), map.diff!(other), other.diff!(map)];
      running.next();
      bench.finish(other);
      for (const step of [
        () => listOf(running, "diff"),
        () => fresh.next(),
        () => back.next(),
        () => map.diff!(other),
      ]) {
        assertThrowsCode(step, bench.codes.closed, "diff, with a closed map,");
      }
    }),
  },
};
