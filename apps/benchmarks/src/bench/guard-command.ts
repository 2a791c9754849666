// `guard`: measures a fixed set, compares it with the committed ratios, and names what became slower.
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { type Command, Option } from "commander";
import { wholeNumber } from "../arguments.ts";
import { Interrupted, Regression, status, UsageError } from "../failure.ts";
import { mustBeWritable } from "../writable.ts";
import { type BenchOptions, bench } from "./bench.ts";
import type { BenchCommandSurroundings } from "./command.ts";
import { type Compared, compareRatios, guardTable, nameOf } from "./guard.ts";
import { readResult } from "./read-result.ts";
import { type BenchResult, toJson } from "./result.ts";

/** What is guarded. Changing it needs new committed ratios. */
const guarded: Omit<BenchOptions, "seed"> = {
  workload: [
    "memory",
    "insert",
    "get",
    "get-miss",
    "get-fresh",
    "get-many",
    "update",
    "mixed-95-5",
    "scan",
    "scan-100",
    "scan-reverse",
    "ycsb-f",
    "remove",
    "insert-sorted",
    "bulk-load",
  ],
  keys: ["hex16", "urls"],
  size: [100_000],
  threads: [1],
  choice: [],
  peers: ["MassTreeInline", "MassTree (json)", "MassTree (utf8)", "LocalMassTree", "sorted-btree"],
  baseline: "sorted-btree",
  rounds: 7,
  interval: 150,
};

interface GuardOptions {
  readonly against?: string;
  readonly result?: string;
  readonly update?: true;
  readonly seed: number;
}

export function addGuardCommand(root: Command, surroundings: BenchCommandSurroundings): void {
  const usual = join(surroundings.root, "docs/benchmarks/guard.json");
  root
    .command("guard")
    .description(
      "Measures a fixed set and compares its ratios to sorted-btree with the committed ones. Names what became worse " +
        "by more than noise, after measuring that a second time. Run it before a release, on an idle machine.",
    )
    .option("--against <file>", "the ratios to compare with (default: docs/benchmarks/guard.json)")
    .option("--result <file>", "a result of bench --json to compare, instead of measuring")
    .option("--update", "measure, and make these the committed ratios")
    .addOption(
      new Option("--seed <number>", "replay the random choices of the run that printed this seed")
        .argParser(wholeNumber(0, 2 ** 31 - 1))
        .default(randomInt(2 ** 31), "random"),
    )
    .allowExcessArguments(false)
    .action(async ({ against = usual, result, update, seed }: GuardOptions) => {
      const shown = relative(process.cwd(), against);
      if (update) {
        if (result !== undefined) throw new UsageError("--update measures: leave --result out");
        await mkdir(dirname(against), { recursive: true });
        await mustBeWritable(against, "--against");
        await writeFile(against, toJson(await measured({ ...guarded, seed }, surroundings)));
        surroundings.print(`Ratios written to ${shown}`);
        return;
      }
      if (!existsSync(against)) {
        throw new UsageError(
          `there are no ratios in '${shown}': make them with guard --update, on an idle machine`,
        );
      }
      const committed = readResult(against);
      const first =
        result === undefined
          ? await measured({ ...guarded, seed }, surroundings)
          : readResult(result);
      const compared = compareRatios(committed, first);
      if (compared.length === 0) {
        throw new UsageError(
          `'${shown}' has no ratios of this project's maps: make them with guard --update`,
        );
      }
      surroundings.print(guardTable(compared));
      const worse =
        result === undefined
          ? await confirmed(compared, committed, seed, surroundings)
          : compared.filter(isWorse);
      judge(worse, compared, surroundings.print);
    });
}

async function measured(
  options: BenchOptions,
  surroundings: BenchCommandSurroundings,
): Promise<BenchResult> {
  const { benchScript: script } = surroundings;
  const { result, status: end } = await bench(options, { ...surroundings, script });
  if (end !== status.success) throw new Interrupted(end);
  return result;
}

const isWorse = ({ verdict }: Compared): boolean => verdict === "worse" || verdict === "missing";

/** Measures what seems worse once more: noise seldom hits the same figure twice. */
async function confirmed(
  compared: readonly Compared[],
  committed: BenchResult,
  seed: number,
  surroundings: BenchCommandSurroundings,
): Promise<Compared[]> {
  const suspects = compared.filter(isWorse);
  if (suspects.length === 0) return [];
  const workload = guarded.workload.filter((name) =>
    suspects.some((each) => each.workload === name),
  );
  const keys = guarded.keys.filter((name) => suspects.some((each) => each.keys === name));
  if (workload.length === 0 || keys.length === 0) return suspects;
  surroundings.print(`\nOnce more, because they seem worse: ${workload.join(", ")}`);
  const again = compareRatios(
    committed,
    await measured({ ...guarded, workload, keys, seed }, surroundings),
  );
  const names = new Set(suspects.map(nameOf));
  return again.filter((each) => isWorse(each) && names.has(nameOf(each)));
}

function judge(
  worse: readonly Compared[],
  compared: readonly Compared[],
  print: (text: string) => void,
): void {
  if (worse.length > 0) {
    const lines = worse.map((each) =>
      each.change === undefined
        ? `${nameOf(each)}: not measured`
        : `${nameOf(each)}: ${Math.round((1 - each.change) * 100)} % worse, noise is up to ${Math.round(each.room * 100)} %`,
    );
    throw new Regression(`worse than the committed ratios:\n  ${lines.join("\n  ")}`);
  }
  const better = compared.filter(({ verdict }) => verdict === "better");
  print(`\nNothing became worse. ${compared.length} ratios compared.`);
  if (better.length > 0)
    print(`Better: ${better.map(nameOf).join("; ")}. Keep that with guard --update.`);
}
