import { assertTrue, show } from "../assert.ts";
import { same } from "../same.ts";
import type { ThreadJob } from "./job.ts";
import { everyone, type Scene } from "./task.ts";

/** All write so few keys. */
const SHARED = 10;

/** Throws unless a value is one that somebody sets. */
function check({ values }: Pick<ThreadJob, "values">, found: unknown): void {
  const whole = values.some((value) => same(value, found));
  assertTrue(whole, `a read gave ${show(found)}, which nobody has set`);
}

export const share: Scene = {
  name: "that write the same keys read whole values",
  tasks: {
    share(map, job) {
      const { keys, values, thread } = job;
      for (let i = 0; i < 2000; i++) {
        const key = keys[i % SHARED];
        if (i % 7 === thread) map.delete(key);
        else map.set(key, values[(i * 37 + thread) % values.length]);
        const found = map.get(keys[(i + 3) % SHARED]);
        if (found !== undefined) check(job, found);
        for (const [, value] of map.entries({ gte: key, limit: 3 })) check(job, value);
      }
    },
  },
  async check(bench, play) {
    const map = bench.create();
    const samples = { keys: bench.keys(SHARED), values: bench.values(30) };
    await play(map, everyone("share"), samples);
    for (const [key, value] of map) {
      assertTrue(
        samples.keys.some((one) => bench.kind.compare(one, key) === 0),
        `there is the key ${show(key)}, which nobody has set`,
      );
      check(samples, value);
    }
  },
};
