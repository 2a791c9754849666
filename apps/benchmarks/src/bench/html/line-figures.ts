// The plots with a line for each map: threads, sizes and latency.
import { count } from "../../format.ts";
import type { BenchResult } from "../result.ts";
import { latencyChart } from "./charts/latency.ts";
import { lineChart } from "./charts/lines.ts";
import { about, type Figure, type Looks, type Panel, unlessSaid, type Words } from "./figure.ts";
import { amount, short, time } from "./numbers.ts";
import { type Group, isRate, mainGroups, shortTitles, together, withLatency } from "./settings.ts";

export function scaling(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  const { cores } = result.machine;
  const beyond = groups.some(({ threads }) => threads > cores);
  return lineFigure(result, groups, looks, "threads", {
    id: "scaling",
    title: "Scaling by threads",
    caption: `Operations of all threads together. A line that rises with the number of threads scales. This machine has ${amount(cores, "core")}${beyond ? ": beyond the dashed line, threads share them" : ""}. A map of one thread has one symbol, at 1.`,
    columns: "samples",
  });
}

export function sizes(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  return lineFigure(result, groups, looks, "size", {
    id: "sizes",
    title: "Size against speed",
    caption:
      "Both scales are logarithmic. A line that falls slowly copes with size; all fall where the map no longer fits in the processor's caches. Lines end where a map can hold no more.",
    columns: "samples",
  });
}

function lineFigure(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
  by: "threads" | "size",
  words: Words,
): Figure | undefined {
  const others = by === "threads" ? (["size"] as const) : (["threads"] as const);
  const some = together(groups.filter(isRate), "workload", "keys", "choice", ...others)
    .map((same) => [...same].sort((a, b) => a[by] - b[by]))
    .filter(
      (same) =>
        new Set(same.filter(({ measured }) => measured.length > 0).map((group) => group[by])).size >
        1,
    );
  if (some.length === 0) return undefined;
  const neutral = ([first]: readonly Group[]): Group => ({ ...first!, [by]: 1 });
  const { title, otherwise } = shortTitles(some.map(neutral));
  const bySize = by === "size";
  const panels = some.map((same): Panel => {
    const points = same.flatMap((group) =>
      group.measured.map(({ peer, median, min, max }) => ({
        peer,
        x: group[by],
        y: median,
        low: min,
        high: max,
      })),
    );
    const { cores } = result.machine;
    const ticks = [...new Set(same.map((group) => group[by]))];
    // Maps of one thread may be so fast that a scale from zero would leave the lines no room.
    const values = points.map(({ y }) => y).filter((y) => y > 0);
    const log = bySize || Math.max(...values) > 20 * Math.min(...values);
    const chart = lineChart({
      points,
      looks,
      x: {
        label: bySize ? "entries (log scale)" : "threads",
        tick: bySize ? short : String,
        ticks,
        log: bySize,
      },
      y: { label: `${same[0]!.unit}${log ? " (log scale)" : ""}`, tick: short, log },
      ...(!bySize &&
        Math.max(...ticks) > cores && { mark: { x: cores, label: amount(cores, "core") } }),
    });
    return { title: title(neutral(same)), about: about(result, same[0]!), chart };
  });
  return {
    ...words,
    caption: words.caption + unlessSaid(otherwise),
    panels,
    legend: [],
    groups: some.flat(),
  };
}

export function latencies(
  result: BenchResult,
  groups: readonly Group[],
  looks: Looks,
): Figure | undefined {
  const some = mainGroups(withLatency(groups));
  if (some.length === 0) return undefined;
  const { title, otherwise } = shortTitles(some);
  const panels = some.map(
    (group): Panel => ({
      title: title(group),
      about: about(result, group),
      chart: latencyChart(group.measured, looks),
    }),
  );
  const { clockNanoseconds, browser } = result.machine;
  const clock =
    browser === undefined
      ? `Reading the clock takes ${time(clockNanoseconds)}, which every figure contains.`
      : `The browser's clock has steps of ${time(clockNanoseconds)}: shorter latencies mean little.`;
  const corrected = some.some(({ measured }) => measured.some(({ latency }) => latency!.corrected));
  return {
    id: "latency",
    title: "Latency of single operations",
    caption:
      "From the typical operation at the left to the slowest of all at the right: at 99.9, one in a thousand took longer, at the tick beside it one in ten thousand. Lower is better; the scale is logarithmic. " +
      clock +
      (corrected
        ? ` Where a rate was held (${count(result.settings.rate ?? 0)} operations per second), an operation that had to wait for a slow one counts from the time at which it was due.`
        : "") +
      unlessSaid(otherwise),
    panels,
    legend: [],
    groups: some,
    columns: "latencies",
  };
}
