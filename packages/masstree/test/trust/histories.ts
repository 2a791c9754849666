// Records what real threads do to one map at once, and looks for an order that explains their answers.
import { Worker } from "node:worker_threads";
import { verify } from "@masstree/tree";
import { MassTree } from "../../src/index.ts";
import { type Builds, useBuilds } from "./builds.ts";
import { within } from "./deaths.ts";
import { History } from "./history.ts";
import { HistoryBoard, type HistoryStart, type Plant } from "./history-plan.ts";
import type { Value } from "./values.ts";

export interface HistoryOptions {
  readonly rounds: number;
  readonly seed: number;
  /** The compiled histories-worker.ts. */
  readonly program: URL;
  readonly width?: number;
  readonly builds?: Builds;
  readonly threads?: number;
  readonly calls?: number;
  readonly keys?: number;
  /** A fault that thread 0 makes. */
  readonly plant?: Plant;
  /** Called with the map between the threads' rounds and the last check. */
  readonly before?: (map: MassTree<Value>) => void;
}

export interface HistoryReport {
  readonly histories: number;
  readonly calls: number;
  readonly scans: number;
  /** Calls that began while another thread was in a call of the same history. */
  readonly overlapping: number;
  /** Why histories are not right; empty when all are. */
  readonly complaints: readonly string[];
}

/** Runs the rounds and checks every one of them. */
export async function checkHistories(options: HistoryOptions): Promise<HistoryReport> {
  const { rounds, seed, program, builds, width = 15, threads = 4, calls = 8, keys = 4 } = options;
  useBuilds(builds);
  const map = new MassTree<Value>({ width: width as 15 });
  options.before?.(map);
  const board = HistoryBoard.create({ threads, rounds, calls, keys });
  const common = { handle: map.handle, builds, board, threads, rounds, calls, keys, seed };
  const ends = Array.from({ length: threads }, (_, thread) => {
    const plant = thread === 0 ? options.plant : undefined;
    return endOf(program, { ...common, thread, plant });
  });
  await within(Promise.all(ends), `the histories of seed ${seed} were recorded`);
  verify(map);
  const report = checkAll(new HistoryBoard(board, common), common);
  map.close();
  return report;
}

function endOf(program: URL, workerData: HistoryStart): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(program, { workerData });
    worker.once("error", (error) => {
      new HistoryBoard(workerData.board, workerData).stop();
      reject(error);
    });
    worker.once("exit", () => resolve());
  });
}

type Plan = Pick<HistoryStart, "threads" | "rounds" | "calls" | "keys" | "seed">;

function checkAll(board: HistoryBoard, plan: Plan): HistoryReport {
  let scans = 0;
  let overlapping = 0;
  const complaints: string[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    const history = new History(board, plan, round);
    scans += history.scans;
    overlapping += history.overlapping();
    const complaint = history.complaint();
    if (complaint === undefined) continue;
    complaints.push(`seed ${plan.seed}, history ${round}: ${complaint}\n${history.text()}`);
  }
  const { rounds, calls, threads } = plan;
  return { histories: rounds, calls: rounds * calls * threads, scans, overlapping, complaints };
}
