// Did this project's maps become slower? Compares ratios to a peer that does not change, never absolute times, with
// those of a committed result.
import { significant } from "../format.ts";
import { table } from "../table.ts";
import { type BenchResult, isMeasured, type Measured, moreIsBetter, type Ratio } from "./result.ts";

/** Less than this is noise on any machine. */
const LEAST_ROOM = 0.1;
/** Samples that scatter more than this tell nothing: even then, a halved speed is found. */
const MOST_ROOM = 0.4;

export interface Compared {
  readonly workload: string;
  readonly peer: string;
  readonly keys: string;
  readonly size: number;
  readonly threads: number;
  readonly choice: string;
  readonly committed: Ratio;
  /** Absent if it was not measured now. */
  readonly now: Ratio | undefined;
  /** How much better it is now: 1 is as good, 0.5 half as good. */
  readonly change: number | undefined;
  /** How much worse counts as noise, as a fraction. */
  readonly room: number;
  readonly verdict: "as good" | "better" | "worse" | "missing";
}

/** Compares all ratios of this project's maps in the committed result with those of another. */
export function compareRatios(committed: BenchResult, now: BenchResult): Compared[] {
  const own = new Set(committed.peers.filter((peer) => peer.own).map(({ name }) => name));
  const compared: Compared[] = [];
  for (const old of committed.measurements) {
    if (!isMeasured(old) || old.ratio === undefined || !own.has(old.peer)) continue;
    const found = now.measurements.find((other) => isMeasured(other) && isSameCell(old, other));
    compared.push(verdictOn(old, found !== undefined && isMeasured(found) ? found : undefined));
  }
  return compared;
}

function isSameCell(a: Measured, b: Measured): boolean {
  return (
    a.workload === b.workload &&
    a.peer === b.peer &&
    a.keys === b.keys &&
    a.size === b.size &&
    a.threads === b.threads &&
    a.choice === b.choice
  );
}

function verdictOn(old: Measured, found: Measured | undefined): Compared {
  const { workload, peer, keys, size, threads, choice } = old;
  const cell = { workload, peer, keys, size, threads, choice, committed: old.ratio! };
  if (found?.ratio === undefined) {
    return { ...cell, now: undefined, change: undefined, room: LEAST_ROOM, verdict: "missing" };
  }
  const change = moreIsBetter(old.unit)
    ? found.ratio.median / old.ratio!.median
    : old.ratio!.median / found.ratio.median;
  const room = Math.min(MOST_ROOM, Math.max(LEAST_ROOM, scatter(old.ratio!), scatter(found.ratio)));
  const verdict = change < 1 - room ? "worse" : change > 1 + room ? "better" : "as good";
  return { ...cell, now: found.ratio, change, room, verdict };
}

/** How far ratios of single rounds are from their median, as a fraction of it: half of their range. */
function scatter({ median, min, max }: Ratio): number {
  return (max - min) / median / 2;
}

export function guardTable(compared: readonly Compared[]): string {
  return table(
    ["", "committed", "now", "change", "noise", ""],
    compared.map((each) => [
      nameOf(each),
      significant(each.committed.median),
      each.now === undefined ? "-" : significant(each.now.median),
      each.change === undefined ? "-" : percent(each.change - 1),
      percent(each.room).replace("+", "±"),
      each.verdict === "as good" ? "" : each.verdict.toUpperCase(),
    ]),
  );
}

export function nameOf({ peer, workload, keys, size, threads, choice }: Compared): string {
  const many = threads === 1 ? "" : ` with ${threads} threads`;
  return `${peer}: ${workload} (${keys}, ${size}, ${choice})${many}`;
}

function percent(fraction: number): string {
  return `${fraction >= 0 ? "+" : ""}${Math.round(fraction * 100)} %`;
}
