// Runs one slice of a part: a few seconds of work that depends only on the seed.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { runDeaths } from "../../../packages/masstree/test/trust/deaths.ts";
import { checkHistories } from "../../../packages/masstree/test/trust/histories.ts";
import { below, randomOf } from "../../../packages/masstree/test/trust/random.ts";
import type { PartName } from "./arguments.ts";
import { type FuzzAnswer, type FuzzJob, MOST_BYTES } from "./fuzz-job.ts";

/** What the run has done so far. */
export interface Counts {
  histories: number;
  historyCalls: number;
  overlapping: number;
  kills: number;
  operations: number;
  sequences: number;
  longestWait: number;
}

/** Runs a slice. Adds to the counts and returns a short summary. Throws if it finds a fault. */
export type Part = (seed: number, counts: Counts) => Promise<string>;

/** A fault that a slice found. */
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

/** Milliseconds: longer than any operation should wait for a dead thread, even on a busy machine. */
const LONGEST_WAIT = 2000;

/** Milliseconds after which a sequence counts as stuck. */
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
    throw new Failure(
      `An operation took ${report.longestWait} ms while a thread died; at most ${LONGEST_WAIT} ms are allowed.`,
    );
  }
  return `${report.kills} threads ended, ${threads} at a time, width ${width}${isDebug ? ", debug" : ""}`;
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
    throw new Failure(`${complaint}\nNumber of wrong histories: ${report.complaints.length}.`);
  }
  return `${report.histories} histories of ${threads} threads, width ${width}${isDebug ? ", debug" : ""}`;
}

async function fuzz(seed: number, counts: Counts): Promise<string> {
  const count = 500;
  const { answer, input } = await runJob({ kind: "fuzz", seed, count });
  counts.operations += answer.operations;
  counts.sequences += count;
  if (answer.error === undefined) return `${count} sequences`;
  const file = new URL(`seed-${seed}.bin`, regressions);
  writeFileSync(file, input);
  throw new Failure(`${answer.error}\nThe input was saved to ${fileURLToPath(file)}`);
}

async function oracle(seed: number, counts: Counts): Promise<string> {
  const { answer } = await runJob({ kind: "oracle", seed, count: 300_000 });
  counts.operations += answer.operations;
  counts.sequences++;
  if (answer.error !== undefined) throw new Failure(answer.error);
  return `one sequence of ${answer.operations} operations`;
}

export const parts: Readonly<Record<PartName, Part>> = { deaths, histories, fuzz, oracle };

/** Runs sequences in a thread. A sequence that gets stuck or crashes the thread is an error too. */
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
      if (now === begun) fail("a sequence did not end");
      begun = now;
    }, PATIENCE);
    worker.once("message", resolve);
    worker.once("error", (error) => fail(String(error)));
    worker.once("exit", (code) => fail(`the fuzzing thread exited with ${code}`));
  });
  clearInterval(timer);
  await worker.terminate();
  return { answer, input: Uint8Array.from(new Uint8Array(current, 8, words[1])) };
}
