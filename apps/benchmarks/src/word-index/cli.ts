// The command line of `index`.
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError, Option } from "commander";
import { bytesIn, names, wholeNumber } from "../arguments.ts";
import { endOnSignals } from "../interrupt.ts";
import { type IndexOptions, type IndexSurroundings, index } from "./command.ts";
import { wayNames } from "./ways/registry.ts";

const MOST_THREADS = 64;
/** The numbers of four gibibytes of words can be told apart. See counts.ts. */
const MOST_BYTES = 4 * 2 ** 30;
const DEFAULT_LIMIT = 64 * 2 ** 20;

export function indexCommand(surroundings: IndexSurroundings, known = wayNames): Command {
  return new Command("index")
    .description(
      "The main job. All cores index the words of every text file under node_modules in one shared " +
        "map, while the main thread answers queries from that map. The same is done with a Map in " +
        "one thread, with messages to a Map, with several Maps that are merged, and with lmdb. " +
        "Every result is checked against a plain recount.",
    )
    .option(
      "--dir <directory>",
      "index the text files in this directory instead; links are not followed",
    )
    .addOption(
      new Option("--limit <size>", "most bytes to index, such as 500KB, 1GiB or 'all'")
        .argParser(size)
        .default(DEFAULT_LIMIT, "64MiB, chosen evenly"),
    )
    .addOption(
      new Option("--threads <number>", "number of workers")
        .argParser(wholeNumber(1, MOST_THREADS))
        .default(Math.min(MOST_THREADS, availableParallelism()), "one per core"),
    )
    .addOption(
      new Option("--ways <names>", `ways to compare: ${known.join(", ")}`)
        .argParser(names(known))
        .default([...known], "all"),
    )
    .option("--json <file>", "also write all figures to this file")
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      "\nA text file has no NUL in its first 8 KiB, is UTF-8, and has at most 64 MiB. A\n" +
        "word is a longest run of letters, marks, digits and underscores of Unicode, in\n" +
        "lower case, if it has 2 to 64 characters.",
    )
    .action(async (options: IndexOptions) => {
      endOnSignals(surroundings.progress);
      await index(options, surroundings);
    });
}

function size(text: string): number {
  if (text.trim().toLowerCase() === "all") return MOST_BYTES;
  const value = bytesIn(text);
  if (!(value >= 1 && value <= MOST_BYTES)) {
    throw new InvalidArgumentError(
      "Pass a size of at most 4GiB, such as 64MiB or 500KB, or 'all'.",
    );
  }
  return value;
}
