// Records what real threads do to one map at once, and looks for an order that explains their answers.
import { Worker } from "node:worker_threads";
import { verify } from "@masstree/tree";
import { type Call, findViolation, type Model } from "@tooling/interleave";
import { MassTree } from "../../src/index.ts";
import { type Builds, useBuilds } from "./builds.ts";
import { within } from "./deaths.ts";
import {
  ANSWER,
  CALLED,
  callWords,
  DELETE,
  ENTRIES,
  FIRST_ENTRY,
  GET,
  HAS,
  HistoryBoard,
  type HistoryStart,
  KEY,
  KIND,
  keysOf,
  type Plant,
  RETURNED,
  SCAN,
  SCAN_REVERSE,
  SET,
  UNKNOWN,
  VALUE,
} from "./history-plan.ts";
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

type Does = "get" | "has" | "set" | "delete";
interface Input {
  readonly key: number;
  readonly does: Does;
  readonly value: number;
}
type Span = Pick<KeyCall, "thread" | "called" | "returned">;
type KeyCall = Call<Input, number>;

/** One key: its value's number, 0 when it is absent. */
const model: Model<number, Input, number> = {
  initial: 0,
  keyOf: (state) => state,
  partOf: ({ key }) => String(key),
  step(state, { does, value }, output) {
    switch (does) {
      case "get":
        return output === undefined || output === state ? state : undefined;
      case "has":
        return output === undefined || output === Number(state !== 0) ? state : undefined;
      case "set":
        return value;
      case "delete":
        return output === undefined || output === Number(state !== 0) ? 0 : undefined;
    }
  },
};

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

/** What the threads did in one round. */
class History {
  scans = 0;
  readonly #keys: readonly string[];
  readonly #calls: KeyCall[] = [];
  readonly #lines: { readonly called: number; readonly text: string }[] = [];
  readonly #spans: Span[] = [];
  #wrong: string | undefined;

  constructor(board: HistoryBoard, { threads, calls, keys }: Plan, round: number) {
    this.#keys = keysOf(round, keys);
    for (let thread = 0; thread < threads; thread++) {
      for (let call = 0; call < calls; call++) {
        const log = board.logOf(thread, round) + call * callWords(keys);
        this.#add(board.words, log, thread);
      }
    }
  }

  #add(words: Int32Array, log: number, thread: number): void {
    const at = (index: number) => words[log + index]!;
    const span = { thread, called: at(CALLED), returned: at(RETURNED) };
    this.#spans.push(span);
    const kind = at(KIND);
    const isScan = kind === SCAN || kind === SCAN_REVERSE;
    if (isScan) {
      this.#addScan(words, log, span);
      return;
    }
    const does = doesOf[kind]!;
    const input = { key: at(KEY), does, value: at(VALUE) };
    this.#calls.push({ ...span, input, output: at(ANSWER) });
    const detail = does === "set" ? ` ${input.value}` : "";
    this.#say(span, `${does} ${JSON.stringify(this.#keys[input.key])}${detail}: ${at(ANSWER)}`);
  }

  /** For each key of the round a scan is a read at some moment from its call to its return. */
  #addScan(words: Int32Array, log: number, span: Span): void {
    this.scans++;
    const isReverse = words[log + KIND] === SCAN_REVERSE;
    const seen = new Map<number, number>();
    let before = isReverse ? this.#keys.length : -1;
    for (let i = 0; i < words[log + ENTRIES]!; i++) {
      const key = words[log + FIRST_ENTRY + 2 * i]!;
      if (key === UNKNOWN) this.#wrong ??= "a scan gave a key that was never there";
      else if (isReverse ? key >= before : key <= before) {
        this.#wrong ??= `a scan gave '${this.#keys[key]}' after '${this.#keys[before]}'`;
      }
      before = key;
      seen.set(key, words[log + FIRST_ENTRY + 2 * i + 1]!);
    }
    for (let key = 0; key < this.#keys.length; key++) {
      const input = { key, does: "get" as const, value: 0 };
      this.#calls.push({ ...span, input, output: seen.get(key) ?? 0 });
    }
    const found = [...seen].map(([key, value]) => `${JSON.stringify(this.#keys[key])} ${value}`);
    this.#say(span, `scan${isReverse ? " in reverse" : ""}: ${found.join(", ")}`);
  }

  #say({ thread, called, returned }: Span, what: string): void {
    this.#lines.push({ called, text: `  ${called}-${returned} thread ${thread} ${what}` });
  }

  complaint(): string | undefined {
    if (this.#wrong !== undefined) return this.#wrong;
    const violation = findViolation(model, this.#calls);
    if (violation === undefined) return undefined;
    return `no order explains the calls on ${JSON.stringify(this.#keys[Number(violation.part)])}`;
  }

  overlapping(): number {
    const spans = this.#spans;
    return spans.filter(({ thread, called }) =>
      spans.some((other) => {
        return other.thread !== thread && other.called < called && other.returned > called;
      }),
    ).length;
  }

  text(): string {
    const sorted = [...this.#lines].sort((a, b) => a.called - b.called);
    return sorted.map(({ text }) => text).join("\n");
  }
}

const doesOf: readonly Does[] = (() => {
  const names: Does[] = [];
  names[GET] = "get";
  names[HAS] = "has";
  names[SET] = "set";
  names[DELETE] = "delete";
  return names;
})();
