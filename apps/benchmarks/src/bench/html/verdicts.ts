// Who wins where: in each setting, the best of the project's own maps against the best of the others.
import { type BenchResult, type Measured, moreIsBetter } from "../result.ts";
import { median } from "../statistics.ts";
import type { Group } from "./settings.ts";

/** Factors closer to 1 than this are level, however well the rounds agree. */
export const LEVEL = 1.05;

export interface Duel {
  readonly group: Group;
  readonly own: Measured;
  readonly other: Measured;
  /** How many times as good the own map is, by the median of the rounds. Below 1 it is worse; NaN if it is unknown. */
  readonly factor: number;
  /** The other side's factor is the inverse: this is the winner's. */
  readonly lead: number;
  /** The names of all peers that are not the project's. */
  readonly others: ReadonlySet<string>;
  readonly winner: "own" | "other" | "level";
}

export interface Verdicts {
  readonly duels: readonly Duel[];
  /** Settings in which no other peer has a figure. */
  readonly onlyOwn: readonly Group[];
  /** Settings in which none of the project's maps has a figure. */
  readonly onlyOthers: readonly Group[];
}

export function verdicts(result: BenchResult, groups: readonly Group[]): Verdicts {
  const own = new Set(result.peers.filter((peer) => peer.own).map(({ name }) => name));
  const others = new Set(result.peers.map(({ name }) => name).filter((name) => !own.has(name)));
  const duels: Duel[] = [];
  const onlyOwn: Group[] = [];
  const onlyOthers: Group[] = [];
  for (const group of groups) {
    const bestOwn = best(group, ({ peer }) => own.has(peer));
    const bestOther = best(group, ({ peer }) => others.has(peer));
    if (bestOwn && bestOther) duels.push({ ...duel(group, bestOwn, bestOther), others });
    else if (bestOwn) onlyOwn.push(group);
    else if (bestOther) onlyOthers.push(group);
  }
  return { duels, onlyOwn, onlyOthers };
}

/** The best measurement of a group by its median, if any is wanted. */
export function best(
  { measured, unit }: Group,
  wanted: (measurement: Measured) => boolean,
): Measured | undefined {
  const sign = moreIsBetter(unit) ? 1 : -1;
  return measured
    .filter((each) => wanted(each) && Number.isFinite(each.median))
    .reduce<Measured | undefined>(
      (so, next) => (so === undefined || (next.median - so.median) * sign > 0 ? next : so),
      undefined,
    );
}

function duel(group: Group, own: Measured, other: Measured): Omit<Duel, "others"> {
  const more = moreIsBetter(group.unit);
  const rounds = Math.min(own.samples.length, other.samples.length);
  const factors = Array.from({ length: rounds }, (_, round) => {
    const [a, b] = [own.samples[round]!, other.samples[round]!];
    if (a === b) return 1;
    return more ? a / b : b / a;
  });
  const factor = median(factors);
  // A lead counts only if every round has it: otherwise the next run may show the opposite.
  const winner =
    factor >= LEVEL && factors.every((each) => each > 1)
      ? "own"
      : factor <= 1 / LEVEL && factors.every((each) => each < 1)
        ? "other"
        : "level";
  return { group, own, other, factor, lead: winner === "other" ? 1 / factor : factor, winner };
}
