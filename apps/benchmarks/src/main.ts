// The command line: two commands, their options, and the exit status of each way to end.
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { names, wholeNumber, wholeNumbers } from "./arguments.ts";
import { type BenchOptions, bench } from "./bench/command.ts";
import { keyKinds } from "./bench/kinds.ts";
import { operationNames } from "./bench/operations.ts";
import { subjectNames } from "./bench/subjects.ts";
import { Difference, status, UsageError } from "./failure.ts";
import { endOnSignals } from "./interrupt.ts";
import { createProgress, type Progress } from "./progress.ts";
import {
  defaultThreads,
  type QuickOptions,
  type QuickSurroundings,
  quick,
} from "./quick/command.ts";

/** What `main` uses when the tests do not give it something else. */
export type Surroundings = Omit<QuickSurroundings, "progress"> & { readonly benchScript: URL };

/** More would make arrays that the engine no longer keeps flat. */
const MOST_KEYS = 32_000_000;
const MOST_THREADS = 64;

const defaults: Surroundings = {
  script: new URL("./quick-worker.js", import.meta.url),
  benchScript: new URL("./bench-worker.js", import.meta.url),
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
 * @returns the exit status: 0 when all went well, 1 when a map gave a wrong answer or a thread
 * failed, 2 when the arguments or the input cannot be used
 */
export async function main(
  args: readonly string[],
  surroundings: Surroundings = defaults,
): Promise<number> {
  // `pnpm bench -- --keys 5` hands the two dashes on.
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
    .description("Checks the map on real input with real threads, and measures it.")
    .exitOverride()
    .configureHelp({ sortOptions: false })
    .showHelpAfterError("(--help shows what can be given)")
    .addHelpText(
      "after",
      "\nExit status: 0 when all went well, 1 when a map gave a wrong answer, 2 when the\n" +
        "arguments or the input cannot be used, 130 after Ctrl-C.",
    );
  const seed = (): Option =>
    new Option("--seed <number>", "replay the random choices of a run that printed this seed")
      .argParser(wholeNumber(0, 2 ** 31 - 1))
      .default(randomInt(2 ** 31), "random");

  root
    .command("quick")
    .description(
      "The main job: several threads fill one map while others read it; every key is found, scans " +
        "equal the sorted input, everything is deleted again and the memory comes back. Then the " +
        "speed of each step beside Map and sorted-btree. Stops at the first wrong answer.",
    )
    .option(
      "--keys <file>",
      "UTF-8 text with a key a line, instead of the paths of all files under node_modules; " +
        "a line ends with LF or CRLF, an empty line is the empty key, duplicates are dropped",
    )
    .addOption(
      new Option("--threads <number>", "threads that write; half as many more read meanwhile")
        .argParser(wholeNumber(1, MOST_THREADS))
        .default(defaultThreads, `${defaultThreads}: one a core, at most 4`),
    )
    .addOption(seed())
    .allowExcessArguments(false)
    .action(async (options: QuickOptions) => {
      endOnSignals(progress);
      await quick(options, { ...surroundings, progress });
    });

  root
    .command("bench")
    .description("Measures MassTree and MassTreeInline beside sorted-btree and Map.")
    .addOption(
      new Option("--keys <count>", "keys of each kind")
        .argParser(wholeNumber(1, MOST_KEYS))
        .default(1_000_000, "1,000,000"),
    )
    .addOption(
      new Option("--threads <list>", "numbers of threads whose gets are measured; '' for none")
        .argParser(wholeNumbers(1, MOST_THREADS))
        .default([1, 2, 4], "1,2,4"),
    )
    .addOption(
      new Option("--repeat <count>", "measurements of each figure, of which the median is shown")
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
      new Option("--baseline <map>", "map that ratios are against")
        .argParser((text) => names(subjectNames)(text)[0]!)
        .default("sorted-btree"),
    )
    .addOption(
      new Option("--interval <ms>", "length of one measurement of threads, in milliseconds")
        .argParser(wholeNumber(10, 60_000))
        .default(1000),
    )
    .option("--json <file>", "write all samples and settings there as well")
    .addOption(seed())
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      "\nThe default measures everything, which takes a quarter of an hour. The\n" +
        "acceptance figures alone: bench --kinds random16 --only set,get --repeat 5",
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
    // Commander has said what is wrong, or shown the help that was asked for.
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
