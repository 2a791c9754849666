// The plots with one row for each setting: all workloads at once, and kinds of keys.
import type { BenchResult } from "../result.ts";
import { type Dot, dotChart } from "./charts/dots.ts";
import {
  about,
  type Figure,
  type Looks,
  NARROW,
  type Panel,
  peersOf,
  unlessSaid,
  WIDE,
} from "./figure.ts";
import { figure, short, sizeLabel, times } from "./numbers.ts";
import {
  fewestThreads,
  type Group,
  isRate,
  mainGroups,
  shortTitles,
  together,
} from "./settings.ts";
import { axisOf } from "./units.ts";

/** What the main figures share: `1 M entries with uuid keys`. */
export function mainSetting(groups: readonly Group[]): string {
  const [first] = mainGroups(groups.filter(isRate));
  return first === undefined ? "" : `${sizeLabel(first.size)} entries, ${first.keys} keys`;
}

/** The plot that shows most at once: every workload's speed, relative to the baseline. */
export function overview(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  const shown = fewestThreads(mainGroups(groups.filter(isRate))).filter(
    ({ measured }) => measured.length > 0,
  );
  if (shown.length === 0) return undefined;
  const { baseline } = result.settings;
  const relative = shown.some(({ measured }) => measured.some(({ ratio }) => ratio !== undefined));
  const { title, otherwise } = shortTitles(shown);
  const without = relative && shown.some(({ measured }) => measured.every(({ ratio }) => !ratio));
  const dots = shown.flatMap((group) =>
    group.measured.flatMap((measured): Dot[] => {
      const ratio = relative ? measured.ratio : { ...measured };
      if (ratio === undefined) return [];
      const { peer } = measured;
      const shownValue = relative ? times(ratio.median) : figure(ratio.median, group.unit);
      const row = title(group);
      return [
        {
          row,
          peer,
          value: ratio.median,
          low: ratio.min,
          high: ratio.max,
          title: `${row}, ${peer}: ${shownValue}`,
        },
      ];
    }),
  );
  const options = {
    dots,
    looks,
    log: true,
    axis: relative ? `times as fast as ${baseline} (log scale)` : "per second (log scale)",
    tick: relative ? ratioTick : short,
    ...(relative && { rule: 1 }),
  };
  return {
    id: "overview",
    title: relative ? `Speed of each workload, next to ${baseline}` : "Speed of each workload",
    caption:
      `${mainSetting(groups)}. Each row is a workload, each symbol a map. Further right is faster` +
      (relative
        ? `: at 2, a map does twice as much per second as ${baseline}, at 0.5 half as much. Lines behind symbols are the range of the rounds.`
        : ". Lines behind symbols are the range of the rounds.") +
      (without ? ` Workloads that ${baseline} cannot do are in the plots below.` : "") +
      (otherwise === "" ? "" : ` Unless a row says otherwise: ${otherwise}.`),
    panels: {
      wide: dotChart({ ...options, width: WIDE }),
      narrow: dotChart({ ...options, width: NARROW }),
    },
    legend: peersOf(shown),
    groups: shown,
    columns: "samples",
  };
}

const ratioTick = (value: number): string =>
  value < 1 ? String(Number(value.toPrecision(2))) : short(value);

/** How speed depends on the kind of keys: one plot for each workload, one row for each kind. */
export function kinds(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  const some = together(fewestThreads(groups.filter(isRate)), "workload", "choice", "size").filter(
    (same) => same.filter(({ measured }) => measured.length > 0).length > 1,
  );
  if (some.length === 0) return undefined;
  const { title, otherwise } = shortTitles(some.map(([first]) => ({ ...first!, keys: "" })));
  const panels = some.map((same): Panel => {
    const dots = same.flatMap(({ keys, measured }) =>
      measured.map(({ peer, median, min, max, unit }): Dot => {
        const shown = `${keys}, ${peer}: ${figure(median, unit)}`;
        return { row: keys, peer, value: median, low: min, high: max, title: shown };
      }),
    );
    const [first] = same;
    const axis = `${axisOf(first!.unit)} (log scale)`;
    const chart = dotChart({ dots, looks, axis, tick: short, log: true, width: NARROW });
    return { title: title({ ...first!, keys: "" }), about: about(result, first!), chart };
  });
  return {
    id: "keys",
    title: "Throughput by kind of keys",
    caption: `Each row is a kind of keys, each symbol a map. Further right is faster.${unlessSaid(otherwise)}`,
    panels,
    legend: peersOf(some.flat()),
    groups: some.flat(),
    columns: "samples",
  };
}
