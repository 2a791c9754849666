// What all plots share: sizes, type, and names that fit. A plot here is a description for Observable Plot, which
// `draw.ts` draws in Node, and the browser's page in the page.
import type { PlotOptions } from "@observablehq/plot";
import { visible } from "../escape.ts";
import type { Look } from "../palette.ts";

/** The width of a small plot. A telephone shows one beside nothing, a desk's screen three in a row. */
export const PANEL = 340;
export const FONT = 12;
/** The mean width of a character, as a part of the type's size. */
const CHARACTER = 0.56;

export const MUTED = "var(--muted)";
export const INK = "var(--foreground)";
export const PAPER = "var(--background)";

export type Figure = PlotOptions;

/** Options of every plot. */
export function frame(width: number, height: number): Figure {
  return {
    width,
    height,
    style: { fontSize: `${FONT}px`, color: INK, background: "none", overflow: "visible" },
  };
}

/** The radius of a symbol. Stars of the same area reach further out than the others. */
export function radius(look: Look | undefined, usual: number): number {
  return look?.symbol === "star" ? usual * 0.8 : usual;
}

/** About how wide a text is, in pixels. There is no font to measure with. */
export function widthOf(text: string, size = FONT): number {
  return Math.max(...text.split("\n").map((line) => line.length)) * size * CHARACTER;
}

/** Breaks a long name after a hyphen, space or bracket, and shortens lines that are still too long. */
export function broken(name: string, longest = 18): string {
  const lines: string[] = [""];
  for (const part of visible(name).split(/(?<=[-\s])|(?=\()/)) {
    const line = lines.at(-1)!;
    if (line !== "" && (line + part).trimEnd().length > longest) lines.push(part);
    else lines[lines.length - 1] = line + part;
  }
  const shown = lines.slice(0, 2).map((line) => shortened(line.trim(), longest));
  if (lines.length > 2) shown[1] = shortened(`${shown[1]}………`, longest);
  return shown.join("\n");
}

/** The beginning of a text, if it is too long. */
export function shortened(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).trimEnd()}…`;
}

/** Powers of ten with their 2 and 5 between them, if that gives few ticks. */
export function logTicks(low: number, high: number, most: number): number[] {
  for (const steps of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = ticksBetween(low, high, steps);
    if (ticks.length <= most) return ticks;
  }
  const powers = ticksBetween(low, high, [1]);
  const every = Math.ceil(powers.length / most);
  return powers.filter((_, n) => n % every === 0);
}

/** Up to six round numbers from zero on. */
export function linearTicks(high: number): number[] {
  const rough = high / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= rough)!;
  return Array.from({ length: Math.floor(high / step) + 1 }, (_, n) => n * step);
}

function ticksBetween(low: number, high: number, steps: readonly number[]): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const step of steps) {
      const tick = Number(`${step}e${power}`);
      if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
    }
  }
  return ticks;
}

/** A domain for a log scale around positive values, with some air. */
export function logDomain(values: readonly number[]): [number, number] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max(1.15, (high / low) ** 0.04);
  return [low / air, high * air];
}
