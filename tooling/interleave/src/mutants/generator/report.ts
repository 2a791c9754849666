// The score of generated mutants, and what it is made of.
import { keyOf } from "./candidates.ts";
import type { Result } from "./results.ts";

/** The lines of a report. */
export function* reportOf(
  results: readonly Result[],
  reasons: ReadonlyMap<string, string>,
): Generator<string> {
  const counted = results.filter(({ outcome }) => outcome === "caught" || outcome === "survived");
  for (const result of counted) {
    if (result.outcome !== "survived") continue;
    const reason = reasons.get(keyOf(result));
    yield `survived  ${result.file}:${result.line}: ${result.operator}`;
    yield* diffOf(result);
    yield reason === undefined
      ? `          --generated --mutant ${result.id}`
      : `          equivalent: ${reason}`;
  }
  yield* table("package", counted, (result) => result.package);
  yield* table("operator", counted, (result) => result.operator);
  yield* table("caught by", counted, (result) => result.by ?? "nothing");
  const caught = counted.filter(({ outcome }) => outcome === "caught").length;
  const survivors = counted.length - caught;
  const explained = counted.filter(
    (result) => result.outcome === "survived" && reasons.has(keyOf(result)),
  ).length;
  const same = results.filter(({ outcome }) => outcome === "same").length;
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  yield `caught ${caught} of ${counted.length}: ${share(caught, counted.length)} before reasons; ` +
    `${survivors} survived, ${explained} of them with a reason`;
  yield `score ${share(caught, counted.length - explained)}; ${same} others compile to the same module; ` +
    `${(seconds / Math.max(1, counted.length)).toFixed(1)} s per mutant`;
}

function share(part: number, all: number): string {
  return all === 0 ? "none" : `${((100 * part) / all).toFixed(1)} %`;
}

function* table(
  name: string,
  results: readonly Result[],
  of: (result: Result) => string,
): Generator<string> {
  const rows = new Map<string, { caught: number; all: number }>();
  for (const result of results) {
    const row = rows.get(of(result)) ?? { caught: 0, all: 0 };
    rows.set(of(result), row);
    row.all++;
    if (result.outcome === "caught") row.caught++;
  }
  yield "";
  yield `${name.padEnd(28)} caught   of`;
  for (const [row, { caught, all }] of [...rows].sort(([one], [other]) => (one < other ? -1 : 1))) {
    yield `${row.padEnd(28)} ${String(caught).padStart(6)} ${String(all).padStart(4)}`;
  }
}

/** The lines that an edit takes away and those that it adds. */
export function* diffOf({ find, replace }: Pick<Result, "find" | "replace">): Generator<string> {
  const before = find.split("\n");
  const after = replace.split("\n");
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  for (const line of before.slice(start, before.length - end)) yield `        - ${line}`;
  for (const line of after.slice(start, after.length - end)) yield `        + ${line}`;
}
