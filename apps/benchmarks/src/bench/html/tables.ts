// The numbers behind the plots. Each stands in a <data> element with its exact value, so that a program can read
// them as well.
import { count, significant } from "../../format.ts";
import { type Measured, sixDigits } from "../result.ts";
import { type Html, html } from "./escape.ts";
import { figure, time, times } from "./numbers.ts";
import { type Group, titles } from "./settings.ts";

interface Column {
  readonly title: string;
  /** The number in the result. */
  value(measured: Measured): number | undefined;
  /** How it is shown. */
  show(value: number, measured: Measured): string;
}

const samples: readonly Column[] = [
  {
    title: "median",
    value: ({ median }) => median,
    show: (value, { unit }) => figure(value, unit),
  },
  { title: "lowest", value: ({ min }) => min, show: (value, { unit }) => figure(value, unit) },
  { title: "highest", value: ({ max }) => max, show: (value, { unit }) => figure(value, unit) },
  { title: "to baseline", value: ({ ratio }) => ratio?.median, show: times },
];

const latencies: readonly Column[] = [
  ...(
    [
      ["p50", "p50"],
      ["p90", "p90"],
      ["p99", "p99"],
      ["p99.9", "p99_9"],
      ["p99.99", "p99_99"],
      ["max", "max"],
      ["mean", "mean"],
    ] as const
  ).map(([title, member]) => ({
    title,
    value: ({ latency }: Measured) => latency?.[member],
    show: time,
  })),
  { title: "timed operations", value: ({ latency }) => latency?.count, show: count },
  {
    title: "rate reached",
    value: ({ latency }) => latency?.reached,
    show: (value) => figure(value, "operations/s"),
  },
];

const memory: readonly Column[] = [
  { title: "bytes per entry", value: ({ median }) => median, show: significant },
  { title: "on the heap", value: ({ bytes }) => bytes?.heap, show: significant },
  { title: "shared", value: ({ bytes }) => bytes?.shared, show: significant },
  { title: "to baseline", value: ({ ratio }) => ratio?.median, show: times },
];

const milliseconds = (value: number): string => time(value * 1e6);

const stalls: readonly Column[] = [
  { title: "longest stall", value: ({ median }) => median, show: milliseconds },
  { title: "p50", value: (each) => each.stalls?.p50, show: milliseconds },
  { title: "p99", value: (each) => each.stalls?.p99, show: milliseconds },
  { title: "max of all rounds", value: (each) => each.stalls?.max, show: milliseconds },
  { title: "all collections", value: (each) => each.stalls?.collecting, show: milliseconds },
  {
    title: "longest collection",
    value: (each) => each.stalls?.longestCollection,
    show: milliseconds,
  },
  {
    title: "operations/s",
    value: (each) => each.stalls?.rate,
    show: (value) => figure(value, "operations/s"),
  },
];

export const columns = { samples, latencies, memory, stalls } as const;

/** One row for each setting and peer. Peers that cannot do it have their reason instead of figures. */
export function table(groups: readonly Group[], kind: keyof typeof columns, caption: string): Html {
  const every = groups.flatMap(({ measured }) => measured);
  // Without a column that is empty, such as that of the rate if none was to be held.
  const shown = columns[kind].filter(({ value }) =>
    every.some((each) => value(each) !== undefined),
  );
  const title = titles(groups);
  const rows = groups.flatMap((group) => [
    ...group.measured.map(
      (measured) =>
        html`<tr><th scope="row">${title(group)}</th><td>${measured.peer}</td>${shown.map((column) => cell(column, measured))}</tr>\n`,
    ),
    ...group.impossible.map(
      ({ peer, cannot }) =>
        html`<tr><th scope="row">${title(group)}</th><td>${peer}</td><td class="cannot" colspan="${shown.length}">cannot: ${cannot}</td></tr>\n`,
    ),
  ]);
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">
<table><caption>${caption}</caption>
<thead><tr><th scope="col">setting</th><th scope="col">map</th>${shown.map((column) => html`<th scope="col">${column.title}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

function cell(column: Column, measured: Measured): Html {
  const value = column.value(measured);
  if (value === undefined) return html`<td class="number">-</td>`;
  return html`<td class="number"><data value="${sixDigits(value)}">${column.show(value, measured)}</data></td>`;
}
