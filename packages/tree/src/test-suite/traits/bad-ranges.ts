// Ranges that are none, and ranges whose members run code of the caller's.
import { assertSame, assertThrowsCode, assertTrue, codeOf, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import type { AnyMap, TestedRange } from "../map.ts";
import { type Method, readOf, type Trait, when } from "../method.ts";

const bounds = ["gt", "gte", "lt", "lte"] as const;
const cyclic: { gt?: unknown } = {};
cyclic.gt = cyclic;

/** What is no range, whatever the keys are. */
const refused: readonly unknown[] = [
  ...[null, "a", 5, 1n, true, Symbol("a"), () => {}, [], new Map()],
  ...bounds.map((name) => ({ [name]: null })),
  ...[{ form: 1 }, { from: undefined }, cyclic],
  ...[{ reverse: 1 }, { reverse: "yes" }, { reverse: null }],
  ...["5", -1, 1.5, Number.NaN, Number.NEGATIVE_INFINITY, 5n, null].map((limit) => ({ limit })),
  ...["5", -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 5n, null].map((offset) => ({ offset })),
];

export const badRanges: Trait = {
  name: "ranges",
  checks: {
    "that are none are refused at the call by every method": (bench) => {
      const { map, model } = bench.filled();
      const { kind } = bench;
      const noPrefixes = kind.cut === undefined ? bench.keys(1) : [];
      const prefixes = [...noPrefixes, null, Symbol("a")].map((prefix) => ({ prefix }));
      for (const range of [...refused, ...prefixes]) {
        eachMethod(bench, map, range, (method, call) => {
          const what = `${method.name}, of the range ${show(range)},`;
          assertThrowsCode(call, bench.codes.badRange, what);
        });
      }
      bench.assertLike(map, model);
    },
    "with bounds that are no keys are refused, and say why": when(
      ({ keys }) => Boolean(keys.refused?.length),
      (bench) => {
        const { map } = bench.filled();
        const { kind, codes } = bench;
        const notKeys = kind.refused!.filter((key) => key !== undefined);
        const causes = [
          ...notKeys.map((key) => ({ key, code: codes.badKey })),
          ...(kind.tooLong ?? []).map((key) => ({ key, code: codes.keyTooLong })),
        ];
        const names = kind.cut === undefined ? bounds : [...bounds, "prefix" as const];
        for (const { key, code } of causes) {
          for (const name of names) {
            const range = { [name]: key };
            eachMethod(bench, map, range, (method, call) => {
              const what = `${method.name}, of the range ${show(range)},`;
              const error = assertThrowsCode(call, codes.badRange, what) as Error;
              assertSame(
                codeOf(error.cause),
                code,
                `the code of the cause of the error of ${what}`,
              );
            });
          }
        }
      },
    ),
    "whose members throw are refused, and say why": (bench) => {
      const { map, model } = bench.filled();
      const own = new Error("the caller's own");
      const thrower = (): never => {
        throw own;
      };
      const getters = [...bounds, "prefix", "reverse", "offset", "limit"].map((name) =>
        Object.defineProperty({}, name, { get: thrower, enumerable: true }),
      );
      const traps = [{ ownKeys: thrower }, { has: thrower }].map((trap) => new Proxy({}, trap));
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      for (const range of [...getters, ...traps, proxy]) {
        eachMethod(bench, map, range, (method, call) => {
          const what = `${method.name}, of a range that throws,`;
          const error = assertThrowsCode(call, bench.codes.badRange, what) as Error;
          const cause = error.cause;
          assertTrue(
            range === proxy || cause === own,
            `${what} must have what was thrown as cause`,
          );
        });
      }
      bench.assertLike(map, model);
    },
    "are read once, at the call": (bench) => {
      for (const method of bench.methods) {
        if (!method.takes.includes("range")) continue;
        const { map, model, present } = bench.filled();
        const fixed: TestedRange<unknown> = { gte: present[3], reverse: true, limit: 5 };
        const reads: string[] = [];
        const range: TestedRange<unknown> = {};
        for (const name of Object.keys(fixed) as (keyof typeof fixed)[]) {
          const get = () => {
            reads.push(name);
            return reads.length > 3 ? "another time" : fixed[name];
          };
          Object.defineProperty(range, name, { get, enumerable: true });
        }
        const given = { key: undefined, value: undefined, range };
        const result = method.call(map, given);
        assertSame(reads.sort(), ["gte", "limit", "reverse"], `what ${method.name} has read`);
        const answer = method.answer(model, { ...given, range: fixed });
        assertSame(readOf(method, result, map), answer, method.name);
      }
    },
    "whose members change the map do no harm": (bench) => {
      for (const method of bench.methods) {
        if (!method.takes.includes("range")) continue;
        const { map, model, present, absent } = bench.filled();
        const [value] = bench.values(1);
        const range = {
          get gte() {
            map.clear();
            for (const key of absent) map.set(key, value);
            return present[0];
          },
        };
        const result = method.call(map, { key: undefined, value: undefined, range });
        model.entries = [];
        for (const key of absent) model.set(key, value);
        const given = { key: undefined, value: undefined, range: { gte: present[0] } };
        assertSame(readOf(method, result, map), method.answer(model, given), method.name);
        bench.assertLike(map, model);
      }
    },
  },
};

function eachMethod(
  bench: Bench,
  map: AnyMap,
  range: unknown,
  visit: (method: Method, call: () => unknown) => void,
): void {
  const given = { key: undefined, value: undefined, range: range as TestedRange<unknown> };
  for (const method of bench.methods) {
    if (method.takes.includes("range")) visit(method, () => method.call(map, given));
  }
}
