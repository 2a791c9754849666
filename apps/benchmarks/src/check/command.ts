// `check`: fills, reads and empties maps on real input with several threads, and checks every answer.
import { availableParallelism } from "node:os";
import type { PrepareHandlers } from "../check-worker.ts";
import { UsageError } from "../failure.ts";
import { bytes, count, duration, rate, significant } from "../format.ts";
import { KeyBuilder } from "../keys/builder.ts";
import { readInstalledPaths } from "../keys/directory.ts";
import { readKeyFile } from "../keys/file.ts";
import type { SharedInput } from "../keys/order.ts";
import type { PackedKeys } from "../keys/packed.ts";
import { MAP_LIMIT } from "../maps/native-map.ts";
import { loadSubject } from "../maps/registry.ts";
import type { Progress } from "../progress.ts";
import { table } from "../table.ts";
import { Crew } from "../threads/crew.ts";
import { type JobOptions, type JobResult, measuredSteps, runJob, stepsOf } from "./job.ts";
import { phase } from "./phase.ts";

export interface CheckOptions {
  /** A file with one key per line. Without it, the keys are the paths of all installed files. */
  readonly keys?: string;
  readonly threads: number;
  readonly seed: number;
  /** Whether to show every step, and how fast it was next to the peers. */
  readonly verbose?: boolean;
}

/** What the command depends on. The tests pass maps with planted faults. */
export interface CheckSurroundings {
  readonly script: URL;
  /** The repository whose installed files are the input. */
  readonly root: string;
  /** Maps that several threads share. Each goes through the whole job. */
  readonly subjects: readonly string[];
  /** Maps that are measured on one thread for comparison. */
  readonly peers: readonly string[];
  readonly progress: Progress;
  readonly print: (text: string) => void;
}

/** With fewer keys, the steps are too short to measure. */
const FIGURES_FROM = 10_000;
/** With more keys, the peers take minutes, on one thread. */
const PEER_LIMIT = 2_000_000;

export const defaultThreads = Math.min(4, availableParallelism());

/** @throws UsageError for unusable input, Difference at the first wrong answer */
export async function check(options: CheckOptions, surroundings: CheckSurroundings): Promise<void> {
  const began = performance.now();
  const { script, subjects, peers, progress, print } = surroundings;
  const input = await prepared(
    await readInput(options, surroundings),
    options.seed,
    script,
    progress,
  );

  const results: JobResult[] = [];
  const run = async (subject: string, threads: number, shared: boolean): Promise<void> => {
    const job = { input, subject, script, threads, shared };
    results.push(
      options.verbose
        ? await runJob({ ...job, timed: true, progress })
        : await inOneLine(job, progress),
    );
  };
  for (const subject of subjects) {
    await run(subject, options.threads, true);
    if (options.threads > 1) await run(subject, 1, false);
  }
  if (options.verbose) {
    const tooMany = input.keys.count > PEER_LIMIT;
    // The peers are there for their figures only.
    if (!tooMany) for (const peer of peers) await run(peer, 1, false);
    print(report(input, results));
    if (input.keys.count < FIGURES_FROM) print("With so few keys, the speeds mean little.");
    if (tooMany) print(peersLeftOut(input.keys.count));
    print("");
  }
  print(
    "Every answer was right: every key was found with its value, full and prefix scans\n" +
      "matched the sorted input, and all memory of the shared maps was free again.\n" +
      `${duration(performance.now() - began)}, seed ${options.seed}.`,
  );
}

/** Runs a job as one step: a line says how many answers were checked. */
async function inOneLine(
  job: Omit<JobOptions, "progress">,
  progress: Progress,
): Promise<JobResult> {
  const { name } = await loadSubject(job.subject);
  const sharing = job.shared ? "one map" : "a map of its own";
  progress.begin(
    `${name}, ${job.threads === 1 ? "1 thread" : `${job.threads} threads`}, ${sharing}`,
  );
  const result = await runJob({ ...job, progress: phase(progress, stepsOf(job.shared)) });
  progress.done(`${count(result.checked)} operations, every answer right`);
  return result;
}

async function readInput(
  options: CheckOptions,
  { root, progress }: CheckSurroundings,
): Promise<PackedKeys> {
  const builder = new KeyBuilder();
  let detail: string;
  if (options.keys === undefined) {
    progress.begin("find the installed files");
    await readInstalledPaths(root, builder, (found) => progress.update(found, 0));
    detail = `${count(builder.count)} paths`;
  } else {
    progress.begin(`read '${options.keys}'`);
    const { lines } = await readKeyFile(options.keys, builder, (read, size) =>
      progress.update(read, size),
    );
    detail = `${count(lines)} lines, ${count(builder.count)} distinct`;
  }
  const keys = builder.finish();
  if (keys.count === 0)
    throw new UsageError("the input has no keys: give another file with --keys");
  progress.done(`${detail}, ${bytes(keys.bytes.byteLength)}`);
  return keys;
}

async function prepared(
  keys: PackedKeys,
  seed: number,
  script: URL,
  progress: Progress,
): Promise<SharedInput> {
  progress.begin("sort the input");
  const crew = new Crew<PrepareHandlers>(script, 1, () => undefined);
  try {
    const input = await crew.call(0, "prepare", keys, seed);
    progress.done();
    return input;
  } finally {
    await crew.stop();
  }
}

function report(input: SharedInput, results: readonly JobResult[]): string {
  const { count: keys, bytes: packed } = input.keys;
  const columns = results.map(({ name, threads }) =>
    threads === 1 ? `${name}\n1 thread` : `${name}\n${threads} threads`,
  );
  const rows = measuredSteps.map((step) => [
    step,
    ...results.map(({ perSecond }) => rate(perSecond[step])),
  ]);
  rows.push([
    "bytes per key",
    ...results.map(({ bytesPerKey }) =>
      bytesPerKey === undefined ? "-" : significant(bytesPerKey),
    ),
  ]);
  const average = significant(packed.byteLength / keys);
  return (
    `\n${count(keys)} keys of ${average} bytes on average. Operations per second (for scans, ` +
    `entries per second),\nwith every answer checked:\n${table(["", ...columns], rows)}\n` +
    "Bytes per key include the value. With several threads, further threads read and scan during " +
    "set and delete.\nMap has no order: its scans sort, and its prefix scans test every key."
  );
}

function peersLeftOut(keys: number): string {
  const limit = keys > MAP_LIMIT ? ` (Map holds at most ${count(MAP_LIMIT)} entries)` : "";
  return `The peers are skipped above ${count(PEER_LIMIT)} keys${limit}: use 'bench' to measure them.`;
}
