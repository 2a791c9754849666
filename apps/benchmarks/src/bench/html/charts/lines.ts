// Lines over a scale: one for each peer, with its name at the end and a symbol at each figure.
import { axisX, axisY, dot, gridY, line, ruleX, ruleY, scale, text } from "@observablehq/plot";
import type { Look } from "../palette.ts";
import {
  type Figure,
  frame,
  linearTicks,
  logDomain,
  logTicks,
  MUTED,
  PANEL,
  radius,
  shortened,
  widthOf,
} from "./frame.ts";

export interface Point {
  readonly peer: string;
  readonly x: number;
  readonly y: number;
  /** The lowest and the highest sample, if they are known. */
  readonly low?: number;
  readonly high?: number;
}

export interface LinesOptions {
  /** In the order of x within each peer. */
  readonly points: readonly Point[];
  readonly looks: ReadonlyMap<string, Look>;
  readonly x: Axis & { readonly ticks: readonly number[]; readonly log?: boolean };
  readonly y: Axis & { readonly log: boolean };
  /** A vertical line with a word, such as the number of cores. */
  readonly mark?: { readonly x: number; readonly label: string };
  readonly width?: number;
  readonly height?: number;
}

interface Axis {
  readonly label: string;
  readonly tick: (value: number) => string;
}

const LONGEST_NAME = 16;
const SMALL = 11;

export function lineChart(options: LinesOptions): Figure {
  const { looks, x, y, mark, width = PANEL, height = 250 } = options;
  // A logarithm has no place for 0. The table has the figure.
  const points = y.log ? options.points.filter((point) => point.y > 0) : options.points;
  const xs = points.map((point) => point.x);
  const values = points.flatMap(({ y: value, low = value, high = value }) =>
    y.log ? [low, value, high].filter((each) => each > 0) : [low, value, high],
  );
  const domain: [number, number] = y.log
    ? logDomain(values.length > 0 ? values : [1, 10])
    : [0, Math.max(...values, 0) * 1.05 || 1];
  const margins = {
    marginTop: 24,
    marginBottom: 42,
    marginLeft:
      12 + Math.ceil(Math.max(...ticksOf(domain, y.log).map((tick) => widthOf(y.tick(tick))))),
    marginRight:
      28 +
      Math.ceil(
        Math.max(...points.map(({ peer }) => widthOf(shortened(peer, LONGEST_NAME), SMALL)), 10),
      ),
  };
  const vertical = {
    domain,
    range: [height - margins.marginBottom, margins.marginTop],
    type: y.log ? "log" : "linear",
  } as const;
  const ends = endLabels(points, scale({ y: vertical }), height);
  const look = (point: { peer: string }): Look | undefined => looks.get(point.peer);
  const stroke = (point: { peer: string }): string => look(point)?.color ?? MUTED;
  const ranges = points.filter(
    ({ low, high }) =>
      low !== undefined && high !== undefined && high > low && !(y.log && low <= 0),
  );
  const left = Math.min(...xs, ...x.ticks);
  const right = Math.max(...xs, ...x.ticks);
  return {
    ...frame(width, height),
    ...margins,
    x: { type: x.log ? "log" : "linear", domain: [left, right === left ? left + 1 : right] },
    y: vertical,
    symbol: { type: "identity" },
    marks: [
      gridY(ticksOf(domain, y.log), { strokeOpacity: 0.15 }),
      axisX(x.ticks, {
        text: x.tick,
        tickSize: 3,
        color: MUTED,
        label: x.label,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 36,
      }),
      axisY(ticksOf(domain, y.log), {
        text: y.tick,
        tickSize: 0,
        color: MUTED,
        label: y.label,
        labelArrow: "none",
        labelOffset: margins.marginLeft - 4,
      }),
      y.log ? null : ruleY([0], { stroke: MUTED }),
      mark && ruleX([mark.x], { stroke: MUTED, strokeDasharray: "3,3" }),
      mark &&
        text([mark], {
          x: "x",
          text: "label",
          frameAnchor: "top",
          dy: 3,
          dx: 4,
          textAnchor: "start",
          fontSize: 10,
          fill: MUTED,
        }),
      ruleX(ranges, { x: "x", y1: "low", y2: "high", stroke, strokeOpacity: 0.6 }),
      line(points, { x: "x", y: "y", z: "peer", stroke, strokeWidth: 1.8 }),
      dot(points, {
        x: "x",
        y: "y",
        fill: stroke,
        stroke,
        symbol: (point: Point) => look(point)?.symbol ?? "circle",
        r: (point: Point) => radius(look(point), 3.2),
        title: (point: Point) => `${point.peer}: ${y.tick(point.y)}`,
      }),
      // The symbol leads from the name to the line, where names had to move.
      dot(ends, {
        x: "x",
        y: "at",
        dx: 13,
        fill: stroke,
        stroke,
        symbol: (end: End) => look(end)?.symbol ?? "circle",
        r: (end: End) => radius(look(end), 3),
      }),
      text(ends, {
        x: "x",
        y: "at",
        text: ({ peer }: End) => shortened(peer, LONGEST_NAME),
        title: "peer",
        textAnchor: "start",
        dx: 22,
        fontSize: SMALL,
      }),
    ],
  };
}

function ticksOf([low, high]: readonly [number, number], log: boolean): number[] {
  return log ? logTicks(low, high, 6) : linearTicks(high);
}

interface End {
  readonly peer: string;
  readonly x: number;
  /** Where the name goes, on the y scale. */
  readonly at: number;
}

/** A name for each line, at its last point, moved up or down until no two overlap. */
function endLabels(points: readonly Point[], y: ReturnType<typeof scale>, height: number): End[] {
  const last = new Map(points.map((point) => [point.peer, point]));
  const right = Math.max(...points.map(({ x }) => x));
  const labels = [...last.values()]
    .map(({ peer, x, y: value }) => ({ peer, x, pixel: y.apply(value) as number }))
    .sort((a, b) => a.pixel - b.pixel);
  spread(labels, SMALL + 1, height - 46);
  // Peers that have no figure at the right end are named there all the same, where there is room.
  return labels.map(({ peer, pixel }) => ({ peer, x: right, at: y.invert!(pixel) as number }));
}

/** Moves sorted labels down to keep their distance, then all of them up from the bottom. */
export function spread(labels: { pixel: number }[], distance: number, bottom: number): void {
  for (let n = 1; n < labels.length; n++) {
    labels[n]!.pixel = Math.max(labels[n]!.pixel, labels[n - 1]!.pixel + distance);
  }
  let most = bottom;
  for (let n = labels.length - 1; n >= 0; n--, most -= distance) {
    labels[n]!.pixel = Math.min(labels[n]!.pixel, most);
  }
}
