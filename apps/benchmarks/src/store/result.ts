// What `store --json FILE` writes, and `figures` reads.
import { readFileSync } from "node:fs";
import { machineShape } from "../bench/read-result.ts";
import type { Machine } from "../bench/result.ts";
import { UsageError } from "../failure.ts";
import { significant } from "../format.ts";
import { Dictionary, flag, List, maybe, number, positive, problem, Test, text } from "../shape.ts";
import type { Row } from "./run.ts";

/** What `kind` says, by which a result of stores differs from one of maps. */
export const STORE_KIND = "stores";

/** Increases when a member changes its meaning. */
export const STORE_FORMAT = 1;

export interface StoreResult {
  readonly kind: typeof STORE_KIND;
  readonly format: typeof STORE_FORMAT;
  /** Whether every workload had all its rounds. */
  readonly complete: boolean;
  readonly command: readonly string[];
  readonly machine: Machine;
  /** Of peers, by package; `commit` is this repository's. */
  readonly versions: Readonly<Record<string, string>>;
  /** The one that the stores were on. */
  readonly fileSystem: string;
  readonly entries: number;
  readonly valueBytes: number;
  readonly gets: number;
  readonly commits: number;
  readonly threads: number;
  readonly seed: number;
  readonly rows: readonly Row[];
}

const exactly = (value: string | number): Test =>
  new Test(JSON.stringify(value), (found) => found === value);

const shape = {
  kind: exactly(STORE_KIND),
  format: exactly(STORE_FORMAT),
  complete: flag,
  command: new List(text),
  machine: machineShape,
  versions: new Dictionary(text),
  fileSystem: text,
  entries: positive,
  valueBytes: positive,
  gets: positive,
  commits: positive,
  threads: positive,
  seed: number,
  rows: new List({
    workload: text,
    peer: text,
    unit: text,
    samples: new List(number),
    median: maybe(number),
    ratio: maybe(number),
    reason: maybe(text),
  }),
};

/**
 * @throws UsageError if the file cannot be read, or holds something else
 */
export function readStoreResult(file: string): StoreResult {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new UsageError(`cannot read '${file}': ${(error as Error).message}`);
  }
  const wrong = problem(value, shape, "");
  if (wrong === undefined) return value as StoreResult;
  throw new UsageError(
    `'${file}' is no result of stores: ${wrong}. Pass a file that 'store --json FILE' wrote`,
  );
}

const shows: Readonly<Record<string, (row: Row) => number | undefined>> = {
  /** Without its unit. */
  median: ({ median }) => median,
  /** In thousands. */
  thousands: ({ median }) => median && median / 1e3,
  /** How many times better than the first peer's. */
  ratio: ({ ratio }) => ratio,
};

/**
 * What a figure that names a result of stores has to say: its attributes are `workload`, `peer` and `show`.
 *
 * @throws Error that says what is wrong with them
 */
export function storeFigureText(
  { file: _, show = "median", workload, peer, ...others }: Readonly<Record<string, string>>,
  { rows }: StoreResult,
): string {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`it has an unknown attribute '${unknown}'`);
  const value = shows[show];
  if (value === undefined) {
    throw new Error(`show=${show} is none of ${Object.keys(shows).join(", ")}`);
  }
  const found = rows.filter((row) => row.workload === workload && row.peer === peer);
  if (found.length !== 1) throw new Error(`it names ${found.length} rows instead of one`);
  const number = value(found[0]!);
  if (number === undefined) throw new Error(`its row has no '${show}'`);
  return significant(number);
}
