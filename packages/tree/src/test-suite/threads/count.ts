import { assertSame, show } from "../assert.ts";
import type { AnyMap } from "../map.ts";
import type { Capability } from "../subject.ts";
import { everyone, type Scene, THREADS } from "./task.ts";

/** How often each thread moves the value one step on: around the list of values, a whole number of times. */
const STEPS = 600;
const VALUES = 8;

/** All threads move one key's value along the same list, so that each step shows where the value ends. */
function sceneOf(
  name: string,
  method: Capability,
  step: (map: AnyMap, key: unknown, next: (value: unknown) => unknown) => void,
): Scene {
  return {
    name,
    needs: [method],
    tasks: {
      [method](map, { keys, values }) {
        const shown = values.map(show);
        const next = (value: unknown) => values[(shown.indexOf(show(value)) + 1) % values.length];
        for (let i = 0; i < STEPS; i++) step(map, keys[0], next);
      },
    },
    async check(bench, play) {
      const map = bench.create();
      const all = new Map(bench.values(100).map((value) => [show(value), value]));
      // One less than a divisor of all steps, or lost steps could go unseen.
      const values = [...all.values()].slice(0, VALUES - 1);
      const samples = { keys: bench.keys(1), values };
      map.set(samples.keys[0], values[0]);
      await play(map, everyone(method), samples);
      const end = values[(STEPS * THREADS) % values.length];
      assertSame(map.get(samples.keys[0]), end, `the value after ${STEPS * THREADS} steps`);
    },
  };
}

export const update: Scene = sceneOf(
  "that update one key lose no update",
  "update",
  (map, key, next) => {
    map.update!(key, next);
  },
);

export const compareAndSet: Scene = sceneOf(
  "that compare and set one key lose no step",
  "compareAndSet",
  (map, key, next) => {
    let value: unknown;
    do value = map.get(key);
    while (!map.compareAndSet!(key, value, next(value)));
  },
);
