// The command line of `store`: durable stores beside each other.
import { writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { type Command, Option } from "commander";
import { byteSize, names, wholeNumber } from "../arguments.ts";
import { describeMachine, versionsOf } from "../bench/machine.ts";
import { Interrupted, status } from "../failure.ts";
import { count, significant } from "../format.ts";
import { onSignals } from "../interrupt.ts";
import type { Progress } from "../progress.ts";
import { table } from "../table.ts";
import { mustBeWritable, mustBeWritableDirectory } from "../writable.ts";
import { makeContents } from "./contents.ts";
import { fileSystemOf } from "./file-system.ts";
import { storePeer, storePeers } from "./registry.ts";
import { STORE_FORMAT, STORE_KIND, type StoreResult } from "./result.ts";
import { type Row, runAll } from "./run.ts";
import { openingOf, workloads } from "./workloads.ts";

export interface StoreSurroundings {
  readonly progress: Progress;
  readonly print: (text: string) => void;
  /** The repository, for its commit. */
  readonly root: string;
  /** As it was called: results keep it. */
  readonly command: readonly string[];
}

interface Options {
  readonly dir: string;
  readonly entries: number;
  readonly valueBytes: number;
  readonly gets: number;
  readonly commits: number;
  readonly threads: number;
  readonly samples: number;
  readonly peers: string[];
  readonly workload: string[];
  readonly seed: number;
  /** Bytes of the stores that are opened, if that is all to be measured. */
  readonly open?: number;
  readonly json?: string;
}

const peerNames = storePeers.map(({ name }) => name);
const workloadNames = workloads.map(({ name }) => name);

export function addStoreCommand(root: Command, surroundings: StoreSurroundings): void {
  root
    .command("store")
    .description(
      "Durable stores beside each other, on one file system in one run: this project's, lmdb, classic-level, " +
        "better-sqlite3 and node:sqlite. Each commit is on the disk when it returns. Every value that is read " +
        "is checked. What is not installed is left out, and the report says why.",
    )
    .option(
      "--dir <directory>",
      "where the stores are; the figures are of its file system",
      tmpdir(),
    )
    .addOption(number("--entries <number>", "entries of a store", 100, 50_000_000, 100_000))
    .addOption(number("--value-bytes <number>", "bytes of a value", 16, 100_000, 100))
    .addOption(number("--gets <number>", "reads of a sample, in each thread", 100, 1e9, 200_000))
    .addOption(number("--commits <number>", "single commits of a sample", 1, 1e6, 200))
    .addOption(
      number(
        "--threads <number>",
        "threads of get-threads",
        1,
        64,
        Math.min(8, availableParallelism()),
      ),
    )
    .addOption(number("--samples <number>", "rounds; the medians count", 1, 100, 5))
    .addOption(
      new Option("--peers <names>", `which: ${peerNames.join(", ")}`)
        .argParser(names(peerNames))
        .default(peerNames, "all"),
    )
    .addOption(
      new Option("--workload <names>", `which: ${workloadNames.join(", ")}`)
        .argParser(names(workloadNames))
        .default(workloadNames, "all"),
    )
    .addOption(
      new Option(
        "--open <size>",
        "measure only this: opening a store of so many bytes, such as 1GiB; one round",
      ).argParser(byteSize(2 ** 36)),
    )
    .addOption(number("--seed <number>", "of the keys and the order of reads", 0, 2 ** 31 - 1, 1))
    .option("--json <file>", "also write all samples to this file")
    .allowExcessArguments(false)
    .action(async (options: Options) => {
      await compareStores(options, surroundings);
    });
}

function number(flags: string, text: string, least: number, most: number, preset: number): Option {
  return new Option(flags, text).argParser(wholeNumber(least, most)).default(preset);
}

async function compareStores(
  options: Options,
  { progress, print, root, command }: StoreSurroundings,
): Promise<void> {
  const { dir, entries, valueBytes, gets, commits, threads, open, seed } = options;
  // To fill such stores takes long, and the median is that of several openings already.
  const samples = open === undefined ? options.samples : 1;
  const chosen =
    open === undefined
      ? workloads.filter(({ name }) => options.workload.includes(name))
      : [openingOf(open)];
  if (options.json !== undefined) await mustBeWritable(options.json, "--json");
  await mustBeWritableDirectory(dir, "--dir");
  const machine = describeMachine();
  const fileSystem = fileSystemOf(dir);
  const contents = makeContents(entries, valueBytes, seed);
  progress.begin("stores");
  const stop = new AbortController();
  const ended = onSignals(stop, progress);
  const rows = await runAll({
    peers: options.peers.map(storePeer),
    workloads: chosen,
    samples,
    under: dir,
    contents,
    valueBytes,
    seed,
    threads,
    gets,
    commits,
    workerScript: new URL("./store-worker.js", import.meta.url),
    signal: stop.signal,
    progress: (done, total, text) => progress.update(done, total, text),
  });
  const end = ended();
  const complete = end === status.success;
  if (complete) progress.done();
  print(
    `${count(entries)} entries of 16 + ${valueBytes} bytes on ${fileSystem}; ${threads} threads; medians of ${samples}; seed ${seed}\n` +
      `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(2)} before`,
  );
  for (const workload of chosen) {
    const own = rows.filter((row) => row.workload === workload.name);
    if (own.length > 0) print(`\n${workload.title}\n${tableOf(own, workload.more)}`);
  }
  const reasons = rows.filter(({ reason }) => reason !== undefined);
  for (const text of new Set(reasons.map(({ peer, reason }) => `${peer}: ${reason}`))) print(text);
  if (options.json !== undefined) {
    const result: StoreResult = {
      kind: STORE_KIND,
      format: STORE_FORMAT,
      complete,
      command,
      machine,
      versions: versionsOf(options.peers, root),
      fileSystem,
      entries,
      valueBytes,
      gets,
      commits,
      threads,
      seed,
      rows,
    };
    writeFileSync(options.json, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  if (complete) return;
  print("\nTHE RUN DID NOT END: rounds or workloads are missing");
  throw new Interrupted(end);
}

function tableOf(rows: readonly Row[], more: boolean): string {
  const [{ unit, peer: first }] = rows as readonly [Row];
  const cells = rows.map(({ peer, median, samples, ratio }) =>
    median === undefined
      ? [peer, "-", "-", "-"]
      : [
          peer,
          figure(median),
          `${figure(Math.min(...samples))} to ${figure(Math.max(...samples))}`,
          ratio === undefined ? "-" : ratio.toFixed(2),
        ],
  );
  const better = `${more ? "of" : "speed of"} ${first}`;
  return table(["store", unit, "from, to", `times that ${better}`], cells);
}

function figure(value: number): string {
  return value >= 10_000 ? count(value) : significant(value);
}
