import {
  assertSame,
  assertThrowsCode,
  assertThrowsTypeError,
  assertTrue,
  show,
} from "../assert.ts";
import type { Bench } from "../bench.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap, TestedGuard, TestedRange } from "../map.ts";
import { able, type Method, when } from "../method.ts";

type Range = TestedRange<unknown>;

/** Copies of what a scan gives. */
function scanned(guard: TestedGuard<unknown>, range: Range): [key: number[], value: number[]][] {
  const seen: [number[], number[]][] = [];
  guard.scan(range, (key, value) => {
    seen.push([[...key], [...value]]);
  });
  return seen;
}

/** Whether bytes are in ascending order. */
function isBelow(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? a.length < b.length : at < b.length && a[at]! < b[at]!;
}

/** Ends guards in the ways that there are. */
const endings: readonly (readonly [name: string, end: (guard: TestedGuard<unknown>) => void])[] = [
  ["dispose()", (guard) => guard.dispose()],
  [
    "[Symbol.dispose]()",
    (guard) => {
      const name = Symbol.dispose ?? Symbol.for("Symbol.dispose");
      const own = guard as unknown as Record<symbol, (() => void) | undefined>;
      if (own[name] === undefined) throw new ConformanceError("A guard has no [Symbol.dispose]");
      own[name]();
    },
  ],
];

function mustBeGone(view: Uint8Array, what: string): void {
  assertSame([view.length, view[0]], [0, undefined], what);
  assertThrowsTypeError(() => view.slice(), `slice(), ${what},`);
}

function refuses(bench: Bench, guard: TestedGuard<unknown>, key: unknown, what: string): void {
  const { closed } = bench.codes;
  assertThrowsCode(() => guard.get(key), closed, `get, of ${what},`);
  assertThrowsCode(() => guard.scan({}, () => {}), closed, `scan, of ${what},`);
}

/** What a call of a new guard gives. */
function guarded<R>(map: AnyMap, call: (guard: TestedGuard<unknown>) => R): R {
  const guard = map.pin!();
  try {
    return call(guard);
  } finally {
    guard.dispose();
  }
}

export const guardGet: Method = {
  name: "pin().get",
  needs: ["pin"],
  takes: ["key"],
  weight: 2,
  call: (map, { key }) => guarded(map, (guard) => guard.get(key) !== undefined),
  answer: (model, { key }) => model.has(key),
  checks: {
    "gives views that stay as they are, whatever the map gets": (bench) => {
      const { map, present } = bench.filled();
      const values = bench.values(present.length + 1);
      const guard = map.pin!();
      const views = present.map((key) => guard.get(key)!);
      const before = views.map((view) => [...view]);
      const mustBeSame = (what: string) => {
        for (const [i, view] of views.entries()) assertSame([...view], before[i], what);
      };
      for (const [i, key] of present.entries()) map.set(key, values[i + 1]);
      mustBeSame("a view, after another value was set");
      for (const key of present) {
        map.delete(key);
        assertSame(guard.get(key), undefined, "get, of a key that was removed");
      }
      for (const [i, key] of present.entries()) map.set(key, values[i]);
      mustBeSame("a view, after its entry was removed and set again");
      map.clear();
      mustBeSame("a view, after clear()");
      guard.dispose();
    },
    "has nothing left once it is disposed of": (bench) => {
      const { map, present } = bench.filled();
      for (const [name, end] of endings) {
        const guard = map.pin!();
        const views = present.map((key) => guard.get(key)!);
        end(guard);
        for (const view of views) mustBeGone(view, `a view, after ${name}`);
        refuses(bench, guard, present[0], "a guard that was disposed");
        end(guard);
      }
    },
    "throws once the map is closed, and keeps its views": when(able("close"), (bench) => {
      const { map, present } = bench.filled();
      const guard = map.pin!();
      const view = guard.get(present[0])!;
      const bytes = [...view];
      bench.finish(map);
      refuses(bench, guard, present[0], "a guard whose map is closed");
      assertSame([...view], bytes, "a view, after its map was closed");
      guard.dispose();
      mustBeGone(view, "a view, after its map was closed and its guard disposed");
      const other = bench.filled().map;
      const closing = (one: AnyMap) => one.pin!().scan({}, () => bench.finish(one));
      assertThrowsCode(() => closing(other), bench.codes.closed, "scan, whose visitor closes,");
    }),
  },
};

export const guardScan: Method = {
  name: "pin().scan",
  needs: ["pin"],
  takes: ["range"],
  weight: 2,
  call: (map, { range }) => guarded(map, (guard) => scanned(guard, range).length),
  answer: (model, { range }) => model.range(range).length,
  checks: {
    "gives the entries of a range in order, with the bytes that 'get' gives": (bench) => {
      const { map, model, present } = bench.filled();
      const guard = map.pin!();
      const bounds: readonly Range[] = [
        {},
        { gt: present[3], lte: present[9] },
        { gte: present[3], lt: present[3] },
        { offset: 3, limit: 5 },
        { gte: present[2], offset: 1 },
        { limit: 0 },
      ];
      for (const range of bounds) {
        for (const reverse of [false, true]) {
          const wanted = model.range({ ...range, reverse });
          const seen = scanned(guard, { ...range, reverse });
          const what = `scan(${show({ ...range, reverse })})`;
          assertSame(seen.length, wanted.length, `how many entries, of ${what}`);
          for (const [i, [key, value]] of seen.entries()) {
            assertSame(value, [...guard.get(wanted[i]![0])!], `a value, of ${what}`);
            const before = seen[i - 1]?.[0];
            const ascends = before === undefined || isBelow(before, key) !== reverse;
            assertTrue(ascends, `${what} gives keys that are not in order`);
          }
        }
      }
      guard.dispose();
    },
    "stops at false, and at nothing else": (bench) => {
      const { map, present } = bench.filled();
      const guard = map.pin!();
      for (const result of [undefined, null, 0, "", true, Number.NaN]) {
        let visits = 0;
        guard.scan({}, () => {
          visits++;
          return result as boolean;
        });
        assertSame(visits, present.length, `visits, of a visitor that returns ${show(result)}`);
      }
      let visits = 0;
      assertSame(
        guard.scan({}, () => ++visits < 3),
        undefined,
        "scan",
      );
      assertSame(visits, 3, "visits until false");
      guard.dispose();
    },
    "has views of a scan end with it, and those of 'get' stay": (bench) => {
      const { map, present } = bench.filled();
      const guard = map.pin!();
      const own = guard.get(present[0])!;
      const bytes = [...own];
      const kept: Uint8Array[] = [];
      guard.scan({}, (key, value) => {
        kept.push(key, value);
      });
      for (const view of kept) mustBeGone(view, "a view that was kept from a scan");
      assertSame([...own], bytes, "a view of 'get', after a scan");
      guard.dispose();
    },
    "lets the visitor change the map, and scan it": (bench) => {
      const { map, model, present, absent } = bench.filled();
      const guard = map.pin!();
      const values = bench.values(present.length);
      let visits = 0;
      guard.scan({}, () => {
        assertSame(scanned(guard, {}).length, map.size, "entries, of a scan within a scan");
        map.set(absent[visits], values[visits]);
        map.delete(present[visits]);
        visits++;
        return visits < present.length;
      });
      assertSame(visits, present.length, "visits");
      for (const [i, key] of present.entries()) {
        model.delete(key);
        model.set(absent[i], values[i]);
      }
      bench.assertLike(map, model);
      guard.dispose();
    },
    "ends when the visitor throws, with what it threw, or disposes of the guard": (bench) => {
      const { map, model } = bench.filled();
      const guard = map.pin!();
      const enough = new Error("enough");
      let kept: Uint8Array | undefined;
      let thrown: unknown;
      try {
        guard.scan({}, (key) => {
          kept = key;
          throw enough;
        });
      } catch (error) {
        thrown = error;
      }
      assertTrue(thrown === enough, "scan must throw what the visitor throws");
      mustBeGone(kept!, "a view, after a visitor that threw");
      const disposing = () =>
        guard.scan({}, (key) => {
          guard.dispose();
          mustBeGone(key, "a view, in a visitor that disposes of the guard");
        });
      assertThrowsCode(disposing, bench.codes.closed, "scan, whose visitor disposes of the guard,");
      bench.assertLike(map, model);
    },
    "refuses what is no visitor, also on an empty map": (bench) => {
      for (const map of [bench.create(), bench.filled().map]) {
        const guard = map.pin!();
        for (const visit of [undefined, null, 5, "a", {}]) {
          assertThrowsTypeError(() => guard.scan({}, visit as never), "scan");
        }
        guard.dispose();
      }
    },
  },
};
