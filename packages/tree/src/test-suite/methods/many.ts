import { assertSame, assertThrowsCode, assertThrowsTypeError } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { type Checks, type Method, when } from "../method.ts";

type OfKeys = "getMany" | "hasMany" | "deleteMany";

/** More than a scan gives at a time. */
const MANY = 600;

/** What is no list of keys or entries. */
const noLists: readonly unknown[] = [undefined, null, 5, "keys", {}, () => []];

/** Keys that are there and others, in no order, some of them twice. */
function mixed(bench: Bench, { present, absent }: ReturnType<Bench["filled"]>): unknown[] {
  const all = [...present, ...absent, ...present.slice(3, 6), ...bench.keys(MANY)];
  return all.map((_, i) => all[(i * 7) % all.length]);
}

function keyChecks(name: OfKeys): Checks {
  return {
    "refuses what is no list, and changes nothing": (bench) => {
      const { map, model } = bench.filled();
      for (const none of noLists) {
        assertThrowsTypeError(() => map[name]!(none as never), `${name}, without a list,`);
      }
      bench.assertLike(map, model);
    },
    "refuses what is no key, and changes nothing": when(
      ({ keys }) => Boolean(keys.refused?.length),
      (bench) => {
        const { map, model, present } = bench.filled();
        for (const refused of bench.kind.refused!) {
          const call = () => map[name]!([present[0], present[1], refused, present[2]]);
          assertThrowsCode(call, bench.codes.badKey, `${name}, with what is no key,`);
          bench.assertLike(map, model);
        }
      },
    ),
  };
}

export const getMany: Method = {
  name: "getMany",
  needs: ["many"],
  takes: ["keys"],
  weight: 2,
  call: (map, { keys }) => map.getMany!(keys ?? []),
  answer: (model, { keys = [] }) => keys.map((key) => model.get(key)),
  checks: {
    "gives the values in the order of the keys": (bench) => {
      const filled = bench.filled();
      const keys = mixed(bench, filled);
      const wanted = keys.map((key) => filled.model.get(key));
      assertSame(filled.map.getMany!(keys), wanted, "getMany");
      assertSame(
        filled.map.getMany!(new Set(keys).values()),
        filled.map.getMany!([...new Set(keys)]),
        "getMany, of an iterator",
      );
      assertSame(filled.map.getMany!([]), [], "getMany, of nothing");
    },
    ...keyChecks("getMany"),
  },
};

export const hasMany: Method = {
  name: "hasMany",
  needs: ["many"],
  takes: ["keys"],
  weight: 1,
  call: (map, { keys }) => map.hasMany!(keys ?? []),
  answer: (model, { keys = [] }) => keys.map((key) => model.has(key)),
  checks: {
    "answers in the order of the keys": (bench) => {
      const filled = bench.filled();
      const keys = mixed(bench, filled);
      const wanted = keys.map((key) => filled.model.has(key));
      assertSame(filled.map.hasMany!(keys), wanted, "hasMany");
    },
    ...keyChecks("hasMany"),
  },
};

export const deleteMany: Method = {
  name: "deleteMany",
  needs: ["many"],
  takes: ["keys"],
  weight: 2,
  call: (map, { keys }) => map.deleteMany!(keys ?? []),
  answer: (model, { keys = [] }) => keys.filter((key) => model.delete(key)).length,
  checks: {
    "removes the keys, and says how many were there": (bench) => {
      const filled = bench.filled();
      const { map, model, present } = filled;
      assertSame(map.deleteMany!(present.slice(2, 5)), 3, "deleteMany");
      for (const key of present.slice(2, 5)) model.delete(key);
      bench.assertLike(map, model);
      const keys = mixed(bench, filled);
      const gone = keys.filter((key) => model.delete(key)).length;
      assertSame(map.deleteMany!(keys), gone, "deleteMany");
      bench.assertLike(map, model);
    },
    ...keyChecks("deleteMany"),
  },
};

/** Calls it with entries of which one is wrong. */
function refuse(
  bench: Bench,
  wrong: (key: unknown, value: unknown) => unknown,
  code: string,
): void {
  const { map, model, present, absent } = bench.filled();
  const [value] = bench.values(1);
  const entries = [[absent[0], value], [present[0], value], wrong(absent[1], value)];
  const call = () => map.setMany!(entries as never);
  assertThrowsCode(call, code, "setMany, with what cannot be set,");
  bench.assertLike(map, model);
}

export const setMany: Method = {
  name: "setMany",
  needs: ["many"],
  takes: ["entries"],
  weight: 2,
  call: (map, { entries }) => map.setMany!(entries ?? []) === map,
  answer: (model, { entries = [] }) => {
    for (const [key, value] of entries) model.set(key, value);
    return true;
  },
  checks: {
    "sets all, and the last of equal keys wins": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const keys = [...present, ...absent, ...present, ...absent.slice(4)];
      const entries = bench.values(keys.length).map((value, i) => [keys[i], value] as const);
      assertSame(map.setMany!(entries) === map, true, "whether setMany returns the map");
      for (const [key, value] of entries) model.set(key, value);
      bench.assertLike(map, model);
    },
    "takes another map, and many entries": (bench) => {
      const { map: other, model } = bench.mapOf(bench.keys(MANY));
      const map = bench.create();
      map.setMany!(other as unknown as Iterable<readonly [unknown, unknown]>);
      bench.assertLike(map, model);
    },
    "refuses what is no list of pairs, and changes nothing": (bench) => {
      const { map, model, absent } = bench.filled();
      const [value] = bench.values(1);
      const noPairs = [null, 5, "ab", undefined].map((entry) => [[absent[0], value], entry]);
      for (const none of [...noLists, ...noPairs]) {
        assertThrowsTypeError(() => map.setMany!(none as never), "setMany, without pairs,");
      }
      bench.assertLike(map, model);
    },
    "refuses what is no key, and changes nothing": when(
      ({ keys }) => Boolean(keys.refused?.length),
      (bench) => {
        for (const refused of bench.kind.refused!) {
          refuse(bench, (_, value) => [refused, value], bench.codes.badKey);
        }
      },
    ),
    "refuses what is no value, and changes nothing": when(
      ({ values }) => Boolean(values.refused?.length),
      (bench) => {
        for (const refused of bench.valueKind.refused!) {
          refuse(bench, (key) => [key, refused], bench.codes.badValue);
        }
      },
    ),
    "may be given what changes the map meanwhile": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const [one, two, three] = bench.values(3);
      function* entries(): Generator<readonly [unknown, unknown]> {
        yield [present[0], one];
        map.set(present[1], two);
        map.delete(present[2]);
        yield [absent[0], three];
      }
      map.setMany!(entries());
      model.set(present[0], one);
      model.set(present[1], two);
      model.delete(present[2]);
      model.set(absent[0], three);
      bench.assertLike(map, model);
    },
  },
};
