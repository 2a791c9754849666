// Prints a result for people: for each set of keys and number of threads, the peers against the workloads.
import { bytes, count, rate, significant } from "../format.ts";
import { table } from "../table.ts";
import {
  type BenchResult,
  isMeasured,
  type Latency,
  type Measured,
  type Measurement,
  missesRate,
} from "./result.ts";
import { ratioOf } from "./statistics.ts";
import { EVERY_KEY, workloadOf } from "./workloads.ts";

/** The columns of text that a table may take. */
const WIDTH = 118;

export interface TableOptions {
  /** Also the latencies of single operations. */
  readonly latencies: boolean;
  readonly width?: number;
}

export function resultTables(
  result: BenchResult,
  { latencies, width = WIDTH }: TableOptions,
): string {
  const parts: string[] = [];
  for (const [title, group] of groupsOf(result)) {
    const measured = group.filter(isMeasured);
    if (measured.length > 0) {
      parts.push(`${title}\n${grid(measured, (cell) => figure(cell, result), width)}`);
      const timed = latencies ? measured.filter(({ latency }) => latency !== undefined) : [];
      if (timed.length > 0) {
        parts.push(
          `${latencyTitle(timed)}\n${grid(timed, ({ latency }) => latencyCell(latency!, result), width)}`,
          ...rateNote(timed, result),
        );
      }
    }
    const reasons = reasonsOf(group);
    if (reasons.length > 0) parts.push(reasons.join("\n"));
  }
  return parts.join("\n\n");
}

function groupsOf({ measurements }: BenchResult): Map<string, Measurement[]> {
  const groups = new Map<string, Measurement[]>();
  // The sort is stable: kinds of keys and sizes stay in the order in which they were measured.
  const places = [...new Set(measurements.map(({ keys, size }) => `${keys} ${size}`))];
  const place = ({ keys, size }: Measurement): number => places.indexOf(`${keys} ${size}`);
  const inOrder = [...measurements].sort((a, b) => place(a) - place(b) || a.threads - b.threads);
  for (const measurement of inOrder) {
    const { keys, size, threads } = measurement;
    const many = threads === 1 ? "1 thread" : `${threads} threads`;
    const title = `${keys}, ${count(size)} entries, ${many}`;
    const group = groups.get(title);
    if (group === undefined) groups.set(title, [measurement]);
    else group.push(measurement);
  }
  return groups;
}

/** Peers down, workloads across, in as many tables as the width asks for. */
function grid(cells: readonly Measured[], text: (cell: Measured) => string, width: number): string {
  const peers = [...new Set(cells.map(({ peer }) => peer))];
  const columns = [...new Set(cells.map(columnOf))].map((name) => {
    const inColumn = cells.filter((cell) => columnOf(cell) === name);
    const rows = peers.map((peer) => {
      const found = inColumn.find((cell) => cell.peer === peer);
      return found === undefined ? "-" : text(found);
    });
    return { name, rows, width: Math.max(name.length, ...rows.map(({ length }) => length)) + 3 };
  });
  const first = Math.max(...peers.map(({ length }) => length)) + 4;
  const tables: string[] = [];
  for (let from = 0; from < columns.length; ) {
    let to = from;
    for (let used = first; to < columns.length; to++) {
      used += columns[to]!.width;
      if (used > width && to > from) break;
    }
    const shown = columns.slice(from, to);
    tables.push(
      table(
        ["", ...shown.map(({ name }) => name)],
        peers.map((peer, row) => [peer, ...shown.map(({ rows }) => rows[row]!)]),
      ),
    );
    from = to;
  }
  return tables.join("\n");
}

function columnOf({ workload, choice }: Measured): string {
  const usual = workloadOf(workload).choices[0] ?? EVERY_KEY;
  return choice === usual ? workload : `${workload} ${choice}`;
}

/** The median, and for one thread how it compares with the baseline, for more with one thread. */
function figure(cell: Measured, result: BenchResult): string {
  const value = amount(cell);
  if (cell.threads > 1) {
    const single = result.measurements.find(
      (other) => isMeasured(other) && sameBut(other, cell) && other.threads === 1,
    );
    const growth = single && isMeasured(single) ? ratioOf(cell.samples, single.samples) : undefined;
    return growth === undefined ? value : `${value}  ${significant(growth.median)}×`;
  }
  if (cell.ratio === undefined || cell.peer === result.settings.baseline) return value;
  return `${value}  ${significant(cell.ratio.median)}`;
}

function sameBut(a: Measured, b: Measured): boolean {
  return (
    a.peer === b.peer &&
    a.workload === b.workload &&
    a.keys === b.keys &&
    a.size === b.size &&
    a.choice === b.choice
  );
}

function amount({ unit, median: middle }: Measured): string {
  switch (unit) {
    case "operations/s":
    case "entries/s":
      return rate(middle);
    case "bytes/entry":
      return `${significant(middle)} B`;
    case "us":
      return nanoseconds(middle * 1000);
    case "ms":
      return nanoseconds(middle * 1e6);
  }
}

function latencyTitle(timed: readonly Measured[]): string {
  const corrected = timed.some(({ latency }) => latency!.corrected);
  const held = corrected ? ", counted from when each was due" : "";
  return `Latency of one operation${held}: p50, p99, p99.9, max`;
}

function latencyCell(latency: Latency, { settings }: BenchResult): string {
  const { p50, p99, p99_9, max } = latency;
  const times = [p50, p99, p99_9, max].map(nanoseconds).join(" ");
  return missesRate(latency, settings) ? `${times} (${rate(latency.reached)})` : times;
}

/** Whether the rate was held, if one was to be. */
function rateNote(timed: readonly Measured[], { settings }: BenchResult): string[] {
  if (settings.rate === undefined) return [];
  const wanted = `${count(settings.rate)} operations per second`;
  const missed = timed.filter(({ latency }) => missesRate(latency!, settings)).length;
  if (missed === 0) return [`The rate, ${wanted}, was held everywhere.`];
  return [
    `The rate, ${wanted}, was not held where a speed stands in brackets: what waits there grows for as long as it is ` +
      "measured.",
  ];
}

/** With the unit that leaves a small number: `420ns`, `1.3us`, `12ms`. */
export function nanoseconds(value: number): string {
  if (value < 1000) return `${Math.round(value)}ns`;
  const [scaled, unit] =
    value < 1e6 ? [value / 1e3, "us"] : value < 1e9 ? [value / 1e6, "ms"] : [value / 1e9, "s"];
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)}${unit}`;
}

/** Who cannot do what: one line for each peer and reason. */
function reasonsOf(group: readonly Measurement[]): string[] {
  const byReason = new Map<string, Set<string>>();
  for (const measurement of group) {
    if (isMeasured(measurement)) continue;
    const { peer, cannot, workload, threads } = measurement;
    const name = JSON.stringify([peer, cannot, threads]);
    byReason.set(name, (byReason.get(name) ?? new Set()).add(workload));
  }
  return [...byReason].map(([name, workloads]) => {
    const [peer, reason, threads] = JSON.parse(name) as [string, string, number];
    const many = threads === 1 ? "" : ` with ${threads} threads`;
    return `${peer}: no ${[...workloads].join(", ")}${many}, because ${reason}`;
  });
}

/** The head of the output: where and how. */
export function heading({ machine, settings, seed, versions, measurements }: BenchResult): string {
  const { cpu, cores, node, platform, memoryBytes } = machine;
  const commit = versions.commit === undefined ? "" : `, commit ${versions.commit}`;
  const hasRatios = measurements.some(
    (each) => isMeasured(each) && each.ratio !== undefined && each.peer !== settings.baseline,
  );
  const hasGrowth = measurements.some(({ threads }) => threads > 1);
  const notes = [
    `medians of ${settings.rounds} ${settings.rounds === 1 ? "round" : "rounds"}, seed ${seed}`,
    ...(hasRatios ? [`second figure: ratio to ${settings.baseline} in the same rounds`] : []),
    ...(hasGrowth ? ["with ×: growth over one thread"] : []),
  ];
  return (
    `${cpu}, ${cores} cores, ${bytes(memoryBytes)}, Node ${node}, ${platform}${commit}\n` +
    notes.join("; ")
  );
}
