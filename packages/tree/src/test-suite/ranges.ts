// What entries, keys and values do with every range. Random ranges come with the other random checks.
import { assertSame, listOf, show } from "./assert.ts";
import type { Bench } from "./bench.ts";
import type { AnyMap, TestedRange } from "./map.ts";
import { type Checks, when } from "./method.ts";

/** The part of entries that a method gives. */
type Part = (entries: [unknown, unknown][]) => unknown[];

export function rangeChecks(method: "entries" | "keys" | "values", part: Part): Checks {
  const read = (map: AnyMap, range?: TestedRange<unknown>) => listOf(map[method](range), method);
  return {
    "gives everything in key order without a range, and nothing of an empty map": (bench) => {
      const { map, model } = bench.filled();
      assertSame(read(map), part(model.entries), `${method}()`);
      assertSame(read(map, {}), part(model.entries), `${method}({})`);
      assertSame(read(bench.create()), [], `${method}(), of an empty map`);
    },
    "gives what lies between every two bounds, in either direction": (bench) => {
      const { map, model } = ten(bench);
      for (const range of allBounds(bench.keys(10))) {
        const wanted = part(model.range(range));
        assertSame(read(map, range), wanted, `${method}(${show(range)})`);
        const reverse = { ...range, reverse: true };
        assertSame(read(map, reverse), wanted.reverse(), `${method}(${show(reverse)})`);
      }
    },
    "lets the greater of two lower bounds hold, and the lesser of two upper ones": (bench) => {
      const { map, model } = ten(bench);
      const keys = bench.keys(10);
      for (const one of keys) {
        for (const two of keys) {
          for (const range of [
            { gt: one, gte: two },
            { lt: one, lte: two },
          ]) {
            assertSame(read(map, range), part(model.range(range)), `${method}(${show(range)})`);
          }
        }
      }
    },
    "gives nothing when bounds contradict each other": (bench) => {
      const { map, present } = bench.filled();
      const [low, high] = [present[3], present[9]];
      const contradictions: TestedRange<unknown>[] = [
        { gt: high, lt: low },
        { gte: high, lte: low },
        { gt: low, lt: low },
        { gte: low, lt: low },
        { gt: low, lte: low },
        { gte: high, lt: low, reverse: true },
      ];
      for (const range of contradictions) {
        assertSame(read(map, range), [], `${method}(${show(range)})`);
      }
    },
    "gives at most 'limit' entries, from the end that it starts at": (bench) => {
      const { map, model, present } = bench.filled();
      for (const limit of [0, 1, 7, present.length, present.length + 1, Number.POSITIVE_INFINITY]) {
        for (const reverse of [false, true]) {
          for (const range of [
            { limit, reverse },
            { limit, reverse, gte: present[2], lt: present[9] },
          ]) {
            assertSame(read(map, range), part(model.range(range)), `${method}(${show(range)})`);
          }
        }
      }
    },
    "skips 'offset' entries, from the end that it starts at": (bench) => {
      const { map, model, present } = bench.filled();
      for (const offset of [0, 1, 7, present.length - 1, present.length, present.length + 1]) {
        for (const reverse of [false, true]) {
          for (const range of [
            { offset, reverse },
            { offset, reverse, limit: 3 },
            { offset, reverse, limit: 0 },
            { offset, reverse, gt: present[2], lte: present[9] },
          ]) {
            assertSame(read(map, range), part(model.range(range)), `${method}(${show(range)})`);
          }
        }
      }
    },
    "takes members that are undefined for absent": (bench) => {
      const { map, model } = bench.filled();
      const range = { gt: undefined, gte: undefined, lt: undefined, lte: undefined };
      const rest = { prefix: undefined, reverse: undefined, offset: undefined, limit: undefined };
      assertSame(read(map, { ...range, ...rest }), part(model.entries), `${method}(undefineds)`);
    },
    "gives the keys that begin with a prefix, itself included": when(
      ({ keys }) => keys.cut !== undefined,
      (bench) => {
        const { kind } = bench;
        const { map, model, present, absent } = bench.filled();
        for (const key of [...present, ...absent]) {
          for (const length of [0, 1, 2, 8, 1000]) {
            const prefix = kind.cut!(key, length);
            for (const range of [
              { prefix },
              { prefix, reverse: true, limit: 2 },
              { prefix, gt: prefix },
              { prefix, lt: present[12] },
            ]) {
              assertSame(read(map, range), part(model.range(range)), `${method}(${show(range)})`);
            }
          }
        }
      },
    ),
    "gives many entries whole, in both directions": (bench) => {
      const keys = bench.keys(600);
      const { map, model } = bench.mapOf(keys);
      for (const range of [
        {},
        { reverse: true },
        { gt: keys[10], limit: 500 },
        { gt: keys[1], offset: 550 },
        { offset: 300, limit: 280, reverse: true },
        { lt: keys[590], limit: 500, reverse: true },
      ]) {
        assertSame(read(map, range), part(model.range(range)), `${method}, of 600 entries`);
      }
    },
    "looks at its bounds once, at the call": when(
      ({ keys }) => keys.spoil !== undefined,
      (bench) => {
        const { kind } = bench;
        const { map, model } = bench.filled();
        const bound = bench.filled().present[5];
        const wanted = part(model.range({ gte: bound }));
        const iterator = map[method]({ gte: bound });
        kind.spoil!(bound);
        assertSame(
          listOf(iterator, method),
          wanted,
          `${method}, whose bound is changed after the call`,
        );
      },
    ),
  };
}

/** Five of ten keys, so that bounds are keys of the map or lie between them. */
function ten(bench: Bench): ReturnType<Bench["mapOf"]> {
  return bench.mapOf(bench.keys(10).filter((_, i) => i % 2 === 1));
}

/** Every pair of a lower bound, or none, and an upper one, or none. */
function* allBounds(keys: readonly unknown[]): Generator<TestedRange<unknown>> {
  const lower = [{}, ...keys.map((gt) => ({ gt })), ...keys.map((gte) => ({ gte }))];
  const upper = [{}, ...keys.map((lt) => ({ lt })), ...keys.map((lte) => ({ lte }))];
  for (const one of lower) for (const other of upper) yield { ...one, ...other };
}

/** Ranges of all forms over what `bench.filled()` makes. */
export function rangesOf(bench: Bench): TestedRange<unknown>[] {
  const { present, absent } = bench.filled();
  const bounds: TestedRange<unknown>[] = [
    {},
    { gt: present[4] },
    { gte: present[4], lt: present[12] },
    { lte: absent[9] },
    { gte: absent[6], lte: absent[6] },
    { gt: present[9], lt: present[3] },
  ];
  const ways: TestedRange<unknown>[] = [
    {},
    { reverse: true },
    { limit: 0 },
    { limit: 1 },
    { limit: 4, reverse: true },
    { offset: 3 },
    { offset: 2, limit: 3 },
    { offset: 100 },
  ];
  return bounds.flatMap((one) => ways.map((way) => ({ ...one, ...way })));
}
