// What became of each mutant: lines of JSON in a file that a run adds to, so that the next one goes on from there.

import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Candidate, keyOf } from "./candidates.ts";

/** One mutant and what became of it. */
export interface Result {
  /** Short for the mutant: `--mutant ID` hunts it again. */
  readonly id: string;
  readonly package: string;
  readonly operator: string;
  readonly file: string;
  readonly line: number;
  readonly find: string;
  readonly replace: string;
  /** `same`: compiles to the same module; `broken`: does not compile. Neither counts. */
  readonly outcome: "caught" | "survived" | "same" | "broken";
  /** What caught it. */
  readonly by?: "programs" | "deaths" | "tests" | "hang";
  /** The target and the program, or the test. */
  readonly where?: string;
  readonly schedule?: string;
  readonly message?: string;
  readonly seconds: number;
}

/** A mutant's short name: stays as long as the text of its mistake does. */
export function idOf({ edit }: Pick<Candidate, "edit">): string {
  return createHash("sha256").update(keyOf(edit)).digest("hex").slice(0, 8);
}

/** The results of a file, by id; the last one counts. */
export function readResults(file: string): Map<string, Result> {
  const results = new Map<string, Result>();
  if (!existsSync(file)) return results;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    // The last line of a run that was stopped may be cut short: its mutant is hunted again.
    if (!line.endsWith("}")) continue;
    const result = JSON.parse(line) as Result;
    results.set(result.id, result);
  }
  return results;
}

export function addResult(file: string, result: Result): void {
  mkdirSync(dirname(file), { recursive: true });
  const isCut = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, "utf8"));
  appendFileSync(file, `${isCut ? "\n" : ""}${JSON.stringify(result)}\n`);
}
