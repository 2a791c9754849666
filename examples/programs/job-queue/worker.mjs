import { createHash } from "node:crypto";
import { workerData } from "node:worker_threads";
import { JobQueue } from "./queue.mjs";

const queue = new JobQueue(workerData.queue);

let job = nextJob();
while (job !== undefined) {
  queue.finish(job.id, { value: run(job.task) });
  job = nextJob();
}
queue.close();

/** Sleeps until there is a job; undefined once there will be none. */
function nextJob() {
  return queue.next(workerData.worker);
}

/** Hashes a text many times over. A task that nobody can do ends its worker. */
function run({ text, rounds }) {
  if (rounds < 0) process.exit(1);
  let hash = text;
  for (let i = 0; i < rounds; i++) hash = createHash("sha256").update(hash).digest("hex");
  return hash;
}
