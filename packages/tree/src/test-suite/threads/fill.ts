import { assertSame } from "../assert.ts";
import { valueFor } from "./job.ts";
import { everyone, type Scene } from "./task.ts";

export const fill: Scene = {
  name: "fill one map at once, and all find everything",
  tasks: {
    /** Sets its own share of the keys, and reads them and those of the others as they come. */
    fill(map, job) {
      const { keys, thread, threads } = job;
      for (let i = thread; i < keys.length; i += threads) {
        map.set(keys[i], valueFor(job, i));
        assertSame(map.get(keys[i]), valueFor(job, i), "get, of what this thread has set");
        const other = i >> 1;
        const found = map.get(keys[other]);
        if (found !== undefined) assertSame(found, valueFor(job, other), "get, of another's key");
      }
    },
    /** Deletes what it finds; of all threads that delete one key, one is told that it did. */
    drain(map) {
      let deleted = 0;
      for (const key of map.keys()) if (map.delete(key)) deleted++;
      return deleted;
    },
  },
  async check(bench, play) {
    const map = bench.create();
    const samples = { keys: bench.keys(600), values: bench.values(200) };
    await play(map, everyone("fill"), samples);
    const model = bench.model();
    for (const [i, key] of samples.keys.entries()) model.set(key, samples.values[i % 200]);
    bench.assertLike(map, model);

    const deleted = (await play(map, everyone("drain"), samples)) as number[];
    const sum = deleted.reduce((a, b) => a + b);
    assertSame(sum, samples.keys.length, "how many times delete was true");
    bench.assertLike(map, bench.model());
  },
};
