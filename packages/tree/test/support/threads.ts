// Runs roles in threads of their own over one map, all at once. A failure in any of them fails the
// test with that thread's stack, before anything in the map has been repaired.
import { Worker } from "node:worker_threads";
import { seed } from "@tooling/vitest/random";
import { workerProgram } from "@tooling/vitest/worker";
import type { TreeInstance } from "./instance.ts";
import type { Options, Report, Role } from "./roles.ts";
import { Shared } from "./shared.ts";

/** What a worker is started with. */
export interface Start {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  words: Int32Array;
  role: Role;
  options: unknown;
  thread: number;
  threads: number;
  seed: number;
}

export interface Outcome {
  result?: Report;
  error?: string;
}

/** One thread's part: a role of roles.ts and its options. */
export type Part = { [R in Role]: readonly [role: R, options: Options<R>] }[Role];

/** How long a scenario may take before its threads count as stuck. */
const PATIENCE = 120_000;

// Within the package, whose dependencies the program imports.
const folder = new URL("../../reports/threads/", import.meta.url);

/** Plays all parts at once; resolves with what each returned, in their order. */
export async function play(tree: TreeInstance, parts: readonly Part[]): Promise<Report[]> {
  const words = Shared.words();
  const file = workerProgram(new URL("worker.ts", import.meta.url), folder);
  const workers: Worker[] = [];
  const outcomes = await Promise.all(
    parts.map(([role, options], thread) => {
      const { module, memory } = tree;
      const threads = parts.length;
      const workerData: Start = { module, memory, words, role, options, thread, threads, seed };
      const worker = new Worker(file, { workerData, execArgv: ["--enable-source-maps"] });
      workers.push(worker);
      return outcomeOf(worker, new Shared(words));
    }),
  );
  await Promise.all(workers.map((worker) => worker.terminate()));
  const failures = outcomes.flatMap(({ error }, thread) =>
    error === undefined ? [] : [`thread ${thread}, ${parts[thread]?.[0]}: ${error}`],
  );
  if (failures.length > 0) throw new Error(`SEED=${seed}\n${failures.join("\n")}`);
  return outcomes.map(({ result }) => result as Report);
}

function outcomeOf(worker: Worker, shared: Shared): Promise<Outcome> {
  return new Promise((resolve) => {
    let ended = false;
    const end = (outcome: Outcome) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      if (outcome.error !== undefined) shared.stop();
      resolve(outcome);
    };
    const timer = setTimeout(() => {
      end({ error: `did not end within ${PATIENCE} ms` });
      void worker.terminate();
    }, PATIENCE);
    worker.once("message", end);
    worker.once("error", (error) => end({ error: String(error.stack ?? error) }));
    worker.once("exit", (code) => end({ error: `exited with ${code}` }));
  });
}
