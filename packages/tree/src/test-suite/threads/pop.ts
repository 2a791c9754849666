import { assertSame, show } from "../assert.ts";
import { everyone, type Scene } from "./task.ts";

const KEYS = 800;

export const pop: Scene = {
  name: "that pop entries from both ends get each once",
  needs: ["pop"],
  tasks: {
    /** Pops until there is nothing left: every second thread from the end. */
    pop(map, { thread }) {
      const popped: unknown[] = [];
      while (true) {
        const entry = thread % 2 === 0 ? map.popFirst!() : map.popLast!();
        if (entry === undefined) return popped;
        popped.push(entry);
      }
    },
  },
  async check(bench, play) {
    const { map, model } = bench.mapOf(bench.keys(KEYS));
    const results = (await play(map, everyone("pop"), { keys: [], values: [] })) as unknown[][];
    const popped = results.flat().map(show).sort();
    assertSame(popped, model.entries.map(show).sort(), "what was popped");
    assertSame(map.size, 0, "size");
    // Only pops: each thread meets its entries in their order.
    for (const [thread, list] of results.entries()) {
      const keys = (list as [unknown, unknown][]).map(([key]) => key);
      const sorted = [...keys].sort((a, b) => bench.kind.compare(a, b));
      if (thread % 2 === 1) sorted.reverse();
      assertSame(keys, sorted, "the keys that a thread popped, in its order");
    }
  },
};
