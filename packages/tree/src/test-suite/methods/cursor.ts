import fc from "fast-check";
import { assertSame, assertThrowsCode, show } from "../assert.ts";
import type { Bench } from "../bench.ts";
import { ConformanceError } from "../error.ts";
import type { AnyMap, TestedCursor, TestedRange } from "../map.ts";
import { able, type Method, when } from "../method.ts";
import type { SortedModel } from "../model.ts";
import { failing } from "../shrink.ts";

type Range = TestedRange<unknown>;

/** What a cursor does, written as simply as can be. */
class ModelCursor implements TestedCursor<unknown, unknown> {
  readonly #model: SortedModel;
  readonly #range: Range;
  #place: "before" | "at" | "behind" = "before";
  #entry: [unknown, unknown] | undefined;

  constructor(model: SortedModel, range: Range = {}) {
    this.#model = model;
    this.#range = range;
  }

  get key(): unknown {
    return this.#entry?.[0];
  }

  get value(): unknown {
    return this.#entry?.[1];
  }

  next(): boolean {
    return this.#place !== "behind" && this.#arrive(this.#beyond(true, false).at(0), "behind");
  }

  previous(): boolean {
    return this.#place !== "before" && this.#arrive(this.#beyond(false, false).at(-1), "before");
  }

  seek(key: unknown): boolean {
    this.#entry = [key, undefined];
    return this.#arrive(this.#beyond(true, true).at(0), "behind");
  }

  dispose(): void {}

  /** The entries of the range on one side of where the cursor is. */
  #beyond(onward: boolean, inclusive: boolean): [unknown, unknown][] {
    const all = this.#model.range(this.#range);
    if (this.#entry === undefined) return all;
    const [key] = this.#entry;
    const ascends = onward !== (this.#range.reverse ?? false);
    const bound = ascends
      ? inclusive
        ? { gte: key }
        : { gt: key }
      : inclusive
        ? { lte: key }
        : { lt: key };
    const there = new Set(this.#model.range(bound));
    return all.filter((entry) => there.has(entry));
  }

  #arrive(entry: [unknown, unknown] | undefined, otherwise: "before" | "behind"): boolean {
    this.#place = entry === undefined ? otherwise : "at";
    // A copy: what the map gets later does not change what the cursor has read.
    this.#entry = entry === undefined ? undefined : [entry[0], entry[1]];
    return entry !== undefined;
  }
}

type Step =
  | readonly [what: "next" | "previous" | "clear"]
  | readonly [what: "seek" | "set" | "delete", key: number];

const index = fc.nat(1000);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant<Step>(["next"]) },
    { weight: 6, arbitrary: fc.constant<Step>(["previous"]) },
    { weight: 3, arbitrary: index.map((key): Step => ["seek", key]) },
    { weight: 3, arbitrary: index.map((key): Step => ["set", key]) },
    { weight: 4, arbitrary: index.map((key): Step => ["delete", key]) },
    { weight: 1, arbitrary: fc.constant<Step>(["clear"]) },
  ),
  { maxLength: 60, size: "max" },
);

/** Ranges with keys of a list of 48 as bounds. */
const ranges = fc.record({
  gt: fc.option(index, { nil: undefined, freq: 1 }),
  lte: fc.option(index, { nil: undefined, freq: 1 }),
  reverse: fc.boolean(),
});

function look(cursor: TestedCursor<unknown, unknown>, moved: boolean | undefined): unknown {
  return [moved, cursor.key, cursor.value];
}

/** A walk about a key: to it, on and back, and over an end. */
function walk(cursor: TestedCursor<unknown, unknown>, key: unknown): unknown {
  const seen = [look(cursor, undefined)];
  seen.push(look(cursor, cursor.seek(key)));
  seen.push(look(cursor, cursor.next()), look(cursor, cursor.previous()));
  for (let i = 0; i < 4; i++) seen.push(look(cursor, cursor.previous()));
  for (let i = 0; i < 3; i++) seen.push(look(cursor, cursor.next()));
  cursor.dispose();
  return seen;
}

function play(
  bench: Bench,
  drawn: typeof ranges extends fc.Arbitrary<infer R> ? R : never,
  list: readonly Step[],
): void {
  const { map, model, present, absent } = bench.filled();
  const keys = [...present, ...absent];
  const keyOf = (key: number) => keys[key % keys.length];
  const values = bench.values(list.length);
  const range: Range = { reverse: drawn.reverse };
  if (drawn.gt !== undefined) range.gt = keyOf(drawn.gt);
  if (drawn.lte !== undefined) range.lte = keyOf(drawn.lte);
  const cursor = map.cursor!(range);
  const wanted = new ModelCursor(model, range);
  for (const [i, [what, key = 0]] of list.entries()) {
    if (what === "set") {
      map.set(keyOf(key), values[i]);
      model.set(keyOf(key), values[i]);
    } else if (what === "delete") {
      map.delete(keyOf(key));
      model.delete(keyOf(key));
    } else if (what === "clear") {
      map.clear();
      model.entries = [];
    } else {
      const move = (one: TestedCursor<unknown, unknown>) =>
        what === "seek" ? one.seek(keyOf(key)) : one[what]();
      const text = `${list.slice(0, i + 1).join(" ")} of cursor(${show(range)})`;
      assertSame(look(cursor, move(cursor)), look(wanted, move(wanted)), text);
    }
    assertSame(look(cursor, undefined), look(wanted, undefined), `the cursor after ${what}`);
  }
  bench.assertLike(map, model);
  bench.finish(map);
}

function closedAfter(
  bench: Bench,
  end: (map: AnyMap, cursor: TestedCursor<unknown, unknown>) => void,
) {
  const { map, present } = bench.filled();
  const cursor = map.cursor!();
  assertSame(cursor.next(), true, "next(), of a new cursor");
  end(map, cursor);
  for (const step of [
    () => cursor.next(),
    () => cursor.previous(),
    () => cursor.seek(present[1]),
  ]) {
    assertThrowsCode(step, bench.codes.closed, "a step of a cursor that is closed,");
  }
  return { cursor, present };
}

export const cursor: Method = {
  name: "cursor",
  needs: ["cursor"],
  takes: ["key"],
  weight: 2,
  call: (map, { key }) => walk(map.cursor!(), key),
  answer: (model, { key }) => walk(new ModelCursor(model), key),
  checks: {
    "goes both ways from one place, whatever the map gets meanwhile": (bench) => {
      const cases = fc.tuple(ranges, steps);
      const found = failing(cases, bench, ([range, list]) => {
        try {
          play(bench, range, list);
          return undefined;
        } catch (error) {
          return error as Error;
        } finally {
          bench.abandon();
        }
      });
      if (found !== undefined) throw found.failure;
    },
    "gives all entries of a range, in either direction": (bench) => {
      const { map, model, present } = bench.filled();
      for (const range of [{}, { gt: present[3], lte: present[9] }, { lt: present[0] }]) {
        for (const reverse of [false, true]) {
          const one = map.cursor!({ ...range, reverse });
          const wanted = model.range({ ...range, reverse });
          const onward: unknown[] = [];
          while (one.next()) onward.push([one.key, one.value]);
          assertSame(onward, wanted, "what next gives");
          const back: unknown[] = [];
          while (one.previous()) back.unshift([one.key, one.value]);
          assertSame(back, wanted, "what previous gives");
        }
      }
    },
    "stays at the ends, whatever the map gets": (bench) => {
      const { map, present, absent } = bench.filled();
      const [value] = bench.values(1);
      const one = map.cursor!();
      while (one.next());
      for (const key of absent) map.set(key, value);
      assertSame([one.next(), one.key, one.value], [false, undefined, undefined], "the end");
      assertSame([one.previous(), one.key], [true, present.at(-1)], "before the end");
    },
    "refuses 'offset' and 'limit'": (bench) => {
      const { map } = bench.filled();
      for (const range of [{ offset: 1 }, { limit: 1 }, { limit: 5 }, { limit: -1 }, { form: 1 }]) {
        const what = `cursor(${show(range)})`;
        assertThrowsCode(() => map.cursor!(range as Range), bench.codes.badRange, what);
      }
    },
    "throws once the map is closed, and keeps what it has read": when(able("close"), (bench) => {
      const { cursor: one, present } = closedAfter(bench, (map) => bench.finish(map));
      assertSame(one.key, present[0], "the key, of a closed map");
      one.dispose();
    }),
    "throws once it is disposed of, and has let go of its entry": (bench) => {
      for (const dispose of ["dispose", Symbol.dispose ?? Symbol.for("Symbol.dispose")]) {
        const { cursor: one } = closedAfter(bench, (_, it) => {
          const own = it as unknown as Record<PropertyKey, (() => void) | undefined>;
          if (own[dispose] === undefined)
            throw new ConformanceError(`A cursor has no ${String(dispose)}`);
          own[dispose]();
          own[dispose]();
        });
        assertSame([one.key, one.value], [undefined, undefined], "what it has");
      }
    },
  },
};
