// Runs jobs in worker threads, a few at a time.
import { Worker } from "node:worker_threads";
import type { HuntResult } from "../hunt.ts";
import type { Job } from "./worker.ts";

/** What became of a job. */
export type Outcome = { readonly result: HuntResult } | { readonly error: string };

/** Runs `jobs`, at most `lanes` at once, and tells of each as it ends. */
export async function runJobs(
  jobs: readonly Job[],
  lanes: number,
  onOutcome: (outcome: Outcome, job: Job) => void,
): Promise<void> {
  const queue = [...jobs];
  const lane = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      onOutcome(await runJob(job), job);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, jobs.length) }, lane));
}

function runJob(job: Job): Promise<Outcome> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL("./worker.js", import.meta.url), { workerData: job });
    worker.once("message", resolve);
    worker.once("error", (error) => resolve({ error: error.message }));
    worker.once("exit", (code) => resolve({ error: `the worker exited with ${code}` }));
  });
}
