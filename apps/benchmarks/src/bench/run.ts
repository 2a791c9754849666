// Runs a benchmark: for each set of keys, rounds of all workloads, and in each of these a turn of every peer.
//
// A peer has threads of its own. In a round, all peers take their turn at a workload one after the other, and the first
// one changes from round to round, so that other load on the machine hits all alike.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import type { KeyHandlers, WorkerData } from "../bench-worker.ts";
import { count, duration } from "../format.ts";
import type { Progress } from "../progress.ts";
import { Crew } from "../threads/crew.ts";
import type { ChoiceName } from "./choice.ts";
import { Collected } from "./collected.ts";
import type { KeySet } from "./keys/key-set.ts";
import type { Peer } from "./peers/peer.ts";
import { cellOf, reasonAgainst, tasksOf } from "./plan.ts";
import type { Measurement } from "./result.ts";
import { Team } from "./team.ts";
import type { Task } from "./thread/held-map.ts";
import type { LoadedTrace } from "./trace/load.ts";
import { workloadOf } from "./workloads.ts";

export interface RunOptions {
  readonly peers: readonly Peer[];
  readonly workloads: readonly string[];
  readonly keys: readonly string[];
  readonly sizes: readonly number[];
  readonly threads: readonly number[];
  readonly choices: readonly ChoiceName[];
  readonly rounds: number;
  readonly interval: number;
  readonly rate: number | undefined;
  readonly seed: number;
  readonly baseline: string;
  /** Replaces `workloads`, `keys` and `sizes`. */
  readonly trace: LoadedTrace | undefined;
}

export interface RunSurroundings {
  readonly script: URL;
  readonly root: string;
  readonly progress: Progress;
  /** Ends the run: `finished` then is what there is. */
  readonly signal: AbortSignal;
  /** Called after each sample, while nothing is measured, with what gives the measurements so far. */
  readonly onSample?: (measurements: () => readonly Measurement[]) => void;
  /** Milliseconds after which a step of someone else's map counts as hung. */
  readonly patience?: (size: number) => number;
}

export interface Finished {
  readonly measurements: readonly Measurement[];
  readonly complete: boolean;
  /** Why the run ended early, unless it was told to. */
  readonly error: unknown;
}

/** What the peers may hold at the same time. Beyond that, each starts anew for its turn. */
const BYTES_OF_ENTRY = 300;

const usualPatience = (size: number): number => 60_000 + size / 5;

class Stopped extends Error {}

export async function run(options: RunOptions, surroundings: RunSurroundings): Promise<Finished> {
  const collected = new Collected(options.baseline, options.rate !== undefined);
  const directory = mkdtempSync(join(tmpdir(), "masstree-bench-"));
  const { signal, progress } = surroundings;
  let error: unknown;
  try {
    for (const { kind, size } of groupsOf(options)) {
      const set = options.trace?.set ?? (await makeKeys(kind, size, options, surroundings));
      if (collected.has(set.kind, set.size)) continue;
      const group = new Group(options, surroundings, collected, set, directory);
      await group.run();
    }
  } catch (caught) {
    progress.fail();
    if (!signal.aborted) error = caught;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  const complete = error === undefined && !signal.aborted;
  return { measurements: collected.measurements(), complete, error };
}

function groupsOf({ keys, sizes, trace }: RunOptions): { kind: string; size: number }[] {
  if (trace !== undefined) return [{ kind: trace.set.kind, size: trace.set.size }];
  return keys.flatMap((kind) => sizes.map((size) => ({ kind, size })));
}

/** In a thread of its own, so that this one can show progress and be interrupted. */
async function makeKeys(
  kind: string,
  size: number,
  { seed }: RunOptions,
  { script, root, progress, signal }: RunSurroundings,
): Promise<KeySet> {
  progress.begin(`${kind}: ${count(size)} keys`);
  const data: WorkerData = { role: "keys" };
  const crew = new Crew<KeyHandlers>(script, 1, () => data);
  try {
    const set = await unless(signal, crew.call(0, "make", { kind, size, seed, root }));
    progress.done(set.size < size ? `there are only ${count(set.size)}` : undefined);
    return set;
  } finally {
    await crew.stop();
  }
}

/** All measurements of one set of keys. */
class Group {
  readonly #options: RunOptions;
  readonly #surroundings: RunSurroundings;
  readonly #collected: Collected;
  readonly #set: KeySet;
  readonly #directory: string;
  readonly #tasks: readonly Task[];
  readonly #teams = new Map<Peer, Team>();
  readonly #keep: boolean;

  constructor(
    options: RunOptions,
    surroundings: RunSurroundings,
    collected: Collected,
    set: KeySet,
    directory: string,
  ) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#collected = collected;
    this.#set = set;
    this.#directory = directory;
    const workloads = options.trace === undefined ? options.workloads : ["trace"];
    // Which keys a workload is for does not depend on the peer.
    const fitting = workloads.filter(
      (name) => set.type === "string" || workloadOf(name).onlyStrings !== true,
    );
    this.#tasks = tasksOf({ ...options, workloads: fitting });
    this.#keep = set.size * options.peers.length * BYTES_OF_ENTRY < totalmem() / 2;
  }

  async run(): Promise<void> {
    const { peers, rounds } = this.#options;
    const { progress } = this.#surroundings;
    const able = this.#sift();
    const total = able * rounds;
    progress.begin(
      `${this.#set.kind}, ${count(this.#set.size)} entries: ${able} measurements, ${rounds} rounds`,
    );
    const start = performance.now();
    let done = 0;
    try {
      for (let round = 0; round < rounds; round++) {
        for (const task of this.#tasks) {
          for (let turn = 0; turn < peers.length; turn++) {
            const peer = peers[(turn + round) % peers.length]!;
            if (!this.#can(peer, task)) continue;
            const left = ((performance.now() - start) / done) * (total - done);
            const soon = done > 0 ? `, ${duration(left)} left` : "";
            progress.update(done, total, `${task.workload}, ${peer.name}${soon}`);
            await this.#turn(peer, task, round);
            done++;
          }
        }
      }
    } finally {
      await Promise.all([...this.#teams.values()].map((team) => team.stop()));
    }
    progress.done();
  }

  /** Notes who cannot do what. Returns how many cells are left. */
  #sift(): number {
    let able = 0;
    for (const task of this.#tasks) {
      for (const peer of this.#options.peers) {
        const reason = this.#againstReplay(peer, task) ?? reasonAgainst(peer, task, this.#set);
        const cell = cellOf(task, this.#set, peer);
        this.#collected.expect(cell);
        if (reason === undefined) able++;
        else this.#collected.cannot(cell, reason);
      }
    }
    return able;
  }

  /** What a replay needs depends on its file. */
  #againstReplay(peer: Peer, task: Task): string | undefined {
    const trace = this.#options.trace?.trace;
    if (task.workload !== "trace" || trace === undefined) return undefined;
    if (trace.scans > 0 && peer.cannot.range !== undefined) return peer.cannot.range;
    return trace.increments > 0 ? peer.cannot.increment : undefined;
  }

  #can(peer: Peer, task: Task): boolean {
    return !this.#collected.isImpossible(cellOf(task, this.#set, peer));
  }

  async #turn(peer: Peer, task: Task, round: number): Promise<void> {
    const { interval, rate } = this.#options;
    const { signal, patience = usualPatience } = this.#surroundings;
    const cell = cellOf(task, this.#set, peer);
    try {
      const team = this.#teams.get(peer) ?? (await this.#start(peer));
      const sample = await unless(
        signal,
        within(patience(this.#set.size), team.sample(task, round, { interval, rate })),
      );
      this.#collected.add(cell, sample);
      this.#surroundings.onSample?.(() => this.#collected.measurements());
      if (!this.#keep) await this.#stop(peer);
    } catch (error) {
      await this.#stop(peer);
      // What goes wrong in someone else's map is a finding; in this project's, it ends the run.
      if (signal.aborted || peer.own) throw error;
      this.#collected.cannot(cell, `it failed: ${(error as Error).message}`);
    }
  }

  async #start(peer: Peer): Promise<Team> {
    const { script, signal } = this.#surroundings;
    const { seed, trace } = this.#options;
    const most = Math.max(
      ...this.#tasks.filter((task) => this.#can(peer, task)).map(({ threads }) => threads),
    );
    const parts = { script, peer, set: this.#set, threads: most, seed, directory: this.#directory };
    const team = new Team({ ...parts, trace: trace?.trace });
    // Before it is ready, so that it is stopped in any case.
    this.#teams.set(peer, team);
    await unless(signal, team.ready());
    return team;
  }

  async #stop(peer: Peer): Promise<void> {
    const team = this.#teams.get(peer);
    this.#teams.delete(peer);
    await team?.stop();
  }
}

/** Fails as soon as the signal does. */
async function unless<T>(signal: AbortSignal, step: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new Stopped("the run was stopped"));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  });
  // Whichever loses the race may still fail.
  step.catch(() => {});
  try {
    return await Promise.race([step, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}

async function within<T>(milliseconds: number, step: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it did not finish within ${duration(milliseconds)}`)),
      milliseconds,
    );
  });
  step.catch(() => {});
  try {
    return await Promise.race([step, late]);
  } finally {
    clearTimeout(timer);
  }
}
