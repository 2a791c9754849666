// `index`: indexes the words of many files with all cores, in the ways that there are, and compares them.
import { writeFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { UsageError } from "../failure.ts";
import { bytes, count, duration } from "../format.ts";
import type { Progress } from "../progress.ts";
import { mustBeWritable } from "../writable.ts";
import { chooseEvenly } from "./choose.ts";
import { EVERYTHING, MOST_FILES, occurrencesOf } from "./counts.ts";
import { type FoundFile, findTextFiles, type LeftOut, readOnce } from "./files.ts";
import { ask } from "./processes.ts";
import {
  type Amount,
  answersOf,
  inputLine,
  notesOf,
  tableOf,
  type WayResult,
  whereNext,
} from "./report.ts";
import { explained, type Known, knownFrom, runAndCheck, showBytes } from "./run-way.ts";
import { unpackTable } from "./table.ts";

export interface IndexOptions {
  readonly dir?: string;
  /** In bytes. */
  readonly limit: number;
  readonly threads: number;
  readonly ways: readonly string[];
  readonly json?: string;
}

/** What the command depends on. The tests pass ways with planted faults. */
export interface IndexSurroundings {
  readonly processScript: URL;
  readonly workerScript: URL;
  /** The repository whose installed files are the input. */
  readonly root: string;
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** @throws UsageError for unusable input, Difference at the first wrong result */
export async function index(options: IndexOptions, surroundings: IndexSurroundings): Promise<void> {
  const began = performance.now();
  const { progress, print } = surroundings;
  // Fail before the work, not after.
  if (options.json !== undefined) await mustBeWritable(options.json, "--json");
  const { files, about } = await readInput(options, surroundings);
  const known = await recounted(files, surroundings);
  const [load = 0] = loadavg();
  const results: WayResult[] = [];
  for (const way of options.ways) {
    results.push(await runAndCheck(way, known, options.threads, surroundings));
  }

  // Before anything is printed: who reads that may have seen enough in the middle.
  if (options.json !== undefined) {
    progress.begin(`write '${options.json}'`);
    await writeFile(options.json, toJson(known, options, results));
    progress.done();
  }

  const words = known.table.size - 1;
  const { bytes: size } = sizeOf(files);
  const occurrences = occurrencesOf(known.table.get(EVERYTHING)!);
  print(
    `\n${about}\n${count(occurrences)} words, ${count(words)} different ones; ` +
      `${count(options.threads)} workers\n${tableOf(results)}\n${notesOf(results, size, load)}\n\n` +
      `Every way ${results.every(({ outcome }) => outcome) ? "" : "that ran "}counted every word as a ` +
      `plain recount did. ${duration(performance.now() - began)} in all.`,
  );
  const answers = results.flatMap(({ outcome }) => outcome?.answers ?? []);
  if (answers.length > 0) {
    print(
      "\nFive questions to the finished map of words; (occurrences in files), time:\n" +
        answersOf(answers),
    );
  }
  print(`\n${whereNext}`);
}

async function readInput(
  options: IndexOptions,
  { root, progress }: IndexSurroundings,
): Promise<{ files: readonly FoundFile[]; about: string }> {
  const directory = options.dir ?? resolve(root, "node_modules");
  progress.begin(`find the text files in '${options.dir ?? "node_modules"}'`);
  const { files, leftOut } = await findTextFiles(directory, (found) => progress.update(found, 0));
  const chosen = chooseEvenly(files, options.limit);
  if (chosen.length === 0) {
    throw new UsageError(nothingIn(directory, files.length, leftOut, options));
  }
  if (chosen.length > MOST_FILES) {
    throw new UsageError(
      `there are more than ${count(MOST_FILES)} files to index in '${directory}': lower --limit, or give ` +
        "another directory with --dir",
    );
  }
  progress.done(inputLine(sizeOf(chosen), sizeOf(files)));

  const { bytes: all } = sizeOf(chosen);
  progress.begin("read them once, for the system to have them in memory");
  const texts = await readOnce(chosen, leftOut, (read) => progress.update(read, all));
  if (texts.length === 0) throw new UsageError(nothingIn(directory, 0, leftOut, options));
  progress.done(leftOutOf(leftOut));
  const about =
    chosen.length < files.length
      ? `${inputLine(sizeOf(texts), sizeOf(files))} (--limit all takes all)`
      : inputLine(sizeOf(texts), sizeOf(texts));
  return { files: texts, about };
}

async function recounted(
  files: readonly FoundFile[],
  { processScript, progress }: IndexSurroundings,
): Promise<Known> {
  progress.begin("count plainly, to know what is right");
  const asked = { kind: "recount", files: files.map(({ path }) => path) } as const;
  const result = await ask(processScript, "the recount", asked, showBytes(files, progress)).catch(
    (error: unknown) => explained(error, files),
  );
  if (!("recounted" in result))
    throw new Error("the process of the recount answered with something else");
  const table = unpackTable(result.recounted);
  progress.done(`${count(table.size - 1)} different words`);
  return knownFrom(files, table);
}

function sizeOf(files: readonly FoundFile[]): Amount {
  return { files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

function nothingIn(
  directory: string,
  tooLarge: number,
  leftOut: LeftOut,
  { limit, dir }: IndexOptions,
): string {
  const others = leftOutOf(leftOut);
  const advice =
    dir === undefined ? "install first, or give another directory" : "give another one";
  if (tooLarge > 0)
    return `no text file in '${directory}' is within ${bytes(limit)}: raise --limit`;
  return `there are no text files in '${directory}'${others ? ` (${others})` : ""}: ${advice} with --dir`;
}

function leftOutOf({ binary, huge, unreadable }: LeftOut): string | undefined {
  const parts = [
    binary > 0 && `${count(binary)} not text`,
    huge > 0 && `${count(huge)} over 64 MiB`,
    unreadable > 0 && `${count(unreadable)} not readable`,
  ].filter((part) => part !== false);
  return parts.length === 0 ? undefined : `left out: ${parts.join(", ")}`;
}

function toJson(known: Known, options: IndexOptions, results: readonly WayResult[]): string {
  const [cpu] = cpus();
  const { files, bytes: size } = sizeOf(known.files);
  const ways = results.map((one) => {
    if (one.outcome === undefined) return one;
    // The entries were compared. They are as large as the input's words.
    const { entries, answers, ...rest } = one.outcome;
    return { way: one.way, ...rest, entries: entries.numbers.length, answers };
  });
  const report = {
    format: 1,
    node: process.version,
    cpu: cpu?.model,
    cores: cpus().length,
    options,
    input: { files, bytes: size, words: known.table.size - 1 },
    ways,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
