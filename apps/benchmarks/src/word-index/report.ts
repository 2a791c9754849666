// What the user sees in the end.
import { availableParallelism } from "node:os";
import { bytes, count, duration, significant } from "../format.ts";
import { table } from "../table.ts";
import { type Entry, filesOf, occurrencesOf } from "./counts.ts";
import type { Outcome } from "./measure.ts";
import type { Answer, Found } from "./questions.ts";

/** A row of the table: what came of a way, or why it could not run. */
export interface WayResult {
  readonly way: string;
  readonly title: string;
  readonly outcome?: Outcome;
  readonly unavailable?: string;
}

const head = [
  "",
  "time",
  "speed\nup",
  "peak\nMiB",
  "longest\nstall",
  "queries\nmeanwhile",
  "files\nbehind",
];

export function tableOf(results: readonly WayResult[]): string {
  const alone = results.find(({ outcome }) => outcome?.alone)?.outcome?.milliseconds;
  const rows = results.map(({ title, outcome }) => {
    if (outcome === undefined) return [title, ...head.slice(1).map(() => "-")];
    const { milliseconds, peakBytes, noticed } = outcome;
    return [
      title,
      duration(milliseconds),
      alone === undefined ? "-" : (alone / milliseconds).toFixed(1),
      count(peakBytes / 2 ** 20),
      duration(noticed.stall),
      noticed.closed === undefined ? count(noticed.answered) : "no",
      noticed.answered > 0 ? count(noticed.behind) : "-",
    ];
  });
  return table(head, rows);
}

/** Bytes that are counted in less time than a worker needs to start. */
const LITTLE = 8 * 2 ** 20;

/**
 * What the columns mean, and what the table has no room for.
 *
 * @param load the system's load average before the first way; building before does not count as busy
 */
export function notesOf(results: readonly WayResult[], inputBytes: number, load: number): string {
  const took = results.flatMap(({ title, outcome }) =>
    outcome?.noticed.median === undefined ? [] : [`${title} ${brief(outcome.noticed.median)}`],
  );
  const notes = [
    load > 2 * availableParallelism() && busyNote(load, results),
    inputBytes < LITTLE && "With so little input, most of the time goes to starting the workers.",
    "Stall: how long the main thread could do nothing else. Queries: by the main thread, for the most " +
      "frequent words with some prefix, 20 ms after the last answer. Files behind: how many files, at " +
      "most, were begun but not in an answer. Each way has a process of its own.",
    took.length > 0 && `Median time of a query: ${took.join("; ")}.`,
    ...results.map(({ title, outcome, unavailable }) => {
      if (unavailable !== undefined) return `${title}: not run, because it ${unavailable}.`;
      const closed = outcome?.noticed.closed;
      return closed !== undefined && `${title}: no queries, because ${closed}.`;
    }),
  ];
  return notes
    .filter((note) => note !== false)
    .map(wrap)
    .join("\n");
}

/** Time of the processor depends less on what else the machine does. */
function busyNote(load: number, results: readonly WayResult[]): string {
  const used = results.flatMap(({ title, outcome }) =>
    outcome === undefined ? [] : [`${title} ${duration(outcome.cpuMilliseconds)}`],
  );
  return (
    `The machine was busy (load average ${load.toFixed(1)}): the times mean little. Time of the ` +
    `processor, of all threads: ${used.join("; ")}.`
  );
}

/** Breaks a text into lines for a terminal of 80 columns. */
function wrap(text: string): string {
  return text.replace(/(.{1,79})(?: |$)/g, "$1\n").trimEnd();
}

export function answersOf(answers: readonly Answer[]): string {
  return answers
    .map(
      ({ question, call, found, milliseconds }, index) =>
        `${index + 1}. ${question}\n   ${call}\n     => ${shown(found)}   (${brief(milliseconds)})`,
    )
    .join("\n");
}

/** Wraps between entries, never within one. */
function shown(found: Found): string {
  if (typeof found === "number") return count(found);
  if (found.length === 0) return "none";
  const lines: string[] = [];
  let line = "";
  for (const [index, entry] of found.entries()) {
    const next = entryAs(entry) + (index < found.length - 1 ? "," : "");
    if (line !== "" && line.length + next.length > 58) {
      lines.push(line);
      line = next;
    } else {
      line = line === "" ? next : `${line} ${next}`;
    }
  }
  return [...lines, line].join("\n        ");
}

const entryAs = ([word, number]: Entry): string =>
  `${word} (${count(occurrencesOf(number))} in ${count(filesOf(number))})`;

const brief = (milliseconds: number): string =>
  milliseconds < 10 ? `${significant(milliseconds)} ms` : duration(milliseconds);

export const whereNext = [
  "Where to go from here:",
  "  apps/benchmarks/src/word-index/ways  each way, in 30 to 70 lines",
  "  README.md                            what to call for what, and when not to",
  "  examples/programs                    whole programs to read, run and copy",
  "  npm run bench                        proper figures: this was one run",
  "  npm run check                        every operation of the map, checked",
].join("\n");

/** Files that are indexed, of all that there are. */
export function inputLine(chosen: Amount, all: Amount): string {
  if (chosen.files === all.files) return `all ${count(all.files)} text files, ${bytes(all.bytes)}`;
  const files = `${count(chosen.files)} of ${count(all.files)} text files`;
  return `${files}, ${bytes(chosen.bytes)} of ${bytes(all.bytes)}`;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}
