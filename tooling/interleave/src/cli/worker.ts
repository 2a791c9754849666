// Explores in a thread of its own, for the command line: does the jobs that it is sent, over the core that
// it was started with.
import { parentPort, workerData } from "node:worker_threads";
import { type Core, type CoreData, openCore } from "../core.ts";
import { type CrashExploration, exploreCrashes } from "../crashes.ts";
import { Explorer, type Finding } from "../explore.ts";
import { type Budget, type HuntResult, hunt } from "../hunt.ts";
import { type CoreHunt, type CoreHuntOptions, huntCore } from "../mutants/generator/core-hunt.ts";
import { randomNumbers } from "../random.ts";
import type { CoverageData } from "../sketches/coverage.ts";
import { type GeneratedHunt, type GeneratedProgress, huntGenerated } from "../sketches/hunt.ts";
import { coreWith, type Target } from "../target.ts";
import { loadTargets } from "./catalogs.ts";
import type { Explored } from "./progress.ts";

/** What is explored, and the catalog that has it. */
interface TargetOfJob {
  readonly target: string;
  readonly catalog: string;
}

/** A share of a target's programs. */
export interface ExploreJob extends TargetOfJob {
  readonly kind: "explore";
  readonly programs: readonly string[];
  readonly budget: Budget;
}

/** A program of a target in which threads die. */
export interface CrashJob extends TargetOfJob {
  readonly kind: "crashes";
  readonly program: string;
  readonly budget: Budget;
  /** For the order of the points. */
  readonly seed: number;
}

/** A mutant of a target, to be compiled and hunted with all programs. */
export interface MutantJob extends TargetOfJob {
  readonly kind: "mutant";
  readonly mutant: string;
  readonly programs: readonly string[];
  readonly budget: Budget;
}

/** A generated mutant, to be compiled and hunted with the programs that reach it. */
export interface GeneratedMutantJob extends TargetOfJob {
  readonly kind: "generated mutant";
  readonly options: CoreHuntOptions;
}

/** Programs of a target that are drawn for so long. */
export interface GeneratedJob extends TargetOfJob {
  readonly kind: "generated";
  readonly seed: number;
  readonly seconds: number;
}

export type Job = ExploreJob | CrashJob | MutantJob | GeneratedJob | GeneratedMutantJob;

/** A hunt, without what cannot be sent. */
export type GeneratedResult = Omit<GeneratedHunt, "coverage"> & { readonly covered: CoverageData };

/** What a job comes to. */
export type ResultOf<J extends Job> = J extends CrashJob
  ? CrashExploration
  : J extends GeneratedJob
    ? GeneratedResult
    : J extends GeneratedMutantJob
      ? CoreHunt
      : HuntResult;

/** What a job tells before it ends. */
export type ProgressOf<J extends Job> = J extends GeneratedJob ? GeneratedProgress : Explored;

async function work(
  job: Job,
  core: Core | undefined,
  tell: (progress: Explored | GeneratedProgress) => void,
): Promise<HuntResult | CrashExploration | GeneratedResult | CoreHunt> {
  const target = await targetOf(job);
  switch (job.kind) {
    case "explore": {
      const { budget } = job;
      const result = hunt(core!, programsOf(target, job), {
        budget,
        keepGoing: true,
        onExploration: ({ schedules, finding }, round) =>
          tell({
            schedules,
            round: budget.rounds.indexOf(round),
            found: finding !== undefined,
          }),
      });
      return { ...result, findings: result.findings.map(plain) };
    }
    case "crashes": {
      const { program, victims } = target
        .crashes()
        .find((candidate) => candidate.program.name === job.program)!;
      const { seconds = Number.POSITIVE_INFINITY } = job.budget;
      const deadline = performance.now() + seconds * 1000;
      const random = randomNumbers(job.seed);
      const result = exploreCrashes(new Explorer(core!, program), victims, { deadline, random });
      return { ...result, finding: result.finding && plain(result.finding) };
    }
    case "generated mutant":
      return huntCore(target, job.options);
    case "generated": {
      const { seed, seconds } = job;
      const options = { seed, seconds, onProgram: tell };
      const { coverage, finding, ...rest } = huntGenerated(core!, target.generator!, options);
      return { ...rest, finding: finding && plain(finding), covered: coverage.data };
    }
    case "mutant": {
      const mutated = await coreWith(
        target,
        target.mutants.find(({ name }) => name === job.mutant)!.edits,
      );
      const result = hunt(mutated, programsOf(target, job), { budget: job.budget });
      return { ...result, findings: result.findings.map(plain) };
    }
  }
}

async function targetOf({ target, catalog }: Job): Promise<Target> {
  const targets = await loadTargets(catalog);
  return targets.find(({ name }) => name === target)!;
}

function programsOf(target: Target, { programs }: ExploreJob | MutantJob) {
  const wanted = new Set(programs);
  return target.programs().filter(({ name }) => wanted.has(name));
}

/** Failures are errors with fields of their own, which messages drop. */
function plain<F extends Finding>(finding: F): F {
  const { kind, message } = finding.failure;
  return { ...finding, failure: { kind, message } };
}

if (parentPort !== null) {
  const port = parentPort;
  const core = workerData ? openCore(workerData as CoreData) : undefined;
  port.on("message", (job: Job) => {
    const tell = (progress: Explored | GeneratedProgress) => port.postMessage({ progress });
    work(job, core, tell).then(
      (result) => port.postMessage({ result }),
      (error: Error) => port.postMessage({ error: error.message }),
    );
  });
}
