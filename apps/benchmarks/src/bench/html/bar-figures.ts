// The plots with a bar for each map: throughput, memory, stalls and times.
import type { BenchResult, Measured } from "../result.ts";
import { barChart } from "./charts/bars.ts";
import { mainSetting } from "./dot-figures.ts";
import { about, type Figure, type Looks, type Panel, unlessSaid, type Words } from "./figure.ts";
import { figure, short } from "./numbers.ts";
import { fewestThreads, type Group, isRate, mainGroups, shortTitles } from "./settings.ts";
import { axisOf, axisTick } from "./units.ts";

export function throughput(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  const shown = fewestThreads(mainGroups(groups.filter(isRate)));
  return barFigure(result, shown, looks, {
    id: "throughput",
    title: "Throughput by map and workload",
    caption: `${mainSetting(groups)}. Longer bars are faster; each plot has its own scale, from zero. The thin line on a bar is the range of the rounds. A map that cannot do a workload has the reason instead.`,
    columns: "samples",
  });
}

export function durations(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  return barFigure(
    result,
    groups.filter(({ unit }) => unit === "us"),
    looks,
    {
      id: "durations",
      title: "How long single things take",
      caption: "Shorter bars are better. The thin line on a bar is the range of the rounds.",
      columns: "samples",
    },
  );
}

export function memory(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  return barFigure(
    result,
    groups.filter(({ unit }) => unit === "bytes/entry"),
    looks,
    {
      id: "memory",
      title: "Memory for each entry",
      caption:
        "Shorter bars are better. The full colour is memory on the JavaScript heap, which garbage collection has to visit; the pale part is shared memory or a mapped file.",
      columns: "memory",
    },
  );
}

export function stalls(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  return barFigure(
    result,
    groups.filter(({ unit }) => unit === "ms"),
    looks,
    {
      id: "stalls",
      title: "Stalls of the event loop",
      caption:
        "The longest time for which a program that fills or changes a map, in small steps, could not react to anything else. Shorter bars are better.",
      columns: "stalls",
    },
  );
}

function barFigure(
  result: BenchResult,
  shown: readonly Group[],
  looks: Looks,
  words: Words,
): Figure | undefined {
  const some = shown.filter(({ measured }) => measured.length > 0);
  if (some.length === 0) return undefined;
  const { title, otherwise } = shortTitles(some);
  const panels = some.map((group): Panel => {
    const { unit, measured, impossible } = group;
    const chart = barChart({
      bars: measured.map((each) => bar(each)),
      absent: impossible.map(({ peer, cannot }) => ({ peer, reason: cannot })),
      looks,
      axis: axisOf(unit),
      tick: (value) => axisTick(value, unit),
    });
    return { title: title(group), about: about(result, group), chart };
  });
  return {
    ...words,
    caption: words.caption + unlessSaid(otherwise),
    panels,
    legend: [],
    groups: some,
  };
}

function bar({ peer, unit, median, min, max, bytes }: Measured) {
  const label =
    unit === "operations/s" || unit === "entries/s" ? short(median) : figure(median, unit);
  const shared = bytes !== undefined && bytes.shared > 0;
  // The parts are medians of their own, so they may not quite add up: the total is what the bar shows.
  const paleFrom = shared ? (median * bytes.heap) / (bytes.heap + bytes.shared) : undefined;
  return {
    peer,
    value: median,
    low: min,
    high: max,
    label,
    ...(paleFrom !== undefined && { paleFrom }),
  };
}
