// Reads a result that `--json` wrote.
import { readFileSync } from "node:fs";
import { UsageError } from "../failure.ts";
import { type BenchResult, RESULT_FORMAT } from "./result.ts";

/** @throws UsageError if the file cannot be read or holds something else */
export function readResult(file: string): BenchResult {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`cannot read '${file}': ${(error as Error).message}`);
  }
  let parsed: Partial<BenchResult> | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UsageError(`'${file}' is not JSON: pass a file that bench --json wrote`);
  }
  if (!Array.isArray(parsed?.measurements) || !Array.isArray(parsed.peers)) {
    throw new UsageError(`'${file}' is no result of bench: pass a file that bench --json wrote`);
  }
  if (parsed.format !== RESULT_FORMAT) {
    throw new UsageError(
      `'${file}' has format ${parsed.format}, this program reads ${RESULT_FORMAT}: measure again`,
    );
  }
  return parsed as BenchResult;
}
