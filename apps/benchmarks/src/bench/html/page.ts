// The report: one HTML file that needs nothing else.
import { count } from "../../format.ts";
import { type BenchResult, isMeasured, type NamedEntry } from "../result.ts";
import { draw } from "./charts/draw.ts";
import { legend } from "./charts/legend.ts";
import { type Html, html, trusted } from "./escape.ts";
import { type Figure, NARROW, WIDE } from "./figure.ts";
import { figuresOf } from "./figures.ts";
import { type Look, looks as looksOf } from "./palette.ts";
import { type Group, groupsOf, withLatency } from "./settings.ts";
import { style } from "./style.ts";
import { day, engine, summary } from "./summary.ts";
import { table } from "./tables.ts";
import { verdicts } from "./verdicts.ts";

/** Nothing is loaded and nothing runs, whatever a result's names may contain. */
const policy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** The report of a result as a page. */
export function writeHtml(result: BenchResult): string {
  const { navigation, sections } = reportParts(result);
  const title = day(result.date);
  return `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="masstree benchmark">
<title>masstree: benchmark of ${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
<header><h1>masstree benchmark, ${title}</h1>${themes}</header>
${navigation}
<main>
${sections}</main>
</body>
</html>
`}`;
}

/**
 * What the report says, for a page that has its own frame.
 *
 * @param running whether the run still goes on
 */
export function reportParts(
  result: BenchResult,
  running = false,
): { readonly navigation: Html; readonly sections: Html } {
  const groups = groupsOf(result);
  const looks = looksOf(result.peers);
  const figures = figuresOf(result, groups, looks);
  return {
    navigation: html`<nav aria-label="Plots"><ul><li><a href="#summary">Summary</a></li>${figures.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}<li><a href="#method">How it was measured</a></li></ul></nav>`,
    sections: html`<section aria-labelledby="summary"><h2 id="summary">Summary</h2>
${summary(result, groups, verdicts(result, groups), running)}</section>
${figures.map((figure) => section(figure, looks))}
${method(result, groups)}`,
  };
}

/** What would measure it again, as a shell takes it. */
function shellCommand(command: readonly string[]): string {
  const words = command[0] === "bench" ? command.slice(1) : command;
  const quoted = words.map((word) =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
  );
  return ["npm run bench --", ...quoted].join(" ");
}

function method(result: BenchResult, groups: readonly Group[]): Html {
  const { settings, command } = result;
  const timed = withLatency(groups);
  const ratios = result.measurements.some(
    (each) => isMeasured(each) && each.peer === settings.baseline,
  )
    ? `Ratios refer to ${settings.baseline}, round by round.`
    : `There are no ratios: ${settings.baseline}, to which they would refer, was not measured.`;
  return html`<section aria-labelledby="method"><h2 id="method">How it was measured</h2>
<p>The command, on ${engine(result.machine)}: <code>${shellCommand(command)}</code>. Seed ${result.seed}. ${ratios} A sample takes at least ${count(settings.interval)} ms.</p>
<p>Versions: ${Object.entries(result.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ")}.</p>
${meanings("Maps", result.peers)}${meanings("Workloads", result.workloads)}${meanings("Keys", result.keys)}${meanings("Choice of keys", result.choices)}
<h3 id="all">All figures</h3>
<details><summary>All figures of the run as a table</summary>${table(groups, "samples", "All figures of the run")}</details>
${timed.length > 0 && html`<details><summary>All latencies of the run as a table</summary>${table(timed, "latencies", "All latencies of the run")}</details>`}
</section>
`;
}

const themes = html`<fieldset><legend>Theme</legend>${(
  [
    ["auto", "as the system"],
    ["light", "light"],
    ["dark", "dark"],
  ] as const
).map(
  ([id, label]) =>
    html`<label><input type="radio" name="theme" id="${id}"${id === "auto" && html` checked`}> ${label}</label>`,
)}</fieldset>`;

function section(figure: Figure, looks: ReadonlyMap<string, Look>): Html {
  const { id, title, caption, panels } = figure;
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<p class="caption">${caption}</p>
${key(figure, looks)}${"wide" in panels ? html`<figure><div class="wide">${draw(panels.wide, title)}</div><div class="narrow">${draw(panels.narrow, title)}</div></figure>` : html`<div class="panels">${panels.map((panel) => html`<figure><figcaption>${panel.title}${panel.about !== undefined && html`<small>${panel.about}</small>`}</figcaption>${draw(panel.chart, `${title}: ${panel.title}`)}</figure>\n`)}</div>`}
<details><summary>The numbers</summary>${table(figure.groups, figure.columns, title)}</details>
</section>
`;
}

function key({ legend: peers }: Figure, looks: ReadonlyMap<string, Look>): Html | undefined {
  if (peers.length === 0) return undefined;
  const label = `Symbols: ${peers.join(", ")}`;
  return html`<div class="wide">${draw(legend(peers, looks, WIDE), label)}</div><div class="narrow">${draw(legend(peers, looks, NARROW), label)}</div>`;
}

function meanings(title: string, entries: readonly NamedEntry[]): Html | undefined {
  if (entries.length === 0) return undefined;
  return html`<details><summary>${title}</summary><dl>${entries.map(({ name, description }) => html`<dt>${name}</dt><dd>${description}</dd>`)}</dl></details>\n`;
}
