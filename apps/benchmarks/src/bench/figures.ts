// Figures in Markdown that come from committed results.
//
// A figure stands between two comments, the first of which says where it comes from:
//
//   <!-- figure file=idle.json workload=get size=1000000 peer=MassTreeInline show=ratio -->2.4<!-- /figure -->
//
// `file` is in docs/benchmarks. Of `workload`, `keys`, `size`, `threads`, `choice` and `peer`, as many are given
// as name one cell; without `threads`, it is the one with one thread. Names with spaces stand in double quotes. `show`
// is one of `shows` below. Of a result of stores, `workload` and `peer` name a row, and ../store/result.ts says what can
// be shown.
import { bytes, count, rate, significant } from "../format.ts";
import { type BenchResult, isMeasured, type Measured } from "./result.ts";
import { ratioOf } from "./statistics.ts";
import { nanoseconds } from "./tables.ts";

export interface Figure {
  /** The place of the text between the comments, in the document. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly line: number;
  readonly attributes: Readonly<Record<string, string>>;
}

const pattern = /<!-- figure ([^>]*?)\s*-->([\s\S]*?)<!-- \/figure -->/g;

export function figuresIn(markdown: string): Figure[] {
  // Blocks of code are examples.
  const prose = markdown.replace(/^```.*?^```/gms, (block) => block.replace(/[^\n]/g, " "));
  return [...prose.matchAll(pattern)].map((found) => {
    const [all, attributes = "", text = ""] = found;
    const start = found.index + all.indexOf("-->") + 3;
    return {
      start,
      end: start + text.length,
      text,
      line: markdown.slice(0, found.index).split("\n").length,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([a-z]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
          name!,
          quoted ?? plain!,
        ]),
      ),
    };
  });
}

const names = ["workload", "keys", "size", "threads", "choice", "peer"] as const;

type Show = (cell: Measured, result: BenchResult) => string | undefined;

const shows: Readonly<Record<string, Show>> = {
  /** With its unit. */
  median: ({ unit, median }) => {
    if (unit === "bytes/entry") return bytes(median);
    if (unit === "us") return nanoseconds(median * 1e3);
    return unit === "ms" ? nanoseconds(median * 1e6) : rate(median);
  },
  /** Without a unit: for rates millions per second. */
  number: ({ unit, median }) => significant(unit.endsWith("/s") ? median / 1e6 : median),
  ratio: ({ ratio }) => ratio && significant(ratio.median),
  /** How much more than with one thread, in the same rounds. */
  growth: (cell, { measurements }) => {
    const single = measurements.find(
      (other) =>
        isMeasured(other) &&
        other.threads === 1 &&
        names.every((name) => name === "threads" || other[name] === cell[name]),
    );
    if (single === undefined || !isMeasured(single)) return undefined;
    const growth = ratioOf(cell.samples, single.samples);
    return growth && significant(growth.median);
  },
  p50: ({ latency }) => latency && nanoseconds(latency.p50),
  p99: ({ latency }) => latency && nanoseconds(latency.p99),
  "p99.9": ({ latency }) => latency && nanoseconds(latency.p99_9),
  max: ({ latency }) => latency && nanoseconds(latency.max),
  heap: (cell) => cell.bytes && significant(cell.bytes.heap),
  shared: (cell) => cell.bytes && significant(cell.bytes.shared),
};

/**
 * What a figure has to say.
 *
 * @throws Error that says what is wrong with its attributes
 */
export function figureText(attributes: Figure["attributes"], result: BenchResult): string {
  for (const name of Object.keys(attributes)) {
    if (!["file", "show", ...names].includes(name))
      throw new Error(`it has an unknown attribute '${name}'`);
  }
  const show = shows[attributes.show ?? "median"];
  if (show === undefined) {
    throw new Error(`show=${attributes.show} is none of ${Object.keys(shows).join(", ")}`);
  }
  const wanted: Figure["attributes"] = { threads: "1", ...attributes };
  const cells = result.measurements.filter((cell): cell is Measured => {
    return (
      isMeasured(cell) &&
      names.every((name) => wanted[name] === undefined || wanted[name] === String(cell[name]))
    );
  });
  if (cells.length !== 1) {
    throw new Error(`it names ${count(cells.length)} cells instead of one`);
  }
  const text = show(cells[0]!, result);
  if (text === undefined) throw new Error(`its cell has no '${attributes.show}'`);
  return text;
}
