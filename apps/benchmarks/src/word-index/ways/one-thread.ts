// One thread with a `Map`. It lets others have a turn after each file, so it can answer questions then.
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { addTo, entriesOf } from "../counts.ts";
import type { Way } from "../way.ts";
import { countWords } from "../words.ts";
import { startingWith } from "./map-scan.ts";

export const oneThread: Way = {
  title: "Map, one thread",
  sorted: false,
  alone: true,

  start(job) {
    const words = new Map<string, number>();
    async function fill(): Promise<void> {
      for (const file of job.files) {
        const counts = countWords(readFileSync(file, "utf8"));
        for (const [word, number] of entriesOf(counts)) addTo(words, word, number);
        await setImmediate();
      }
    }
    return {
      done: fill(),
      get: (word) => words.get(word),
      startingWith: (prefix) => startingWith(words, prefix),
      entries: () => words,
    };
  },
};
