import { assertSame, show } from "../assert.ts";
import { everyone, type Scene } from "./task.ts";

const KEYS = 800;

export const take: Scene = {
  name: "that take the same keys get each value once",
  needs: ["take"],
  tasks: {
    /** Takes every key; returns what it got, undefined for what others had. */
    take: (map, { keys }) => keys.map((key) => map.take!(key)),
  },
  async check(bench, play) {
    const { map, model } = bench.mapOf(bench.keys(KEYS));
    const samples = { keys: model.entries.map(([key]) => key), values: [] };
    const results = (await play(map, everyone("take"), samples)) as unknown[][];
    const taken = samples.keys.map((_, i) => results.map((list) => list[i]).filter(isSomething));
    assertSame(
      taken.map((values) => values.map(show)),
      model.entries.map(([, value]) => [show(value)]),
      "what was taken of each key",
    );
    assertSame(map.size, 0, "size");
  },
};

function isSomething(value: unknown): boolean {
  return value !== undefined;
}
