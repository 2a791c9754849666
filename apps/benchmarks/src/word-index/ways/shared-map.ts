// One map that all threads share. Workers add to it, and the main thread reads it meanwhile.
import { readFileSync } from "node:fs";
import { type MapHandle, MassTreeInline } from "masstree";
import { entriesOf } from "../counts.ts";
import type { Way } from "../way.ts";
import { countWords } from "../words.ts";

export const sharedMap: Way = {
  title: "masstree, one map",
  sorted: true,

  start(job) {
    const words = new MassTreeInline();
    return {
      done: job.inWorkers(words.handle),
      get: (word) => words.get(word),
      startingWith: (prefix) => words.entries({ prefix }),
      entries: () => words.entries(),
      ordered: words,
    };
  },

  work(files, { data }) {
    const words = MassTreeInline.attach(data as MapHandle);
    for (const file of files) {
      const counts = countWords(readFileSync(file, "utf8"));
      for (const [word, number] of entriesOf(counts)) words.add(word, number);
    }
    words.close();
  },
};
