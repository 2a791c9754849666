// Workers do jobs from one queue, and some of them are terminated in the middle. No job is lost.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { readOptions } from "../support/options.mjs";
import { JobQueue } from "./queue.mjs";

const usage = `
Does jobs in several threads, terminates some of the threads, and loses no job.

  node job-queue/main.mjs [--workers N] [--jobs N] [--rounds N] [--crashes N]

  --workers N  how many threads do jobs (default: 4)
  --jobs N     how many jobs there are (default: 500); one more cannot be done
  --rounds N   how long a job takes: how often it hashes its text (default: 1000)
  --crashes N  how many threads to terminate meanwhile (default: 5)
`;
const options = readOptions(
  usage,
  { workers: 4, jobs: 500, rounds: 1000, crashes: 5 },
  { least: { crashes: 0 } },
);

const queue = new JobQueue();
for (let i = 1; i <= options.jobs; i++) queue.put({ text: `job ${i}`, rounds: options.rounds });
const impossible = queue.put({ text: "", rounds: -1 });
const urgent = queue.put({ text: "urgent", rounds: 1 }, 0);

/** @type {Set<Worker>} */
const workers = new Set();
let crashed = 0;
let rescued = 0;
for (let i = 0; i < options.workers; i++) startWorker();

function startWorker() {
  const number = queue.newWorker();
  const worker = new Worker(new URL("./worker.mjs", import.meta.url), {
    workerData: { queue: queue.handles, worker: number },
  });
  workers.add(worker);
  worker.once("error", (error) => {
    throw error;
  });
  worker.once("exit", () => {
    workers.delete(worker);
    if (queue.hasEnded) return;
    // It ended before its time, whatever the reason.
    crashed++;
    rescued += queue.rescue(number);
    startWorker();
  });
}

// Terminate one whenever a part of the jobs is done.
const total = queue.open;
for (let terminated = 0; terminated < options.crashes && queue.open > 0; terminated++) {
  await queue.untilOpen(total - Math.ceil((total * (terminated + 1)) / (options.crashes + 1)));
  const [victim] = workers;
  await victim?.terminate();
}
await queue.untilOpen(0);
queue.end();
await Promise.all([...workers].map((worker) => once(worker, "exit")));

let done = 0;
for (const [id, { value, error }] of queue.results()) {
  if (value !== undefined) done++;
  if (id === impossible) console.log(`Job ${id} cannot be done: ${error}.`);
  if (id === urgent) console.log(`Job ${id} was urgent: ${value.slice(0, 8)}.`);
}
console.log(`${done} of ${options.jobs + 2} jobs were done by ${options.workers} threads.`);
console.log(`${crashed} threads ended before their time; ${rescued} jobs were begun again.`);
queue.close();
