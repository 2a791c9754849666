// Results for the report's tests, built from a few figures.
import {
  type BenchResult,
  type Cell,
  type Measured,
  type Measurement,
  type PeerEntry,
  RESULT_FORMAT,
  type Unit,
} from "../../src/bench/result.ts";
import { median } from "../../src/bench/statistics.ts";

const cell = { workload: "get", keys: "uuids", size: 100_000, threads: 1, choice: "uniform" };

/** A measurement with these samples. What is not given is the cell of a point get. */
export function measured(
  peer: string,
  samples: readonly number[],
  rest: Partial<Measured> = {},
): Measured {
  const [min, max] = [Math.min(...samples), Math.max(...samples)];
  return {
    ...cell,
    unit: "operations/s",
    peer,
    samples,
    median: median(samples),
    min,
    max,
    ...rest,
  };
}

export function impossible(peer: string, cannot: string, rest: Partial<Cell> = {}): Measurement {
  return { ...cell, peer, cannot, ...rest };
}

const own = new Set(["MassTree (json)", "MassTree (utf8)", "MassTreeInline", "LocalMassTree"]);

const peerEntry = (name: string): PeerEntry => ({
  name,
  description: `about ${name}`,
  own: own.has(name),
  memory: own.has(name) ? "shared" : "heap",
  async: false,
});

/** A whole result. Its lists of names are those of the measurements. */
export function resultOf(
  measurements: readonly Measurement[],
  rest: Partial<BenchResult> = {},
): BenchResult {
  const names = (of: (measurement: Measurement) => string): string[] => [
    ...new Set(measurements.map(of)),
  ];
  const unitOf = (workload: string): Unit =>
    measurements.flatMap((each) =>
      "unit" in each && each.workload === workload ? [each.unit] : [],
    )[0] ?? "operations/s";
  const described = (name: string) => ({ name, description: `about ${name}` });
  return {
    format: RESULT_FORMAT,
    date: "2026-11-30T01:02:03.000Z",
    seconds: 321,
    complete: true,
    command: ["--rounds", "3"],
    seed: 7,
    machine: {
      cpu: "Some Processor 3000",
      cores: 4,
      memoryBytes: 2 ** 34,
      platform: "linux x64",
      node: "20.19.0",
      v8: "11.3",
      load: 0.1,
      clockNanoseconds: 40,
    },
    versions: { masstree: "1.0.0", "sorted-btree": "2.1.0" },
    settings: { rounds: 3, baseline: "sorted-btree", interval: 200 },
    peers: names(({ peer }) => peer).map(peerEntry),
    workloads: names(({ workload }) => workload).map((name) => ({
      ...described(name),
      unit: unitOf(name),
    })),
    keys: names(({ keys }) => keys).map(described),
    choices: names(({ choice }) => choice).map(described),
    measurements,
    ...rest,
  };
}
