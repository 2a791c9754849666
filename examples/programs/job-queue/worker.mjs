import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { JobQueue } from "./queue.mjs";

const queue = new JobQueue(workerData.queue);

for (let job = await nextJob(); job !== undefined; job = await nextJob()) {
  queue.finish(job.id, { value: run(job.task) });
}
queue.close();

/** Waits for a job; undefined once there will be none. */
async function nextJob() {
  while (!queue.hasEnded) {
    const job = queue.take(workerData.worker);
    if (job !== undefined) return job;
    await sleep(5);
  }
  return undefined;
}

/** Hashes a text many times over. A task that nobody can do ends its worker. */
function run({ text, rounds }) {
  if (rounds < 0) process.exit(1);
  let hash = text;
  for (let i = 0; i < rounds; i++) hash = createHash("sha256").update(hash).digest("hex");
  return hash;
}
