// The samples of a run, cell by cell, and what they come to.
import { summarise } from "./latency.ts";
import type { BytesPerEntry, Cell, Measured, Measurement, Stalls } from "./result.ts";
import { median, ratioOf } from "./statistics.ts";
import type { Sample } from "./team.ts";
import { workloadOf } from "./workloads.ts";

interface Entry {
  readonly cell: Cell;
  readonly samples: Sample[];
  reason: string | undefined;
}

export class Collected {
  readonly #baseline: string;
  readonly #corrected: boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #groups = new Set<string>();

  constructor(baseline: string, corrected: boolean) {
    this.#baseline = baseline;
    this.#corrected = corrected;
  }

  /** Whether such keys were measured already: there may be fewer than two sizes ask for. */
  has(keys: string, size: number): boolean {
    return this.#groups.has(`${keys} ${size}`);
  }

  /** Gives the cell its place in the result. */
  expect(cell: Cell): void {
    this.#entry(cell);
  }

  add(cell: Cell, sample: Sample): void {
    this.#entry(cell).samples.push(sample);
  }

  cannot(cell: Cell, reason: string): void {
    this.#entry(cell).reason = reason;
  }

  isImpossible(cell: Cell): boolean {
    return this.#entry(cell).reason !== undefined;
  }

  measurements(): Measurement[] {
    const all: Measurement[] = [];
    for (const { cell, samples, reason } of this.#entries.values()) {
      if (reason !== undefined) all.push({ ...cell, cannot: reason });
      else if (samples.length > 0) all.push(this.#measured(cell, samples));
    }
    return all;
  }

  #entry(cell: Cell): Entry {
    const name = nameOf(cell);
    let entry = this.#entries.get(name);
    if (entry === undefined) {
      entry = { cell, samples: [], reason: undefined };
      this.#entries.set(name, entry);
      this.#groups.add(`${cell.keys} ${cell.size}`);
    }
    return entry;
  }

  #measured(cell: Cell, taken: readonly Sample[]): Measured {
    const samples = taken.map(({ value }) => value);
    const other = this.#entries.get(nameOf({ ...cell, peer: this.#baseline }));
    const baseline =
      other?.reason === undefined ? other?.samples.map(({ value }) => value) : undefined;
    const ratio = baseline && ratioOf(samples, baseline);
    const latency = summarise(
      taken.flatMap(({ histograms }) => histograms),
      this.#corrected && workloadOf(cell.workload).shape.kind === "steady"
        ? median(taken.map(({ timedPerSecond }) => timedPerSecond!))
        : undefined,
    );
    const bytes = bytesOf(taken);
    const stalls = stallsOf(taken);
    return {
      ...cell,
      unit: workloadOf(cell.workload).unit,
      samples,
      median: median(samples),
      min: Math.min(...samples),
      max: Math.max(...samples),
      ...(ratio && { ratio }),
      ...(latency && { latency }),
      ...(bytes && { bytes }),
      ...(stalls && { stalls }),
    };
  }
}

function nameOf({ workload, keys, size, threads, choice, peer }: Cell): string {
  return JSON.stringify([workload, keys, size, threads, choice, peer]);
}

function bytesOf(taken: readonly Sample[]): BytesPerEntry | undefined {
  const all = taken.flatMap(({ bytes }) => bytes ?? []);
  if (all.length === 0) return undefined;
  return {
    heap: median(all.map(({ heap }) => heap)),
    shared: median(all.map(({ shared }) => shared)),
  };
}

function stallsOf(taken: readonly Sample[]): Stalls | undefined {
  const all = taken.flatMap(({ stalls }) => stalls ?? []);
  if (all.length === 0) return undefined;
  const of = (member: keyof Stalls): number => median(all.map((each) => each[member]));
  return {
    p50: of("p50"),
    p99: of("p99"),
    max: of("max"),
    collecting: of("collecting"),
    longestCollection: of("longestCollection"),
    rate: of("rate"),
  };
}
