// One row for each setting and one symbol for each peer: the plot in which many figures fit.
import { axisX, dot, gridX, ruleX, ruleY, text } from "@observablehq/plot";
import type { Look } from "../palette.ts";
import {
  type Figure,
  frame,
  linearTicks,
  logDomain,
  logTicks,
  MUTED,
  radius,
  shortened,
  widthOf,
} from "./frame.ts";

export interface Dot {
  readonly row: string;
  readonly peer: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly title: string;
}

export interface DotsOptions {
  readonly dots: readonly Dot[];
  readonly looks: ReadonlyMap<string, Look>;
  readonly axis: string;
  readonly tick: (value: number) => string;
  readonly log: boolean;
  /** Where a rule is drawn, such as at 1 for ratios. */
  readonly rule?: number;
  readonly width: number;
}

/** Plots below this width have the rows' names above the rows. */
const NARROW = 500;

export function dotChart({ dots, looks, axis, tick, log, rule, width }: DotsOptions): Figure {
  const shown = log ? dots.filter(({ value }) => value > 0) : dots;
  const rows = [...new Set(dots.map(({ row }) => row))];
  const narrow = width < NARROW;
  const height = narrow ? 42 : 26;
  const longest = narrow ? 48 : 34;
  const values = shown.flatMap(({ value, low, high }) =>
    [value, low, high].filter((each) => !log || each > 0),
  );
  if (rule !== undefined) values.push(rule);
  const domain: [number, number] = log
    ? logDomain(values.length > 0 ? values : [1, 10])
    : [0, Math.max(...values, 0) * 1.03 || 1];
  const marginLeft = narrow
    ? 12
    : Math.ceil(Math.max(...rows.map((row) => widthOf(shortened(row, longest))))) + 14;
  const color = ({ peer }: Dot): string => looks.get(peer)?.color ?? MUTED;
  const ticks = log ? logTicks(domain[0], domain[1], narrow ? 6 : 10) : linearTicks(domain[1]);
  return {
    ...frame(width, rows.length * height + 48),
    marginLeft,
    marginRight: 16,
    marginTop: narrow ? 14 : 4,
    marginBottom: 44,
    x: { type: log ? "log" : "linear", domain },
    y: { domain: rows, type: "point", axis: null, padding: narrow ? 0.4 : 0.5 },
    symbol: { type: "identity" },
    marks: [
      ruleY(rows, { y: (row: string) => row, stroke: MUTED, strokeOpacity: 0.25 }),
      gridX(ticks, { strokeOpacity: 0.1 }),
      axisX(ticks, {
        text: tick,
        tickSize: 3,
        color: MUTED,
        label: axis,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 38,
      }),
      text(rows, {
        y: (row: string) => row,
        text: (row: string) => shortened(row, longest),
        title: (row: string) => row,
        frameAnchor: "left",
        ...(narrow ? { textAnchor: "start", dy: -15 } : { textAnchor: "end", dx: -10 }),
      }),
      rule === undefined ? null : ruleX([rule], { strokeWidth: 1.2 }),
      ruleY(
        shown.filter(({ low, high }) => high > low && (!log || low > 0)),
        { y: "row", x1: "low", x2: "high", stroke: color, strokeWidth: 2, strokeOpacity: 0.5 },
      ),
      dot(shown, {
        y: "row",
        x: "value",
        fill: color,
        stroke: color,
        symbol: ({ peer }: Dot) => looks.get(peer)?.symbol ?? "circle",
        r: (each: Dot) => radius(looks.get(each.peer), 4.5),
        title: "title",
      }),
    ],
  };
}
