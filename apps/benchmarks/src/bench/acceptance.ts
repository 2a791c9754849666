// Compares the measurements with the figures that the project aims for.
import { count, significant } from "../format.ts";

/** One measurement: an operation of one subject over one kind of key, with all repeats. */
export interface Measured {
  readonly kind: string;
  readonly subject: string;
  readonly operation: string;
  readonly unit: "per second" | "bytes";
  readonly samples: readonly number[];
  readonly median: number;
  /** Median of the ratios to the baseline's samples from the same repeats. */
  readonly ratio?: number;
}

export interface Scaled {
  readonly subject: string;
  readonly threads: number;
  readonly samples: readonly number[];
  readonly median: number;
  /** Ratio to one thread, in the same repeats. */
  readonly growth: number;
}

export interface Figure {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  /** `undefined` if it was not measured, or means nothing on this machine. */
  readonly met: boolean | undefined;
}

/** The aims are stated for this kind of key, this number of keys and this baseline. */
const KIND = "random16";
const KEYS = 1_000_000;
const BASELINE = "sorted-btree";

export interface AcceptanceInput {
  readonly keys: number;
  readonly cores: number;
  readonly baseline: string;
  readonly measured: readonly Measured[];
  readonly scaled: readonly Scaled[];
}

export function acceptance(input: AcceptanceInput): Figure[] {
  const figures: Figure[] = [];
  const compare = (
    what: string,
    value: number | undefined,
    limit: number,
    kind: "least" | "most",
    unit: string,
  ): void => {
    const words = kind === "least" ? "at least" : "at most";
    figures.push({
      what,
      wanted: `${words} ${limit}${unit}`,
      measured: value === undefined ? "not measured" : `${significant(value)}${unit}`,
      met: value === undefined ? undefined : kind === "least" ? value >= limit : value <= limit,
    });
  };
  const find = (subject: string, operation: string): Measured | undefined =>
    input.measured.find(
      (m) => m.kind === KIND && m.subject === subject && m.operation === operation,
    );
  for (const subject of ["MassTreeInline", "MassTree (json)", "MassTree (utf8)"]) {
    for (const [operation, limit] of [
      ["get", 3],
      ["set", 2],
    ] as const) {
      const ratio = input.baseline === BASELINE ? find(subject, operation)?.ratio : undefined;
      compare(`${subject}: ${operation} vs ${BASELINE}`, ratio, limit, "least", "x");
    }
  }
  const bytes = find("MassTreeInline", "bytes per key")?.median;
  compare("MassTreeInline: bytes per key", bytes, 80, "most", "");
  for (const [threads, limit] of [
    [2, 1.7],
    [4, 3],
  ] as const) {
    for (const subject of new Set(["MassTreeInline", ...input.scaled.map((s) => s.subject)])) {
      const scaled = input.scaled.find((s) => s.subject === subject && s.threads === threads);
      // With fewer cores than threads, the figure would measure the scheduler.
      const growth = input.cores >= threads ? scaled?.growth : undefined;
      compare(`${subject}: get, ${threads} threads vs 1`, growth, limit, "least", "x");
    }
  }
  return figures;
}

/** What a reader of the figures has to know, if anything. */
export function acceptanceNotes({ keys, cores }: AcceptanceInput): string[] {
  const notes: string[] = [];
  if (keys !== KEYS)
    notes.push(`These aims are stated for ${count(KEYS)} keys, not ${count(keys)}.`);
  if (cores < 4) notes.push(`Scaling needs one core per thread; this machine has ${cores}.`);
  return notes;
}
