// Latency by percentile. The x axis counts nines: 90 %, 99 %, 99.9 %, so that the slow few get as much room as the
// fast many.
import type { Latency, Measured } from "../../result.ts";
import { time } from "../numbers.ts";
import type { Look } from "../palette.ts";
import type { Figure } from "./frame.ts";
import { lineChart } from "./lines.ts";

/** Places on the x axis: the logarithm of 1 / (1 - p); the maximum one further. */
const places: readonly [x: number, label: string, member: keyof Latency][] = [
  [Math.log10(2), "50", "p50"],
  [1, "90", "p90"],
  [2, "99", "p99"],
  [3, "99.9", "p99_9"],
  // There is no room for this number beside the others. The caption says what the tick is.
  [4, "", "p99_99"],
  [5, "max", "max"],
];

export function latencyChart(
  measured: readonly Measured[],
  looks: ReadonlyMap<string, Look>,
): Figure {
  const points = measured.flatMap(({ peer, latency }) =>
    places.map(([x, , member]) => ({ peer, x, y: latency![member] as number })),
  );
  const labels = new Map(places.map(([x, label]) => [x, label]));
  return lineChart({
    points,
    looks,
    x: {
      label: "% of operations took at most this long",
      tick: (value) => labels.get(value) ?? "",
      ticks: places.map(([x]) => x),
    },
    y: { label: "latency (log scale)", tick: time, log: true },
  });
}
