// A `Map` that the main thread owns. Workers count and send it their counts, several files at once.
import { readFileSync } from "node:fs";
import { addTo, entriesOf } from "../counts.ts";
import { pack, unpack } from "../packed.ts";
import type { Way } from "../way.ts";
import { countWords } from "../words.ts";
import { startingWith } from "./map-scan.ts";

/** Larger messages cost less each, but hold the owner up longer, and what is on its way nobody sees. */
const WORDS_PER_MESSAGE = 20_000;

export const messages: Way = {
  title: "Map, by messages",
  sorted: false,

  start(job) {
    const words = new Map<string, number>();
    return {
      done: job.inWorkers(undefined, (message) => {
        for (const [word, number] of unpack(message)) addTo(words, word, number);
      }),
      get: (word) => words.get(word),
      startingWith: (prefix) => startingWith(words, prefix),
      entries: () => words,
    };
  },

  work(files, { send }) {
    const batch = new Map<string, number>();
    const flush = (): void => {
      send(pack([...batch.keys()], batch.values()));
      batch.clear();
    };
    for (const file of files) {
      const counts = countWords(readFileSync(file, "utf8"));
      for (const [word, number] of entriesOf(counts)) {
        batch.set(word, (batch.get(word) ?? 0) + number);
      }
      if (batch.size >= WORDS_PER_MESSAGE) flush();
    }
    flush();
  },
};
