// What entries, keys, values and [Symbol.iterator] return: iterators like those of Map.
import { assertSame, assertThrowsCode, assertTrue, listOf } from "../assert.ts";
import type { AnyMap } from "../map.ts";
import { able, type Trait, when } from "../method.ts";

type Opener = (map: AnyMap) => IterableIterator<unknown>;

const openers: Readonly<Record<string, Opener>> = {
  "entries()": (map) => map.entries(),
  "keys()": (map) => map.keys(),
  "values()": (map) => map.values(),
  "[Symbol.iterator]()": (map) => map[Symbol.iterator](),
};

const builtIn: unknown = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
const done = { done: true, value: undefined };

export const iterators: Trait = {
  name: "iterators",
  checks: {
    "are iterable, and inherit from the engine's own": (bench) => {
      const { map } = bench.filled();
      for (const [name, open] of Object.entries(openers)) {
        const iterator = open(map);
        assertTrue(iterator[Symbol.iterator]() === iterator, `${name} must be its own iterator`);
        assertTrue(
          Object.prototype.isPrototypeOf.call(builtIn as object, iterator),
          `${name} must inherit from Iterator.prototype`,
        );
      }
    },
    "stay at their end, whatever the map gets": (bench) => {
      for (const [name, open] of Object.entries(openers)) {
        const { map, present } = bench.filled();
        const [value] = bench.values(1);
        const iterator = open(map);
        assertSame(listOf(iterator, name).length, present.length, `steps of ${name}`);
        assertSame(iterator.next(), done, `next() of ${name}, at its end`);
        for (const key of bench.keys(100)) map.set(key, value);
        assertSame(iterator.next(), done, `next() of ${name}, after its end`);
        assertSame(listOf(iterator, name), [], `the rest of ${name}, after its end`);
      }
    },
    "end with return, any number of times": (bench) => {
      const { map } = bench.filled();
      for (const [name, open] of Object.entries(openers)) {
        const [fresh, running] = [open(map), open(map)];
        running.next();
        for (const iterator of [fresh, running]) {
          for (let round = 0; round < 2; round++) {
            assertSame(iterator.return?.(), done, `return() of ${name}`);
            assertSame(iterator.next(), done, `next() of ${name}, after return()`);
          }
        }
      }
    },
    "end when a loop is left": (bench) => {
      const { map } = bench.filled();
      for (const [name, open] of Object.entries(openers)) {
        const iterator = open(map);
        let steps = 0;
        for (const _ of iterator) if (++steps === 3) break;
        assertSame(iterator.next(), done, `next() of ${name}, after break`);
      }
    },
    "do not disturb each other, or other calls": (bench) => {
      const { map, model } = bench.filled();
      const keys = model.entries.map(([key]) => key);
      const running = [map.keys(), map.keys({ reverse: true }), map.keys({ gte: keys[5] })];
      const found: unknown[][] = [[], [], []];
      for (let left = running.length; left > 0; ) {
        left = 0;
        for (const [i, iterator] of running.entries()) {
          const step = iterator.next();
          if (step.done) continue;
          left++;
          found[i]!.push(step.value);
          assertSame(map.get(step.value), model.get(step.value), "get, between steps");
        }
      }
      assertSame(found, [keys, [...keys].reverse(), keys.slice(5)], "keys of three iterators");
    },
    "are left behind without harm": (bench) => {
      const { map, model } = bench.filled();
      for (let round = 0; round < 100; round++) {
        for (const open of Object.values(openers)) open(map).next();
      }
      for (const [key] of model.entries) map.delete(key);
      bench.assertLike(map, bench.model());
    },
    "throw once the map is closed, unless they have ended": when(able("close"), (bench) => {
      for (const [name, open] of Object.entries(openers)) {
        const { map } = bench.filled();
        const [running, fresh, ended, left] = [open(map), open(map), open(map), open(map)];
        running.next();
        for (const _ of ended);
        left.return?.();
        bench.finish(map);
        for (const iterator of [running, fresh]) {
          assertThrowsCode(() => iterator.next(), bench.codes.closed, `next() of ${name}`);
        }
        for (const iterator of [ended, left]) {
          assertSame(iterator.next(), done, `next() of ${name}, which has ended`);
        }
        assertSame(running.return?.(), done, `return() of ${name}, of a closed map`);
        assertSame(running.next(), done, `next() of ${name}, after return()`);
      }
    }),
  },
};
