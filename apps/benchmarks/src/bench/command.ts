// The commands of the benchmark, with their options.
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { names, wholeNumber, wholeNumbers } from "../arguments.ts";
import { Interrupted, status, UsageError } from "../failure.ts";
import type { Progress } from "../progress.ts";
import { kindsOfKeys, sizes, workloadList } from "./arguments.ts";
import { type BenchOptions, bench, peersOf } from "./bench.ts";
import { choiceNames } from "./choice.ts";
import { addReport } from "./html/command.ts";
import { listing } from "./list.ts";
import { peerNames } from "./peers/registry.ts";

export interface BenchCommandSurroundings {
  readonly benchScript: URL;
  readonly root: string;
  readonly progress: Progress;
  readonly print: (text: string) => void;
  readonly command: readonly string[];
}

export const MOST_THREADS = 64;
const cores = availableParallelism();

/** What a newcomer asks: how fast, how large, with threads, and how smoothly. */
const usualWorkloads = [
  "memory",
  "insert",
  "get",
  "get-fresh",
  "update",
  "mixed-95-5",
  "scan",
  "scan-100",
  "wake",
  "open",
  "remove",
  "fill-stall",
];

/** What `--quick` changes, unless the option is given. */
const quickly = { size: [10_000], rounds: 2, interval: 60 } as const;

/** What of the options a trace says by itself. */
const saidByTrace = ["workload", "keys", "size", "choice"] as const;

/** @param isGiven whether an option was given, and has not only its default */
function refuseContradictions(options: BenchOptions, isGiven: (name: string) => boolean): void {
  const { trace, baseline, peers } = options;
  const unused = trace === undefined ? undefined : saidByTrace.find(isGiven);
  if (unused !== undefined) {
    throw new UsageError(`--trace says what is done with which keys: leave --${unused} out`);
  }
  if (isGiven("baseline") && !peers.includes(baseline)) {
    throw new UsageError(`--baseline ${baseline} is not among the maps of --peers`);
  }
}

export function addBenchCommand(root: Command, surroundings: BenchCommandSurroundings): void {
  const threads = [...new Set([1, Math.min(cores, MOST_THREADS)])];
  const command = root
    .command("bench")
    .description(
      "Compares this project's maps with those that people use today: speed, latency, memory, stalls, and growth " +
        "with threads. All peers take turns in every round; every answer is checked.",
    )
    .addOption(
      new Option("--workload <names>", "what to measure, 'all', or 'ycsb'; --list shows all")
        .argParser(workloadList())
        .default(usualWorkloads, `${usualWorkloads.length} usual ones`),
    )
    .addOption(
      new Option("--keys <kinds>", "kinds of keys, 'all', or file:PATH with a key on each line")
        .argParser(kindsOfKeys())
        .default(["hex16"], "hex16"),
    )
    .addOption(
      new Option("--size <numbers>", "numbers of entries, such as 1K,20M")
        .argParser(sizes)
        .default([100_000], "100K"),
    )
    .addOption(
      new Option("--threads <numbers>", "numbers of threads, for maps that they can share")
        .argParser(wholeNumbers(1, MOST_THREADS))
        .default(threads, threads.join(",")),
    )
    .addOption(
      new Option("--choice <names>", `how operations choose keys: ${choiceNames.join(", ")}`)
        .argParser(names(choiceNames))
        .default([], "as is usual for the workload"),
    )
    .addOption(
      new Option(
        "--peers <names>",
        "maps to measure; --list shows all, and forms without signs, such as masstree-json, will do",
      )
        .argParser(names(peerNames))
        .default([...peerNames], "all"),
    )
    .addOption(
      new Option("--baseline <name>", "map to which the others are compared")
        .argParser((text) => names(peerNames)(text)[0]!)
        .default("sorted-btree"),
    )
    .addOption(
      new Option("--rounds <count>", "samples of each figure; the median is shown")
        .argParser(wholeNumber(1, 1000))
        .default(5),
    )
    .addOption(
      new Option("--interval <ms>", "least length of a sample, in milliseconds")
        .argParser(wholeNumber(5, 60_000))
        .default(200),
    )
    .addOption(
      new Option(
        "--rate <count>",
        "measure latencies at so many operations per second, late ones counted as late",
      ).argParser(wholeNumber(1, 100_000_000)),
    )
    .option(
      "--latency",
      "print the latencies of single operations, which the result has in any case",
    )
    .option("--trace <file>", "replay a log of operations instead; the README has the format")
    .option("--json <file>", "write the result with all samples to this file")
    .option("--html <file>", "write a report with plots to this file, as one page")
    .option("--quick", "a minute or two instead of ten: 10K entries, 2 rounds, short samples")
    .option("--list", "show all workloads, kinds of keys, choices and peers, and end")
    .addOption(
      new Option("--seed <number>", "replay the random choices of the run that printed this seed")
        .argParser(wholeNumber(0, 2 ** 31 - 1))
        .default(randomInt(2 ** 31), "random"),
    )
    .allowExcessArguments(false)
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ bench --quick\n" +
        "  $ bench --workload ycsb --size 1M --json result.json\n" +
        "  $ bench --workload get,update --rate 100000 --peers masstree-json,lmdb\n" +
        "  $ bench --keys file:words.txt --size 20M --peers MassTreeInline,map\n" +
        "\nCtrl-C ends the run and keeps what was measured.",
    );
  command.action(async (given: BenchOptions & { list?: true; quick?: true }) => {
    const { benchScript: script, print } = surroundings;
    if (given.list) {
      const { entries } = await peersOf(peerNames);
      print(listing(entries, usualWorkloads));
      return;
    }
    const isUsual = (name: string): boolean => command.getOptionValueSource(name) === "default";
    const preset = Object.entries(given.quick ? quickly : {}).filter(([name]) => isUsual(name));
    const options: BenchOptions = { ...given, ...Object.fromEntries(preset) };
    refuseContradictions(options, (name) => !isUsual(name));
    const { status: end } = await bench(options, { ...surroundings, script });
    if (end !== status.success) throw new Interrupted(end);
  });
  addReport(command, surroundings.print);
}
