// The report's main plot as an image of its own, for a README. It has both themes and its own background.

import { UsageError } from "../../failure.ts";
import { count } from "../../format.ts";
import type { BenchResult } from "../result.ts";
import { draw } from "./charts/draw.ts";
import { legend } from "./charts/legend.ts";
import { mainSetting, overview } from "./dot-figures.ts";
import { escaped } from "./escape.ts";
import { colorVariables, looks as looksOf } from "./palette.ts";
import { groupsOf } from "./settings.ts";
import { day, engine } from "./summary.ts";

const WIDTH = 780;
const EDGE = 20;

/**
 * @throws UsageError if the result has no throughput
 */
export function writeSvg(result: BenchResult): string {
  const groups = groupsOf(result);
  const looks = looksOf(result.peers);
  const figure = overview(result, groups, looks);
  if (figure === undefined || !("wide" in figure.panels)) {
    throw new UsageError(
      "the result has no throughput to draw: measure a workload that counts operations per second",
    );
  }
  const { machine, date, settings } = result;
  const about = `${mainSetting(groups)}, ${count(settings.rounds)} rounds. ${machine.cpu}, ${engine(machine)}, ${day(date)}.`;
  const symbols = legend(figure.legend, looks, WIDTH - 2 * EDGE);
  const top = 62;
  const below = top + symbols.height! + 10;
  const height = below + figure.panels.wide.height! + EDGE / 2;
  const at = (y: number, svg: string): string => svg.replace("<svg ", `<svg x="${EDGE}" y="${y}" `);
  const label = `${figure.title}. ${about}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(label)}" font-family="system-ui, sans-serif">
<style>:root { ${colorVariables(({ light }) => light)} }
@media (prefers-color-scheme: dark) { :root { ${colorVariables(({ dark }) => dark)} } }</style>
<rect width="${WIDTH}" height="${height}" rx="8" fill="var(--background)"/>
<g fill="var(--foreground)"><text x="${EDGE}" y="30" font-size="17" font-weight="600">${escaped(figure.title)}</text>
<text x="${EDGE}" y="50" font-size="12" fill="var(--muted)">${escaped(about)}</text></g>
${at(top, draw(symbols, "Symbols").text)}
${at(below, draw(figure.panels.wide, figure.title).text)}
</svg>
`;
}
