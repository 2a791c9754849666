// Bars from zero, one for each peer, with the range of the rounds and the figure beside each.
import { axisX, axisY, barX, ruleX, ruleY, text } from "@observablehq/plot";
import type { Look } from "../palette.ts";
import {
  broken,
  type Figure,
  FONT,
  frame,
  MUTED,
  PANEL,
  PAPER,
  shortened,
  widthOf,
} from "./frame.ts";

export interface Bar {
  readonly peer: string;
  readonly value: number;
  /** The lowest and the highest sample. */
  readonly low: number;
  readonly high: number;
  /** The figure with its unit. */
  readonly label: string;
  /** A second part of the bar, which ends at `value`: drawn paler. */
  readonly paleFrom?: number;
}

/** A peer that has no bar. */
export interface NoBar {
  readonly peer: string;
  readonly reason: string;
}

export interface BarsOptions {
  readonly bars: readonly Bar[];
  readonly absent: readonly NoBar[];
  readonly looks: ReadonlyMap<string, Look>;
  /** What the axis counts. */
  readonly axis: string;
  readonly tick: (value: number) => string;
  readonly width?: number;
}

const ROW = 28;

export function barChart({ bars, absent, looks, axis, tick, width = PANEL }: BarsOptions): Figure {
  const peers = [...bars.map(({ peer }) => peer), ...absent.map(({ peer }) => peer)];
  const marginLeft = Math.ceil(Math.max(...peers.map((peer) => widthOf(broken(peer), 11)))) + 12;
  const marginRight = Math.ceil(Math.max(20, ...bars.map(({ label }) => widthOf(label)))) + 8;
  const most = Math.max(0, ...bars.map(({ high }) => high));
  const room = Math.floor((width - marginLeft - 4) / (10 * 0.52));
  const color = ({ peer }: { peer: string }): string => looks.get(peer)?.color ?? MUTED;
  const pale = bars.filter(({ paleFrom }) => paleFrom !== undefined);
  const ranges = bars.filter(({ low, high }) => high > low);
  return {
    ...frame(width, peers.length * ROW + 46),
    marginLeft,
    marginRight,
    marginTop: 4,
    marginBottom: 42,
    x: { domain: [0, most || 1], label: null },
    y: { domain: peers, label: null, padding: 0.3 },
    marks: [
      axisX({
        ticks: 3,
        tickFormat: tick,
        tickSize: 3,
        color: MUTED,
        label: axis,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 36,
      }),
      axisY({
        tickSize: 0,
        tickFormat: (peer: string) => broken(peer),
        fontSize: 11,
        lineHeight: 1,
      }),
      barX(bars, { y: "peer", x1: 0, x2: (bar: Bar) => bar.paleFrom ?? bar.value, fill: color }),
      barX(pale, { y: "peer", x1: "paleFrom", x2: "value", fill: color, fillOpacity: 0.45 }),
      // Light around the dark line, so that it shows on a dark bar.
      ruleY(ranges, { y: "peer", x1: "low", x2: "high", stroke: PAPER, strokeWidth: 4 }),
      ruleY(ranges, { y: "peer", x1: "low", x2: "high", strokeWidth: 1.5 }),
      ruleX([0], { stroke: MUTED }),
      text(bars, {
        y: "peer",
        x: (bar: Bar) => Math.max(bar.high, bar.value),
        text: "label",
        textAnchor: "start",
        dx: 5,
        fontSize: FONT,
      }),
      text(absent, {
        y: "peer",
        x: 0,
        text: ({ reason }: NoBar) => shortened(`cannot: ${reason}`, room),
        title: "reason",
        textAnchor: "start",
        dx: 4,
        fontSize: 10,
        fontStyle: "italic",
        fill: MUTED,
      }),
    ],
  };
}
