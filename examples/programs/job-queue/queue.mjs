// A queue whose jobs outlive their workers.
//
// `jobs` has the truth: each job waits or is running, and is removed once `results` has its result.
// `waiting` only says which job to look at next. A worker pops an entry, then claims the job itself by
// `compareAndSet`. So an entry that is there twice does no harm. An entry that is missing, because its
// worker ended before it could claim the job, is put back by `rescue`.
//
// A job may be run more than once, if its worker ends before its result is there. It has one result.
//
// Nobody polls. Those who wait sleep until a count changes: "arrivals", written after a job waits or no more jobs will
// come; "finishes", written after a job has its result. A worker may end between the change and its count. Then `rescue`
// counts for it.
import { MassTree, MassTreeInline, tuple } from "masstree";

/**
 * @typedef {{ task: any, priority: number, state: "waiting" | "running", worker: number, tries: number }} Job
 * @typedef {{ value?: any, error?: string }} Result
 */

const priorityAndId = tuple("number", "number");
const mostTries = 3;

export class JobQueue {
  /** @type {MassTree<Job, number>} */
  #jobs;
  /** @type {MassTree<Result, number>} */
  #results;
  /** @type {MassTreeInline<number, readonly [number, number]>} */
  #waiting;
  #counts;

  /** @param {any} [handles] those of another thread's queue, to share it */
  constructor(handles) {
    const key = priorityAndId;
    this.#jobs = handles ? MassTree.attach(handles.jobs) : new MassTree({ key: "number" });
    this.#results = handles ? MassTree.attach(handles.results) : new MassTree({ key: "number" });
    this.#waiting = handles
      ? MassTreeInline.attach(handles.waiting, { key })
      : new MassTreeInline({ key });
    this.#counts = handles ? MassTreeInline.attach(handles.counts) : new MassTreeInline();
    if (!handles) this.#counts.set("finishes", 0);
  }

  get handles() {
    return {
      jobs: this.#jobs.handle,
      results: this.#results.handle,
      waiting: this.#waiting.handle,
      counts: this.#counts.handle,
    };
  }

  /** Adds a job. Those with the smallest priority come first, and of these the oldest. Returns its id. */
  put(task, priority = 5) {
    const id = this.#counts.add("jobs", 1);
    this.#jobs.set(id, { task, priority, state: "waiting", worker: 0, tries: 0 });
    this.#waiting.set([priority, id], 0);
    this.#counts.add("arrivals", 1);
    return id;
  }

  /** A number for a worker. It is never given again. */
  newWorker() {
    return this.#counts.add("workers", 1);
  }

  /** Claims the next job for a worker; undefined if none waits. */
  take(worker) {
    while (true) {
      const entry = this.#waiting.popFirst();
      if (entry === undefined) return undefined;
      const [[, id]] = entry;
      const job = this.#jobs.get(id);
      if (job?.state !== "waiting") continue; // somebody has it already
      const claimed = {
        ...job,
        state: /** @type {const} */ ("running"),
        worker,
        tries: job.tries + 1,
      };
      if (this.#jobs.compareAndSet(id, job, claimed)) return { id, task: job.task };
    }
  }

  /** Claims the next job for a worker. Sleeps until there is one; undefined once there will be none. */
  next(worker) {
    while (true) {
      // First. A job that comes after this changes the count, so it ends the sleep below.
      const seen = this.#counts.get("arrivals") ?? 0;
      const job = this.take(worker);
      if (job !== undefined || this.hasEnded) return job;
      this.#counts.waitForSync("arrivals", { until: (arrivals) => arrivals > seen });
    }
  }

  /** Says what came of a job. Of several results of one job, the first one stays. */
  finish(id, result) {
    this.#results.setIfAbsent(id, result);
    this.#jobs.delete(id);
    this.#counts.add("finishes", 1);
  }

  /** Gives the jobs of a worker that has ended to others. Call it for every worker that ends. */
  rescue(worker) {
    let rescued = 0;
    for (const [id, job] of this.#jobs) {
      if (job.state === "running") {
        if (job.worker !== worker) continue;
        if (this.#results.has(id)) {
          this.#jobs.delete(id); // it ended right before it would have
          continue;
        }
        if (job.tries >= mostTries) {
          this.finish(id, { error: `given up after ${job.tries} tries` });
          continue;
        }
        const again = { ...job, state: /** @type {const} */ ("waiting"), worker: 0 };
        if (!this.#jobs.compareAndSet(id, job, again)) continue;
        rescued++;
      }
      this.#waiting.set([job.priority, id], 0);
    }
    // For the jobs that wait again, and for what the worker did and could not count.
    this.#counts.add("arrivals", 1);
    this.#counts.add("finishes", 1);
    return rescued;
  }

  /** How many jobs have no result yet. */
  get open() {
    return this.#jobs.size;
  }

  /** Waits until no more than `most` jobs are without a result. */
  async untilOpen(most) {
    await this.#counts.waitFor("finishes", { until: () => this.open <= most });
  }

  results() {
    return this.#results.entries();
  }

  /** Tells the workers that there will be no more jobs. */
  end() {
    this.#counts.set("ended", 1);
    this.#counts.add("arrivals", 1);
  }

  get hasEnded() {
    return this.#counts.has("ended");
  }

  close() {
    for (const map of [this.#jobs, this.#results, this.#waiting, this.#counts]) map.close();
  }
}
