import { assertSame, show } from "../assert.ts";
import { everyone, type Scene } from "./task.ts";

function sceneOf(method: "replace" | "exchange"): Scene {
  return {
    name: `that ${method} one key's value each get what nobody else gets`,
    needs: [method],
    tasks: {
      /** Gives the one key its share of the values; returns what it got for them. */
      [method](map, { keys, values, thread, threads }) {
        return values
          .filter((_, i) => i > 0 && i % threads === thread)
          .map((value) => map[method]!(keys[0], value));
      },
    },
    async check(bench, play) {
      const map = bench.create();
      const samples = { keys: bench.keys(1), values: bench.values(801) };
      map.set(samples.keys[0], samples.values[0]);
      const results = (await play(map, everyone(method), samples)) as unknown[][];
      // What is put in comes out once, but for the one value that is there at the end.
      const out = [...results.flat(), map.get(samples.keys[0])];
      assertSame(out.map(show).sort(), samples.values.map(show).sort(), "all values that came out");
    },
  };
}

export const replace: Scene = sceneOf("replace");
export const exchange: Scene = sceneOf("exchange");
