// The command line: its commands, their options, and the exit status of each way to end.
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { names, wholeNumber, wholeNumbers } from "./arguments.ts";
import { type BenchOptions, bench } from "./bench/command.ts";
import { keyKinds } from "./bench/kinds.ts";
import { operationNames } from "./bench/operations.ts";
import { subjectNames } from "./bench/subjects.ts";
import {
  type CheckOptions,
  type CheckSurroundings,
  check,
  defaultThreads,
} from "./check/command.ts";
import { Difference, status, UsageError } from "./failure.ts";
import { endOnSignals } from "./interrupt.ts";
import { createProgress, type Progress } from "./progress.ts";
import { indexCommand } from "./word-index/cli.ts";
import type { IndexSurroundings } from "./word-index/command.ts";

/** What `main` depends on. The tests pass their own. */
export type Surroundings = Omit<CheckSurroundings & IndexSurroundings, "progress"> & {
  readonly benchScript: URL;
  /** Names of ways, or URLs of the tests' own, that '--ways' may choose from. */
  readonly ways?: readonly string[];
};

/** Arrays of more keys than this would no longer be flat in the engine. */
const MOST_KEYS = 32_000_000;
const MOST_THREADS = 64;

const defaults: Surroundings = {
  script: new URL("./check-worker.js", import.meta.url),
  benchScript: new URL("./bench-worker.js", import.meta.url),
  processScript: new URL("./index-process.js", import.meta.url),
  workerScript: new URL("./index-worker.js", import.meta.url),
  // This module is apps/benchmarks/dist/main.js.
  root: fileURLToPath(new URL("../../../", import.meta.url)),
  subjects: ["masstree", "masstree-inline"],
  peers: ["sorted-btree", "map"],
  print: (text) => process.stdout.write(`${text}\n`),
};

/**
 * Runs the program.
 *
 * @param args the command line without the program
 * @returns the exit status: 0 on success, 1 if a map gave a wrong answer or a thread failed, 2 if the
 * arguments or the input cannot be used
 */
export async function main(
  args: readonly string[],
  surroundings: Surroundings = defaults,
): Promise<number> {
  // `pnpm bench -- --keys 5` passes the two dashes on.
  const given = args.filter((arg, index) => arg !== "--" || index > 1);
  const progress = createProgress(process.stderr);
  try {
    await program(surroundings, progress).parseAsync(given, { from: "user" });
    return status.success;
  } catch (error) {
    progress.fail();
    return report(error);
  }
}

function program(surroundings: Surroundings, progress: Progress): Command {
  const root = new Command("benchmarks")
    .description("Checks the map on real input with real threads, and measures its speed.")
    .exitOverride()
    .configureHelp({ sortOptions: false })
    .showHelpAfterError("(--help lists all options)")
    .addHelpText(
      "after",
      "\nExit status: 0 on success, 1 if a map gave a wrong answer, 2 if the arguments or\n" +
        "the input cannot be used, 130 after Ctrl-C.",
    );
  const seed = (): Option =>
    new Option("--seed <number>", "replay the random choices of the run that printed this seed")
      .argParser(wholeNumber(0, 2 ** 31 - 1))
      .default(randomInt(2 ** 31), "random");

  root.addCommand(
    indexCommand({ ...surroundings, progress }, surroundings.ways).copyInheritedSettings(root),
  );

  root
    .command("check")
    .description(
      "Checks the maps. Several threads fill one map while others read it. Then every key has to be " +
        "found, scans have to match the sorted input, everything is deleted, and all memory has to " +
        "be free again. The check stops at the first wrong answer.",
    )
    .option(
      "--keys <file>",
      "UTF-8 text with one key per line, instead of the paths of all files under node_modules; " +
        "lines end with LF or CRLF, an empty line is the empty key, duplicates are dropped",
    )
    .addOption(
      new Option("--threads <number>", "number of writing threads; half as many read meanwhile")
        .argParser(wholeNumber(1, MOST_THREADS))
        .default(defaultThreads, `${defaultThreads}: one per core, at most 4`),
    )
    .option("--verbose", "show every step, and its speed next to Map and sorted-btree")
    .addOption(seed())
    .allowExcessArguments(false)
    .action(async (options: CheckOptions) => {
      endOnSignals(progress);
      await check(options, { ...surroundings, progress });
    });

  root
    .command("bench")
    .description("Compares the speed of MassTree and MassTreeInline with sorted-btree and Map.")
    .addOption(
      new Option("--keys <count>", "number of keys of each kind")
        .argParser(wholeNumber(1, MOST_KEYS))
        .default(1_000_000, "1,000,000"),
    )
    .addOption(
      new Option("--threads <list>", "numbers of threads to measure gets with; '' for none")
        .argParser(wholeNumbers(1, MOST_THREADS))
        .default([1, 2, 4], "1,2,4"),
    )
    .addOption(
      new Option("--repeat <count>", "measurements per figure; the median is shown")
        .argParser(wholeNumber(1, 1000))
        .default(5),
    )
    .addOption(listOption("--only <operations>", "operations to measure", operationNames))
    .addOption(
      listOption(
        "--kinds <kinds>",
        "kinds of keys",
        keyKinds.map(({ name }) => name),
      ),
    )
    .addOption(listOption("--maps <maps>", "maps to measure", subjectNames))
    .addOption(
      new Option("--baseline <map>", "map to which the others are compared")
        .argParser((text) => names(subjectNames)(text)[0]!)
        .default("sorted-btree"),
    )
    .addOption(
      new Option("--interval <ms>", "length of one measurement with threads, in milliseconds")
        .argParser(wholeNumber(10, 60_000))
        .default(1000),
    )
    .option("--json <file>", "also write all samples and settings to this file")
    .addOption(seed())
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      "\nBy default, everything is measured. That takes a quarter of an hour. For the\n" +
        "acceptance figures only: bench --kinds random16 --only set,get --repeat 5",
    )
    .action(async ({ maps, ...options }: Omit<BenchOptions, "subjects"> & { maps: string[] }) => {
      endOnSignals(progress);
      const { benchScript: script, print } = surroundings;
      await bench({ ...options, subjects: maps }, { script, progress, print });
    });
  return root;
}

function listOption(flags: string, description: string, known: readonly string[]): Option {
  return new Option(flags, `${description}: ${known.join(", ")}`)
    .argParser(names(known))
    .default([...known], "all");
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong, or shown the requested help.
    return error.exitCode === 0 ? status.success : status.usage;
  }
  if (error instanceof UsageError || error instanceof InvalidArgumentError) {
    process.stderr.write(`error: ${error.message}\n`);
    return status.usage;
  }
  if (error instanceof Difference) {
    process.stderr.write(`WRONG: ${error.message}\n`);
    return status.failure;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return status.failure;
}
