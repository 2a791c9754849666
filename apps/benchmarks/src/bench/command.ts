// `bench`: compares the maps with their peers on one thread, and measures how gets scale with threads.
import { access, constants, writeFile } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import { UsageError } from "../failure.ts";
import { count, duration } from "../format.ts";
import type { Progress } from "../progress.ts";
import { acceptance, acceptanceNotes, type Measured, type Scaled } from "./acceptance.ts";
import { keyKinds } from "./kinds.ts";
import { measureKind, measureScaling } from "./measure.ts";
import { type OperationName, operationNotes } from "./operations.ts";
import {
  acceptanceTable,
  type BenchReport,
  host,
  kindTable,
  scalingTable,
  toJson,
} from "./report.ts";

export interface BenchOptions {
  /** Number of keys of each kind. */
  readonly keys: number;
  /** Numbers of threads for which gets are measured; an empty list skips scaling. */
  readonly threads: readonly number[];
  readonly repeat: number;
  readonly only: readonly OperationName[];
  readonly kinds: readonly string[];
  readonly subjects: readonly string[];
  readonly baseline: string;
  /** Length of one scaling measurement, in milliseconds. */
  readonly interval: number;
  readonly json?: string;
  readonly seed: number;
}

export interface BenchSurroundings {
  readonly script: URL;
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** The kind of key for the scaling measurements. */
const SCALING_KIND = "random16";

export async function bench(options: BenchOptions, surroundings: BenchSurroundings): Promise<void> {
  const began = performance.now();
  const { script, progress, print } = surroundings;
  // Fail before minutes of work, not after.
  if (options.json !== undefined) await mustBeWritable(options.json);
  const { subjects, repeat, seed, baseline, only, threads, keys } = options;
  const shared = { script, count: keys, seed, repeat, subjects, progress };

  const machine = host();
  print(
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, ${machine.platform}\n` +
      `${count(keys)} keys, medians of ${repeat} repeats, seed ${seed}; ` +
      `ratios to ${baseline} are medians over the repeats`,
  );
  warnOfLoad(print);
  const measured: Measured[] = [];
  for (const name of options.kinds) {
    const kind = keyKinds.find((known) => known.name === name)!;
    const found = await measureKind({ ...shared, kind, only, baseline });
    measured.push(...found);
    if (found.length > 0) print(`\n${name}: ${kind.description}\n${kindTable(found, baseline)}`);
  }
  if (measured.length > 0) {
    print("\nOperations per second; for scans, entries per second:");
    for (const name of only) print(`  ${name.padEnd(10)} ${operationNotes[name]}`);
    print(
      "Bytes per key include the value: in the map's own memory, or on the heap with its strings.",
    );
  }

  let scaled: Scaled[] = [];
  if (threads.length > 0) {
    const kind = keyKinds.find(({ name }) => name === SCALING_KIND)!;
    scaled = await measureScaling({ ...shared, kind, threads, milliseconds: options.interval });
    print(`\n${SCALING_KIND}: every thread gets all keys of one map\n${scalingTable(scaled)}`);
  }

  const judged = { keys, cores: availableParallelism(), baseline, measured, scaled };
  const figures = acceptance(judged);
  print(`\nWhat the project aims for\n${acceptanceTable(figures)}`);
  for (const note of acceptanceNotes(judged)) print(note);
  print(`\n${duration(performance.now() - began)}`);

  if (options.json !== undefined) {
    const { json: _, ...settings } = options;
    const report: BenchReport = {
      date: new Date().toISOString(),
      host: machine,
      settings,
      measured,
      scaled,
      acceptance: figures,
    };
    await writeFile(options.json, toJson(report));
    print(`Report written to ${options.json}`);
  }
}

/** Other load makes every figure worse, and figures for several threads meaningless. */
function warnOfLoad(print: (text: string) => void): void {
  const [load = 0] = loadavg();
  const cores = availableParallelism();
  if (load > cores / 4) {
    print(
      `NOTE: the machine is busy (load ${load.toFixed(1)} on ${cores} cores), so the figures mean little.`,
    );
  }
}

async function mustBeWritable(file: string): Promise<void> {
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `cannot write '${file}': ${(error as Error).message}. Choose a file in a directory that exists and is writable`,
    );
  }
}
