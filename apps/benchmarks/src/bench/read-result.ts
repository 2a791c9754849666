// Reads a result that a run wrote, and says what is wrong with a file that is none.
import { readFileSync } from "node:fs";
import { UsageError } from "../failure.ts";
import {
  Dictionary,
  flag,
  isRecord,
  List,
  maybe,
  number,
  oneOf,
  positive,
  problem,
  type Shape,
  Test,
  text,
} from "../shape.ts";
import { type BenchResult, RESULT_FORMAT } from "./result.ts";

/**
 * @throws UsageError if the file cannot be read, or holds no result
 */
export function readResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(
      `cannot read '${file}': ${(error as Error).message}. Pass a file that 'bench --json FILE' wrote`,
    );
  }
  return parseResult(text, file);
}

/**
 * @param file the name for messages
 * @throws UsageError if the text is no result
 */
export function parseResult(text: string, file: string): BenchResult {
  const refuse = (why: string): never => {
    throw new UsageError(
      `'${file}' is no result of a benchmark: ${why}. Pass a file that 'bench --json FILE' wrote`,
    );
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse(`it is not JSON (${(error as Error).message})`);
  }
  const format = isRecord(value) ? value.format : undefined;
  if (typeof format === "number" && format !== RESULT_FORMAT) {
    return refuse(
      `it has format ${format}, and this program reads format ${RESULT_FORMAT}. Measure again, or use the version of this repository that wrote it`,
    );
  }
  const wrong = problem(value, shape, "");
  if (wrong !== undefined) return refuse(wrong);
  const result = value as BenchResult;
  for (const [n, measurement] of result.measurements.entries()) {
    for (const [member, list] of [
      ["peer", result.peers],
      ["workload", result.workloads],
      ["keys", result.keys],
      ["choice", result.choices],
    ] as const) {
      const name = measurement[member];
      if (!list.some((entry) => entry.name === name)) {
        return refuse(`measurements[${n}] has the ${member} '${name}', which is described nowhere`);
      }
    }
  }
  return result;
}

const entry = { name: text, description: text };
const unit = oneOf("operations/s", "entries/s", "bytes/entry", "us", "ms");
const cell = {
  workload: text,
  keys: text,
  size: positive,
  threads: positive,
  choice: text,
  peer: text,
};
const range = { median: number, min: number, max: number };
const measured = {
  ...cell,
  ...range,
  unit,
  samples: new List(number, 1),
  ratio: maybe(range),
  latency: maybe({
    count: number,
    mean: number,
    p50: number,
    p90: number,
    p99: number,
    p99_9: number,
    p99_99: number,
    max: number,
    corrected: flag,
    reached: maybe(number),
  }),
  bytes: maybe({ heap: number, shared: number }),
  stalls: maybe({
    p50: number,
    p99: number,
    max: number,
    collecting: number,
    longestCollection: number,
    rate: number,
  }),
};

/** Of a machine in any result. */
export const machineShape = {
  cpu: text,
  cores: positive,
  memoryBytes: number,
  platform: text,
  node: maybe(text),
  v8: maybe(text),
  browser: maybe(text),
  load: number,
  clockNanoseconds: number,
};

const shape: Shape = {
  format: new Test(`the number ${RESULT_FORMAT}`, (value) => value === RESULT_FORMAT),
  date: text,
  seconds: number,
  complete: flag,
  command: new List(text),
  seed: number,
  machine: machineShape,
  versions: new Dictionary(text),
  settings: {
    rounds: positive,
    baseline: text,
    interval: number,
    rate: maybe(positive),
    trace: maybe(text),
  },
  peers: new List({
    ...entry,
    own: flag,
    memory: oneOf("heap", "shared", "another thread"),
    async: flag,
    missing: maybe(text),
  }),
  workloads: new List({ ...entry, unit }),
  keys: new List(entry),
  choices: new List(entry),
  measurements: new List((item) =>
    isRecord(item) && "cannot" in item ? { ...cell, cannot: text } : measured,
  ),
};
