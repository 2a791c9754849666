// A `Map` in each worker. When the files are at their end, the main thread merges them.
import { readFileSync } from "node:fs";
import { addTo, entriesOf } from "../counts.ts";
import { pack, unpack } from "../packed.ts";
import type { Way } from "../way.ts";
import { countWords } from "../words.ts";
import { startingWith } from "./map-scan.ts";

/** The main thread can do something else between two messages. */
const WORDS_PER_MESSAGE = 10_000;

export const merged: Way = {
  title: "Maps, merged",
  sorted: false,

  start(job) {
    const words = new Map<string, number>();
    return {
      done: job.inWorkers(undefined, (message) => {
        for (const [word, number] of unpack(message)) addTo(words, word, number);
      }),
      closedUntilDone: "the words are in several maps until the end",
      get: (word) => words.get(word),
      startingWith: (prefix) => startingWith(words, prefix),
      entries: () => words,
    };
  },

  work(files, { send }) {
    const words = new Map<string, number>();
    for (const file of files) {
      const counts = countWords(readFileSync(file, "utf8"));
      for (const [word, number] of entriesOf(counts)) addTo(words, word, number);
    }
    const names = [...words.keys()];
    const numbers = [...words.values()];
    for (let from = 0; from < names.length; from += WORDS_PER_MESSAGE) {
      const to = from + WORDS_PER_MESSAGE;
      send(pack(names.slice(from, to), numbers.slice(from, to)));
    }
  },
};
