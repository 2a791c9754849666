// The result of a benchmark, as `--json` writes it and the report reads it.
//
// One file holds one run. A measurement is one cell: one workload, over one kind and number of keys, with one
// number of threads and one way of choosing keys, for one peer. It has one sample for each round. In a round all
// peers are measured one after the other, so the samples with the same index belong together: `ratio` compares
// only those.

/** Increases when a member changes its meaning. Version 1 was the benchmark before it had workloads. */
export const RESULT_FORMAT = 2;

export interface BenchResult {
  readonly format: typeof RESULT_FORMAT;
  /** When the run began, in ISO 8601 and UTC. */
  readonly date: string;
  /** Seconds that the run took. */
  readonly seconds: number;
  /** False if the run was interrupted: cells, or rounds of cells, are missing. */
  readonly complete: boolean;
  /** The arguments after the program's name, as they were given. `--seed` repeats the rest. */
  readonly command: readonly string[];
  /** All random choices derive from it. */
  readonly seed: number;
  readonly machine: Machine;
  /** Versions of what was measured, by package: `{ "masstree": "1.2.0", "sorted-btree": "2.1.0" }`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly settings: Settings;
  /** What the names in `measurements` mean, in the order of the tables. Only those that the run used. */
  readonly peers: readonly PeerEntry[];
  readonly workloads: readonly WorkloadEntry[];
  readonly keys: readonly NamedEntry[];
  readonly choices: readonly NamedEntry[];
  readonly measurements: readonly Measurement[];
}

/** Whether so much else ran as a run began that its figures, other than ratios, mean little. */
export function isBusy({ load, cores }: Pick<Machine, "load" | "cores">): boolean {
  return load > cores / 2;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Such as `linux x64`. */
  readonly platform: string;
  /** Versions of Node and its engine. Absent in a browser. */
  readonly node?: string;
  readonly v8?: string;
  /** The browser, as it names itself. Absent in Node. */
  readonly browser?: string;
  /** Load average of the minute before the run. On an idle machine it is near 0. */
  readonly load: number;
  /** What reading the clock takes, in nanoseconds: every latency contains it once. */
  readonly clockNanoseconds: number;
}

export interface Settings {
  readonly rounds: number;
  /** The peer that all ratios refer to. */
  readonly baseline: string;
  /** How long one sample takes at least, in milliseconds. */
  readonly interval: number;
  /** Operations per second, of all threads together, at which latencies were measured. Absent: as fast as possible. */
  readonly rate?: number;
  /** The replayed file, without its folder, if the run was a replay. */
  readonly trace?: string;
}

export interface NamedEntry {
  readonly name: string;
  readonly description: string;
}

export interface PeerEntry extends NamedEntry {
  /** Whether the project makes it. The others are what it is compared with. */
  readonly own: boolean;
  /** Where the entries are: in the thread's heap, in memory that threads share, or in another thread's heap. */
  readonly memory: "heap" | "shared" | "another thread";
  /** Whether calls return promises. */
  readonly async: boolean;
  /** Why it could not be loaded here. It has no measurements then. */
  readonly missing?: string;
}

export interface WorkloadEntry extends NamedEntry {
  readonly unit: Unit;
}

/**
 * - `operations/s` and `entries/s`: of all threads together; more is better.
 * - `bytes/entry`: less is better. `heap` and `shared` tell the parts.
 * - `us`: microseconds, less is better: how long one thing took.
 * - `ms`: milliseconds, less is better: the longest stall of the event loop.
 */
export type Unit = "operations/s" | "entries/s" | "bytes/entry" | "us" | "ms";

/** Names a cell. */
export interface Cell {
  /** A name from `workloads`. */
  readonly workload: string;
  /** A name from `keys`. */
  readonly keys: string;
  /** The number of entries. */
  readonly size: number;
  readonly threads: number;
  /** A name from `choices`: how operations choose their keys. */
  readonly choice: string;
  /** A name from `peers`. */
  readonly peer: string;
}

export type Measurement = Measured | Impossible;

/** A peer that cannot do the workload. */
export interface Impossible extends Cell {
  /** Why: a clause without a full stop, such as `it has no order`. */
  readonly cannot: string;
}

export interface Measured extends Cell {
  readonly unit: Unit;
  /** One sample for each round, in the order of the rounds. */
  readonly samples: readonly number[];
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Compared with the baseline's samples of the same rounds. Absent if the baseline has none in this cell. */
  readonly ratio?: Ratio;
  /** Of single operations, over all rounds and threads. */
  readonly latency?: Latency;
  /** For `bytes/entry`: the medians of its parts, which add up to about `median`. */
  readonly bytes?: BytesPerEntry;
  /** For `ms`: what happened to the event loop. */
  readonly stalls?: Stalls;
}

/**
 * This peer's sample divided by the baseline's sample of the same round. For rates, 2 means twice as fast as the
 * baseline; for times and bytes, 2 means that it takes twice as much.
 */
export interface Ratio {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Nanoseconds, from a histogram with three significant digits. */
export interface Latency {
  /** How many operations were timed. */
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p99_9: number;
  readonly p99_99: number;
  readonly max: number;
  /**
   * Whether a rate was held: each latency then counts from the time at which its operation was due, so that
   * operations behind a slow one count as late. Otherwise it is the time within the call.
   */
  readonly corrected: boolean;
  /**
   * If a rate was to be held: how many operations per second all threads really did, the median of the rounds. Far less
   * than the rate: the map is too slow for it, and latencies grow for as long as it is measured.
   */
  readonly reached?: number;
}

export interface BytesPerEntry {
  /** On the JavaScript heap of the thread that has the map, with the keys that only the map keeps. */
  readonly heap: number;
  /** In memory that threads share, or in a file that is mapped. */
  readonly shared: number;
}

/** What a program that fills or changes a map, and serves its event loop in between, would notice. Milliseconds. */
export interface Stalls {
  /** How late the event loop was. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  /** All collections of garbage together, and the longest one. */
  readonly collecting: number;
  readonly longestCollection: number;
  /** Operations that were done meanwhile, per second. */
  readonly rate: number;
}

/** Whether a measurement has figures. */
export function isMeasured(measurement: Measurement): measurement is Measured {
  return !("cannot" in measurement);
}

/** Whether a rate was to be held, and was not. */
export function missesRate({ reached }: Latency, { rate }: BenchResult["settings"]): boolean {
  // An operation that is due at the end of a sample may come after it.
  return reached !== undefined && rate !== undefined && reached < 0.98 * rate;
}

/** Whether more of a unit is better. */
export function moreIsBetter(unit: Unit): boolean {
  return unit === "operations/s" || unit === "entries/s";
}

/** As a file, with one measurement on each line, so that versions of it can be compared. */
export function toJson({ measurements, ...rest }: BenchResult): string {
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  const lines = measurements.map((measurement) => `    ${JSON.stringify(measurement, shortened)}`);
  return `${head},\n  "measurements": [\n${lines.join(",\n")}\n  ]\n}\n`;
}

function shortened(_: string, value: unknown): unknown {
  return typeof value === "number" ? sixDigits(value) : value;
}

/** What a result keeps of a number that is not whole: more digits are not measured. */
export function sixDigits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(6));
}
