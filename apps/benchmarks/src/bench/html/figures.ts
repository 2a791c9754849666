// Which plots the report has.
import type { BenchResult } from "../result.ts";
import { durations, memory, stalls, throughput } from "./bar-figures.ts";
import { kinds, overview } from "./dot-figures.ts";
import type { Figure, Looks } from "./figure.ts";
import { latencies, scaling, sizes } from "./line-figures.ts";
import type { Group } from "./settings.ts";

/** All plots of which the result has the figures. */
export function figuresOf(result: BenchResult, groups: readonly Group[], looks: Looks): Figure[] {
  return [
    overview(result, groups, looks),
    throughput(result, groups, looks),
    kinds(result, groups, looks),
    scaling(result, groups, looks),
    sizes(result, groups, looks),
    latencies(result, groups, looks),
    memory(result, groups, looks),
    stalls(result, groups, looks),
    durations(result, groups, looks),
  ].filter((made) => made !== undefined);
}
