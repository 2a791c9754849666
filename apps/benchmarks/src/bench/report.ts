// Formats the results of a benchmark, as tables for people and as JSON for programs.
import { cpus, loadavg, totalmem } from "node:os";
import { rate, significant } from "../format.ts";
import { table } from "../table.ts";
import type { Figure, Measured, Scaled } from "./acceptance.ts";

/** Version of the JSON format; increases when a member changes its meaning. */
const FORMAT = 1;

/** The table of one kind of key: one row per operation, one column per map, ratios to the baseline. */
export function kindTable(measured: readonly Measured[], baseline: string): string {
  const subjects = [...new Set(measured.map((m) => m.subject))];
  const operations = [...new Set(measured.map((m) => m.operation))];
  const rows = operations.map((operation) => [
    operation,
    ...subjects.map((subject) => {
      const found = measured.find((m) => m.subject === subject && m.operation === operation);
      return found === undefined ? "-" : cell(found, baseline);
    }),
  ]);
  return table(["", ...subjects], rows);
}

function cell({ subject, unit, median, ratio }: Measured, baseline: string): string {
  const value = unit === "bytes" ? significant(median) : rate(median);
  if (ratio === undefined || subject === baseline) return value;
  return `${value}  ${significant(ratio)}x`;
}

export function scalingTable(scaled: readonly Scaled[]): string {
  const threads = [...new Set(scaled.map((s) => s.threads))];
  const subjects = [...new Set(scaled.map((s) => s.subject))];
  const rows = subjects.map((subject) => [
    subject,
    ...threads.map((number) => {
      const found = scaled.find((s) => s.subject === subject && s.threads === number);
      if (found === undefined) return "-";
      const growth =
        Number.isNaN(found.growth) || number === 1 ? "" : `  ${significant(found.growth)}x`;
      return `${rate(found.median)}${growth}`;
    }),
  ]);
  return table(["get, all threads together", ...threads.map(threadsWord)], rows);
}

export function acceptanceTable(figures: readonly Figure[]): string {
  return table(
    ["", "aim", "measured", ""],
    figures.map(({ what, wanted, measured, met }) => [
      what,
      wanted,
      measured,
      met === undefined ? "" : met ? "met" : "NOT MET",
    ]),
  );
}

export interface Host {
  readonly cpu: string;
  readonly cores: number;
  /** Load average of the last minute before the run. On a quiet machine, it is well below `cores`. */
  readonly load: number;
  readonly memoryBytes: number;
  readonly node: string;
  readonly v8: string;
  readonly platform: string;
}

export function host(): Host {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    load: loadavg()[0] ?? 0,
    memoryBytes: totalmem(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
  };
}

export interface BenchReport {
  readonly date: string;
  readonly host: Host;
  readonly settings: Record<string, unknown>;
  readonly measured: readonly Measured[];
  readonly scaled: readonly Scaled[];
  readonly acceptance: readonly Figure[];
}

export function toJson(report: BenchReport): string {
  return `${JSON.stringify({ format: FORMAT, ...report }, null, 2)}\n`;
}

function threadsWord(number: number): string {
  return number === 1 ? "1 thread" : `${number} threads`;
}
