import { assertTrue } from "../assert.ts";
import type { Scene } from "./task.ts";

export const desert: Scene = {
  name: "that end without closing the map are released",
  needs: ["release"],
  tasks: {
    /** Writes, and ends with the map open. */
    desert(map, { keys, values, thread }) {
      map.set(keys[thread], values[thread]);
      return map.participant;
    },
  },
  async check(bench, play) {
    const { map, model } = bench.filled();
    const samples = { keys: bench.keys(2), values: bench.values(2) };
    for (let round = 0; round < 3; round++) {
      const gone = (await play(map, ["desert", "desert"], samples)) as number[];
      // A platform may have noticed by itself: then there is nothing to release.
      for (const participant of gone) map.release!(participant);
      for (const participant of gone) {
        assertTrue(!map.release!(participant), "release, a second time, must be false");
      }
      for (const [i, key] of samples.keys.entries()) model.set(key, samples.values[i]);
      bench.assertLike(map, model);
    }
  },
};
