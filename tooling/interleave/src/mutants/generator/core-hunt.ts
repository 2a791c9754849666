// Hunts a mutant of one core with the programs of its target: those that reach the changed lines, cheap rounds
// first. Runs in a worker thread, which is ended if the mutant hangs between two steps.
import { createHash } from "node:crypto";
import type { Compiled } from "../../compile.ts";
import type { Core } from "../../core.ts";
import { compileSource, prepareSource } from "../../cores.ts";
import { exploreCrashes } from "../../crashes.ts";
import { Explorer, type Finding, type Strategy } from "../../explore.ts";
import { strategyFor } from "../../hunt.ts";
import { randomNumbers } from "../../random.ts";
import { huntGenerated } from "../../sketches/hunt.ts";
import { parseSourceMap } from "../../source-map.ts";
import type { Target } from "../../target.ts";
import { type Edit, Patch } from "../mutant.ts";
import { type Coverage, coverageOf, hunters, isIn, type Lines, reaching } from "./coverage.ts";

/** How far to go: `brief` at first, `thorough` when nothing else has caught it. */
export type Effort = "brief" | "thorough";

export interface CoreHuntOptions {
  readonly edit: Edit;
  /** The lines that the mistake changes, and those of the function around them. */
  readonly lines: Lines;
  readonly around: Lines;
  /** Whether programs in which threads die are likelier to see it. */
  readonly crashesFirst: boolean;
  readonly effort: Effort;
  readonly seed: number;
}

export interface CoreHunt {
  /**
   * `absent`: the core has no code of these lines; `same`: the compiled core is the same, byte by byte; `broken`: it
   * does not compile.
   */
  readonly outcome: "absent" | "same" | "broken" | "caught" | "survived";
  /** What a program found, or why it does not compile. */
  readonly finding?: Pick<Finding, "program" | "schedule"> & { readonly message: string };
  readonly schedules: number;
}

/** The core without a mutant. */
interface Original {
  /** `file:line` of its code. */
  readonly code: ReadonlySet<string>;
  readonly hash: string;
  coverage(): Promise<Coverage>;
}

const originals = new Map<string, Promise<Original>>();
let last: { readonly key: string; readonly core: Core } | undefined;

const hashOf = ({ binary }: Compiled): string => createHash("sha256").update(binary).digest("hex");

/** Looks for a program of the target that the mutant fails. */
export async function huntCore(target: Target, options: CoreHuntOptions): Promise<CoreHunt> {
  const { edit, lines, around, crashesFirst, effort, seed } = options;
  const original = await originalOf(target);
  if (![...original.code].some((place) => isIn(place, around))) return nothing("absent");
  const source = { ...target.core, isQuick: true, replace: new Patch([edit]).replace };
  const key = JSON.stringify([target.name, edit]);
  if (last?.key !== key) {
    last = undefined;
    let compiled: Compiled;
    try {
      compiled = await compileSource(source);
    } catch (error) {
      const { message } = error as Error;
      return { outcome: "broken", finding: { program: "", schedule: "", message }, schedules: 0 };
    }
    if (hashOf(compiled) === original.hash) return nothing("same");
    last = { key, core: await prepareSource(source, compiled) };
  }
  const coverage = await original.coverage();
  const { core } = last;
  const random = randomNumbers(seed);
  const some = (all: Coverage["programs"]): string[] => {
    const exact = reaching(all, coverage.lines, lines);
    const near = exact.length > 0 ? exact : reaching(all, coverage.lines, around);
    // Lines that reach no memory are not seen: then all programs may be the ones.
    return shuffled(near.length > 0 ? near : all.map(({ name }) => name), random);
  };
  const programs = inOrder(target.programs(), (program) => program.name, some(coverage.programs));
  const crashes = inOrder(hunters(target), (one) => one.program.name, some(coverage.crashes));
  const most = efforts[effort];
  let schedules = 0;
  let finding: CoreHunt["finding"];
  const byPrograms = (): void => {
    let steps = 0;
    for (const round of most.rounds(seed)) {
      for (const program of programs) {
        if (finding !== undefined || steps >= most.steps) return;
        finding = orThrown(program.name, () => {
          const explorer = new Explorer(core, program);
          const exploration = explorer.explore(strategyFor(program, round));
          schedules += exploration.schedules;
          steps += exploration.steps;
          return exploration.finding;
        });
      }
    }
  };
  const byCrashes = (): void => {
    let steps = 0;
    for (const { program, victims } of crashes) {
      if (finding !== undefined || steps >= most.steps) return;
      finding = orThrown(program.name, () => {
        // Of a long program, some deaths: another one may be likelier to see it.
        const deadline = performance.now() + 3000;
        const result = exploreCrashes(new Explorer(core, program), victims, { deadline, random });
        schedules += result.points;
        steps += result.steps;
        return result.finding;
      });
    }
  };
  const byGenerated = (): void => {
    const { generator } = target;
    if (most.generated === 0 || generator === undefined) return;
    finding = orThrown("a generated program", () => {
      const result = huntGenerated(core, generator, { seed, programs: most.generated });
      schedules += result.schedules;
      return result.finding;
    });
  };
  for (const step of crashesFirst ? [byCrashes, byPrograms] : [byPrograms, byCrashes]) {
    if (finding === undefined) step();
  }
  if (finding === undefined) byGenerated();
  if (finding !== undefined) return { outcome: "caught", finding, schedules };
  return { outcome: "survived", schedules };
}

/** Counted in steps: on a busy machine, seconds say nothing. A million takes about a second. */
const efforts = {
  brief: {
    steps: 3_000_000,
    generated: 0,
    /** From the cheapest: first every program in the default order of its threads. */
    rounds: (seed: number): Strategy[] => [
      { kind: "exhaustive", preemptions: 0, schedules: 20 },
      { kind: "exhaustive", preemptions: 1, schedules: 150 },
      { kind: "random", seed, schedules: 20 },
      { kind: "exhaustive", preemptions: 1, schedules: 2000 },
    ],
  },
  thorough: {
    steps: 15_000_000,
    generated: 200,
    rounds: (seed: number): Strategy[] => [
      { kind: "exhaustive", preemptions: 1, schedules: 2000 },
      { kind: "pct", seed, schedules: 60, depth: 3 },
      { kind: "random", seed: seed + 1, schedules: 100 },
      { kind: "exhaustive", preemptions: 2, schedules: 3000 },
    ],
  },
} as const;

/**
 * What was found. A setup or a check that throws has found something as well: with the core as it is, these programs
 * do not, or there would be no coverage of them.
 */
function orThrown(name: string, act: () => Finding | undefined): CoreHunt["finding"] {
  try {
    const found = act();
    if (found === undefined) return undefined;
    const { program, schedule, failure } = found;
    return { program, schedule, message: `${failure.kind}: ${failure.message}` };
  } catch (error) {
    return { program: name, schedule: "", message: `throws: ${(error as Error).message}` };
  }
}

function nothing(outcome: CoreHunt["outcome"]): CoreHunt {
  return { outcome, schedules: 0 };
}

async function originalOf(target: Target): Promise<Original> {
  const known = originals.get(target.name) ?? compileOriginal(target);
  originals.set(target.name, known);
  return known;
}

async function compileOriginal(target: Target): Promise<Original> {
  const source = { ...target.core, isQuick: true };
  const compiled = await compileSource(source);
  let coverage: Promise<Coverage> | undefined;
  const collect = async (): Promise<Coverage> => {
    const core = await prepareSource(source, compiled);
    return coverageOf(target, core, compiled.binary);
  };
  return {
    code: parseSourceMap(compiled.sourceMap).lines(),
    coverage: () => (coverage ??= collect()),
    hash: hashOf(compiled),
  };
}

function shuffled(names: readonly string[], random: () => number): string[] {
  return names
    .map((name) => ({ name, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ name }) => name);
}

function inOrder<Item>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  names: readonly string[],
): Item[] {
  const byName = new Map(all.map((item) => [nameOf(item), item]));
  return names.flatMap((name) => byName.get(name) ?? []);
}
