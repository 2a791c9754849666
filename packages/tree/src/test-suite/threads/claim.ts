import { assertSame, show } from "../assert.ts";
import type { AnyMap } from "../map.ts";
import type { Capability } from "../subject.ts";
import type { ThreadJob } from "./job.ts";
import { everyone, type Scene } from "./task.ts";

const KEYS = 400;

/** The value that a thread would give to the key of this number. */
function own({ values, thread, threads }: ThreadJob, key: number): unknown {
  return values[(key * threads + thread) % values.length];
}

/** All threads go over the same absent keys, in the same order; `won` returns what each got of each. */
function sceneOf(
  name: string,
  method: Capability,
  won: (map: AnyMap, job: ThreadJob, key: number) => unknown,
  agrees: (results: unknown[], stored: unknown) => boolean,
): Scene {
  return {
    name,
    needs: [method],
    tasks: {
      [method]: (map, job) => job.keys.map((_, key) => won(map, job, key)),
    },
    async check(bench, play) {
      const map = bench.create();
      const samples = { keys: bench.keys(KEYS), values: bench.values(4 * KEYS) };
      const results = (await play(map, everyone(method), samples)) as unknown[][];
      const wrong = samples.keys.filter((key, i) => {
        const ofKey = results.map((list) => list[i]);
        return !agrees(ofKey, map.get(key));
      });
      assertSame(wrong, [], `keys of which ${method} did not give one thread, and all the same`);
      assertSame(map.size, KEYS, "size");
    },
  };
}

const isAll = (results: unknown[], stored: unknown) =>
  results.every((result) => show(result) === show(stored));

export const setIfAbsent: Scene = sceneOf(
  "that set a key if it is absent find that one of them did",
  "setIfAbsent",
  (map, job, key) => map.setIfAbsent!(job.keys[key], own(job, key)),
  (results) => results.filter((result) => result === true).length === 1,
);

export const getOrInsert: Scene = sceneOf(
  "that insert a value for a key all get the one that won",
  "getOrInsert",
  (map, job, key) => map.getOrInsert!(job.keys[key], own(job, key)),
  isAll,
);

export const getOrInsertComputed: Scene = sceneOf(
  "that compute a value for a key all get the one that won",
  "getOrInsertComputed",
  (map, job, key) => map.getOrInsertComputed!(job.keys[key], () => own(job, key)),
  isAll,
);
