// One plot of the report, or several small ones side by side, with their words and the groups behind them.
import type { BenchResult } from "../result.ts";
import type { Figure as Chart } from "./charts/frame.ts";
import type { Look } from "./palette.ts";
import type { Group } from "./settings.ts";
import type { columns } from "./tables.ts";

export interface Panel {
  readonly title: string;
  /** What the title's workload does. */
  readonly about?: string | undefined;
  readonly chart: Chart;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  /** How to read it. */
  readonly caption: string;
  /** Small plots side by side; or one plot, drawn for a wide page and for a narrow one. */
  readonly panels: readonly Panel[] | { readonly wide: Chart; readonly narrow: Chart };
  /** Peers that need a legend. */
  readonly legend: readonly string[];
  /** What the table below shows. */
  readonly groups: readonly Group[];
  readonly columns: keyof typeof columns;
}

/** What a figure says, apart from its plots. */
export type Words = Pick<Figure, "id" | "title" | "caption" | "columns">;

export type Looks = ReadonlyMap<string, Look>;

export const WIDE = 740;
export const NARROW = 340;

export const about = (result: BenchResult, { workload }: Group): string | undefined =>
  result.workloads.find(({ name }) => name === workload)?.description;

export const peersOf = (groups: readonly Group[]): string[] => [
  ...new Set(groups.flatMap(({ measured }) => measured.map(({ peer }) => peer))),
];

/** The words about what most plots of a figure share. */
export function unlessSaid(otherwise: string): string {
  return otherwise === "" ? "" : ` Unless its title says otherwise, a plot is about: ${otherwise}.`;
}
