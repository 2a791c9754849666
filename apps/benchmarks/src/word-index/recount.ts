// The plain recount, which decides what is right. It shares nothing with the ways but the definition of a
// word, and writes that down in another form: one pattern over the whole text.
import { readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { EVERYTHING, FILE } from "./counts.ts";
import type { WordTable } from "./table.ts";
import { MOST_CHARACTERS } from "./words.ts";

const RUN = /[\p{L}\p{M}\p{N}_]{2,}/gu;

/** @param progress called with the number of files that are done */
export async function recount(
  files: readonly string[],
  progress: (done: number) => void = () => undefined,
): Promise<WordTable> {
  const occurrences = new Map<string, number>();
  const filesWith = new Map<string, number>();
  for (const [index, file] of files.entries()) {
    progress(index);
    const inFile = new Set<string>();
    for (const run of readFileSync(file, "utf8").toLowerCase().match(RUN) ?? []) {
      if (run.length > MOST_CHARACTERS && [...run].length > MOST_CHARACTERS) continue;
      occurrences.set(run, (occurrences.get(run) ?? 0) + 1);
      inFile.add(run);
    }
    for (const word of inFile) filesWith.set(word, (filesWith.get(word) ?? 0) + 1);
    // Let the process notice that it is no longer wanted.
    await setImmediate();
  }
  let all = 0;
  const table = new Map<string, number>();
  for (const [word, count] of occurrences) {
    table.set(word, filesWith.get(word)! * FILE + count);
    all += count;
  }
  return table.set(EVERYTHING, files.length * FILE + all);
}
