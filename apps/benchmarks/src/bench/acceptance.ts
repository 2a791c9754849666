// The figures that the project set itself, beside what was measured.
import { count, significant } from "../format.ts";

/** One measurement: a subject's operation over a kind of key, all repeats. */
export interface Measured {
  readonly kind: string;
  readonly subject: string;
  readonly operation: string;
  readonly unit: "per second" | "bytes";
  readonly samples: readonly number[];
  readonly median: number;
  /** Median of the ratios to the baseline's samples of the same repeats. */
  readonly ratio?: number;
}

export interface Scaled {
  readonly subject: string;
  readonly threads: number;
  readonly samples: readonly number[];
  readonly median: number;
  /** Against one thread, in the same repeats. */
  readonly growth: number;
}

export interface Figure {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  /** `undefined` when it was not measured, or says nothing on this machine. */
  readonly met: boolean | undefined;
}

/** The figures are stated for this kind of key, this many of them and this baseline. */
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
      compare(`${subject}: ${operation} against ${BASELINE}`, ratio, limit, "least", "x");
    }
  }
  const bytes = find("MassTreeInline", "bytes a key")?.median;
  compare("MassTreeInline: bytes a key", bytes, 80, "most", "");
  for (const [threads, limit] of [
    [2, 1.7],
    [4, 3],
  ] as const) {
    for (const subject of new Set(["MassTreeInline", ...input.scaled.map((s) => s.subject)])) {
      const scaled = input.scaled.find((s) => s.subject === subject && s.threads === threads);
      // With fewer cores than threads the figure is about the scheduler.
      const growth = input.cores >= threads ? scaled?.growth : undefined;
      compare(`${subject}: get, ${threads} threads against 1`, growth, limit, "least", "x");
    }
  }
  return figures;
}

/** What the reader of the figures has to know, if anything. */
export function acceptanceNotes({ keys, cores }: AcceptanceInput): string[] {
  const notes: string[] = [];
  if (keys !== KEYS)
    notes.push(`The figures are stated for ${count(KEYS)} keys, not ${count(keys)}.`);
  if (cores < 4) notes.push(`Growth needs a core per thread; this machine has ${cores}.`);
  return notes;
}
