// Runs one way in a process of its own, and checks the result.
import { tmpdir } from "node:os";
import { Difference, UsageError } from "../failure.ts";
import { duration } from "../format.ts";
import { inDirectory } from "../in-directory.ts";
import { byCodePoint } from "../maps/native-map.ts";
import type { Progress } from "../progress.ts";
import { firstDifference } from "./compare.ts";
import type { Entry } from "./counts.ts";
import { type FoundFile, firstChanged } from "./files.ts";
import type { Outcome } from "./measure.ts";
import { unpack } from "./packed.ts";
import { ask } from "./processes.ts";
import {
  chooseParameters,
  choosePrefixes,
  firstWrongAnswer,
  type Parameters,
} from "./questions.ts";
import type { WayResult } from "./report.ts";
import type { WordTable } from "./table.ts";
import { WayUnavailable } from "./way.ts";
import { loadWay } from "./ways/registry.ts";

/** What is known about the input without any of the ways. */
export interface Known {
  readonly files: readonly FoundFile[];
  readonly table: WordTable;
  /** The entries of the table in the order of the words. */
  readonly sorted: readonly Entry[];
  readonly parameters: Parameters;
}

/** @param table from the plain recount */
export function knownFrom(files: readonly FoundFile[], table: WordTable): Known {
  const sorted = [...table].sort(([a], [b]) => byCodePoint(a, b));
  return { files, table, sorted, parameters: chooseParameters(sorted) };
}

export interface RunSurroundings {
  readonly processScript: URL;
  readonly workerScript: URL;
  readonly progress: Progress;
}

/**
 * @param way see `loadWay`
 * @throws Difference at the first wrong result, UsageError if a file has changed meanwhile
 */
export async function runAndCheck(
  way: string,
  known: Known,
  threads: number,
  { processScript, workerScript, progress }: RunSurroundings,
): Promise<WayResult> {
  const { parameters, sorted } = known;
  // The largest first: nobody waits for one that was begun last.
  const files = [...known.files].sort((a, b) => b.size - a.size);
  const { title } = await loadWay(way);
  progress.begin(title);
  try {
    const outcome = await inDirectory(tmpdir(), "masstree-index-", async (directory) => {
      const request = {
        way,
        workerScript: workerScript.href,
        files: files.map(({ path }) => path),
        threads,
        directory,
        prefixes: choosePrefixes(sorted),
        parameters,
      };
      const asked = { kind: "way", ...request } as const;
      const result = await ask(processScript, title, asked, showBytes(files, progress));
      if (!("measured" in result)) {
        throw new Error(`the process of '${title}' answered with something else`);
      }
      check(result.measured, known);
      return result.measured;
    });
    progress.done(`complete after ${duration(outcome.milliseconds)}, and right`);
    return { way, title, outcome };
  } catch (error) {
    if (!(error instanceof WayUnavailable)) return explained(error, files);
    progress.done(`not run, because it ${error.message}`);
    return { way, title, unavailable: error.message };
  }
}

/** Shows how far the work is by bytes, given how many files are done: some are very large. */
export function showBytes(
  files: readonly FoundFile[],
  progress: Progress,
): (filesDone: number) => void {
  let total = 0;
  const before = files.map(({ size }) => {
    total += size;
    return total - size;
  });
  return (filesDone) => progress.update(before[filesDone] ?? total, total);
}

function check(outcome: Outcome, { table, sorted, parameters }: Known): void {
  const { title, entries, answers } = outcome;
  const wrong =
    firstDifference(table, unpack(entries), outcome.sorted) ??
    (answers.length > 0 ? firstWrongAnswer(answers, parameters, sorted) : undefined);
  if (wrong !== undefined) throw new Difference(`${title}: ${wrong}`);
}

/**
 * Throws the error, unless a file has changed meanwhile: that explains whatever went wrong.
 *
 * @throws UsageError, or the error
 */
export async function explained(error: unknown, files: readonly FoundFile[]): Promise<never> {
  const changed = await firstChanged(files);
  if (changed === undefined) throw error;
  throw new UsageError(`${changed} while it was being indexed: run this again when it is at rest`);
}
