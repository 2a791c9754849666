// LMDB through lmdb-js: a B+tree in a memory-mapped file, which all threads open. One of them at a time
// writes, so each collects the counts of several files and writes them in one transaction. Reading needs
// no lock. The file does not have to survive, so nothing waits for the disk.
import { readFileSync } from "node:fs";
import type { Database } from "lmdb";
import { entriesOf } from "../counts.ts";
import { type Way, WayUnavailable } from "../way.ts";
import { countWords } from "../words.ts";

const WORDS_PER_TRANSACTION = 20_000;

export const lmdb: Way = {
  title: "lmdb, one file",
  sorted: true,

  async start(job) {
    const words = await openIn(job.directory);
    return {
      done: job.inWorkers(job.directory),
      get: (word) => words.get(word),
      // No character is greater than the last one of Unicode.
      startingWith: (prefix) => range(words, { start: prefix, end: `${prefix}\u{10ffff}` }),
      entries: () => range(words, {}),
    };
  },

  async work(files, { data }) {
    const words = await openIn(data as string);
    const batch = new Map<string, number>();
    const flush = (): void => {
      words.transactionSync(() => {
        for (const [word, number] of batch) words.putSync(word, (words.get(word) ?? 0) + number);
      });
      batch.clear();
    };
    for (const file of files) {
      const counts = countWords(readFileSync(file, "utf8"));
      for (const [word, number] of entriesOf(counts)) {
        batch.set(word, (batch.get(word) ?? 0) + number);
      }
      if (batch.size >= WORDS_PER_TRANSACTION) flush();
    }
    flush();
    await words.close();
  },
};

async function openIn(directory: string): Promise<Database<number, string>> {
  const { open } = await load();
  return open({ path: directory, noSync: true, noMemInit: true });
}

/** The package is optional, and has no binary for some machines. */
async function load(): Promise<typeof import("lmdb")> {
  try {
    return await import("lmdb");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new WayUnavailable(
      code === "ERR_MODULE_NOT_FOUND" ? "is not installed" : message.split("\n")[0],
    );
  }
}

function* range(words: Database<number, string>, bounds: { start?: string; end?: string }) {
  for (const { key, value } of words.getRange(bounds)) yield [key, value] as const;
}
