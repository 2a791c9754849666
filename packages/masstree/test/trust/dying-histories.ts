// Records histories in which a thread is terminated in the middle, and looks for an order that explains
// them: what the dead one was at may have happened at any time since, or not at all; everything else holds.
import { Worker } from "node:worker_threads";
import { verify } from "@masstree/tree";
import { MassTree } from "../../src/index.ts";
import { type Builds, useBuilds } from "./builds.ts";
import { sleep, within } from "./deaths.ts";
import {
  ARRIVED,
  CALLS_BEFORE,
  controlWords,
  DEATHS,
  type DyingStart,
  membersOf,
  PROGRESS,
  READY,
  ROUND,
  STOP,
  victimOf,
} from "./dying-histories-plan.ts";
import { History } from "./history.ts";
import { HistoryBoard, keysOf } from "./history-plan.ts";
import { below, randomOf } from "./random.ts";
import type { Value } from "./values.ts";

export interface DyingOptions {
  readonly histories: number;
  readonly seed: number;
  /** The compiled dying-histories-worker.ts. */
  readonly program: URL;
  readonly width?: number;
  readonly builds?: Builds;
  /** Threads that share a map; each death takes one away, and the last few stay. At most 31. */
  readonly threads?: number;
  /** Threads that meet in a history, the one that dies among them. */
  readonly members?: number;
  /** Room in a log: how many calls the victim makes if it is not terminated meanwhile. */
  readonly calls?: number;
  readonly keys?: number;
  /** Called after a death, before the survivors' last calls: for faults on purpose. */
  readonly plant?: (map: MassTree<Value>, keys: readonly string[]) => void;
}

export interface DyingReport {
  histories: number;
  maps: number;
  /** Histories in which the dead thread was in the middle of a call. */
  pending: number;
  overlapping: number;
  /** Why histories are not right; empty when all are. */
  readonly complaints: string[];
}

/** Records and checks at least so many histories, over as many maps as that takes. */
export async function checkDyingHistories(options: DyingOptions): Promise<DyingReport> {
  const report: DyingReport = { histories: 0, maps: 0, pending: 0, overlapping: 0, complaints: [] };
  const random = randomOf(options.seed, -1);
  useBuilds(options.builds);
  while (report.histories < options.histories) {
    await new Recording(options, random, report).run();
    report.maps++;
  }
  return report;
}

/** One map, whose threads die one after the other. */
class Recording {
  readonly #options: DyingOptions;
  readonly #random: () => number;
  readonly #report: DyingReport;
  readonly #map: MassTree<Value>;
  readonly #common: Omit<DyingStart, "thread">;
  readonly #members: number;
  readonly #control: Int32Array;
  readonly #board: HistoryBoard;
  readonly #living = new Map<number, { readonly worker: Worker; readonly ended: Promise<void> }>();
  #failure: Error | undefined;

  constructor(options: DyingOptions, random: () => number, report: DyingReport) {
    const { threads = 28, members = 4, calls = 48, keys = 4, width = 15, builds } = options;
    this.#options = options;
    this.#random = random;
    this.#report = report;
    this.#members = members;
    this.#map = new MassTree<Value>({ width: width as 15 });
    const rounds = threads - members + 1;
    const board = HistoryBoard.create({ threads, rounds, calls, keys });
    const control = new SharedArrayBuffer(4 * controlWords(rounds));
    const { handle } = this.#map;
    const seed = below(random, 2 ** 31);
    this.#common = { handle, builds, board, control, threads, rounds, calls, keys, seed };
    this.#control = new Int32Array(control);
    this.#board = new HistoryBoard(board, this.#common);
  }

  async run(): Promise<void> {
    const { threads, rounds } = this.#common;
    for (let thread = 0; thread < threads; thread++) this.#start(thread);
    try {
      await this.#until(() => this.#control[READY] === threads, "all threads were ready");
      for (let round = 0; round < rounds; round++) {
        await this.#record(round);
        this.#check(round);
      }
      await this.#stop();
      verify(this.#map);
    } finally {
      await this.#stop();
      this.#map.close();
    }
  }

  #start(thread: number): void {
    const worker = new Worker(this.#options.program, {
      workerData: { ...this.#common, thread } satisfies DyingStart,
    });
    worker.on("error", (error) => {
      this.#failure ??= error;
    });
    const ended = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
    this.#living.set(thread, { worker, ended });
  }

  async #record(round: number): Promise<void> {
    const control = this.#control;
    const members = [...this.#living.keys()];
    while (members.length > this.#members) members.splice(below(this.#random, members.length), 1);
    const victim = members[below(this.#random, members.length)]!;
    control[membersOf(round)] = members.reduce((bits, thread) => bits | (1 << thread), 0);
    control[victimOf(round)] = victim;
    control[PROGRESS] = 0;
    control[ARRIVED] = 0;
    this.#raise(ROUND);
    await this.#kill(victim);
    this.#options.plant?.(this.#map, keysOf(round, this.#common.keys));
    this.#raise(DEATHS);
    const survivors = members.length - 1;
    await this.#until(() => Atomics.load(control, ARRIVED) === survivors, "the others went on");
  }

  /** Terminates a thread at some moment of one of its calls. */
  async #kill(victim: number): Promise<void> {
    const { worker, ended } = this.#living.get(victim)!;
    const call = 1 + below(this.#random, CALLS_BEFORE);
    // Asleep, not spinning: with one core, the thread that is awaited needs it.
    for (let made = 0; made < call; made = Atomics.load(this.#control, PROGRESS)) {
      if (Atomics.wait(this.#control, PROGRESS, made, 1000) === "timed-out") break;
    }
    for (let spins = below(this.#random, 300); spins > 0; spins--) Atomics.load(this.#control, 0);
    void worker.terminate();
    await within(ended, `thread ${victim} ended`);
    this.#living.delete(victim);
  }

  #raise(word: number): void {
    Atomics.add(this.#control, word, 1);
    Atomics.notify(this.#control, word);
  }

  async #until(isSo: () => boolean, what: string): Promise<void> {
    const late = performance.now() + 200_000;
    while (!isSo()) {
      if (this.#failure !== undefined) throw this.#failure;
      if (performance.now() > late) throw new Error(`not within 200 s: ${what}`);
      await sleep(1);
    }
  }

  #check(round: number): void {
    const { seed } = this.#options;
    const report = this.#report;
    const history = new History(this.#board, this.#common, round);
    const complaint = history.complaint();
    if (complaint !== undefined) {
      report.complaints.push(
        `seed ${seed}, history ${report.histories}: ${complaint}\n${history.text()}`,
      );
    }
    report.histories++;
    report.pending += history.pending;
    report.overlapping += history.overlapping();
  }

  async #stop(): Promise<void> {
    Atomics.store(this.#control, STOP, 1);
    Atomics.notify(this.#control, ROUND);
    Atomics.notify(this.#control, DEATHS);
    const all = [...this.#living.values()].map(({ ended }) => ended);
    await within(Promise.all(all), "the threads that were left ended");
    this.#living.clear();
  }
}
