import { assertSame, show } from "../assert.ts";
import { everyone, type Scene } from "./task.ts";

export const exchange: Scene = {
  name: "that replace one key's value each get what nobody else gets",
  needs: ["replace"],
  tasks: {
    /** Replaces the value of the one key by its share of the values; returns what it got for them. */
    exchange(map, { keys, values, thread, threads }) {
      return values
        .filter((_, i) => i > 0 && i % threads === thread)
        .map((value) => map.replace!(keys[0], value));
    },
  },
  async check(bench, play) {
    const map = bench.create();
    const samples = { keys: bench.keys(1), values: bench.values(801) };
    map.set(samples.keys[0], samples.values[0]);
    const results = (await play(map, everyone("exchange"), samples)) as unknown[][];
    // What is put in comes out once, but for the one value that is there at the end.
    const out = [...results.flat(), map.get(samples.keys[0])];
    assertSame(out.map(show).sort(), samples.values.map(show).sort(), "all values that came out");
  },
};
