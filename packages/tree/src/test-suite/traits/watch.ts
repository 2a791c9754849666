import fc from "fast-check";
import { assertSame, assertThrowsCode, assertTrue, codeOf, describeError } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap, TestedRange } from "../map.ts";
import { able, type Trait, when } from "../method.ts";
import type { SortedModel } from "../model.ts";

type Write = (map: AnyMap, key: unknown, value: unknown) => unknown;

/** Writes of one key that is there. */
const changes: Readonly<Record<string, Write>> = {
  set: (map, key, value) => map.set(key, value),
  replace: (map, key, value) => map.replace?.(key, value),
  exchange: (map, key, value) => map.exchange?.(key, value),
  update: (map, key, value) => map.update?.(key, () => value),
  "update to nothing": (map, key) => map.update?.(key, () => undefined),
  setMany: (map, key, value) => map.setMany?.([[key, value]]),
  delete: (map, key) => map.delete(key),
  take: (map, key) => map.take?.(key),
  deleteMany: (map, key) => map.deleteMany?.([key]),
  popFirst: (map, key) => map.popFirst?.({ gte: key }),
  popLast: (map, key) => map.popLast?.({ lte: key }),
  clear: (map, key) => map.clear({ gte: key, lte: key }),
  "clear, counted": (map, key) => map.clear({ gte: key, limit: 1 }),
};

/** Writes of one key that is not there. */
const insertions: Readonly<Record<string, Write>> = {
  set: (map, key, value) => map.set(key, value),
  setIfAbsent: (map, key, value) => map.setIfAbsent?.(key, value),
  getOrInsert: (map, key, value) => map.getOrInsert?.(key, value),
  getOrInsertComputed: (map, key, value) => map.getOrInsertComputed?.(key, () => value),
  exchange: (map, key, value) => map.exchange?.(key, value),
  update: (map, key, value) => map.update?.(key, () => value),
  compareAndSet: (map, key, value) => map.compareAndSet?.(key, undefined, value),
  setMany: (map, key, value) => map.setMany?.([[key, value]]),
};

export const watch: Trait = {
  name: "watch",
  needs: ["watch"],
  checks: {
    "tells of every write, by any way to write": async (bench) => {
      const { map, present, absent } = bench.filled();
      const [value] = bench.values(present.length + 1).slice(-1);
      const told = iterate(map);
      const kinds = [
        [changes, present],
        [insertions, absent],
      ] as const;
      for (const [writes, keys] of kinds) {
        for (const [i, [name, write]] of Object.entries(writes).entries()) {
          if (write(map, keys[i], value) === undefined && !isKnown(map, name)) continue;
          assertSame(await next(told), [keys[i]], `what watch tells of ${name}`);
        }
      }
      await end(told);
    },
    "tells of each key of its range once, in the range's order": async (bench) => {
      const { map, present, absent } = bench.filled();
      const [value] = bench.values(1);
      const keys = bench.keys(present.length + absent.length);
      const [gte, lt] = [keys[5], keys[30]];
      const model = bench.model();
      for (const key of [...present, ...absent]) model.set(key, value);
      const ranges: TestedRange<unknown>[] = [{ gte, lt }, { gt: gte, lte: lt, reverse: true }, {}];
      const watches = ranges.map((range) => iterate(map, range));
      for (const key of [...absent, ...present, ...absent]) map.set(key, value);
      for (const [i, range] of ranges.entries()) {
        const wanted = model.range(range).map(([key]) => key);
        assertSame(await next(watches[i]!), wanted, "what watch tells");
        await end(watches[i]!);
      }
    },
    "tells of all that clear removes": async (bench) => {
      const { map, present } = bench.filled();
      const told = iterate(map);
      const some = map.clear({ gte: present[2], lt: present[9] });
      assertSame(some, 7, "clear");
      assertSame(await next(told), present.slice(2, 9), "what watch tells");
      map.clear();
      const rest = [...present.slice(0, 2), ...present.slice(9)];
      assertSame(await next(told), rest, "what watch tells");
      await end(told);
    },
    "leaves out nothing that has changed, and tells of nothing that was not written": async (
      bench,
    ) => {
      const keys = bench.keys(12);
      const values = bench.values(4);
      const steps = fc.array(
        fc.record({
          key: fc.nat({ max: keys.length - 1 }),
          value: fc.nat({ max: values.length - 1 }),
          what: fc.constantFrom("set", "delete", "clear", "look"),
        }),
        { maxLength: 40 },
      );
      const property = fc.asyncProperty(steps, async (drawn) => {
        const map = bench.create();
        const model = bench.model();
        const told = iterate(map);
        let written = new Set<unknown>();
        let before = model.copy();
        const compare = async () => {
          if (written.size > 0) {
            const found = await next(told);
            const changed = keys.filter((key) => hasChanged(key, before, model));
            const left = changed.filter((key) => !found.some((other) => isOf(other, key, bench)));
            assertSame(left, [], "what has changed, and watch does not tell");
            const known = [...written];
            const made = found.filter((key) => !known.some((other) => isOf(other, key, bench)));
            assertSame(made, [], "what was not written, and watch tells");
          }
          written = new Set();
          before = model.copy();
        };
        for (const { what, ...drawnStep } of drawn) {
          const key = keys[drawnStep.key];
          const value = values[drawnStep.value];
          if (what === "look") await compare();
          else if (what === "set") {
            map.set(key, value);
            model.set(key, value);
            written.add(key);
          } else {
            const range = what === "clear" ? { gte: key } : { gte: key, lte: key };
            const gone = model.range(range).map(([there]) => there);
            if (what === "clear") map.clear(range);
            else map.delete(key);
            for (const there of gone) {
              model.delete(there);
              written.add(there);
            }
          }
        }
        await compare();
        await end(told);
        bench.finish(map);
      });
      await fc.assert(property, { seed: bench.seed, numRuns: bench.runs });
    },
    "gives what comes later, to each that watches": async (bench) => {
      const { map, present } = bench.filled();
      const [value] = bench.values(1);
      const watches = [iterate(map), iterate(map)];
      const steps = watches.map((told) => next(told));
      await turn();
      map.set(present[3], value);
      for (const step of steps) assertSame(await step, [present[3]], "what watch tells");
      const later = next(watches[1]!);
      await end(watches[0]!);
      map.delete(present[4]);
      assertSame(await later, [present[4]], "what watch tells");
      await end(watches[1]!);
    },
    "ends by 'return', and is iterated once": async (bench) => {
      const { map, present } = bench.filled();
      const [value] = bench.values(1);
      const changes = map.watch!();
      map.set(present[0], value);
      for await (const { keys } of changes) {
        assertSame(keys, [present[0]], "what watch tells");
        break;
      }
      map.set(present[1], value);
      for await (const batch of changes) {
        throw new ConformanceError("watch must not begin again", { actual: batch });
      }
      const told = iterate(map);
      const step = told.next();
      await end(told);
      assertSame((await step).done, true, "a step of a watch that has ended");
    },
    "is rejected with the reason of its signal": async (bench) => {
      const { map, present } = bench.filled();
      const [value] = bench.values(1);
      const reason = new Error("enough");
      const what = "watch must be rejected with the signal's reason, once";
      const aborted = AbortSignal.abort(reason);
      const controllers = [new AbortController(), new AbortController()];
      const [early, pending, late] = [aborted, ...controllers.map(({ signal }) => signal)].map(
        (signal) => map.watch!({}, { signal })[Symbol.asyncIterator](),
      );
      const step = pending!.next();
      for (const controller of controllers) controller.abort(reason);
      map.set(present[0], value);
      for (const found of [early!.next(), step, late!.next()]) {
        assertTrue((await errorOf(found)) === reason, what);
      }
      for (const told of [early!, pending!, late!]) {
        assertSame((await told.next()).done, true, "a step of a watch that has ended");
      }
    },
    "refuses wrong ranges and options at the call": (bench) => {
      const { map } = bench.filled();
      const { badRange, badOption } = bench.codes;
      for (const range of [null, "a", { form: 1 }, { limit: 5 }, { offset: 1 }]) {
        assertThrowsCode(() => map.watch!(range as never), badRange, "watch, of a wrong range,");
      }
      for (const wrong of [null, { signal: {} }, { signla: undefined }]) {
        const call = () => map.watch!({}, wrong as never);
        assertThrowsCode(call, badOption, "watch, with wrong options,");
      }
    },
    "is rejected when the map is closed": when(able("close"), async (bench) => {
      const { map } = bench.filled();
      const watches = [iterate(map), iterate(map), iterate(map)];
      const steps = watches.slice(0, 2).map((told) => told.next());
      bench.finish(map);
      for (const step of [...steps, watches[2]!.next()]) {
        const error = await errorOf(step);
        const is = codeOf(error) === bench.codes.closed;
        assertTrue(
          is,
          `watch must be rejected with ${bench.codes.closed}, not ${describeError(error)}`,
        );
      }
      const call = () => map.watch!();
      assertThrowsCode(call, bench.codes.closed, "watch, of a closed map,");
    }),
  },
};

type Told = AsyncIterator<{ readonly keys: unknown[]; readonly missed: boolean }>;

function iterate(map: AnyMap, range?: TestedRange<unknown>): Told {
  return map.watch!(range)[Symbol.asyncIterator]();
}

/** The keys of the next step, of a watch that misses nothing. */
async function next(told: Told): Promise<unknown[]> {
  const { value, done } = await told.next();
  assertTrue(!done, "watch must not end by itself");
  assertSame(value.missed, false, "whether watch has missed something");
  return value.keys;
}

async function end(told: Told): Promise<void> {
  assertSame((await told.return!()).done, true, "return of a watch");
}

/** Whether a class has the method that a way to write is named after. */
function isKnown(map: AnyMap, name: string): boolean {
  const [method] = name.split(/[ ,]/);
  return method! in map;
}

function hasChanged(key: unknown, before: SortedModel, after: SortedModel): boolean {
  if (before.has(key) !== after.has(key)) return true;
  return after.has(key) && !after.equal(before.get(key), after.get(key));
}

function isOf(a: unknown, b: unknown, bench: Bench): boolean {
  return bench.kind.compare(a, b) === 0;
}

/** Lets other jobs run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new ConformanceError("watch must be rejected", { actual: value });
}
