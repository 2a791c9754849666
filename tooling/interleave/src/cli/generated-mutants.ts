// The command `mutants --generated`: draws mutants, hunts each until something catches it, and keeps the score.
import { join } from "node:path";
import {
  type Candidate,
  candidatesOf,
  corePackages,
  keyOf,
} from "../mutants/generator/candidates.ts";
import type { Effort } from "../mutants/generator/core-hunt.ts";
import { draw } from "../mutants/generator/draw.ts";
import { type EquivalentMutant, reasonsFor } from "../mutants/generator/equivalents.ts";
import { reportOf } from "../mutants/generator/report.ts";
import { addResult, idOf, type Result, readResults } from "../mutants/generator/results.ts";
import { Scratch } from "../mutants/generator/scratch.ts";
import { type Listed, workspaceAround } from "./catalogs.ts";
import { HANGS, Lane } from "./pool.ts";

export interface GeneratedOptions {
  readonly count: number;
  readonly seed: number;
  /** Where results are kept; in the workspace's `reports` by default. */
  readonly results: string | undefined;
  /** Only mutants of this package. */
  readonly package: string | undefined;
  /** Only mutants whose id or file contains this, hunted again even if they were before. */
  readonly mutant: string;
}

/** Runs them. Gives the report, line by line, and whether a mutant survives that has no reason. */
export async function hunting(
  all: readonly Listed[],
  equivalents: readonly EquivalentMutant[],
  options: GeneratedOptions,
): Promise<{ readonly lines: readonly string[]; readonly failed: boolean }> {
  const root = workspaceAround(process.cwd());
  if (root === undefined) throw new Error("generated mutants need a workspace around");
  const { count, seed, mutant } = options;
  const file = options.results ?? join(root, "reports", "generated-mutants.jsonl");
  const candidates = candidatesOf(root, corePackages);
  const reasons = reasonsFor(equivalents, candidates);
  const wanted = candidates.filter(
    (one) =>
      (options.package === undefined || one.package === options.package) &&
      (mutant === "" || idOf(one).includes(mutant) || one.edit.file.includes(mutant)),
  );
  if (wanted.length === 0) throw new Error("there is no such mutant");
  const known = readResults(file);
  const results: Result[] = [];
  const hunter = new Hunter(root, all, seed);
  const stop = (): void => {
    hunter.close();
    process.exit(130);
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    let counted = 0;
    for (const candidate of draw(wanted, seed)) {
      if (counted >= count) break;
      const before = mutant === "" ? known.get(idOf(candidate)) : undefined;
      const result = before ?? (await hunter.hunt(candidate));
      if (before === undefined) addResult(file, result);
      results.push(result);
      if (result.outcome === "caught" || result.outcome === "survived") counted++;
      if (before === undefined) {
        const by = result.by === undefined ? "" : ` by ${result.by}: ${result.where ?? ""}`;
        process.stderr.write(
          `${counted} of ${count}: ${result.outcome} ${result.id} ${result.file}:${result.line} ` +
            `${result.operator}${by} (${result.seconds.toFixed(1)} s)\n`,
        );
      }
    }
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
    hunter.close();
  }
  const failed = results.some(
    (result) => result.outcome === "survived" && !reasons.has(keyOf(result)),
  );
  return { lines: [...reportOf(results, reasons)], failed };
}

/**
 * After how many milliseconds a mutant hangs: many times what a hunt takes, because a busy machine must not pass for a
 * discovery.
 */
const patience = { brief: 300_000, thorough: 900_000 } as const;

/** A verdict on a mutant: what of a result is not known before. */
type Verdict = Pick<Result, "outcome" | "by" | "where" | "schedule" | "message">;

/** Hunts one mutant after the other: with programs first, then with tests, then with more of the programs. */
class Hunter {
  readonly #root: string;
  readonly #targets: readonly Listed[];
  readonly #seed: number;
  readonly #lane = new Lane();
  #scratch: Scratch | undefined;

  constructor(root: string, targets: readonly Listed[], seed: number) {
    this.#root = root;
    this.#targets = targets;
    this.#seed = seed;
  }

  close(): void {
    this.#scratch?.close();
    void this.#lane.close();
  }

  async hunt(candidate: Candidate): Promise<Result> {
    const started = performance.now();
    const verdict = await this.#verdict(candidate);
    const { package: name, operator, line, edit } = candidate;
    const id = idOf(candidate);
    const seconds = (performance.now() - started) / 1000;
    return { id, package: name, operator, line, ...edit, ...verdict, seconds };
  }

  async #verdict(candidate: Candidate): Promise<Verdict> {
    const reached: Listed[] = [];
    const entries = new Set<string>();
    for (const listed of this.#targets) {
      const place = placeOf(listed);
      // One width is enough, unless the mutant changes nothing there.
      if (entries.has(place)) continue;
      const verdict = await this.#programs(listed, candidate, "brief");
      if (verdict === "absent" || verdict === "same") continue;
      if (verdict !== "survived") return verdict;
      entries.add(place);
      reached.push(listed);
    }
    this.#scratch ??= new Scratch(this.#root);
    const tested = await this.#scratch.test(candidate.package, candidate.edit);
    const { outcome, where, message, hangs } = tested;
    if (outcome === "broken") return { outcome, ...(message && { message }) };
    if (outcome === "caught")
      return { outcome, by: hangs ? "hang" : "tests", ...(where && { where }) };
    if (outcome === "same" && reached.length === 0) return { outcome };
    const programs = ({ target }: Listed) => target.programs().length;
    const [largest] = reached.sort((one, other) => programs(other) - programs(one));
    if (largest !== undefined) {
      const verdict = await this.#programs(largest, candidate, "thorough");
      if (typeof verdict !== "string") return verdict;
    }
    return { outcome: "survived" };
  }

  async #programs(
    { target, catalog }: Listed,
    candidate: Candidate,
    effort: Effort,
  ): Promise<Verdict | "absent" | "same" | "survived"> {
    const { edit, line: first, lastLine: last, functionLines } = candidate;
    const { file } = edit;
    const around = { file, first: functionLines[0], last: functionLines[1] };
    const crashesFirst = candidate.operator === "skip a step of recovery";
    const options = {
      edit,
      lines: { file, first, last },
      around,
      crashesFirst,
      effort,
      seed: this.#seed,
    };
    const job = { kind: "generated mutant" as const, target: target.name, catalog, options };
    const outcome = await this.#lane.run(job, undefined, patience[effort]);
    if ("error" in outcome) {
      // Between two steps nobody looks at the time.
      if (outcome.error === HANGS) return { outcome: "caught", by: "hang", where: target.name };
      throw new Error(`${target.name}, ${idOf(candidate)}: ${outcome.error}`);
    }
    const { outcome: what, finding } = outcome.result;
    if (what === "broken") return { outcome: what, ...(finding && { message: finding.message }) };
    if (what !== "caught") return what;
    const { program, schedule, message } = finding!;
    const by = schedule.includes("!") || program.includes("death") ? "deaths" : "programs";
    return { outcome: "caught", by, where: `${target.name}: ${program}`, schedule, message };
  }
}

/**
 * Which core it is, whatever its constants, and which programs it has: `waiting-3` and `watching-3` have others than
 * `tree-3`, on the same core.
 */
function placeOf({ target: { core, name } }: Listed): string {
  return `${join(core.directory, core.entry)} ${name.replace(/-(?:\d+|shipped)$/, "")}`;
}
