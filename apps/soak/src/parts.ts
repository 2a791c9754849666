// A slice of each part: some seconds of it, told by its seed alone.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { runDeaths } from "../../../packages/masstree/test/trust/deaths.ts";
import { checkHistories } from "../../../packages/masstree/test/trust/histories.ts";
import { below, randomOf } from "../../../packages/masstree/test/trust/random.ts";
import type { PartName } from "./arguments.ts";
import { type FuzzAnswer, type FuzzJob, MOST_BYTES } from "./fuzz-job.ts";

/** What was done so far. */
export interface Counts {
  histories: number;
  historyCalls: number;
  overlapping: number;
  kills: number;
  operations: number;
  sequences: number;
  longestWait: number;
}

/** A slice. Adds to the counts, and says in a few words what it did; throws when it finds something. */
export type Part = (seed: number, counts: Counts) => Promise<string>;

/** Something that a slice found. */
export class Failure extends Error {}

export function noCounts(): Counts {
  return {
    histories: 0,
    historyCalls: 0,
    overlapping: 0,
    kills: 0,
    operations: 0,
    sequences: 0,
    longestWait: 0,
  };
}

// This module is in apps/soak/dist.
const builds = new URL("../../../packages/masstree/build/", import.meta.url).href;
const regressions = new URL("../../../packages/masstree/test/trust/regressions/", import.meta.url);
const program = (name: string) => new URL(`./${name}.js`, import.meta.url);

/** Longer than any operation should wait for a thread that died, on a machine that does other things. */
const LONGEST_WAIT = 2000;

/** A sequence that takes longer is stuck. */
const PATIENCE = 120_000;

async function deaths(seed: number, counts: Counts): Promise<string> {
  const random = randomOf(seed);
  const width = [15, 24, 3, 4, 7][below(random, 5)]!;
  const isDebug = width < 15 || random() < 0.2;
  const threads = 2 + below(random, 7);
  const isSmall = random() < 0.2;
  const report = await runDeaths({
    seed,
    width,
    threads,
    kills: 40,
    program: program("deaths-worker"),
    batch: 1 + below(random, 20),
    ...(isDebug ? { builds } : {}),
    ...(isSmall ? { maxBytes: 8 * 2 ** 20, keys: 4000 } : {}),
  });
  counts.kills += report.kills;
  counts.operations += report.operations;
  counts.longestWait = Math.max(counts.longestWait, report.longestWait);
  if (report.longestWait > LONGEST_WAIT) {
    throw new Failure(`an operation took ${report.longestWait} ms while a thread died`);
  }
  return `${report.kills} of ${threads} threads ended at width ${width}${isDebug ? ", debug" : ""}`;
}

async function histories(seed: number, counts: Counts): Promise<string> {
  const random = randomOf(seed);
  const width = [15, 24, 3, 4, 7][below(random, 5)]!;
  const isDebug = width < 15 || random() < 0.2;
  const threads = 2 + below(random, 7);
  const report = await checkHistories({
    seed,
    width,
    threads,
    rounds: 1500,
    calls: 4 + below(random, 9),
    keys: 1 + below(random, 6),
    program: program("histories-worker"),
    ...(isDebug ? { builds } : {}),
  });
  counts.histories += report.histories;
  counts.historyCalls += report.calls;
  counts.operations += report.calls;
  counts.overlapping += report.overlapping;
  const [complaint] = report.complaints;
  if (complaint !== undefined) {
    throw new Failure(`${complaint}\n${report.complaints.length} histories are wrong.`);
  }
  return `${report.histories} of ${threads} threads at width ${width}${isDebug ? ", debug" : ""}`;
}

async function fuzz(seed: number, counts: Counts): Promise<string> {
  const count = 500;
  const { answer, input } = await runJob({ kind: "fuzz", seed, count });
  counts.operations += answer.operations;
  counts.sequences += count;
  if (answer.error === undefined) return `${count} sequences`;
  const file = new URL(`seed-${seed}.bin`, regressions);
  writeFileSync(file, input);
  throw new Failure(`${answer.error}\nThe input is kept in ${fileURLToPath(file)}`);
}

async function oracle(seed: number, counts: Counts): Promise<string> {
  const { answer } = await runJob({ kind: "oracle", seed, count: 300_000 });
  counts.operations += answer.operations;
  counts.sequences++;
  if (answer.error !== undefined) throw new Failure(answer.error);
  return `one sequence of ${answer.operations} operations`;
}

export const parts: Readonly<Record<PartName, Part>> = { deaths, histories, fuzz, oracle };

/** Runs sequences in a thread; one that is stuck or crashes is an error as well. */
async function runJob(
  job: Pick<FuzzJob, "kind" | "seed" | "count">,
): Promise<{ answer: FuzzAnswer; input: Uint8Array }> {
  const current = new SharedArrayBuffer(8 + MOST_BYTES);
  const words = new Uint32Array(current, 0, 2);
  const workerData: FuzzJob = { ...job, builds, current };
  const worker = new Worker(program("fuzz-worker"), { workerData });
  let timer: NodeJS.Timeout | undefined;
  const answer = await new Promise<FuzzAnswer>((resolve) => {
    const fail = (error: string) => resolve({ operations: 0, error });
    let begun = 0;
    timer = setInterval(() => {
      const now = Atomics.load(words, 0);
      if (now === begun) fail("a sequence does not end");
      begun = now;
    }, PATIENCE);
    worker.once("message", resolve);
    worker.once("error", (error) => fail(String(error)));
    worker.once("exit", (code) => fail(`its thread exited with ${code}`));
  });
  clearInterval(timer);
  await worker.terminate();
  return { answer, input: Uint8Array.from(new Uint8Array(current, 8, words[1])) };
}
