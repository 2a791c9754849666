// The threads of one peer, and how they take one sample of a workload together.
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { MemberHandlers, WorkerData } from "../bench-worker.ts";
import { Board } from "../threads/board.ts";
import { perSecond } from "../threads/clock.ts";
import { Crew } from "../threads/crew.ts";
import type { KeySet } from "./keys/key-set.ts";
import type { Peer } from "./peers/peer.ts";
import type { BytesPerEntry, Stalls } from "./result.ts";
import type { Done, Task } from "./thread/held-map.ts";
import type { Trace } from "./trace/trace.ts";
import { type Workload, workloadOf } from "./workloads.ts";

export interface Sample {
  readonly value: number;
  readonly histograms: readonly string[];
  /** Of the operations whose latencies were measured, by all threads together. */
  readonly timedPerSecond?: number;
  readonly bytes?: BytesPerEntry;
  readonly stalls?: Stalls;
}

export interface TeamParts {
  /** The built module of the worker. Its folder has the other workers. */
  readonly script: URL;
  readonly peer: Peer;
  readonly set: KeySet;
  readonly threads: number;
  readonly seed: number;
  /** The run's folder, which is deleted at its end. */
  readonly directory: string;
  readonly trace: Trace | undefined;
}

export interface Timing {
  readonly interval: number;
  readonly rate: number | undefined;
}

/** A small map is filled so quickly that one pass tells nothing. More passes than this tell no more. */
const MOST_PASSES = 50;

export class Team {
  readonly #parts: TeamParts;
  readonly #crew: Crew<MemberHandlers>;
  readonly #folder: string;
  /** The thread that opens the map, while there is one. */
  #opener: Crew<MemberHandlers> | undefined;

  constructor(parts: TeamParts) {
    this.#parts = parts;
    this.#folder = mkdtempSync(join(parts.directory, "map-"));
    const board = new Board(parts.threads);
    this.#crew = new Crew<MemberHandlers>(parts.script, parts.threads, (thread) =>
      memberData(parts, this.#folder, thread, board.buffer),
    );
  }

  /** Waits until each thread has its keys. */
  async ready(): Promise<void> {
    await this.#crew.together(this.#parts.threads, "ready");
  }

  /** Ends all threads, whatever they are doing. */
  async stop(): Promise<void> {
    await Promise.all([this.#crew.stop(), this.#opener?.stop()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async sample(task: Task, round: number, timing: Timing): Promise<Sample> {
    const workload = workloadOf(task.workload);
    const { shape } = workload;
    if (shape.kind === "steady") return this.#steady(task, workload, round, timing);
    if (shape.kind === "pass") return this.#pass(task, round, timing);
    const { handles, version } = await this.#prepare(task);
    switch (shape.what) {
      case "memory": {
        const bytes = await this.#crew.call(0, "memory");
        return { value: bytes.heap + bytes.shared, histograms: [], bytes };
      }
      case "fill":
      case "churn": {
        const stalls =
          shape.what === "fill"
            ? await this.#crew.call(0, "fill")
            : await this.#crew.call(0, "churn", 5 * timing.interval);
        return { value: stalls.max, histograms: [], stalls };
      }
      case "open":
        return { value: await this.#open(version, handles[0]), histograms: [] };
      case "wake": {
        const exchanges = Math.max(100, 5 * timing.interval);
        const [first] = await this.#crew.together(2, "wake", exchanges);
        return { value: first!.microseconds, histograms: [first!.histogram] };
      }
    }
  }

  async #prepare(task: Task): Promise<{ version: number; handles: unknown[] }> {
    const prepared = await this.#crew.call(0, "prepare", task);
    if (task.threads > 1) {
      await Promise.all(
        prepared.handles.map((handle, i) =>
          this.#crew.call(i + 1, "attach", prepared.version, handle),
        ),
      );
    }
    return prepared;
  }

  async #steady(task: Task, workload: Workload, round: number, timing: Timing): Promise<Sample> {
    await this.#prepare(task);
    const { threads } = task;
    let amount = 0;
    let seconds = 0;
    for (let run = 0; run < MOST_PASSES && seconds * 1000 < timing.interval * 0.9; run++) {
      const left = timing.interval - seconds * 1000;
      const done = await this.#crew.together(threads, "steady", task, left);
      seconds += secondsOf(done);
      amount += amountOf(done, workload);
      if (done.every(({ whole }) => whole)) break;
      await this.#crew.together(threads, "shrink");
    }
    const { mix } = workload.shape as { mix: readonly (readonly [string, number])[] };
    // A scan of everything is one operation: its latency says no more than its speed.
    const timed = mix[0]![0] !== "scan all" && mix[0]![0] !== "for each";
    const latencies = timed
      ? await this.#crew.together(threads, "latencies", task, timing.interval / 2, timing.rate)
      : [];
    await this.#crew.together(threads, "shrink");
    if (workload.writes) {
      const increments = await this.#crew.together(threads, "takeIncrements");
      await this.#crew.call(0, "check", task, round, sum(increments));
    }
    return {
      value: amount / seconds,
      histograms: latencies.map(({ histogram }) => histogram),
      timedPerSecond: sum(latencies.map(({ perSecond }) => perSecond)),
    };
  }

  async #pass(task: Task, round: number, timing: Timing): Promise<Sample> {
    let amount = 0;
    let seconds = 0;
    for (let run = 0; run < MOST_PASSES && seconds * 1000 < timing.interval; run++) {
      const done = await this.#onePass(task, round, false);
      seconds += secondsOf(done);
      amount += sum(done.map(({ operations }) => operations));
    }
    const { pass } = workloadOf(task.workload).shape as { pass: string };
    if (round > 0 || pass === "load") return { value: amount / seconds, histograms: [] };
    // A pass for latencies takes as long as the first one: one round has to do.
    const timed = await this.#onePass(task, round, true);
    return { value: amount / seconds, histograms: timed.map(({ histogram }) => histogram!) };
  }

  async #onePass(task: Task, round: number, timed: boolean) {
    const { threads } = task;
    await this.#prepare(task);
    const done = await this.#crew.together(threads, "pass", task, timed);
    const { pass } = workloadOf(task.workload).shape as { pass: string };
    const met = sum(done.map((each) => each.met));
    const wins = pass === "insert if absent" ? this.#parts.set.size : this.#parts.trace?.hits;
    if ((pass === "insert if absent" || pass === "replay") && met !== wins) {
      const what = pass === "replay" ? "gets found a value" : "threads set a key first";
      throw new WrongCount(`${met} times instead of ${wins}, ${what}`);
    }
    await this.#crew.call(0, "check", task, round, 0);
    return done;
  }

  /** Microseconds until a thread that runs already has opened the map and read a key. */
  async #open(version: number, handle: unknown): Promise<number> {
    const { script, set } = this.#parts;
    const board = new Board(1);
    const opener = new Crew<MemberHandlers>(script, 1, () =>
      memberData({ ...this.#parts, threads: 1 }, this.#folder, 1, board.buffer),
    );
    this.#opener = opener;
    try {
      await opener.call(0, "ready");
      const start = performance.now();
      await opener.call(0, "open", version, handle, set.size >>> 1);
      const end = performance.now();
      // Closes its view before the thread ends.
      await opener.call(0, "release");
      return (end - start) * 1000;
    } finally {
      await opener.stop();
      this.#opener = undefined;
    }
  }
}

/** A count that only all threads together can tell. */
export class WrongCount extends Error {
  override readonly name = "Difference";
}

function memberData(
  { peer, set, threads, seed, script, trace }: TeamParts,
  directory: string,
  thread: number,
  board: SharedArrayBuffer,
): WorkerData {
  const workers = new URL("./", script).href;
  return {
    role: "member",
    peer: peer.name,
    set,
    seed,
    thread,
    threads,
    board,
    directory,
    workers,
    trace,
  };
}

function secondsOf(done: readonly Done[]): number {
  const operations = sum(done.map((each) => each.operations));
  return operations === 0 ? 0 : operations / perSecond(done);
}

function amountOf(done: readonly Done[], { unit }: Workload): number {
  return sum(done.map(({ operations, met }) => (unit === "entries/s" ? met : operations)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
