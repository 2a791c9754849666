// The command line: its commands, their options, and the exit status of each way to end.
import { randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { wholeNumber } from "./arguments.ts";
import { addBenchCommand } from "./bench/command.ts";
import { addFiguresCommand } from "./bench/figures-command.ts";
import { addGuardCommand } from "./bench/guard-command.ts";
import { addConvertCommand } from "./bench/trace/command.ts";
import {
  type CheckOptions,
  type CheckSurroundings,
  check,
  defaultThreads,
} from "./check/command.ts";
import { Difference, Interrupted, Regression, status, UsageError } from "./failure.ts";
import { endOnSignals } from "./interrupt.ts";
import { createProgress, type Progress } from "./progress.ts";
import { addStoreCommand } from "./store/command.ts";
import { indexCommand } from "./word-index/cli.ts";
import type { IndexSurroundings } from "./word-index/command.ts";

/** What `main` depends on. The tests pass their own. */
export type Surroundings = Omit<CheckSurroundings & IndexSurroundings, "progress"> & {
  readonly benchScript: URL;
  /** Names of ways, or URLs of the tests' own, that '--ways' may choose from. */
  readonly ways?: readonly string[];
};

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
    await program(surroundings, progress, given).parseAsync(given, { from: "user" });
    return status.success;
  } catch (error) {
    progress.fail();
    return report(error);
  }
}

function program(
  surroundings: Surroundings,
  progress: Progress,
  command: readonly string[],
): Command {
  const root = new Command("benchmarks")
    .description("Checks the map on real input with real threads, and measures its speed.")
    .exitOverride()
    // `bench` and `bench report` have options of the same name.
    .enablePositionalOptions()
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

  addBenchCommand(root, { ...surroundings, progress, command });
  addGuardCommand(root, { ...surroundings, progress, command });
  addFiguresCommand(root, surroundings);
  addConvertCommand(root);
  addStoreCommand(root, { ...surroundings, progress, command });
  return root;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    // Commander has already said what is wrong, or shown the requested help.
    return error.exitCode === 0 ? status.success : status.usage;
  }
  if (error instanceof Interrupted) return error.status;
  if (error instanceof UsageError || error instanceof InvalidArgumentError) {
    process.stderr.write(`error: ${error.message}\n`);
    return status.usage;
  }
  if (error instanceof Regression) {
    process.stderr.write(`error: ${error.message}\n`);
    return status.failure;
  }
  if (error instanceof Difference) {
    process.stderr.write(`WRONG: ${error.message}\n`);
    return status.failure;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
  return status.failure;
}
